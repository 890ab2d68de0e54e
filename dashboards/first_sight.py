"""The first sight of a page: its state as plain HTML, to be read while the scripts that make it live are loaded.

What the framework draws takes its place as soon as it is there (`static/taizhang.js`). It has no ids, so that no two
elements of a document share one, and no charts, boxes to choose from or menus: those need the scripts.
"""

from __future__ import annotations

import json
from typing import Any

from dash import dcc
from dash.development.base_component import Component
from markupsafe import Markup, escape

VOID = frozenset(("br", "hr", "img"))
NAMES = {"className": "class", "colSpan": "colspan", "rowSpan": "rowspan"}
PLAIN = frozenset(("alt", "class", "colspan", "height", "href", "lang", "role", "rowspan", "scope", "src", "width"))
LIVE = ("tools",)  # classes of what does nothing without the scripts
SCHEME = (
    '<script>try{document.documentElement.setAttribute("data-mantine-color-scheme",'
    'localStorage.getItem("taizhang-scheme")||(matchMedia("(prefers-color-scheme: dark)").matches?"dark":"light"))}'
    "catch(error){}</script>"
)


def first_sight(top: list[Any], main: list[Any], foot: list[Any]) -> Markup:
    """A state of a page as HTML.

    Args:
        top: what stands above the page, as the application draws it.
        main: the page.
        foot: what stands below it.
    """
    parts = [("header", top), ("main", main), ("footer", foot)]
    inside = Markup("").join(
        Markup(f'<{tag} class="first-{tag}">') + said(part) + Markup(f"</{tag}>") for tag, part in parts
    )
    return Markup(SCHEME) + Markup('<div id="first">') + inside + Markup("</div>")


def said(part: Any) -> Markup:
    """A component, a text or a list of them as HTML; texts and attributes are escaped.

    >>> from dash import html
    >>> said(html.P(["a < b ", html.B("c", className="x"), None], id="p"))
    Markup('<p>a &lt; b <b class="x">c</b></p>')
    """
    if part is None or isinstance(part, bool):
        return Markup("")
    if isinstance(part, list | tuple):
        return Markup("").join(said(one) for one in part)
    if not isinstance(part, Component):
        return escape(str(part))
    values = dict(part.to_plotly_json()["props"])
    if values.get("className") in LIVE:
        return Markup("")
    if type(part).__module__.startswith("dash_mantine_components"):
        return _box(values)
    if isinstance(part, dcc.Graph):
        return _node(["div", {"class": "chart", "style": f"height: {values['style']['height']}px"}])
    if "data-table" in values:
        return _node(["div", {"class": values["className"]}, json.loads(values["data-table"])])
    tag = "a" if isinstance(part, dcc.Link) else type(part).__name__.lower()
    inside = said(values.pop("children", None))
    return _element(tag, {NAMES.get(str(name), str(name)): value for name, value in values.items()}, inside)


def _box(values: dict[str, Any]) -> Markup:
    """A box to choose from, as it will stand there: its title and what is chosen."""
    options = [one for row in values.get("data") or [] for one in row.get("items", [row])]
    chosen = next(
        (row["label"] for row in options if row["value"] == values.get("value")), values.get("placeholder", "")
    )
    return _node(["div", {"class": "first-box"}, ["span", {}, values.get("label") or ""], ["span", {}, chosen]])


def _node(node: Any) -> Markup:
    """A list [tag, attributes, …children], as tables are kept."""
    if isinstance(node, str):
        return escape(node)
    tag, attributes, *children = node
    return _element(tag, attributes, Markup("").join(map(_node, children)))


def _element(tag: str, attributes: dict[str, Any], inside: Markup) -> Markup:
    told = Markup("").join(
        Markup(' {}="{}"').format(name, value)
        for name, value in attributes.items()
        if value not in (None, "", False) and (name in PLAIN or (name == "style" and isinstance(value, str)))
    )
    opened = Markup("<{}{}>").format(tag, told)
    return opened if tag in VOID else opened + inside + Markup("</{}>").format(tag)
