"""What people look at: the application (`taizhang serve`) and the page of a release.

The application: `application` (composition), `shell` (what stands around every page), `pages/` (one module a page),
`page` and `cards` (what a page is made of), `visit` and `address` (what a page is drawn from), `reader` (a release,
read-only), `queries/` (its SQL, a file each), `downloads`, `static/` (style and what runs in the browser).
Both: pure functions from frames to Plotly figures (`figures`), the words of codes in two languages (`wording`).
The page of a release: `release_page`, `release_sections`, `release_queries`, `synthetic_section`, `templates/`.
Not here: anything that computes a rate, a verdict or a target (`sql/`), anything that writes a release
(`pipelines.warehouse`), anything of Dagster. What is shown is what the release's tables say.
"""
