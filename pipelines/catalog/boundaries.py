"""Series within other boundaries: which unit's figures of which time belong to which unit, and what share of them.

The days on which anything changed divide time into boundaries, numbered from 1. For each of them, and for figures of
each of them, a unit that changes concern is divided among units: forward by the weights of the changes, backward by
1 where a unit came from one other, else by `weight_back`; without it the figure cannot be carried (no targets).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from functools import cached_property, partial
from itertools import pairwise

from pipelines.catalog.changes import Change, Lives
from pipelines.catalog.orgs import Register

Shares = Mapping[str, Fraction]
AS_REPORTED = 0


@dataclass(frozen=True)
class Share:
    """Of the figures of `code` within `valid_from` … `valid_to` the part between two cumulative shares is `target`'s.

    A figure that cannot be carried stays whole with its unit and is not `is_known`. `is_alive`: whether the unit
    exists then.
    """

    boundary: int
    code: str
    valid_from: date | None
    valid_to: date | None
    target: str
    share_from: Fraction
    share_to: Fraction
    is_alive: bool
    is_known: bool = True


class Boundaries:
    """The boundaries of a register with its changes, and who is who between them."""

    def __init__(self, register: Register, changes: Sequence[Change]) -> None:
        self.register, self.changes, self.lives = register, changes, Lives(register, changes)
        self.moved = moved_units(register)
        self._forward, self._backward = (defaultdict[tuple[str, date], list[Change]](list) for _ in range(2))
        for change in changes:
            self._forward[change.old, change.on].append(change)
            self._backward[change.new, change.on].append(change)
        self._above: dict[tuple[str, int], list[str]] = {}

    @cached_property
    def dates(self) -> list[date]:
        """The days on which boundaries change."""
        return sorted({change.on for change in self.changes} | set(moving_days(self.register, self.moved)))

    def __len__(self) -> int:
        return len(self.dates) + 1

    def span(self, boundary: int) -> tuple[date | None, date | None]:
        """The days on which a boundary holds: from the first up to, not including, the second."""
        dates = [None, *self.dates, None]
        return dates[boundary - 1], dates[boundary]

    def day(self, boundary: int) -> date:
        """A day on which a boundary holds."""
        start, end = self.span(boundary)
        return start or (end - timedelta(days=1) if end else date.max)

    @cached_property
    def concerned(self) -> list[str]:
        """The units that changes concern, and every unit below one of them."""
        if not self.dates:
            return []
        found, waiting = set[str](), [code for c in self.changes for code in (c.old, c.new)] + sorted(self.moved)
        while waiting:
            code = waiting.pop()
            if code not in found:
                found.add(code)
                waiting += [org.code for org in self.register.below(code)]
        return sorted(found)

    def carried(self, code: str, time: int, boundary: int) -> Shares | None:
        """The units of `boundary` to which a unit's figures of the boundary `time` belong; None: nobody knows."""
        time = self._time(code, time)
        shares: dict[str, Fraction] = {code: Fraction(1)}
        for on in self.dates[time - 1 : boundary - 1]:
            shares = _step(shares, partial(self._ahead, on=on))
        for on in reversed(self.dates[boundary - 1 : time - 1]):
            try:
                shares = _step(shares, partial(self._back, on=on))
            except LookupError:
                return None
        return shares

    def _ahead(self, code: str, on: date) -> Shares:
        """The units that a unit became on a day, with their shares; nothing where it did not change."""
        return {change.new: change.weight for change in self._forward.get((code, on), ())}

    def _back(self, code: str, on: date) -> dict[str, Fraction]:
        """The units that a unit came from on a day, with their shares; nothing where it did not change.

        Raises:
            LookupError: it came from several, and their shares are not known.
        """
        rows = {row.old: row.back for row in self._backward.get((code, on), ())}
        stayed = code not in rows and not self._forward.get((code, on)) and self.lives.alive(code, on - timedelta(1))
        if not rows or (len(rows) == 1 and not stayed):
            return dict.fromkeys(rows, Fraction(1))
        if any(back is None for back in rows.values()):
            raise LookupError
        known = {old: back for old, back in rows.items() if back is not None}
        rest = 1 - sum(known.values(), Fraction(0))
        if rest and not stayed:
            raise LookupError
        return known | ({code: rest} if rest else {})

    def _time(self, code: str, time: int) -> int:
        """The boundary in whose terms a unit speaks: one in which it exists, the last before, else the first after."""
        alive = self._alive(code)
        if not alive or time in alive:
            return time
        before = [number for number in alive if number < time]
        return before[-1] if before else alive[0]

    def _alive(self, code: str) -> list[int]:
        found = []
        for number in range(1, len(self) + 1):
            start, end = self.span(number)
            lives = self.lives.of(code)
            if any(_meet(life, (start, end)) for life in lives):
                found.append(number)
        return found

    def shares(self) -> Iterator[Share]:
        """Of every unit that changes concern: as reported (boundary 0), and within each boundary."""
        for code in self.concerned:
            alive = set(self._alive(code))
            times = range(1, len(self) + 1)
            for boundary in (AS_REPORTED, *times):
                told = [
                    (
                        {code: Fraction(1)} if boundary == AS_REPORTED else self.carried(code, time, boundary),
                        time in alive,
                    )
                    for time in times
                ]
                yield from self._spans(code, boundary, told)

    def _spans(self, code: str, boundary: int, told: Sequence[tuple[Shares | None, bool]]) -> Iterator[Share]:
        """One row for each target of times that follow each other and say the same."""
        first = 0
        for number in range(1, len(told) + 1):
            if number < len(told) and told[number] == told[first]:
                continue
            shares, is_alive = told[first]
            start, end = self.span(first + 1)[0], self.span(number)[1]
            if shares is None:
                yield Share(boundary, code, start, end, code, Fraction(0), Fraction(1), is_alive, is_known=False)
            before = Fraction(0)
            for target, share in sorted((shares or {}).items()):
                after = before + share
                yield Share(boundary, code, start, end, target, before, after, is_alive)
                before = after
            first = number

    def above(self, code: str, boundary: int) -> list[str]:
        """The units above a unit within a boundary, the nearest first.

        Where the unit above was divided, nobody knows in which part it is: only what stands above all parts counts.
        """
        key = (code, boundary)
        if key not in self._above:
            self._above[key] = []  # a circle of parents ends
            parent = self.register.parent(code, self.day(boundary))
            parts = self._standing(parent, boundary) if parent else []
            ways = [[part, *self.above(part, boundary)] for part in parts]
            self._above[key] = [c for c in ways[0] if all(c in way for way in ways)] if ways else []
        return self._above[key]

    def above_origins(self, code: str, boundary: int) -> dict[str, bool]:
        """The units above those that figures which cannot be carried back may belong to; whether above all of them."""
        times = [time for time in range(1, len(self) + 1) if self.carried(code, time, boundary) is None]
        origins = sorted({origin for time in times for origin in self._origins(code, self._time(code, time), boundary)})
        ways = [self.above(origin, boundary) for origin in origins]
        return {unit: all(unit in way for way in ways) for unit in sorted({unit for way in ways for unit in way})}

    def _origins(self, code: str, time: int, boundary: int) -> set[str]:
        """Every unit of an earlier boundary that a unit came from, whatever its share."""
        found = {code}
        for on in reversed(self.dates[boundary - 1 : time - 1]):
            before = {row.old for unit in found for row in self._backward.get((unit, on), ())}
            found = before | {unit for unit in found if self.lives.alive(unit, on - timedelta(1))}
        return found

    def _standing(self, code: str, boundary: int) -> list[str]:
        """The units that a unit is within a boundary: itself, or what became of it."""
        if not self.dates or boundary in (alive := self._alive(code)) or not alive:
            return [code]
        return sorted(self.carried(code, boundary, boundary) or [code])


