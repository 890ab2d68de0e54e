"""Pages drawn for tests: a release written by hand, an address, and what stands on the page."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, cast

import duckdb

from dashboards.address import View, parse
from dashboards.cards import Card, draw
from dashboards.drawing import BY_KEY, KNOWN
from dashboards.page import Content
from dashboards.reader import Reader
from dashboards.visit import Visit, visit
from pipelines.warehouse.release import Release
from tests.release_tables import RELEASE, add_synthetic, empty_release


def a_release(folder: Path) -> Release:
    """A release without a figure, in a folder of its own."""
    empty_release(folder / "internal.duckdb")
    return Release(folder, dict(RELEASE))


def a_synthetic_county(folder: Path) -> Release:
    """The release of a synthetic county with two townships of a village each; periods 2014, 2014-01 and 2014-02."""
    found = a_release(folder)
    add_synthetic(found.database)
    with duckdb.connect(str(found.database)) as con:
        con.execute("""
            insert into core.period (period_key, period_code, period_start, period_end, period_kind, is_as_at, aliases)
            values (2, '2014-01', '2014-01-01', '2014-01-31', 'month', false, ''),
                (3, '2014-02', '2014-02-01', '2014-02-28', 'month', false, '')
        """)
        con.execute("""
            insert into core.org_ancestor
            with recursive chain as (
                select org_key, org_code, parent_code, org_key as above_key, 0 as distance from core.org_unit
                union all
                select chain.org_key, above.org_code, above.parent_code, above.org_key, chain.distance + 1
                from chain inner join core.org_unit as above on chain.parent_code = above.org_code
            )
            select org_key, above_key, distance, null, null from chain
        """)
        con.execute("""
            update core.org_unit set parent_key = (
                select above.org_key from core.org_unit as above where above.org_code = org_unit.parent_code
            )
        """)
    return found


def speaking(lang: str) -> Visit:
    """A visit of no release, for what only needs its language."""
    return Visit(View("", {"lang": lang}), cast("Reader", None), [], None, [])


def visited(release: Release, address: str) -> Visit:
    """The visit that an address means."""
    path, _, search = address.partition("?")
    return visit(parse(path, search, KNOWN), Reader(release))


def content(release: Release, address: str) -> tuple[Visit, Content]:
    """What the page of an address says."""
    shown = visited(release, address)
    return shown, BY_KEY[shown.view.page].content(shown)


def said(release: Release, address: str, card: str = "") -> str:
    """The text of a page, or of one of its cards, as it is read."""
    shown, found = content(release, address)
    parts = found.parts if not card else [found.card(card)]
    return " ".join(text(draw(part, shown) if isinstance(part, Card) else part) for part in parts)


def text(component: Any) -> str:
    """The text within a component, without what is folded away in its toolbar."""
    if component is None:
        return ""
    if isinstance(component, str | int | float):
        return str(component)
    if isinstance(component, list | tuple):
        return " ".join(filter(None, map(text, component)))
    if getattr(component, "className", "") == "tools":
        return ""
    if packed := getattr(component, "data-table", None):
        return text_of(json.loads(packed))
    return " ".join(filter(None, (text(getattr(component, "children", None)), getattr(component, "alt", None) or "")))


def links(component: Any) -> list[str]:
    """The addresses that a component leads to."""
    if isinstance(component, list | tuple):
        return [address for part in component for address in links(part)]
    if component is None or isinstance(component, str | int | float):
        return []
    if packed := getattr(component, "data-table", None):
        return links_of(json.loads(packed))
    own = [component.href] if getattr(component, "href", None) else []
    return own + links(getattr(component, "children", None))


def text_of(node: Any) -> str:
    """The text within an element of a table (`dashboards.compact`)."""
    if isinstance(node, str):
        return node
    _, attributes, *children = node
    return " ".join(filter(None, (*map(text_of, children), str(attributes.get("alt", "")))))


def links_of(node: Any) -> list[str]:
    """The addresses that an element of a table leads to."""
    if isinstance(node, str):
        return []
    _, attributes, *children = node
    own = [attributes["href"]] if "href" in attributes else []
    return own + [address for child in children for address in links_of(child)]
