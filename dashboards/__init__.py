"""What people look at: figures and the page of a release.

Here: pure functions from frames to Plotly figures (`figures`), the words of codes in two languages
(`wording`), the reading of a release for its page (`release_sections`) and the page itself (`release_page`).
Not here: anything that computes a rate, a verdict or a target (`sql/`), anything that writes a release
(`pipelines.warehouse`), anything of Dagster. What is shown is what the release's tables say.
"""
