"""The pages: each module is one, a function from a visit to cards; `PAGES` is their order in the menu.

Here: what a page shows and in what words. Not here: drawing (`dashboards.figures`), SQL (`dashboards/queries/`),
anything that computes a rate, a verdict or a target (`sql/`).
"""

from __future__ import annotations

from dashboards.page import Page
from dashboards.pages import cells, claims, indicator, overview, reporting, unit

PAGES: tuple[Page, ...] = (overview.PAGE, indicator.PAGE, unit.PAGE, reporting.PAGE, claims.PAGE, cells.PAGE)
