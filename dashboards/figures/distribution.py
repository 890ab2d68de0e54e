"""How a rate is spread over units: classes of equal width, a dot for each unit, quantiles."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from dashboards.figures.ranking import MEAN_COLOUR
from dashboards.figures.rates import NEUTRAL, Lang, tooltip
from dashboards.wording import UNITS, Words, two_decimals, words

Row = dict[str, Any]
HEIGHT = 290
MOST_DOTS = 120
FEWEST_FOR_QUANTILES = 5
QUANTILES = {"p10": Words("10%", "10%"), "median": Words("中位", "median"), "p90": Words("90%", "90%")}


def distribution(classes: list[Row], units: list[Row], lang: Lang, link: Callable[[Row], str]) -> dict[str, Any]:
    """A histogram with a strip of the units beneath it.

    Args:
        classes: rows of indicator/distribution.sql, at least one.
        units: rows of indicator/below.sql that have a value; drawn where there are not too many.
        lang: of the words in it.
        link: the address that a click on a unit's dot leads to.
    """
    first = classes[0]
    traces = [_bars(classes, lang)]
    if len(units) <= MOST_DOTS:
        traces.append(_strip(units, lang, link))
    return {"data": traces, "layout": _layout(classes, first, units, lang)}


def _bars(classes: list[Row], lang: Lang) -> dict[str, Any]:
    counted = getattr(Words("个单位", "units"), lang)
    return {
        "type": "bar",
        "x": [(row["class_from"] + row["class_to"]) / 2 for row in classes],
        "y": [row["units_in_class"] for row in classes],
        "width": [row["class_to"] - row["class_from"] for row in classes],
        "marker": {"color": "rgba(0,114,178,.45)", "line": {"color": "#0072B2", "width": 1}},
        "text": [str(row["units_in_class"] or "") for row in classes],
        "textposition": "outside",
        "cliponaxis": False,
        "hovertext": [
            f"{two_decimals(row['class_from'])}–{two_decimals(row['class_to'])}: {row['units_in_class']} {counted}"
            for row in classes
        ],
        "hoverinfo": "text",
        "showlegend": False,
    }


def _strip(units: list[Row], lang: Lang, link: Callable[[Row], str]) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "markers",
        "cliponaxis": False,
        "x": [row["value"] for row in units],
        "y": [0] * len(units),
        "yaxis": "y2",
        "marker": {"symbol": "line-ns-open", "size": 16, "color": NEUTRAL, "line": {"width": 2, "color": NEUTRAL}},
        "hovertext": [tooltip(row, lang) for row in units],
        "hoverinfo": "text",
        "customdata": [link(row) for row in units],
        "showlegend": False,
    }


def _layout(classes: list[Row], first: Row, units: list[Row], lang: Lang) -> dict[str, Any]:
    unit = getattr(words(UNITS, first["unit"]), lang)
    short = unit if unit in ("%", "‰") else ""
    lines = _lines(first, units, lang)
    plain = {"fixedrange": True, "zeroline": False}
    return {
        "template": "none",
        "height": HEIGHT,
        "margin": {"l": 8, "r": 16, "t": 71, "b": 30 if short else 48},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"color": NEUTRAL, "size": 12},
        "dragmode": False,
        "hovermode": "closest",
        "hoverlabel": {"align": "left"},
        "xaxis": {**plain, "ticksuffix": short, "nticks": 6, "showgrid": False, "anchor": "y2",
                  "title": None if short else {"text": unit}},
        "yaxis": {**plain, "domain": [0.2, 1], "showgrid": False, "showticklabels": False,
                  "range": [0, max(row["units_in_class"] for row in classes) * 1.15]},
        "yaxis2": {**plain, "domain": [0, 0.15], "range": [-1, 1], "showticklabels": False, "showgrid": False},
        "shapes": [{"type": "line", "x0": at, "x1": at, "y0": 0, "y1": 1, "yref": "paper", "line": line}
                   for at, _, line, _ in lines],
        "annotations": [{"x": at, "y": 1, "yref": "paper", "yanchor": "bottom", "text": text, "showarrow": False,
                         "yshift": 2 + 15 * level} for at, text, _, level in lines],
    }  # fmt: skip


def _lines(first: Row, units: list[Row], lang: Lang) -> list[tuple[float, str, dict[str, Any], int]]:
    """Quantiles, and what the units add up to: place, text, line, and in which row the text stands."""
    found = []
    if first["units"] >= FEWEST_FOR_QUANTILES:
        dashed = {"color": NEUTRAL, "width": 1.5, "dash": "dash"}
        found += [
            (first[name], f"{getattr(QUANTILES[name], lang)} {two_decimals(first[name])}", dashed, row)
            for row, name in enumerate(("median", "p10", "p90"))  # a row each: they may stand in one place
        ]
    means = {row["mean_value"] for row in units} - {None}
    if len(means) == 1:
        mean = means.pop()
        text = f"{getattr(Words('平均', 'mean'), lang)} {two_decimals(mean)}"
        found.append((mean, text, {"color": MEAN_COLOUR, "width": 2}, 3))
    return found
