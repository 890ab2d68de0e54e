"""Lists that are sorted and turned over by links: where a list stands is in the address."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash import dcc, html

from dashboards.visit import Visit
from pipelines.catalog.wording import Words

MOST_ROWS = 15  # of a page of a list: what a browser redraws while one waits


def offset(visit: Visit, name: str) -> int:
    """The first row of a list, by its name in the address; 0 where it is no number."""
    text = visit.view.get(name)
    return min(int(text), 10**9) if text.isascii() and text.isdigit() else 0


def sorting(visit: Visit, name: str, ways: Sequence[tuple[str, Words]]) -> str:
    """The order that the address asks for; the first way where it asks for none that there is."""
    asked = visit.view.get(name)
    return asked if any(asked == way for way, _ in ways) else ways[0][0]


def order_links(visit: Visit, name: str, first: str, card: str, ways: Sequence[tuple[str, Words]]) -> html.P:
    """Links to the same list in other orders.

    Args:
        visit: where we are.
        name: of the order in the address.
        first: name of the first row in the address, which begins anew.
        card: the id of the card that the list stands in; the page stays there.
        ways: value and words of each order.
    """
    current = sorting(visit, name, ways)
    parts: list[Any] = [visit.t("排序:", "Order: ")]
    for value, said in ways:
        text = visit.say(said)
        link = dcc.Link(text, href=visit.href(**{name: value, first: None}) + f"#{card}")
        parts += [html.B(f"▾ {text}") if value == current else link, " · "]
    return html.P(parts[:-1], className="note")


def turn_links(visit: Visit, first: str, card: str, at: int, shown: int, in_all: int) -> list[html.Nav]:
    """Which rows are shown, and links to those before and after; nothing where all are shown.

    Args:
        visit: where we are.
        first: name of the first row in the address.
        card: the id of the card that the list stands in; the page stays there.
        at: the first row that is shown, from 0.
        shown: how many are.
        in_all: how many there are.
    """

    def link(said: str, start: int) -> dcc.Link:
        return dcc.Link(said, href=visit.href(**{first: str(start) if start else None}) + f"#{card}")

    if shown >= in_all:
        return []
    parts: list[Any] = [
        visit.t(f"第 {at + 1}–{at + shown} 条,共 {in_all} 条 ", f"{at + 1} to {at + shown} of {in_all} ")
    ]
    if at > 0:
        parts += [link(visit.t("‹ 上一页", "‹ before"), max(at - MOST_ROWS, 0)), " "]
    if at + shown < in_all:
        parts.append(link(visit.t("下一页 ›", "next ›"), at + shown))
    return [html.Nav(parts, className="note", **{"aria-label": visit.t("翻页", "Pages of the list")})]
