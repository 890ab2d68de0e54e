"""A table as one component: the browser pays for every component that Dash makes, 1,000 of them take most of a second.

The parts of a table are turned into plain lists, `[tag, attributes, …children]`, which `static/taizhang.js` makes into
elements. It makes only the elements and attributes that are named here, and text only as text.
"""

from __future__ import annotations

import json
from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

TAGS = frozenset(
    ("a", "abbr", "b", "br", "caption", "code", "div", "em", "img", "li", "ol", "p", "small", "span", "strong", "table",
     "tbody", "td", "th", "thead", "tr", "ul")
)  # fmt: skip
ATTRIBUTES = {"className": "class", "colSpan": "colspan", "rowSpan": "rowspan", "tabIndex": "tabindex"}
PLAIN = frozenset(("alt", "height", "href", "id", "lang", "role", "scope", "src", "title", "width"))
OWN = ("_", "available_")  # names that Dash keeps for itself in a component
Node = str | list[Any]


def compact(part: Any) -> list[Node]:
    """What a component, a text or a list of them is made into.

    Raises:
        TypeError: it cannot stand in a table.

    >>> compact(html.Td(["a", html.Code("b", className="c")]))
    [['td', {}, 'a', ['code', {'class': 'c'}, 'b']]]
    """
    if part is None:
        return []
    if isinstance(part, list | tuple):
        return [node for one in part for node in compact(one)]
    if not isinstance(part, Component):
        return [str(part)]
    tag = "a" if isinstance(part, dcc.Link) else type(part).__name__.lower()
    if tag not in TAGS or (not isinstance(part, dcc.Link) and type(part).__module__.startswith("dash.dcc")):
        raise TypeError(f"{type(part).__name__} cannot stand in a table")
    # What `to_plotly_json` gives as well, which looks through all that a component may have: ten times as long.
    values = {name: value for name, value in vars(part).items() if not name.startswith(OWN)}
    children = compact(values.pop("children", None))
    return [[tag, {_name(name): value for name, value in values.items() if value not in (None, "")}, *children]]


def _name(name: str) -> str:
    if name in ATTRIBUTES:
        return ATTRIBUTES[name]
    if name in PLAIN or name.startswith(("aria-", "data-")):
        return name
    raise TypeError(f"{name} cannot stand in a table")


def box(table: Node, caption: str) -> html.Div:
    """A table, made compact, in a box that scrolls by itself where it is wide; the browser fills it."""
    packed = json.dumps(table, ensure_ascii=False, separators=(",", ":"))
    return html.Div(className="wide", role="region", tabIndex=0, **{"aria-label": caption, "data-table": packed})
