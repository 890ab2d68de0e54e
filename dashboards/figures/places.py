"""Units as areas: on a map where their outlines are known, else as tiles; coloured in classes, and labelled."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from html import escape
from math import cos, radians
from typing import Any

from dashboards.boundaries import Outline
from dashboards.figures.ranking import against_mean, look
from dashboards.figures.rates import NEUTRAL, Lang, shortened, tooltip
from dashboards.wording import two_decimals

Row = dict[str, Any]
SOLID = {NEUTRAL: 0.16}  # what is no different from the rest steps back
HEIGHT = 460
LABEL_WIDTH, LABEL_HEIGHT = 0.19, 0.08  # of a label, in parts of the map on a phone
SHORT_LABEL = (0.15, 0.045)  # of one without a name


def tiles(rows: list[Row], lang: Lang, better: str, link: Callable[[Row], str]) -> dict[str, Any]:
    """A tile for each unit, as large as its denominator.

    Args:
        rows: of indicator/below.sql.
        lang: of the words in it.
        better: whether a 'higher' or a 'lower' rate is better, or 'neither'.
        link: the address that a click on a unit leads to.
    """
    sized = all(row["denominator"] and row["denominator"] > 0 for row in rows)
    trace = {
        "type": "treemap",
        "ids": [row["org_code"] for row in rows],
        "labels": [escape(shortened(row["org_name"]), quote=False) for row in rows],
        "parents": [""] * len(rows),
        "values": [float(row["denominator"]) if sized else 1 for row in rows],
        "text": [_value(row, better) for row in rows],
        "textinfo": "label+text",
        "hovertext": [_said(row, lang, better) for row in rows],
        "hoverinfo": "text",
        "customdata": [link(row) for row in rows],
        "marker": {
            "colors": [fill(look(row, better)[0]) for row in rows],
            "line": {"color": [look(row, better)[0] for row in rows], "width": 2},
            "pad": {"t": 0, "l": 0, "r": 0, "b": 0},
        },
        "root": {"color": "rgba(0,0,0,0)"},
        "tiling": {"pad": 4},
        "pathbar": {"visible": False},
        "sort": True,
    }
    layout = {**_paper(), "margin": {"l": 0, "r": 0, "t": 0, "b": 0}, "uniformtext": {"minsize": 10, "mode": "hide"}}
    return {"data": [trace], "layout": layout}


def choropleth(
    rows: list[Row], outlines: Mapping[str, Outline], lang: Lang, better: str, link: Callable[[Row], str]
) -> dict[str, Any]:
    """The outlines of units as filled shapes on plain axes: no tiles, so no request leaves the server.

    Args:
        rows: of indicator/below.sql, those with an outline.
        outlines: by the unit's code.
        lang: of the words in it.
        better: whether a 'higher' or a 'lower' rate is better, or 'neither'.
        link: the address that a click on a unit leads to.
    """
    drawn = [row for row in rows if row["org_code"] in outlines]
    areas = [_area(row, outlines[row["org_code"]], lang, better, link) for row in drawn]
    return {"data": [*areas, *_classes(drawn, lang, better)], "layout": _map(drawn, outlines, better)}


def fill(colour: str) -> str:
    """A colour through which the paper shows, so that text on it can be read in light and in dark.

    >>> fill("#0072B2")
    'rgba(0,114,178,0.4)'
    """
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return f"rgba({red},{green},{blue},{SOLID.get(colour, 0.4)})"


def _value(row: Row, better: str) -> str:
    partial = "!" if row["state"] == "partial" else ""
    return f"{two_decimals(row['value'])} {look(row, better)[2]}{partial}".strip()


def _said(row: Row, lang: Lang, better: str) -> str:
    return f"{tooltip(row, lang)}<br>{getattr(against_mean(row, better), lang)}"


def _paper() -> dict[str, Any]:
    return {
        "template": "none",
        "height": HEIGHT,
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"color": NEUTRAL, "size": 12},
        "dragmode": False,
        "hovermode": "closest",
        "hoverlabel": {"align": "left"},
    }


def _area(row: Row, outline: Outline, lang: Lang, better: str, link: Callable[[Row], str]) -> dict[str, Any]:
    colour = look(row, better)[0]
    points = [point for ring in outline.rings for point in (*ring, None)][:-1]
    return {
        "type": "scatter",
        "mode": "lines",
        "x": [point and point[0] for point in points],
        "y": [point and point[1] for point in points],
        "fill": "toself",
        "fillcolor": fill(colour),
        "line": {"color": colour, "width": 1},
        "hoveron": "fills",
        "text": _said(row, lang, better),  # of an area the browser shows `text`, not `hovertext`
        "hoverinfo": "text",
        "customdata": [link(row)],
        "showlegend": False,
    }


def _classes(rows: list[Row], lang: Lang, better: str) -> list[dict[str, Any]]:
    """What the colours mean: a mark in the legend for each class that is there."""
    found = {getattr(against_mean(row, better), lang): look(row, better)[0] for row in rows}
    return [
        {
            "type": "scatter",
            "mode": "markers",
            "x": [None],
            "y": [None],
            "name": name,
            "marker": {"symbol": "square", "size": 14, "color": fill(colour), "line": {"color": colour, "width": 2}},
            "hoverinfo": "skip",
        }
        for name, colour in sorted(found.items())
    ]


def _map(rows: list[Row], outlines: Mapping[str, Outline], better: str) -> dict[str, Any]:
    xs = [x for row in rows for ring in outlines[row["org_code"]].rings for x, _ in ring]
    ys = [y for row in rows for ring in outlines[row["org_code"]].rings for _, y in ring]
    middle = (min(ys) + max(ys)) / 2
    # A degree of longitude is shorter away from the equator; other coordinates are taken as they are.
    is_degrees = max(map(abs, ys)) <= 90 and max(map(abs, xs)) <= 180
    bare = {"visible": False, "fixedrange": True}
    return {
        **_paper(),
        "margin": {"l": 4, "r": 4, "t": 8, "b": 8},
        "legend": {"orientation": "h", "x": 0, "y": 1.01, "yanchor": "bottom", "itemclick": False,
                   "itemdoubleclick": False},
        "xaxis": {**bare, "range": _room(xs), "constrain": "domain"},
        "yaxis": {**bare, "range": _room(ys), "scaleanchor": "x", "constrain": "domain",
                  "scaleratio": 1 / max(cos(radians(middle)), 0.1) if is_degrees else 1},
        "annotations": labels(rows, outlines, better, (min(xs), max(xs), min(ys), max(ys))),
    }  # fmt: skip


def _room(values: list[float]) -> list[float]:
    room = (max(values) - min(values)) * 0.02
    return [min(values) - room, max(values) + room]


def labels(
    rows: list[Row], outlines: Mapping[str, Outline], better: str, box: tuple[float, float, float, float]
) -> list[dict[str, Any]]:
    """Name and value of as many units as there is room for, the larger first; else the value alone, else nothing.

    The table below has all of them.
    """
    left, right, low, high = box
    placed: list[tuple[float, float, float, float]] = []
    made = []
    for row in sorted(rows, key=lambda row: -outlines[row["org_code"]].size):
        x, y = outlines[row["org_code"]].label
        name, value = escape(shortened(row["org_name"], 6), quote=False), _value(row, better)
        for text, wide, tall in ((f"{name}<br>{value}", LABEL_WIDTH, LABEL_HEIGHT), (value, *SHORT_LABEL)):
            room = (x, y, wide * (right - left) / 2, tall * (high - low) / 2)
            if not any(_touch(room, other) for other in placed):
                placed.append(room)
                made.append({"x": x, "y": y, "text": text, "showarrow": False, "font": {"size": 11},
                             "captureevents": False})  # fmt: skip
                break
    return made


def _touch(one: tuple[float, float, float, float], other: tuple[float, float, float, float]) -> bool:
    """Whether two boxes, given by middle and half sizes, overlap."""
    return abs(one[0] - other[0]) < one[2] + other[2] and abs(one[1] - other[1]) < one[3] + other[3]
