"""Pure functions: a polars frame in, a Plotly figure out; each says which columns it reads.

Here: nothing but drawing. Not here: queries, files, HTML.
"""
