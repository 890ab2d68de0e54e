"""The command line: `main` holds the commands, `night` runs one, `summary` tells it, `query` is the sandbox of `sql`.

Here: words for people. Not here: anything that another program could want to call (that is `pipelines.warehouse`).
"""
