"""A rate over time: interval band, target, breaks of the definition, coverage beneath."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from html import escape
from itertools import groupby
from typing import Any

from dashboards.figures.rates import NEUTRAL, TARGET_COLOUR, Lang, shortened, span, target_text, tooltip
from dashboards.rate_columns import BASES
from dashboards.wording import UNITS, Words, two_decimals, words

# Okabe and Ito's; the unit that the page is about comes first.
COLOURS = ("#0072B2", "#E69F00", "#009E73", "#D55E00", "#56B4E9")
BAND, PALE_BAND = 0.16, 0.07  # how solid an interval's band is: of the unit shown, of those beside it
SHAPES = {"own": "circle", "rolled_up": "square"}
DASHES = {"own": "solid", "rolled_up": "dash"}
MOST_LABELS = 5
HEIGHT = 420
COVERAGE = Words("覆盖", "Coverage")
BREAKS = {
    "edition": Words("⚑ 换公式", "⚑ other formula"),
    "edition_same": Words("⚑ 换版本", "⚑ other edition"),
    "step": Words("⚑", "⚑"),
}
GRID = "rgba(123,135,148,.3)"

Row = dict[str, Any]


def trend(rows: list[Row], lang: Lang, period: str, link: Callable[[Row], str]) -> dict[str, Any]:
    """Lines of rates over periods of one kind, a line for each unit and basis.

    Args:
        rows: of indicator/trend.sql: by unit, basis and period, in one unit of measure.
        lang: of the words in it.
        period: the code of the period that the page shows.
        link: the address that a click on a point leads to.

    Returns:
        A Plotly figure as plain values.
    """
    units = list(dict.fromkeys(row["org_code"] for row in rows))
    series = [list(group) for _, group in groupby(rows, key=lambda row: (row["org_code"], row["basis"]))]
    traces: list[dict[str, Any]] = []
    for part in reversed(series):  # what comes later lies on top
        at = units.index(part[0]["org_code"])
        colour = COLOURS[at % len(COLOURS)]
        traces += [_band(part, colour, PALE_BAND if at else BAND), _line(part, colour, lang, link)]
    first = [row for row in rows if row["org_code"] == units[0]] if units else []
    traces += [*_target(first, lang), *_coverage(first, lang, link)]
    return {"data": [trace for trace in traces if trace], "layout": _layout(rows, first, lang, period)}


def middle(row: Row) -> str:
    """The day in the middle of a period, where its point stands.

    >>> middle({"period_start": date(2014, 9, 1), "period_end": date(2014, 9, 30)})
    '2014-09-15'
    """
    start, end = row["period_start"], row["period_end"]
    return str(start + (end - start) // 2)


def unbroken(part: list[Row]) -> list[Row | None]:
    """A series with a gap wherever a period has no figure: no line is drawn across what is not known."""
    points: list[Row | None] = []
    before: date | None = None
    for row in part:
        if row["value"] is None:
            continue
        if before is not None and row["period_start"] > before + timedelta(days=1):
            points.append(None)
        points.append(row)
        before = row["period_end"]
    return points


def _line(part: list[Row], colour: str, lang: Lang, link: Callable[[Row], str]) -> dict[str, Any]:
    points, basis = unbroken(part), part[0]["basis"]
    whole = SHAPES[basis]
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "name": escape(f"{shortened(part[0]['org_name'])} · {getattr(BASES[basis], lang)}", quote=False),
        "x": [_between(points, at) if row is None else middle(row) for at, row in enumerate(points)],
        "y": [row and row["value"] for row in points],
        "line": {"color": colour, "width": 2, "dash": DASHES[basis]},
        "marker": {
            "color": colour,
            "size": [0 if row is None else 11 if basis == "rolled_up" else 8 for row in points],
            "symbol": [whole if row is None or row["state"] == "ok" else f"{whole}-open" for row in points],
            "line": {"color": colour, "width": 2},
        },
        "hovertext": ["" if row is None else tooltip(row, lang) for row in points],
        "hoverinfo": "text",
        "customdata": ["" if row is None else link(row) for row in points],
        "connectgaps": False,
    }


def _between(points: list[Row | None], at: int) -> str:
    """A day between two points that a gap parts."""
    before = points[at - 1]
    return middle(before) if before else ""


def _band(part: list[Row], colour: str, solid: float) -> dict[str, Any]:
    """The intervals as one closed shape for each stretch without a gap."""
    xs: list[str | None] = []
    ys: list[float | None] = []
    for known, stretch in groupby(unbroken(part), key=lambda row: row is not None and row["lower"] is not None):
        rows = [row for row in stretch if row]
        if not known:
            continue
        xs += [*map(middle, rows), *map(middle, reversed(rows)), None]
        ys += [*(row["upper"] for row in rows), *(row["lower"] for row in reversed(rows)), None]
    if not xs:
        return {}
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return {
        "type": "scatter",
        "mode": "lines",
        "x": xs[:-1],
        "y": ys[:-1],
        "fill": "toself",
        "fillcolor": f"rgba({red},{green},{blue},{solid})",
        "line": {"width": 0, "color": colour},
        "hoverinfo": "skip",
        "showlegend": False,
    }


def _target(rows: list[Row], lang: Lang) -> list[dict[str, Any]]:
    """The target as a step line: it may change from year to year."""
    known = sorted({(row["period_start"], row["period_end"]): row for row in rows if row["target"] is not None}.items())
    if not known:
        return []
    return [
        {
            "type": "scatter",
            "mode": "lines",
            "name": getattr(Words("目标", "target"), lang),
            "x": [day for (start, end), _ in known for day in (str(start), str(end))],
            "y": [row["target"] for _, row in known for _ in (0, 1)],
            "line": {"color": TARGET_COLOUR, "width": 3, "dash": "dot"},
            "hovertext": [target_text(row, lang) for _, row in known for _ in (0, 1)],
            "hoverinfo": "text",
        }
    ]


def _coverage(rows: list[Row], lang: Lang, link: Callable[[Row], str]) -> list[dict[str, Any]]:
    """Bars of the coverage of the unit shown, beneath its rates; of what is rolled up where both are there."""
    last = {row["period_code"]: row for row in sorted(rows, key=lambda row: row["basis"])}
    known = [row for row in last.values() if row["coverage"] is not None]
    if not known:
        return []
    return [
        {
            "type": "bar",
            "x": [middle(row) for row in known],
            "y": [round(100 * row["coverage"], 1) for row in known],
            "yaxis": "y2",
            "marker": {"color": [NEUTRAL if row["coverage"] >= 1 else "#E69F00" for row in known]},
            "hovertext": [tooltip(row, lang) for row in known],
            "hoverinfo": "text",
            "customdata": [link(row) for row in known],
            "showlegend": False,
        }
    ]


def _layout(rows: list[Row], first: list[Row], lang: Lang, period: str) -> dict[str, Any]:
    unit = getattr(words(UNITS, rows[0]["unit"]), lang) if rows else ""
    plain = {"fixedrange": True, "zeroline": False, "gridcolor": GRID}
    periods = list({row["period_code"]: row for row in rows}.values())
    periods.sort(key=lambda row: row["period_end"])
    step = -(-len(periods) // MOST_LABELS) or 1
    labelled = periods[::-1][::step][::-1]
    chosen = next((row for row in rows if row["period_code"] == period), None)
    return {
        "template": "none",
        "height": HEIGHT,
        "margin": {"l": 8, "r": 16, "t": 8, "b": 30},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"color": NEUTRAL, "size": 12},
        "dragmode": False,
        "hovermode": "closest",
        "hoverlabel": {"align": "left"},
        "legend": {"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom", "itemclick": False,
                   "itemdoubleclick": False, "traceorder": "reversed"},
        "bargap": 0.4,
        "xaxis": {**plain, "type": "date", "showgrid": False, "anchor": "y2", "tickangle": 0,
                  "tickvals": [middle(row) for row in labelled],
                  "ticktext": [escape(row["period_code"], quote=False) for row in labelled]},
        "yaxis": {**plain, "domain": [0.24, 1], "range": span(rows) if rows else [0, 1], "automargin": True,
                  "nticks": 6, "ticksuffix": unit if unit in ("%", "‰") else "",
                  "title": None if unit in ("%", "‰") else {"text": unit}},
        "yaxis2": {**plain, "domain": [0, 0.15], "range": [0, 105], "tickvals": [0, 100], "ticktext": ["0%", "100%"],
                   "automargin": True},
        "shapes": [*_chosen(chosen), *(_break(row) for row in breaks(first))],
        "annotations": [_coverage_name(lang), *(_break_sign(row, lang) for row in breaks(first)),
                        *_value_beside(first, chosen)],
    }  # fmt: skip


def breaks(rows: list[Row]) -> list[Row]:
    """The rows at which the definition of the unit shown changes, each period once."""
    return list({row["period_code"]: row for row in rows if row["definition_break"]}.values())


def _chosen(row: Row | None) -> list[dict[str, Any]]:
    """A shade behind the period that the page shows."""
    if row is None:
        return []
    place = {"x0": str(row["period_start"]), "x1": str(row["period_end"]), "y0": 0, "y1": 1, "yref": "paper"}
    return [{"type": "rect", **place, "fillcolor": "rgba(123,135,148,.18)", "line": {"width": 0}, "layer": "below"}]


def _break(row: Row) -> dict[str, Any]:
    place = {"x0": str(row["period_start"]), "x1": str(row["period_start"]), "y0": 0.24, "y1": 1, "yref": "paper"}
    return {"type": "line", **place, "line": {"color": NEUTRAL, "width": 1.5, "dash": "dashdot"}}


def _break_sign(row: Row, lang: Lang) -> dict[str, Any]:
    text = getattr(BREAKS[row["definition_break"]], lang)
    if row["definition_break"] != "step":
        text += f"<br>{escape(row['edition'], quote=False)}"
    place = {"x": str(row["period_start"]), "xanchor": "left", "y": 1, "yref": "paper", "yanchor": "top"}
    return {"text": text, "showarrow": False, "align": "left", **place}


def _coverage_name(lang: Lang) -> dict[str, Any]:
    place = {"x": 0, "xref": "paper", "xanchor": "left", "y": 0.155, "yref": "paper", "yanchor": "bottom"}
    return {"text": getattr(COVERAGE, lang), "showarrow": False, "xshift": 2, **place}


def _value_beside(first: list[Row], chosen: Row | None) -> list[dict[str, Any]]:
    """The value of the period that the page shows, beside its point."""
    found = [
        row for row in first if chosen and row["period_code"] == chosen["period_code"] and row["value"] is not None
    ]
    return [
        {"x": middle(row), "y": row["value"], "text": f"<b>{two_decimals(row['value'])}</b>", "showarrow": False,
         "yshift": 14}
        for row in found[:1]
    ]  # fmt: skip
