"""What things mean: typed models of the files in catalog/, read and cross-checked.

Here: models (`models`), reading the YAML and CSV files (`load`), periods and their codes (`periods`).
Not here: the entries themselves (they are data in catalog/), and any database.
"""
