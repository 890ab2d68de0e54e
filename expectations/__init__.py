"""What must hold of every table before it is published: one suite a table, at the table's own path.

`engine.validate` runs the suites on the live connection (`live_source`), `results` is what it returns,
`structure` makes the checks that follow from a table's key, `checks` holds the building blocks.
Rules that judge a return are data and live in catalog/.
"""
