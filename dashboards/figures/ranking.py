"""Units of one level ranked by a rate, with intervals, against what they add up to."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from typing import Any

from dashboards.figures.rates import NEUTRAL, TARGET_COLOUR, Lang, row_layout, shortened, target_text, tooltip
from dashboards.wording import UNITS, Words, two_decimals, words

Row = dict[str, Any]

# Colour, marker and sign of a unit against the mean, by whether high or low is better.
CLEARLY_BETTER = ("#0072B2", "circle", "✓")
CLEARLY_WORSE = ("#D55E00", "x", "✗")
CLEARLY_HIGHER = ("#0072B2", "triangle-up", "▲")
CLEARLY_LOWER = ("#D55E00", "triangle-down", "▼")
UNCLEAR = (NEUTRAL, "circle-open", "≈")
NOT_COMPARED = (NEUTRAL, "diamond-open", "")
MEAN_COLOUR = "#009E73"
ROW_HEIGHT = 28


def look(row: Row, better: str) -> tuple[str, str, str]:
    """Colour, marker and sign of a unit: better or worse only where its interval does not cover the mean."""
    looks = {
        "higher": {"higher": CLEARLY_BETTER, "lower": CLEARLY_WORSE},
        "lower": {"higher": CLEARLY_WORSE, "lower": CLEARLY_BETTER},
    }.get(better, {"higher": CLEARLY_HIGHER, "lower": CLEARLY_LOWER})
    return {**looks, "unclear": UNCLEAR}.get(row["against_mean"] or "", NOT_COMPARED)


def against_mean(row: Row, better: str) -> Words:
    """How a unit stands to the mean, in words."""
    return {
        CLEARLY_BETTER: Words("✓ 明显好于平均", "✓ clearly better than the mean"),
        CLEARLY_WORSE: Words("✗ 明显差于平均", "✗ clearly worse than the mean"),
        CLEARLY_HIGHER: Words("▲ 明显高于平均", "▲ clearly above the mean"),
        CLEARLY_LOWER: Words("▼ 明显低于平均", "▼ clearly below the mean"),
        UNCLEAR: Words("≈ 与平均无明显差别", "≈ not clearly different from the mean"),
    }.get(look(row, better), Words("– 不能比较", "– cannot be compared"))


def ranking(rows: list[Row], lang: Lang, better: str, link: Callable[[Row], str]) -> dict[str, Any]:
    """A row for each unit: its rate and interval; the mean and the target as lines across.

    Args:
        rows: of indicator/below.sql that have a value, in the order in which they are drawn.
        lang: of the words in it.
        better: whether a 'higher' or a 'lower' rate is better, or 'neither'.
        link: the address that a click on a unit leads to.
    """
    traces = [_marks(rows, lang, better, link), *_mean(rows, lang), *_target(rows, lang)]
    return {"data": traces, "layout": _layout(rows, lang, better)}


def _marks(rows: list[Row], lang: Lang, better: str, link: Callable[[Row], str]) -> dict[str, Any]:
    looks = [look(row, better) for row in rows]
    return {
        "type": "scatter",
        "mode": "markers",
        "cliponaxis": False,
        "x": [row["value"] for row in rows],
        "y": list(range(len(rows))),
        "marker": {
            "color": [colour for colour, _, _ in looks],
            "symbol": [symbol for _, symbol, _ in looks],
            "size": 10,
            "line": {"width": 2, "color": [colour for colour, _, _ in looks]},
        },
        "error_x": {
            "type": "data",
            "symmetric": False,
            "array": [_distance(row["value"], row["upper"]) for row in rows],
            "arrayminus": [_distance(row["lower"], row["value"]) for row in rows],
            "color": NEUTRAL,
            "thickness": 1.5,
            "width": 4,
        },
        "hovertext": [f"{tooltip(row, lang)}<br>{getattr(against_mean(row, better), lang)}" for row in rows],
        "hoverinfo": "text",
        "customdata": [link(row) for row in rows],
        "showlegend": False,
    }


def _distance(low: float | None, high: float | None) -> float:
    return 0.0 if low is None or high is None else max(high - low, 0.0)


def _mean(rows: list[Row], lang: Lang) -> list[dict[str, Any]]:
    """What the units add up to; only where it is one figure for all of them."""
    means = {row["mean_value"] for row in rows}
    if len(means) != 1 or None in means:
        return []
    mean = means.pop()
    text = f"{getattr(Words('平均(上级)', 'mean (the unit above)'), lang)} {two_decimals(mean)}"
    return [_across(rows, mean, {"color": MEAN_COLOUR, "width": 2}, text)]


def _target(rows: list[Row], lang: Lang) -> list[dict[str, Any]]:
    targets = {row["target"] for row in rows}
    if len(targets) != 1 or None in targets:
        return []
    return [
        _across(rows, targets.pop(), {"color": TARGET_COLOUR, "width": 3, "dash": "dot"}, target_text(rows[0], lang))
    ]


def _across(rows: list[Row], at: float, line: dict[str, Any], text: str) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines",
        "x": [at, at],
        "y": [-0.5, len(rows) - 0.5],
        "line": line,
        "hovertext": [text] * 2,
        "hoverinfo": "text",
        "showlegend": False,
    }


def _layout(rows: list[Row], lang: Lang, better: str) -> dict[str, Any]:
    unit = getattr(words(UNITS, rows[0]["unit"]), lang) if rows else ""
    means = [{**row, "target": row["mean_value"]} for row in rows[:1]]
    labels = [escape(shortened(row["org_name"], 10), quote=False) for row in rows]
    beside = [_beside(at, row, better) for at, row in enumerate(rows)]
    return row_layout([*rows, *means], unit, labels, beside, ROW_HEIGHT)


def _beside(at: int, row: Row, better: str) -> dict[str, Any]:
    place = {"x": 1, "xref": "paper", "xanchor": "left", "y": at, "yref": "y", "yanchor": "middle", "xshift": 4}
    partial = "!" if row["state"] == "partial" else ""
    text = f"<b>{two_decimals(row['value'])}</b> {look(row, better)[2]}{partial}"
    return {"text": text, "showarrow": False, **place}
