"""Printed rates against what their counts give: a mark for each, at the difference in percentage points."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from math import asinh
from typing import Any

from dashboards.address import Lang
from dashboards.figures.rates import MARK_ROOM, NEUTRAL, on_two_lines
from dashboards.wording import SHORT_VERDICTS, Words, number, two_decimals, words

ROW_HEIGHT = 36
BELOW = 118  # pixels: the ticks, a title of two lines, a legend of three rows as on a telephone
TICKS = (-50.0, -5.0, -0.5, -0.05, 0.0, 0.05, 0.5, 5.0, 50.0)
LABEL_SHARE = 0.33  # of the axis that the number at a line takes on a telephone
COLOURS = {"reproduced": "#0072B2", "truncated": "#b37a00", "inconsistent": "#D55E00", "not_checkable": NEUTRAL}
SHAPES = {True: "circle", False: "x", None: "diamond-open"}  # whether a whole number gives the printed rate
TITLE = Words("印出的率 − 重算的率(百分点)", "printed − recomputed (points)")
ATTAINABLE = {
    True: Words("有整数分子可得", "attainable"),
    False: Words("✗ 没有整数分子可得", "✗ unattainable"),
    None: Words("未判定可得与否", "attainability not judged"),
}


def spread(points: float) -> float:
    """Where a difference stands on the axis: even near nought, by powers of ten away from it.

    >>> spread(0.0), round(spread(5.0) - spread(0.5), 1), round(spread(50.0) - spread(5.0), 1)
    (0.0, 2.3, 2.3)
    """
    return asinh(points / 0.01)


def differences(rows: list[dict[str, Any]], lang: Lang, link: Callable[[dict[str, Any]], str]) -> dict[str, Any]:
    """Printed less recomputed, a row each, top to bottom as they stand.

    Args:
        rows: with org_name, period_code, indicator_zh, indicator_en, reported_text, recomputed, numerator,
            denominator, difference (percentage points), verdict and attainable.
        lang: of labels and tooltips.
        link: the address that a click on a mark leads to.

    Returns:
        A Plotly figure as plain values, with a legend entry for each shape that occurs.
    """
    marks = [_marks(rows, kind, lang, link) for kind in SHAPES if any(row["attainable"] is kind for row in rows)]
    ends = [*(spread(row["difference"]) for row in rows), spread(-0.05), spread(0.05)]
    room = (max(ends) - min(ends)) * 0.08
    ticks = [tick for tick in TICKS if min(ends) - room <= spread(tick) <= max(ends) + room]
    numbers = _numbers(ticks, LABEL_SHARE * (max(ends) - min(ends) + 2 * room))
    labels = [on_two_lines(str(row[f"indicator_{lang}"]), lang) for row in rows]
    layout = {
        "template": "none",
        "height": 8 + BELOW + ROW_HEIGHT * max(len(rows), 1),
        "margin": {"l": 8, "r": 70, "t": 8, "b": BELOW},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"color": NEUTRAL, "size": 12},
        "dragmode": False,
        "hoverlabel": {"align": "left"},
        "legend": {"orientation": "h", "y": 0, "yref": "container", "yanchor": "bottom", "x": 0, "xref": "container"},
        "xaxis": {
            "range": [min(ends) - room, max(ends) + room],
            "title": {"text": _title(ticks, numbers, lang), "font": {"size": 12}, "standoff": 4},
            "tickvals": [spread(tick) for tick in ticks],
            "ticktext": numbers,
            "tickangle": 0,
            "fixedrange": True,
            "zeroline": True,
            "zerolinecolor": NEUTRAL,
            "gridcolor": "rgba(123,135,148,.3)",
        },
        "yaxis": {
            "range": [len(rows) - 0.5, -0.5],
            "tickvals": list(range(len(rows))),
            "ticktext": labels,
            "ticklabelstandoff": MARK_ROOM,
            "automargin": True,
            "fixedrange": True,
            "showgrid": False,
            "zeroline": False,
        },
        "annotations": [_beside(at, row) for at, row in enumerate(rows)],
    }
    return {"data": marks, "layout": layout}


def _numbers(ticks: list[float], apart: float) -> list[str]:
    """The numbers at the lines, from nought outwards; '' where one would run into the one before it.

    >>> _numbers([-5.0, -0.5, 0.0, 0.5, 5.0], 5.0), _numbers([-0.05, 0.0, 0.05], 2.0)
    (['−5', '', '0', '', '+5'], ['−0.05', '0', '+0.05'])
    """
    told = {0.0}
    for sign in (-1, 1):
        last = 0.0
        for tick in sorted((tick for tick in ticks if tick * sign > 0), key=abs):
            if abs(spread(tick)) - last >= apart:
                told.add(tick)
                last = abs(spread(tick))
    return ["" if tick not in told else f"{tick:+g}".replace("-", "−") if tick else "0" for tick in ticks]


def _title(ticks: list[float], numbers: list[str], lang: Lang) -> str:
    """What the axis tells; where numbers are left out at lines, what all lines stand at."""
    sizes = "、" if lang == "zh" else ", "
    lines = sizes.join(f"±{size:g}" if size else "0" for size in sorted({abs(tick) for tick in ticks}))
    which = {"zh": f"线在 {lines}", "en": f"lines at {lines}"}[lang]
    return getattr(TITLE, lang) + ("" if all(numbers) else f"<br>{which}")


def _marks(
    rows: list[dict[str, Any]], kind: bool | None, lang: Lang, link: Callable[[dict[str, Any]], str]
) -> dict[str, Any]:
    chosen = [(at, row) for at, row in enumerate(rows) if row["attainable"] is kind]
    return {
        "type": "scatter",
        "mode": "markers",
        "cliponaxis": False,
        "name": getattr(ATTAINABLE[kind], lang),
        "x": [spread(row["difference"]) for _, row in chosen],
        "y": [at for at, _ in chosen],
        "marker": {
            "symbol": SHAPES[kind],
            "size": 11,
            "color": [COLOURS.get(row["verdict"], NEUTRAL) for _, row in chosen],
            "line": {"width": 2, "color": [COLOURS.get(row["verdict"], NEUTRAL) for _, row in chosen]},
        },
        "hovertext": [tooltip(row, lang) for _, row in chosen],
        "hoverinfo": "text",
        "customdata": [link(row) for _, row in chosen],
    }


def _beside(at: int, row: dict[str, Any]) -> dict[str, Any]:
    text = f"{SHORT_VERDICTS[row['verdict']].zh[0]} {signed(row['difference'])}"
    place = {"x": 1, "xref": "paper", "xanchor": "left", "y": at, "yref": "y", "yanchor": "middle"}
    return {"text": text, "showarrow": False, "xshift": 4, **place}


def signed(points: float) -> str:
    """A difference with its sign; small ones to three decimals.

    >>> signed(51.666), signed(-0.0042), signed(-0.0001)
    ('+51.67', '−0.004', '0')
    """
    if abs(points) < 0.0005:
        return "0"
    return f"{points:+.{3 if abs(points) < 0.1 else 2}f}".replace("-", "−")


def tooltip(row: dict[str, Any], lang: Lang) -> str:
    """What was printed, what its counts give, and what that means."""
    told = [
        f"{row['org_name']} · {row['period_code']}",
        row[f"indicator_{lang}"],
        {"zh": "印出 ", "en": "printed "}[lang] + row["reported_text"],
        {"zh": "重算 ", "en": "recomputed "}[lang]
        + f"{two_decimals(row['recomputed'])} = {number(row['numerator'])} / {number(row['denominator'])}",
        getattr(words(SHORT_VERDICTS, row["verdict"]), lang) + " · " + getattr(ATTAINABLE[row["attainable"]], lang),
    ]
    return "<br>".join(escape(str(line), quote=False) for line in told)