def _step(shares: Shares, parts: Callable[[str], Shares]) -> dict[str, Fraction]:
    """Shares one day further: each unit is what it became, or what it is."""
    found = defaultdict[str, Fraction](Fraction)
    for code, share in shares.items():
        for target, part in (parts(code) or {code: Fraction(1)}).items():
            found[target] += share * part
    return dict(found)


def _meet(one: tuple[date | None, date | None], other: tuple[date | None, date | None]) -> bool:
    """Whether two spans share a day."""
    start = max(one[0] or date.min, other[0] or date.min)
    return all(end is None or start < end for end in (one[1], other[1]))


def moved_units(register: Register) -> set[str]:
    """The units that have stood below different units under one code."""
    parents = defaultdict[str, set[str]](set)
    for code, parent in register.changing.select("code", "parent").iter_rows():
        parents[code].add(parent)
    return {code for code, above in parents.items() if len(above) > 1}


def moving_days(register: Register, moved: set[str]) -> Iterator[date]:
    """The days on which units came below other units under their old code."""
    for code in moved:
        versions = register.versions(code)
        for before, after in pairwise(versions):
            if before.parent != after.parent and after.valid_from:
                yield after.valid_from


def paths_in_time(register: Register, moved: set[str]) -> Iterator[tuple[str, list[str], date | None, date | None]]:
    """Of every unit that has moved, or stands below one that has: its path from the top, from a day to another."""
    days = sorted(set(moving_days(register, moved)))
    found, waiting = set[str](), sorted(moved)
    while waiting:
        code = waiting.pop()
        if code not in found:
            found.add(code)
            waiting += [org.code for org in register.below(code)]
    for code in sorted(found):
        starts, told = [None, *days], list[tuple[list[str], date | None]]()
        for start in starts:
            path = register.path(code, start or days[0] - timedelta(days=1))
            if not told or told[-1][0] != path:
                told.append((path, start))
        ends = [start for _, start in told[1:]] + [None]
        for (path, start), end in zip(told, ends, strict=True):
            yield code, path, start, end
