"""The facts of a table: one by one, and where the cells of its rows are plain figures, as blocks of rows and columns.

A fact is no object then: a block keeps what its rows and columns share, and the numbers.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple, overload

from pipelines.catalog.periods import Period

if TYPE_CHECKING:
    import numpy as np

Key = tuple[str, str]  # of a row of figures: organisation and code of the period


class FactCell(NamedTuple):
    """One value of one element, as said in one cell; `value` is None where the state is not 'reported'."""

    org: str
    period: Period
    element: str
    breakdown: str
    occurrence: int
    value: Decimal | None
    qualifier: str
    state: str
    cell: str
    is_total: bool


class Heading(NamedTuple):
    """A column of figures: its letters, and what it holds."""

    letters: str
    element: str
    breakdown: str


class Block(NamedTuple):
    """Figures of rows and columns: exact whole numbers from 0 on, reported, each stated once.

    `rows` (from 0), `orgs`, `periods` and `totals` of each row; `values` at `places`, row by row (row × columns +
    column, of the block).
    """

    rows: Sequence[int]
    orgs: Sequence[str]
    periods: Sequence[Period]
    totals: Sequence[bool]
    headings: Sequence[Heading]
    places: np.ndarray
    values: np.ndarray

    def cells(self) -> Iterator[FactCell]:
        """The facts one by one."""
        for place, value in zip(self.places.tolist(), self.values.tolist(), strict=True):
            row, column = divmod(place, len(self.headings))
            letters, element, breakdown = self.headings[column]
            yield FactCell(
                self.orgs[row], self.periods[row], element, breakdown, 1, Decimal(value), "exact", "reported",
                f"{letters}{self.rows[row] + 1}", self.totals[row],
            )  # fmt: skip


class Facts(Sequence[FactCell]):
    """The facts of a table, those of its blocks first; equal to a list of the same facts."""

    def __init__(self, singles: Iterable[FactCell] = (), blocks: Iterable[Block] = ()) -> None:
        self.singles: Sequence[FactCell] = singles if isinstance(singles, Sequence) else [*singles]
        self.blocks = list(blocks)

    def append(self, fact: FactCell) -> None:
        """Adds one that stands by itself."""
        if not isinstance(self.singles, list):
            self.singles = list(self.singles)
        self.singles.append(fact)

    def clear(self) -> None:
        """Forgets all."""
        self.singles, self.blocks = [], []

    @property
    def periods(self) -> set[Period]:
        """Those that the facts are about; nearly all bear one and the same object."""
        rows = [fact.period for fact in self.singles], *(block.periods for block in self.blocks)
        return set({id(period): period for periods in rows for period in periods}.values())

    def __len__(self) -> int:
        return len(self.singles) + sum(len(block.places) for block in self.blocks)

    def __iter__(self) -> Iterator[FactCell]:
        for block in self.blocks:
            yield from block.cells()
        yield from self.singles

    @overload
    def __getitem__(self, place: int) -> FactCell: ...
    @overload
    def __getitem__(self, place: slice) -> list[FactCell]: ...
    def __getitem__(self, place: int | slice) -> FactCell | list[FactCell]:
        return list(self)[place]

    def __eq__(self, other: object) -> bool:
        return list(self) == list(other) if isinstance(other, Sequence) else NotImplemented

    def __repr__(self) -> str:
        return repr(list(self))


class Times:
    """How often each figure of a return was stated, in all tables of a file."""

    def __init__(self) -> None:
        self.rates: Counter[tuple[str, Key]] = Counter()  # the printed ones
        self._single: dict[tuple[str, Key], int] = {}
        self._blocks: list[tuple[frozenset[str], frozenset[Key]]] = []
        self._rows: set[Key] = set()

    def next_rate(self, what: str, row: Key) -> int:
        """As `next`, of a printed rate."""
        self.rates[what, row] += 1
        return self.rates[what, row]

    def next(self, what: str, row: Key) -> int:
        """Counts a figure of a row: 1 where it was not stated before."""
        before = self._single.get((what, row))
        if before is None:
            before = sum(what in whats and row in rows for whats, rows in self._blocks)
        self._single[what, row] = before + 1
        self._rows.add(row)
        return before + 1

    def knows(self, row: Key) -> bool:
        """Whether any figure of the row was stated."""
        return row in self._rows

    def add(self, whats: Iterable[str], rows: Iterable[Key], but: Iterable[tuple[str, Key]]) -> None:
        """Counts once each of these figures of each of these rows, but for those that were looked at one by one."""
        for place in but:
            self._single.setdefault(place, 0)
        every = frozenset(rows)
        self._rows |= every
        self._blocks.append((frozenset(whats), every))
