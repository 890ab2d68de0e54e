"""The single writer and what lasts: lock, archive, journal, warehouse file, releases and their verification.

Here: everything that touches a site's files. Not here: what a cell means (`pipelines.intake`), what a
table selects (`sql/`), when something runs (`pipelines.jobs`).
"""
