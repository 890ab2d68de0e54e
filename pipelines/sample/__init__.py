"""Sample data, drawn from a seed: a whole county as its clerks would report it. Pure; knows neither Dagster nor DuckDB.

The figures are made up, apart from the annual totals named in `published`; every name carries (合成) and every
code begins x-sample. What a site needs of its own, and what a night does with the files, live elsewhere.
"""
