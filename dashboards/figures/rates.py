"""Rates by unit: a dot, its 95 % interval, its target; one figure for one indicator."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from textwrap import wrap
from typing import Any, Literal

import plotly.graph_objects as go
import polars as pl

from dashboards.wording import (
    FINALITIES,
    METHODS,
    TARGET_SIGNS,
    TARGET_STATUSES,
    UNITS,
    Words,
    interval,
    number,
    reason,
    share,
    two_decimals,
    words,
)

Lang = Literal["zh", "en"]
# Okabe and Ito's colours, told apart by the colour-blind; the shape of the marker says the same.
LOOKS = {
    "met": ("#0072B2", "circle"),
    "met_uncertain": ("#0072B2", "circle-open"),
    "not_met": ("#D55E00", "x"),
    "not_met_uncertain": ("#D55E00", "x-open"),
    "no_target": ("#0072B2", "diamond"),
}
TARGET_COLOUR = "#CC79A7"
NEUTRAL = "#7b8794"
ROW_HEIGHT = 40
LINE_HEIGHT = 16  # of a label, in pixels
LABEL_SIGNS = {"zh": 12, "en": 24}  # that fit on a line beside a chart on a telephone
MARK_ROOM = 8  # pixels between labels and axis: a mark at nought is drawn whole


def drawable(frame: pl.DataFrame) -> pl.DataFrame:
    """The rows that a figure shows: default editions whose state is ok.

    Reads is_default_edition and state.
    """
    return frame.filter(pl.col("is_default_edition") & (pl.col("state") == "ok"))


def rates_with_intervals(frame: pl.DataFrame, lang: Lang = "zh") -> go.Figure:
    """`dots` of the drawable rows of a frame, as a figure of Plotly's."""
    return go.Figure(dots(drawable(frame).to_dicts(), lang))


def unit_and_period(row: dict[str, Any], _: Lang) -> str:
    """The label of a row that stands for a unit in a period."""
    name = shortened(row["org_name"])
    part = f" · {row['breakdown_name_zh']}" if row["breakdown_name_zh"] else ""
    return f"{escape(name, quote=False)}<br>{escape(row['period_code'] + part, quote=False)}"


def dots(
    rows: list[dict[str, Any]],
    lang: Lang,
    label: Callable[[dict[str, Any], Lang], str] = unit_and_period,
    link: Callable[[dict[str, Any]], str] | None = None,
) -> dict[str, Any]:
    """Rates, a row each, top to bottom as they stand.

    Args:
        rows: rows of marts.indicator_value in one unit of measure, with org_name, period_code, breakdown_name_zh,
            breakdown_name_en, unit, value, lower, upper, interval_method, numerator, denominator,
            standard_zh, standard_en, edition, coverage, finality, state, state_reason, is_default_edition,
            target, target_comparator and target_status.
        lang: the language of axis and tooltips.
        label: what stands beside a row; HTML of Plotly's, so names of units are escaped.
        link: the address that a click on a row leads to.

    Returns:
        A Plotly figure as plain values.

    Raises:
        ValueError: the rows are in different units; those never share an axis.
    """
    units = {row["unit"] for row in rows}
    if len(units) > 1:
        raise ValueError(f"one figure, one unit of measure; got {sorted(units)}")
    unit = words(UNITS, units.pop() if units else "")
    # Plain values: a figure that is updated step by step takes ten times as long to make.
    marks = _dots(rows, lang)
    if link:
        marks["customdata"] = [link(row) for row in rows]
    shown = getattr(unit, lang)
    beside = [_beside(at, row, shown if shown in ("%", "‰") else "") for at, row in enumerate(rows)]
    layout = row_layout(rows, shown, [label(row, lang) for row in rows], beside)
    return {"data": [marks, *_targets(rows, lang)], "layout": layout}


def _dots(rows: list[dict[str, Any]], lang: Lang) -> dict[str, Any]:
    looks = [LOOKS.get(row["target_status"], LOOKS["no_target"]) for row in rows]
    return dict(
        type="scatter",
        x=[row["value"] for row in rows],
        y=list(range(len(rows))),
        mode="markers",
        cliponaxis=False,
        marker={
            "color": [colour for colour, _ in looks],
            "symbol": [symbol for _, symbol in looks],
            "size": 11,
            "line": {"width": 2, "color": [colour for colour, _ in looks]},
        },
        error_x={
            "type": "data",
            "symmetric": False,
            "array": [_distance(row["value"], row["upper"]) for row in rows],
            "arrayminus": [_distance(row["lower"], row["value"]) for row in rows],
            "color": NEUTRAL,
            "thickness": 2,
            "width": 6,
        },
        hovertext=[tooltip(row, lang) for row in rows],
        hoverinfo="text",
        showlegend=False,
    )


def _targets(rows: list[dict[str, Any]], lang: Lang) -> list[dict[str, Any]]:
    """A dashed line across the row at the target, where one applies."""
    return [
        dict(
            type="scatter",
            x=[row["target"], row["target"]],
            y=[at - 0.42, at + 0.42],
            mode="lines",
            line={"color": TARGET_COLOUR, "width": 3, "dash": "dot"},
            hovertext=[target_text(row, lang)] * 2,
            hoverinfo="text",
            showlegend=False,
        )
        for at, row in enumerate(rows)
        if row["target"] is not None
    ]


def _distance(low: float | None, high: float | None) -> float:
    return 0.0 if low is None or high is None else max(high - low, 0.0)


