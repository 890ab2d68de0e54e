"""The facts of tables by whole columns: so they travel between processes and into the warehouse.

A nation's month has 37 million of them: what is done once for each of them is what a night takes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple, overload

from pipelines.catalog.periods import Period
from pipelines.intake.tables import FactCell

Column = Sequence[Any]
EPOCH = datetime(1970, 1, 1, tzinfo=UTC).replace(tzinfo=None)
TOGETHER = 4096  # facts that are turned into columns at once: as many as a processor's cache holds
VALUE = FactCell._fields.index("value")


class FactColumns(Sequence[FactCell]):
    """Facts as columns in the order of FactCell's fields, values as text; one by one they are FactCells again."""

    def __init__(self, columns: Sequence[Column]) -> None:
        self.columns = columns

    @classmethod
    def of(cls, facts: Sequence[FactCell]) -> FactColumns:
        """Facts that stand one by one, or in columns already."""
        if isinstance(facts, cls):
            return facts
        columns: list[list[Any]] = [[] for _ in FactCell._fields]
        for first in range(0, len(facts), TOGETHER):
            part = zip(*facts[first : first + TOGETHER], strict=True)
            for column, values in zip(columns, part, strict=True):
                column.extend(values)
        columns[VALUE] = [None if value is None else plain(value) for value in columns[VALUE]]
        return cls(columns)

    def __len__(self) -> int:
        return len(self.columns[0])

    @overload
    def __getitem__(self, place: int) -> FactCell: ...
    @overload
    def __getitem__(self, place: slice) -> FactColumns: ...
    def __getitem__(self, place: int | slice) -> FactCell | FactColumns:
        if isinstance(place, slice):
            return FactColumns([column[place] for column in self.columns])
        return _cell(*(column[place] for column in self.columns))

    def __iter__(self) -> Iterator[FactCell]:
        return map(_cell, *self.columns)

    @property
    def periods(self) -> set[Period]:
        """Those that the facts are about."""
        return set(_by_identity(self.columns[1]).values())


def plain(value: Decimal) -> str:
    """A number's digits, never with an exponent.

    >>> plain(Decimal("1E+3")), plain(Decimal("-0.50"))
    ('1000', '-0.50')
    """
    text = str(value)
    return f"{value:f}" if "E" in text else text


def _cell(*fields: Any) -> FactCell:
    cell = FactCell._make(fields)
    return cell if cell.value is None else cell._replace(value=Decimal(cell.value))


def _by_identity(periods: Column) -> dict[int, Period]:
    """The objects that stand in a column: of a table's thousand facts most bear one and the same."""
    return dict(zip(map(id, periods), periods, strict=True))


class Shared(NamedTuple):
    """What all facts of one table share: integer keys of form, sender and submission, and when it became known."""

    form: int
    reported_by: int
    submission: int
    at: datetime


def keyed(facts: FactColumns, shared: Shared, keys: Any) -> list[Column]:
    """The columns of store.fact_history, in its order; times as microseconds since 1970."""
    org, period, element, breakdown, occurrence, value, qualifier, state, cell, is_total = facts.columns
    count = len(facts)
    period_keys = {place: one.key for place, one in _by_identity(period).items()}
    known_from = (shared.at - EPOCH) // timedelta(microseconds=1)
    return [
        _mapped(org, keys.org), [period_keys[place] for place in map(id, period)], _mapped(element, keys.element),
        _mapped(breakdown, keys.breakdown), [shared.form] * count, [shared.reported_by] * count, occurrence, value,
        qualifier, state, [shared.submission] * count, cell, is_total, [known_from] * count, [None] * count,
    ]  # fmt: skip


def _mapped(codes: Column, keys: Mapping[str, int]) -> list[int]:
    known = {code: keys[code] for code in set(codes)}
    return list(map(known.__getitem__, codes))


class Waiting:
    """Facts that wait to be written, and what they are about."""

    def __init__(self) -> None:
        self.columns: list[list[Any]] = []
        self._about: dict[tuple[Any, ...], list[Sequence[Column]]] = {}

    def __len__(self) -> int:
        return len(self.columns[0]) if self.columns else 0

    def states(self, columns: Sequence[Column]) -> bool:
        """Whether a figure waits that one of these facts states too (the first seven columns of each)."""
        before = [told for about in _shared(columns) for told in self._about.get(about, ())]
        return bool(before) and not _figures([columns]).isdisjoint(_figures(before))

    def add(self, columns: Sequence[Column]) -> None:
        """Takes facts in."""
        if not self.columns:
            self.columns = [[] for _ in columns]
        for whole, part in zip(self.columns, columns, strict=True):
            whole.extend(part)
        for about in _shared(columns):
            self._about.setdefault(about, []).append(columns[:7])


def _shared(columns: Sequence[Column]) -> set[tuple[Any, ...]]:
    """Form, sender and periods of a table's facts: two tables that share none state no figure twice."""
    return {(columns[4][0], columns[5][0], period) for period in set(columns[1])}


def _figures(tables: Iterable[Sequence[Column]]) -> set[tuple[Any, ...]]:
    return {figure for columns in tables for figure in zip(*columns[:7], strict=True)}
