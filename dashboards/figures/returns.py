"""What came of what is owed: a grid of units and periods, and bars of shares; signs say what colours say."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape
from typing import Any, NamedTuple

from dashboards import wording
from dashboards.address import Lang
from dashboards.figures.rates import NEUTRAL, shortened
from dashboards.wording import REPORTING_STATES, Words, number, words

ROW_HEIGHT = 34
# Okabe and Ito's colours, thin enough for dark letters on white and for light ones on black.
STATES = {  # the worst comes first
    "refused": ("rgba(204,121,167,.62)", Words("拒", "R")),
    "missing": ("rgba(213,94,0,.62)", Words("缺", "M")),
    "late": ("rgba(230,159,0,.45)", Words("迟", "L")),
    "not_due": ("rgba(123,135,148,.16)", Words("–", "–")),
    "received": ("rgba(86,180,233,.22)", Words("收", "✓")),
    "on_time": ("rgba(0,114,178,.26)", Words("✓", "✓")),
}
STEPS = ((0.5, "rgba(213,94,0,.70)"), (0.8, "rgba(213,94,0,.42)"), (0.95, "rgba(230,159,0,.38)"),
         (1.0, "rgba(0,114,178,.14)"), (2.0, "rgba(0,114,178,.34)"))  # fmt: skip


class Part(NamedTuple):
    """A part of a bar: its name in the row, what it is called, its colour and the pattern that says the same."""

    name: str
    words: Words
    colour: str
    pattern: str


def worst(cell: dict[str, Any]) -> str:
    """The worst state of the returns of a unit in a period.

    >>> worst({"refused": 0, "missing": 1, "late": 2, "not_due": 0, "received": 0, "on_time": 3})
    'missing'
    """
    return next((state for state in STATES if cell[state]), "not_due")


def share(cell: dict[str, Any]) -> float | None:
    """The share of what is due that came in time; None where nothing is due.

    >>> share({"owed": 4, "not_due": 0, "on_time": 3, "received": 0})
    0.75
    """
    due = cell["owed"] - cell["not_due"]
    return (cell["on_time"] + cell["received"]) / due if due else None


def sign(cell: dict[str, Any], lang: Lang) -> str:
    """What stands in a cell: the sign of the worst state; where several returns are owed, how many came in time."""
    mark = getattr(STATES[worst(cell)][1], lang)
    due = cell["owed"] - cell["not_due"]
    came = cell["on_time"] + cell["received"]
    if due <= 1 or came == due:
        return mark
    return f"{mark} {came}/{due}" if due < 100 else f"{mark} {int(100 * came / due)}%"


def grid(
    cells: list[dict[str, Any]],
    periods: Sequence[str],
    lang: Lang,
    link: Callable[[dict[str, Any]], str],
) -> dict[str, Any]:
    """Units by periods.

    Args:
        cells: rows with org_code, org_name, period_code, owed, senders, on_time, received, late, missing, refused and
            not_due; units in the order in which they are drawn.
        periods: the columns.
        lang: of tooltips.
        link: the address that a click on a cell leads to.

    Returns:
        A Plotly figure as plain values. Colours are states where each unit sends for itself; where it stands for
        several senders they are the share that came in time.
    """
    names = dict.fromkeys(cell["org_code"] for cell in cells)
    at = {(cell["org_code"], cell["period_code"]): cell for cell in cells}
    table = [[at.get((org, period)) for period in periods] for org in names]
    by_share = any(cell["senders"] > 1 for cell in cells)
    colours = [colour for _, colour in STEPS] if by_share else [colour for colour, _ in STATES.values()]

    def each(say: Callable[[dict[str, Any]], Any], nothing: Any) -> list[list[Any]]:
        return [[nothing if cell is None else say(cell) for cell in row] for row in table]

    marks = {
        "type": "heatmap",
        "x": list(range(len(periods))),
        "y": list(range(len(names))),
        "z": each(_step if by_share else _state, None),
        "zmin": -0.5,
        "zmax": len(colours) - 0.5,
        "colorscale": _stepped(colours),
        "showscale": False,
        "xgap": 2,
        "ygap": 2,
        "text": each(lambda cell: sign(cell, lang).replace(" ", "<br>"), ""),
        "texttemplate": "%{text}",
        "textfont": {"size": 11},
        "hovertext": each(lambda cell: tooltip(cell, lang), ""),
        "hoverinfo": "text",
        "customdata": each(link, ""),
    }
    labels = {cell["org_code"]: escape(shortened(cell["org_name"], 10), quote=False) for cell in cells}
    return {"data": [marks], "layout": _grid_layout(list(periods), [labels[org] for org in names])}


def _state(cell: dict[str, Any]) -> int:
    return list(STATES).index(worst(cell))


def _step(cell: dict[str, Any]) -> int | None:
    came = share(cell)
    return None if came is None else next(number for number, (below, _) in enumerate(STEPS) if came < below)


def _stepped(colours: Sequence[str]) -> list[list[Any]]:
    """A scale of colours in steps.

    >>> _stepped(["a", "b"])
    [[0.0, 'a'], [0.5, 'a'], [0.5, 'b'], [1.0, 'b']]
    """
    count = len(colours)
    return [[(number + end) / count, colour] for number, colour in enumerate(colours) for end in (0, 1)]


def tooltip(cell: dict[str, Any], lang: Lang) -> str:
    """Whose returns for which period, and what came of them."""
    told = [f"{cell['org_name']} · {cell['period_code']}", *states(cell, lang)]
    if cell["senders"] > 1:
        told.append({"zh": f"报送单位 {cell['senders']} 个", "en": f"{cell['senders']} senders"}[lang])
    return "<br>".join(escape(line, quote=False) for line in told)


def states(cell: dict[str, Any], lang: Lang) -> list[str]:
    """How many returns of a unit for a period are in each state."""
    return [f"{getattr(words(REPORTING_STATES, state), lang)} {number(cell[state])}" for state in STATES if cell[state]]


def _grid_layout(periods: list[str], labels: list[str]) -> dict[str, Any]:
    return {
        **_plain(80 + ROW_HEIGHT * max(len(labels), 1)),
        "margin": {"l": 8, "r": 8, "t": 72, "b": 8},
        "xaxis": {
            "tickvals": list(range(len(periods))),
            "ticktext": [escape(period, quote=False) for period in periods],
            "tickangle": -90 if len(periods) > 4 else 0,
            "side": "top",
            "fixedrange": True,
            "showgrid": False,
            "zeroline": False,
        },
        "yaxis": {
            "range": [len(labels) - 0.5, -0.5],
            "tickvals": list(range(len(labels))),
            "ticktext": labels,
            "automargin": True,
            "fixedrange": True,
            "showgrid": False,
            "zeroline": False,
        },
    }


def _plain(height: int) -> dict[str, Any]:
    return {
        "template": "none",
        "height": height,
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"color": NEUTRAL, "size": 12},
        "dragmode": False,
        "hoverlabel": {"align": "left"},
    }


def shares(
    rows: list[dict[str, Any]], parts: Sequence[Part], label: Callable[[dict[str, Any]], str], lang: Lang
) -> dict[str, Any]:
    """Bars from 0 to 100 %, each a row's parts; a part that is large enough carries its count.

    Args:
        rows: with a count under the name of each part.
        parts: in the order in which they are drawn.
        label: what stands beside a bar; names are escaped here.
        lang: of legend and tooltips.

    Returns:
        A Plotly figure as plain values.
    """
    whole = [sum(row[part.name] or 0 for part in parts) or 1 for row in rows]
    drawn = [part for part in parts if any(row[part.name] for row in rows)]
    labels = [escape(shortened(label(row), 14 if lang == "zh" else 26), quote=False) for row in rows]
    bars = [_bar(part, rows, whole, labels, lang) for part in drawn]
    layout = {
        **_plain(96 + ROW_HEIGHT * max(len(rows), 1)),
        "barmode": "stack",
        "bargap": 0.3,
        "margin": {"l": 8, "r": 16, "t": 8, "b": 64},
        "legend": {"orientation": "h", "y": 0, "yref": "container", "yanchor": "bottom", "x": 0},
        "xaxis": {"range": [0, 100], "ticksuffix": "%", "nticks": 5, "fixedrange": True, "zeroline": False,
                  "showgrid": False, "ticks": "outside"},
        "yaxis": {"range": [len(rows) - 0.5, -0.5], "tickvals": list(range(len(rows))), "ticktext": labels,
                  "automargin": True, "fixedrange": True, "showgrid": False, "zeroline": False},
    }  # fmt: skip
    return {"data": bars, "layout": layout}


def _bar(part: Part, rows: list[dict[str, Any]], whole: list[int], labels: list[str], lang: Lang) -> dict[str, Any]:
    counts = [row[part.name] or 0 for row in rows]
    percent = [100 * count / all_of_it for count, all_of_it in zip(counts, whole, strict=True)]
    name = getattr(part.words, lang)
    return {
        "type": "bar",
        "orientation": "h",
        "name": name,
        "x": percent,
        "y": list(range(len(rows))),
        "text": [number(count) if width >= 9 else "" for count, width in zip(counts, percent, strict=True)],
        "textposition": "inside",
        "insidetextanchor": "middle",
        "constraintext": "none",
        "textangle": 0,
        "marker": {
            "color": part.colour,
            "line": {"color": NEUTRAL, "width": 1},
            "pattern": {"shape": part.pattern, "size": 6, "fgcolor": NEUTRAL, "fillmode": "overlay"},
        },
        "hovertext": [
            f"{text}<br>{escape(name, quote=False)} {number(count)} ({wording.share(count / all_of_it)})"
            for text, count, all_of_it in zip(labels, counts, whole, strict=True)
        ],
        "hoverinfo": "text",
    }
