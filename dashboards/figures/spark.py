"""A line as small as a word: an inline picture (SVG) of a short series with its intervals and target."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

WIDTH, HEIGHT, ROOM = 160, 40, 4
LINE, BAND, TARGET = "#0072B2", "#7b8794", "#CC79A7"


def spark(rows: Sequence[dict[str, Any]]) -> str:
    """An SVG of values in their order; colours that stand on light and dark ground.

    Args:
        rows: with value, lower, upper and target; the last three may be null.

    >>> spark([{"value": 1.0, "lower": None, "upper": None, "target": None}]).count("<circle")
    1
    """
    ends = [row[name] for row in rows for name in ("value", "lower", "upper", "target") if row[name] is not None]
    low, high = (min(ends), max(ends)) if ends else (0.0, 1.0)

    def at(number: int, value: float) -> tuple[float, float]:
        x = ROOM + (WIDTH - 2 * ROOM) * (number / (len(rows) - 1) if len(rows) > 1 else 0.5)
        y = HEIGHT - ROOM - (HEIGHT - 2 * ROOM) * ((value - low) / (high - low) if high > low else 0.5)
        return round(x, 1), round(y, 1)

    parts = [_band(rows, at), _target(rows, at)]
    points = [at(number, row["value"]) for number, row in enumerate(rows)]
    if len(points) > 1:
        parts.append(f'<polyline points="{_points(points)}" fill="none" stroke="{LINE}" stroke-width="2"/>')
    if points:
        x, y = points[-1]
        parts.append(f'<circle cx="{x}" cy="{y}" r="3.5" fill="{LINE}"/>')
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}">'
    return f"{head}{''.join(parts)}</svg>"


def _band(rows: Sequence[dict[str, Any]], at: Any) -> str:
    known = [(number, row) for number, row in enumerate(rows) if row["lower"] is not None and row["upper"] is not None]
    if len(known) < 2:
        return ""
    there = [at(number, row["upper"]) for number, row in known]
    back = [at(number, row["lower"]) for number, row in reversed(known)]
    return f'<polygon points="{_points([*there, *back])}" fill="{BAND}" fill-opacity=".3"/>'


def _target(rows: Sequence[dict[str, Any]], at: Any) -> str:
    last = rows[-1]["target"] if rows else None
    if last is None:
        return ""
    _, y = at(0, last)
    return f'<line x1="0" x2="{WIDTH}" y1="{y}" y2="{y}" stroke="{TARGET}" stroke-width="2" stroke-dasharray="3 3"/>'


def _points(points: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{x},{y}" for x, y in points)


def as_address(svg: str) -> str:
    """A picture as an address that needs no server."""
    return f"data:image/svg+xml,{quote(svg)}"
