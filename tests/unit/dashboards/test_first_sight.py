"""The first sight of a page: what the application draws, as plain HTML."""

from __future__ import annotations

from html.parser import HTMLParser

import dash_mantine_components as dmc
import pytest
from dash import dcc, html

from dashboards.compact import box, compact
from dashboards.first_sight import first_sight, said

EVIL = "<img src=x onerror=alert(1)>"


class Tags(HTMLParser):
    """Every tag with its attributes, and whether all that were opened are closed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        if tag not in ("img", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_texts_and_attributes_are_escaped() -> None:
    told = said(
        [
            html.P(EVIL),
            html.A("x", href=f'/unit?org="{EVIL}'),
            box(compact(html.Table(html.Tr(html.Td(EVIL))))[0], EVIL),
        ]
    )
    tags = Tags(told)
    assert [tag for tag, _ in tags.found] == ["p", "a", "div", "table", "tr", "td"]
    assert tags.open == []
    assert told.count("&lt;img") == 3


def test_no_element_has_an_id_or_does_what_needs_scripts() -> None:
    page = [
        html.H1("总览", id="title", tabIndex=-1),
        html.Div(html.Button("x", **{"data-take": "copy"}), className="tools"),
        dcc.Graph(id="g", figure={}, style={"height": 300}),
    ]
    told = first_sight([], page, [])
    assert "tools" not in told
    assert 'class="chart" style="height: 300px"' in told
    assert [attributes.get("id") for _, attributes in Tags(told).found if "id" in attributes] == ["first"]


@pytest.mark.parametrize(
    ("options", "value", "shown"),
    [
        ([{"value": "a", "label": "甲县"}, {"value": "b", "label": "乙县"}], "b", "乙县"),
        ([{"group": "g", "items": [{"value": "a", "label": "甲县"}]}], "a", "甲县"),
        ([], None, "没有数"),
    ],
)
def test_a_box_says_what_is_chosen(options: list[dict[str, object]], value: str | None, shown: str) -> None:
    told = said(dmc.Select(id="s", label="单位", data=options, value=value, placeholder="没有数"))
    assert told == f'<div class="first-box"><span>单位</span><span>{shown}</span></div>'
