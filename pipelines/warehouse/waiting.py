"""The facts of many tables with the warehouse's integer keys, until they are written together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import chain
from typing import TYPE_CHECKING, Any, NamedTuple

import duckdb

from pipelines.catalog.periods import Period
from pipelines.intake.facts import Block, Facts
from pipelines.warehouse.catalog_tables import Keys
from pipelines.warehouse.fact_columns import Column, FactColumns, by_identity

if TYPE_CHECKING:
    import numpy as np

EPOCH = datetime(1970, 1, 1, tzinfo=UTC).replace(tzinfo=None)
Figure = tuple[int, ...]  # keys of organisation, period, element, breakdown, form and sender, and the occurrence


class Shared(NamedTuple):
    """What all facts of one table share: integer keys of form, sender and submission, and when it became known."""

    form: int
    reported_by: int
    submission: int
    at: datetime

    @property
    def known_from(self) -> int:
        """When it became known, in microseconds since 1970."""
        return (self.at - EPOCH) // timedelta(microseconds=1)


class KeyedBlock(NamedTuple):
    """A block of figures with integer keys: of its rows, of its columns, and the numbers at their places."""

    org: np.ndarray
    period: np.ndarray
    row: np.ndarray  # from 1
    is_total: np.ndarray
    element: np.ndarray
    breakdown: np.ndarray
    letters: Sequence[str]
    places: np.ndarray
    values: np.ndarray


class KeyedFacts(NamedTuple):
    """The facts of one table: `singles` as columns of store.fact_history (times as microseconds since 1970)."""

    singles: list[Column]
    blocks: list[KeyedBlock]
    shared: Shared
    periods: frozenset[Period]

    @property
    def about(self) -> set[tuple[int, ...]]:
        """Form, sender and periods: two tables that share none of these state no figure twice."""
        return {(self.shared.form, self.shared.reported_by, period.key) for period in self.periods}

    def figures(self) -> Iterator[Figure]:
        """What each of them is about."""
        yield from zip(*self.singles[:7], strict=True)
        for block in self.blocks:
            rows, columns = divmod(block.places, len(block.element))
            keys = (block.org[rows], block.period[rows], block.element[columns], block.breakdown[columns])
            for figure in zip(*(key.tolist() for key in keys), strict=True):
                yield (*figure, self.shared.form, self.shared.reported_by, 1)


def keyed(facts: Facts, shared: Shared, keys: Keys) -> KeyedFacts:
    """The facts of a table with the keys of what they name."""
    periods = {period.key: period for block in facts.blocks for period in by_identity(block.periods).values()}
    singles = FactColumns.of(facts.singles)
    about = frozenset(periods.values()) | singles.periods
    return KeyedFacts(_singles(singles, shared, keys), [_block(one, keys) for one in facts.blocks], shared, about)


def _singles(facts: FactColumns, shared: Shared, keys: Keys) -> list[Column]:
    org, period, element, breakdown, occurrence, value, qualifier, state, cell, is_total = facts.columns
    count = len(facts)
    period_keys = {place: one.key for place, one in by_identity(period).items()}
    return [
        _mapped(org, keys.org), [period_keys[place] for place in map(id, period)], _mapped(element, keys.element),
        _mapped(breakdown, keys.breakdown), [shared.form] * count, [shared.reported_by] * count, occurrence, value,
        qualifier, state, [shared.submission] * count, cell, is_total, [shared.known_from] * count, [None] * count,
    ]  # fmt: skip


def _block(block: Block, keys: Keys) -> KeyedBlock:
    import numpy as np

    periods = {place: one.key for place, one in by_identity(block.periods).items()}
    return KeyedBlock(
        np.array(_mapped(block.orgs, keys.org), np.int32),
        np.array([periods[place] for place in map(id, block.periods)], np.int64),
        np.array(block.rows, np.int32) + 1,
        np.array(block.totals, np.bool_),
        np.array([keys.element[heading.element] for heading in block.headings], np.int32),
        np.array([keys.breakdown[heading.breakdown] for heading in block.headings], np.int32),
        [heading.letters for heading in block.headings],
        block.places,
        block.values,
    )


def _mapped(codes: Column, keys: Mapping[str, int]) -> list[int]:
    known = {code: keys[code] for code in set(codes)}
    return list(map(known.__getitem__, codes))


class Waiting:
    """Facts that wait to be written, and what they are about."""

    def __init__(self) -> None:
        self.singles: list[list[Any]] = []
        self.blocks: list[tuple[KeyedBlock, Shared]] = []
        self._about: dict[tuple[int, ...], list[KeyedFacts]] = {}

    def states(self, facts: KeyedFacts) -> bool:
        """Whether a figure waits that one of these facts states too."""
        before = {id(told): told for about in facts.about for told in self._about.get(about, ())}
        figures = chain.from_iterable(told.figures() for told in before.values())
        return bool(before) and not set(facts.figures()).isdisjoint(figures)

    def add(self, facts: KeyedFacts) -> None:
        """Takes facts in."""
        if not self.singles:
            self.singles = [[] for _ in facts.singles]
        for whole, part in zip(self.singles, facts.singles, strict=True):
            whole.extend(part)
        self.blocks += ((block, facts.shared) for block in facts.blocks)
        for about in facts.about:
            self._about.setdefault(about, []).append(facts)


@contextmanager
def as_figures(con: duckdb.DuckDBPyConnection, blocks: Sequence[tuple[KeyedBlock, Shared]]) -> Iterator[str]:
    """The figures of blocks as a select with the columns of store.fact_history."""
    con.register("figures_to_write", _figures(blocks))
    try:
        yield (
            "(select org_key, period_key, element_key, breakdown_key, form_key, reported_by_key, 1 as occurrence, "
            "cast(value as decimal(20, 4)) as value, 'exact' as qualifier, 'reported' as state, submission_key, cell, "
            "from_total, make_timestamp(known_from) as known_from, cast(null as timestamp) as known_to "
            "from figures_to_write)"
        )
    finally:
        con.unregister("figures_to_write")


def _figures(blocks: Sequence[tuple[KeyedBlock, Shared]]) -> Any:
    """A row each, in Arrow's columns: keys and address of a figure are those of its row and column."""
    import numpy as np
    import polars as pl

    heights, widths = ([len(getattr(block, name)) for block, _ in blocks] for name in ("org", "element"))
    rows, columns = [], []
    firsts = zip(blocks, _starts(heights), _starts(widths), strict=True)
    for (block, _), first_row, first_column in firsts:
        row, column = np.divmod(block.places, np.int32(len(block.element)))
        rows.append(row + first_row)
        columns.append(column + first_column)
    row, column = np.concatenate(rows), np.concatenate(columns)

    def of_row(name: str) -> np.ndarray:
        return np.concatenate([getattr(block, name) for block, _ in blocks])[row]

    def of_column(name: str) -> np.ndarray:
        return np.concatenate([getattr(block, name) for block, _ in blocks])[column]

    def of_table(name: str, kind: type) -> np.ndarray:
        return np.repeat(np.array([getattr(shared, name) for _, shared in blocks], kind), heights)[row]

    letters = pl.Series([letters for block, _ in blocks for letters in block.letters]).gather(column)
    return pl.DataFrame(
        {
            "org_key": of_row("org"), "period_key": of_row("period"), "element_key": of_column("element"),
            "breakdown_key": of_column("breakdown"), "form_key": of_table("form", np.int32),
            "reported_by_key": of_table("reported_by", np.int32),
            "value": np.concatenate([block.values for block, _ in blocks]),
            "submission_key": of_table("submission", np.int32),
            "cell": pl.select(pl.concat_str(letters, pl.Series(of_row("row")).cast(pl.String))).to_series(),
            "from_total": of_row("is_total"), "known_from": of_table("known_from", np.int64),
        }
    ).to_arrow()  # fmt: skip


def _starts(counts: Iterable[int]) -> Iterator[Any]:
    """Where each part begins, the parts laid end to end."""
    import numpy as np

    begin = 0
    for count in counts:
        yield np.int32(begin)
        begin += count
