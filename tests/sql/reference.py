"""Adding up as the decisions say it, slowly and plainly: one unit, one period, one figure at a time.

What sql/store/ does for whole countries must give the same; see test_roll_up_reference.py.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from pipelines.catalog.periods import Period, months, ten_days

SIZE = {"ten_days": 1, "month": 3, "quarter": 9, "half_year": 18, "mch_half_year": 18, "year": 36, "mch_year": 36}
Join = Callable[[list[Any]], Any]


def parts(whole: Period) -> list[Period]:
    """The next shorter periods that a period is made of."""
    year, month = whole.start.year, whole.start.month
    steps = {"year": 6, "mch_year": 6, "half_year": 3, "mch_half_year": 3, "quarter": 1}
    if whole.kind == "month":
        return [ten_days(year, month, third) for third in (1, 2, 3)]
    if whole.kind not in steps:
        return []
    step = steps[whole.kind]
    firsts = [year * 12 + month - 1 + step * number for number in range(SIZE[whole.kind] // (3 * step))]
    return [months(first // 12, first % 12 + 1, step) for first in firsts]


def within(whole: Period) -> set[Period]:
    """All shorter periods that a period is made of."""
    return {inner for part in parts(whole) for inner in (part, *within(part))}


def months_before(day: date, count: int) -> date:
    """The end of the month `count` months before the one that ends on `day`."""
    number = day.year * 12 + day.month - 1 - count
    return months(number // 12, number % 12 + 1, 1).end


def added(whole: Period, known: dict[Period, Any], join: Join) -> tuple[Any, int]:
    """The parts of a period put together, each as `resolved` has it, and the thirds of a month that they cover."""
    found = [resolved(part, known, join) for part in parts(whole)]
    values = [value for value, _ in found if value is not None]
    return (join(values) if values else None), sum(thirds for _, thirds in found)


def resolved(whole: Period, known: dict[Period, Any], join: Join) -> tuple[Any, int]:
    """The parts where they are complete, else what is stated for the period, else the parts that exist."""
    value, thirds = added(whole, known, join)
    if thirds < SIZE[whole.kind] and whole in known:
        return known[whole], SIZE[whole.kind]
    return value, thirds


def last(whole: Period, known: dict[Period, Any], carry: int) -> Any:
    """The last of the stocks at or before the period's end that is not too old; of one day the shortest period's."""
    found = [p for p in known if months_before(whole.end, carry) < p.end <= whole.end]
    return known[max(found, key=lambda p: (p.end, -SIZE[p.kind]))] if found else None


@dataclass
class Unit:
    """What one unit states: element → period → value (None where a cell says why there is none)."""

    stated: dict[str, dict[Period, float | None]] = field(default_factory=dict)

    def say(self, element: str, period: Period, value: float | None) -> None:
        """States a figure."""
        self.stated.setdefault(element, {})[period] = value

    def known(self, element: str) -> dict[Period, float]:
        """The numbers among what is stated."""
        return {period: value for period, value in self.stated.get(element, {}).items() if value is not None}

    def spoken(self) -> set[Period]:
        """Periods for which the unit states anything."""
        return {period for values in self.stated.values() for period in values}

    def flow(self, element: str, whole: Period) -> tuple[Any, int]:
        """A flow of a period from the statements for it and for shorter ones."""
        return resolved(whole, self.known(element), sum)

    def stock(self, element: str, whole: Period, carry: int) -> Any:
        """A stock: the last value stated within the period."""
        inside = within(whole) | {whole}
        return last(whole, {p: v for p, v in self.known(element).items() if p in inside}, carry)

    def pairs(self, above: str, below: str, carry: int | None) -> dict[Period, tuple[float, float]]:
        """Periods for which both sides of a rate are known, at least one of them as stated.

        `carry`: how many months the denominator stays good, where it is a stock; None for a flow.
        """
        found = {}
        for period in self.spoken():
            one, other = self.known(above).get(period), self.known(below).get(period)
            if one is None and other is None:
                continue
            if one is None:
                one = self._complete(above, period)
            if other is None:
                other = self._complete(below, period) if carry is None else last(period, self.known(below), carry)
            if one is not None and other is not None:
                found[period] = (one, other)
        return found

    def _complete(self, element: str, period: Period) -> Any:
        value, thirds = added(period, self.known(element), sum)
        return value if thirds == SIZE[period.kind] else None

    def rate(self, above: str, below: str, carry: int | None, whole: Period) -> tuple[Any, int]:
        """Both sides of a rate of flows, or of a flow over a stock, and the thirds of a month that they cover."""

        def join(found: list[Any]) -> tuple[float, float]:
            tops, bottoms = zip(*found, strict=True)
            return sum(tops), sum(bottoms) if carry is None else bottoms[-1]

        return resolved(whole, self.pairs(above, below, carry), join)
