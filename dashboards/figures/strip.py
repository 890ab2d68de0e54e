"""A rate as a strip of inline SVG: mark, interval and target on one axis; for pages without Plotly."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

WIDTH, HEIGHT, ROOM = 220, 24, 8
MARKS = {
    "met": "circle", "met_uncertain": "circle", "not_met": "cross", "not_met_uncertain": "cross",
}  # fmt: skip


def axis(rows: Sequence[dict[str, Any]]) -> tuple[float, float]:
    """The ends that rows share: everything in, nothing cut.

    >>> axis([{"value": 50.0, "lower": 40.0, "upper": 60.0, "target": 80.0}])
    (40.0, 80.0)
    """
    ends = [row[name] for row in rows for name in ("value", "lower", "upper", "target") if row[name] is not None]
    if not ends:
        return 0.0, 1.0
    low, high = min(ends), max(ends)
    return (low, high) if high > low else (low - 1, high + 1)


def strip(row: dict[str, Any], ends: tuple[float, float]) -> str:
    """One strip; its colours are classes (interval, target, mark), its words stand in the table beside it.

    Args:
        row: with value, lower, upper, target and target_status.
        ends: of the axis.
    """
    low, high = ends

    def x(value: float) -> float:
        return round(ROOM + (WIDTH - 2 * ROOM) * (value - low) / (high - low), 1)

    middle = HEIGHT / 2
    parts = [f'<line class="axis" x1="{ROOM}" x2="{WIDTH - ROOM}" y1="{middle}" y2="{middle}"/>']
    if row["lower"] is not None and row["upper"] is not None:
        left, right = x(row["lower"]), x(row["upper"])
        parts.append(f'<line class="interval" x1="{left}" x2="{right}" y1="{middle}" y2="{middle}"/>')
        parts += [f'<line class="interval" x1="{at}" x2="{at}" y1="7" y2="17"/>' for at in (left, right)]
    if row["target"] is not None:
        at = x(row["target"])
        parts.append(f'<line class="target" x1="{at}" x2="{at}" y1="1" y2="{HEIGHT - 1}"/>')
    parts.append(_mark(x(row["value"]), middle, MARKS.get(row["target_status"] or "", "diamond")))
    return f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" class="strip" aria-hidden="true">{"".join(parts)}</svg>'


def _mark(x: float, y: float, shape: str) -> str:
    if shape == "circle":
        return f'<circle class="mark" cx="{x}" cy="{y}" r="5"/>'
    if shape == "cross":
        return f'<path class="mark cross" d="M{x - 5} {y - 5}L{x + 5} {y + 5}M{x + 5} {y - 5}L{x - 5} {y + 5}"/>'
    return f'<path class="mark" d="M{x} {y - 6}L{x + 6} {y}L{x} {y + 6}L{x - 6} {y}Z"/>'
