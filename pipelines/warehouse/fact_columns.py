"""The facts of tables by whole columns: so they travel between processes and into the warehouse.

A nation's month has 37 million of them: what is done once for each of them is what a night takes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any, overload

from pipelines.catalog.periods import Period
from pipelines.intake.facts import FactCell

Column = Sequence[Any]
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
        return set(by_identity(self.columns[1]).values())


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


def by_identity(periods: Column) -> dict[int, Period]:
    """The objects that stand in a column: of a table's thousand facts most bear one and the same."""
    return dict(zip(map(id, periods), periods, strict=True))
