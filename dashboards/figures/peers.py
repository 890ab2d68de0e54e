"""A unit's rates beside those of its peers: a pale bar from the lowest to the highest, a tick at the median."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from typing import Any

from dashboards.figures.rates import Lang, dots, span
from dashboards.wording import UNITS, number, two_decimals, words

PEER_COLOUR = "rgba(123,135,148,.28)"
MEDIAN_COLOUR = "#009E73"


def beside_peers(
    rows: list[dict[str, Any]],
    lang: Lang,
    label: Callable[[dict[str, Any], Lang], str],
    link: Callable[[dict[str, Any]], str],
) -> dict[str, Any]:
    """`dots` with the range and the median of the peers beneath.

    Args:
        rows: as for `dots`, with peer_median, peer_low, peer_high and peer_units, which may be null.
        lang: the language of axis and tooltips.
        label: what stands beside a row.
        link: the address that a click on a row leads to.

    Returns:
        A Plotly figure as plain values.
    """
    figure = dots(rows, lang, label, link)
    known = [(at, row) for at, row in enumerate(rows) if row["peer_units"] and row["peer_units"] > 1]
    if known:
        figure["data"] = [_range(known, lang), *figure["data"], _median(known, lang)]
        ends = [{**row, "lower": _least(row), "upper": _most(row)} for row in rows]
        figure["layout"]["xaxis"]["range"] = span(ends)
        figure["layout"]["barmode"] = "overlay"
    return figure


def _least(row: dict[str, Any]) -> float | None:
    return min((row[name] for name in ("lower", "peer_low") if row[name] is not None), default=None)


def _most(row: dict[str, Any]) -> float | None:
    return max((row[name] for name in ("upper", "peer_high") if row[name] is not None), default=None)


def _range(known: list[tuple[int, dict[str, Any]]], lang: Lang) -> dict[str, Any]:
    return dict(
        type="bar",
        orientation="h",
        base=[row["peer_low"] for _, row in known],
        x=[row["peer_high"] - row["peer_low"] for _, row in known],
        y=[at for at, _ in known],
        width=0.5,
        marker={"color": PEER_COLOUR},
        hovertext=[peer_text(row, lang) for _, row in known],
        hoverinfo="text",
        showlegend=False,
    )


def _median(known: list[tuple[int, dict[str, Any]]], lang: Lang) -> dict[str, Any]:
    return dict(
        type="scatter",
        mode="markers",
        cliponaxis=False,
        x=[row["peer_median"] for _, row in known],
        y=[at for at, _ in known],
        marker={"symbol": "line-ns", "size": 20, "line": {"width": 3, "color": MEDIAN_COLOUR}},
        hovertext=[peer_text(row, lang) for _, row in known],
        hoverinfo="text",
        showlegend=False,
    )


def peer_text(row: dict[str, Any], lang: Lang) -> str:
    """The peers of a row in words; '' where it has none.

    >>> peer_text({"peer_units": 3, "peer_low": 1.0, "peer_median": 2.0, "peer_high": 4.0, "unit": "percent",
    ...            "rank_in_parent": 1, "peers": 3}, "en")
    '3 peers: median 2.00 %, 1.00–4.00; rank 1 of 3'
    """
    if not row["peer_units"] or row["peer_units"] < 2:
        return ""
    unit = getattr(words(UNITS, row["unit"]), lang)
    middle, low, high = (two_decimals(row[name]) for name in ("peer_median", "peer_low", "peer_high"))
    ranked = row["rank_in_parent"] is not None
    zh, en = (
        (f";排第 {row['rank_in_parent']}/{row['peers']}", f"; rank {row['rank_in_parent']} of {row['peers']}")
        if ranked
        else ("", "")
    )
    if lang == "zh":
        return escape(f"同级 {number(row['peer_units'])} 个:中位数 {middle} {unit},{low}–{high}{zh}", quote=False)
    return escape(f"{number(row['peer_units'])} peers: median {middle} {unit}, {low}–{high}{en}", quote=False)
