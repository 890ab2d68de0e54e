"""Which statements of a unit enter a figure of a longer period, and whether what is shown adds up to it.

The rules are those of `sql/store/rate_flow.sql` and `rate_level.sql` (docs/adr/0008): this is a second way to the same
sum, so that a difference shows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

Tile = dict[str, Any]
Parts = Mapping[str, Sequence[tuple[str, int]]]


def entered(tiles: Sequence[Tile], parts: Parts, period: str, kinds: tuple[str, str], is_row: bool) -> list[Tile]:
    """The statements of one unit that enter its figure of a period.

    Args:
        tiles: what it states of both sides, rows of cells/tiles.sql; those that lack a side do not enter.
        parts: of each period its parts with their length in thirds of a month.
        period: the period of the figure.
        kinds: of numerator and denominator: flow, stock, year_to_date.
        is_row: whether the unit enters as a row of a roll-up, for which what it states for the whole counts too.

    >>> months = [{"period_code": m, "numerator": 1, "denominator": 2, "period_end": m, "is_filled": False,
    ...            "thirds": 3} for m in ("2014-01", "2014-02")]
    >>> parts = {"2014Q1": [("2014-01", 3), ("2014-02", 3), ("2014-03", 3)]}
    >>> [tile["period_code"] for tile in entered(months, parts, "2014Q1", ("flow", "flow"), True)]
    ['2014-01', '2014-02']
    """
    pairs = [tile for tile in tiles if tile["numerator"] is not None and tile["denominator"] is not None]
    if not is_row:
        pairs = [tile for tile in pairs if tile["period_code"] != period or tile["is_filled"]]
    if "flow" not in kinds:
        return _last(pairs)
    by_period = {tile["period_code"]: tile for tile in pairs}
    return _bottom_up(period, by_period, parts)[0]


def _last(pairs: Sequence[Tile]) -> list[Tile]:
    """Of two for one last day the shorter one."""
    return [max(pairs, key=lambda tile: (tile["period_end"], -tile["thirds"]))] if pairs else []


def _bottom_up(period: str, by_period: Mapping[str, Tile], parts: Parts) -> tuple[list[Tile], int]:
    """The parts where they are complete, else the whole, else the parts that exist; with the thirds that they cover."""
    found: list[Tile] = []
    covered = 0
    for part, _ in parts.get(period, ()):
        tiles, thirds = _bottom_up(part, by_period, parts)
        found += tiles
        covered += thirds
    whole = sum(thirds for _, thirds in parts.get(period, ()))
    said = by_period.get(period)
    if said is None:
        return found, covered
    if found and covered == whole:
        return found, covered
    return [said], int(said["thirds"])


def sums(tiles: Sequence[Tile], kinds: tuple[str, str]) -> tuple[Decimal, Decimal]:
    """Numerator and denominator that statements of one unit add up to: flows added, a stock with its last one."""
    ordered = sorted(tiles, key=lambda tile: tile["period_end"])

    def side(name: str, kind: str) -> Decimal:
        values = [Decimal(tile[name]) for tile in ordered]
        return (sum(values, Decimal(0)) if kind == "flow" else values[-1]) if values else Decimal(0)

    return side("numerator", kinds[0]), side("denominator", kinds[1])


def difference(shown: Decimal, stated: Decimal | None) -> Decimal:
    """What is missing from the shown to the figure; 0 where they are equal."""
    return (Decimal(0) if stated is None else Decimal(stated)) - shown