def row_layout(
    ends: list[dict[str, Any]], unit: str, labels: list[str], beside: list[dict[str, Any]], row_height: int = ROW_HEIGHT
) -> dict[str, Any]:
    """The layout of a figure with a row for each label, top to bottom.

    Args:
        ends: what the axis must hold, as `span` reads it.
        unit: the unit of measure, in words or as a sign.
        labels: what stands beside the rows; HTML of Plotly's, so names of units are escaped.
        beside: an annotation for each row, at its right.
        row_height: in pixels, of rows with labels of one or two lines.
    """
    most_lines = max((label.count("<br>") + 1 for label in labels), default=1)
    row_height = max(row_height, LINE_HEIGHT * most_lines + 6)
    short = unit if unit in ("%", "‰") else ""
    return {
        "template": "none",
        "height": (38 if short else 56) + row_height * max(len(labels), 1),
        "margin": {"l": 8, "r": 84, "t": 6, "b": 28 if short else 46},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"color": NEUTRAL, "size": 12},
        "dragmode": False,
        "hovermode": "closest",
        "hoverlabel": {"align": "left"},
        "xaxis": {
            "range": span(ends),
            "fixedrange": True,
            "ticksuffix": short,
            "nticks": 3,
            "tickangle": 0,
            "title": None if short else {"text": unit},
            "gridcolor": "rgba(123,135,148,.3)",
            "zeroline": False,
        },
        "yaxis": {
            "range": [len(labels) - 0.5, -0.5],
            "fixedrange": True,
            "tickvals": list(range(len(labels))),
            "ticktext": labels,
            "ticklabelstandoff": MARK_ROOM,
            "automargin": True,
            "showgrid": False,
            "zeroline": False,
        },
        "annotations": beside,
    }


def span(rows: list[dict[str, Any]]) -> list[float]:
    """The ends of the axis: every dot, limit and target inside, a tenth of room on both sides.

    >>> span([{"value": 50.0, "lower": 40.0, "upper": 60.0, "target": None, "unit": "percent"}])
    [38.0, 62.0]
    """
    ends = [row[name] for row in rows for name in ("value", "lower", "upper", "target") if row[name] is not None]
    if not ends:
        return [0.0, 1.0]
    low, high = min(ends), max(ends)
    room = max((high - low) * 0.1, abs(high) * 0.005, 1e-6)
    return [max(low - room, 0.0) if low >= 0 else low - room, high + room]


def on_two_lines(name: str, lang: Lang) -> str:
    """A name beside a chart, on two lines where it is long; HTML of Plotly's.

    >>> on_two_lines("Women with 5 or more antenatal visits", "en")
    'Women with 5 or more<br>antenatal visits'
    >>> on_two_lines("<b>5岁以下儿童中重度贫血患病率", "zh")
    '&lt;b&gt;5岁以下儿童中重度<br>贫血患病率'
    """
    lines = wrap(name, LABEL_SIGNS[lang], max_lines=2, placeholder="…")
    return "<br>".join(escape(line, quote=False) for line in lines)


def shortened(name: str, most: int = 12) -> str:
    """A name that fits beside a chart.

    >>> shortened("一个名字特别长特别长的村民委员会")
    '一个名字特别长特别长的…'
    """
    return name if len(name) <= most else name[: most - 1] + "…"


def _beside(at: int, row: dict[str, Any], short: str) -> dict[str, Any]:
    text = f"<b>{two_decimals(row['value'])}</b>{short} {TARGET_SIGNS.get(row['target_status'], '')}"
    place = {"x": 1, "xref": "paper", "xanchor": "left", "y": at, "yref": "y", "yanchor": "middle"}
    return {"text": text.strip(), "showarrow": False, "xshift": 4, **place}


def target_text(row: dict[str, Any], lang: Lang) -> str:
    """The target that applies, with its status in words; '' where there is none."""
    if row["target"] is None:
        return ""
    head = Words("目标", "target")
    unit = getattr(words(UNITS, row["unit"]), lang)
    status = getattr(words(TARGET_STATUSES, row["target_status"]), lang)
    return escape(
        f"{getattr(head, lang)} {row['target_comparator']} {number(row['target'])} {unit} {status}",
        quote=False,
    )


def tooltip(row: dict[str, Any], lang: Lang) -> str:
    """What a rate is never shown without: counts, interval, standard, edition, coverage, period."""
    unit = getattr(words(UNITS, row["unit"]), lang)
    part = row[f"breakdown_name_{lang}"]
    lines = [
        " · ".join(filter(None, (row["org_name"], row["period_code"], part))),
        f"{two_decimals(row['value'])} {unit} = {number(row['numerator'])} / {number(row['denominator'])}",
        _interval_line(row, lang),
        f"{row[f'standard_{lang}']} · {row['edition']}",
        f"{getattr(Words('覆盖', 'coverage'), lang)} {share(row['coverage'])} · "
        + getattr(words(FINALITIES, row["finality"]), lang),
        getattr(reason(row["state_reason"]), lang),
    ]
    return "<br>".join([escape(line, quote=False) for line in lines if line] + [target_text(row, lang)]).removesuffix(
        "<br>"
    )


def _interval_line(row: dict[str, Any], lang: Lang) -> str:
    if row["lower"] is None or row["upper"] is None:
        return getattr(Words("无区间", "no interval"), lang)
    method = getattr(words(METHODS, row["interval_method"]), lang)
    return f"95% {getattr(Words('区间', 'interval'), lang)} {interval(row['lower'], row['upper'])} ({method})"
