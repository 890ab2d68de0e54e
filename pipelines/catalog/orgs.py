"""A site's organisations: read from orgs.csv as one table, checked as one table, and looked up one by one.

The national register has 663,128 units; nothing here walks over all of them in Python.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from pipelines.catalog.models import Org

if TYPE_CHECKING:
    import numpy as np
    import polars as pl

TEXTS = ("code", "name", "level", "parent", "kind", "aliases")
MASK = r"[*×✕✖╳○〇□]+|[xX]{2,}|某+"  # how sources hide a name; ** and ××× hide as much
KEPT = 65_536  # versions that stand ready, once they were asked for
DEEPEST = 64  # no hierarchy has more levels; a longer chain of parents goes in a circle


class Register(Mapping[str, Org]):
    """Organisations by code. A code may stand in several rows, one after the other in time: its versions.

    As a mapping it gives each unit as its last version says it is. `table` has a row a version, ordered by code and
    time: code, name, level, parent ('' at the top), kind, aliases (with ';' between), valid_from, valid_to,
    synthetic, file, row (of the file, from 0, without its head), line (where it is known).
    """

    def __init__(self, table: pl.DataFrame) -> None:
        self.table = table.sort("code", "valid_from", nulls_last=False, maintain_order=True)
        self._version = lru_cache(KEPT)(self._read)
        self._below: dict[str, list[Org]] = {}

    @classmethod
    def of(cls, orgs: Iterable[Org]) -> Register:
        """A register of organisations that are at hand."""
        import polars as pl

        listed = [{**org.model_dump(), "aliases": ";".join(org.aliases)} for org in orgs]
        columns = {name: [org[name] for org in listed] for name in Org.model_fields}
        table = pl.DataFrame(columns, schema={name: kind for name, kind in schema().items() if name in columns})
        rows = pl.int_range(pl.len(), dtype=pl.Int32)
        return cls(table.with_columns(file=pl.lit(""), row=rows, line=pl.lit(None, pl.Int32)))

    @classmethod
    def laid_over(cls, tables: Iterable[pl.DataFrame]) -> Register:
        """Tables of which each further one takes the place of the units that it names."""
        import polars as pl

        found = pl.DataFrame(schema=schema())
        for table in tables:
            found = pl.concat([found.join(table, on="code", how="anti"), table]) if found.height else table
        return cls(found)

    # ---- as a mapping

    def __getitem__(self, code: str) -> Org:
        first, end = self._rows(code)
        if first == end:
            raise KeyError(code)
        return self.version(end - 1)

    def __iter__(self) -> Iterator[str]:
        return iter(self.codes)

    def __len__(self) -> int:
        return len(self.codes)

    def __contains__(self, code: object) -> bool:
        first, end = self._rows(str(code))
        return first < end

    @cached_property
    def codes(self) -> list[str]:
        """Every code once, in order; a unit's key is its place in it, from 1."""
        found: list[str] = self.last["code"].to_list()
        return found

    def key(self, code: str) -> int | None:
        """The integer key of a unit; the same register gives the same keys."""
        place = bisect_left(self.codes, code)
        return place + 1 if place < len(self.codes) and self.codes[place] == code else None

    # ---- in time

    @cached_property
    def last(self) -> pl.DataFrame:
        """A row a unit, in the order of the codes: its last version."""
        return self.table.unique("code", keep="last", maintain_order=True)

    @cached_property
    def changing(self) -> pl.DataFrame:
        """The versions of the units that have more than one."""
        import polars as pl

        if self.last.height == self.table.height:
            return self.table.clear()
        return self.table.filter(pl.len().over("code") > 1)

    def versions(self, code: str) -> list[Org]:
        """A unit in each of its versions, the oldest first."""
        return [self.version(row) for row in range(*self._rows(code))]

    def at(self, code: str, day: date | None) -> Org | None:
        """A unit as it was on a day; None where it was not. Without a day its last version."""
        if day is None:
            return self.get(code)
        return next((org for org in self.versions(code) if holds(org, day)), None)

    def parent(self, code: str, day: date | None = None) -> str:
        """The unit above another on a day; before its first version and after its last, as those say."""
        versions = self.versions(code)
        if not versions:
            return ""
        held = [org for org in versions if day is None or org.valid_from is None or org.valid_from <= day]
        return (held[-1] if held else versions[0]).parent

    def below(self, code: str) -> list[Org]:
        """Every version of a unit that stands directly below a unit ('': at the top)."""
        if code not in self._below:
            parents, rows = self._by_parent
            first, end = bisect_left(parents, code), bisect_right(parents, code)
            self._below[code] = [self.version(int(row)) for row in rows[first:end]]
        return self._below[code]

    def under(self, scope: str, level: str, kinds: Sequence[str] = ()) -> list[str]:
        """The units of a level (and of some kinds) below a unit (or itself), by their last versions; '': of all."""
        import numpy as np
        import polars as pl

        key = self.key(scope)
        inside = np.full(len(self), not scope)
        if key:
            inside[key - 1], before = True, 0
            while inside.sum() > before:
                before = inside.sum()
                inside |= inside[self.parents] & (self.parents >= 0)
        wanted = pl.Series(inside) & (pl.col("level") == level)
        found = self.last.filter(wanted & pl.col("kind").is_in(kinds) if kinds else wanted)
        return found["code"].to_list()

    @cached_property
    def dated(self) -> set[str]:
        """The units of which the register says that they did not exist for ever."""
        import polars as pl

        found = self.table.filter(pl.col("valid_from").is_not_null() | pl.col("valid_to").is_not_null())
        return set(found["code"].to_list())

    @cached_property
    def parents(self) -> np.ndarray:
        """For each unit the place of the unit above it in `codes`, by its last version; -1 at the top."""
        import polars as pl

        places = self.last.select(parent=pl.col("code"), place=pl.int_range(pl.len(), dtype=pl.Int32))
        joined = self.last.select("parent").join(places, on="parent", how="left", maintain_order="left")
        return joined["place"].fill_null(-1).to_numpy()

    def path(self, code: str, day: date | None = None) -> list[str]:
        """The codes from the top of the hierarchy down to a unit, on a day."""
        path: list[str] = []
        while code and code in self and code not in path:
            path.insert(0, code)
            code = self.parent(code, day)
        return path

    # ---- by row

    @cached_property
    def _codes_of_rows(self) -> list[str]:
        found: list[str] = self.codes if self.last.height == self.table.height else self.table["code"].to_list()
        return found

    def _rows(self, code: str) -> tuple[int, int]:
        return bisect_left(self._codes_of_rows, code), bisect_right(self._codes_of_rows, code)

    @cached_property
    def _by_parent(self) -> tuple[list[str], np.ndarray]:
        """The parents of all versions in order, and the rows of the versions."""
        import polars as pl

        found = self.table.select("parent", row=pl.int_range(pl.len(), dtype=pl.Int32)).sort("parent", "row")
        return found["parent"].to_list(), found["row"].to_numpy()

    def version(self, row: int) -> Org:
        """The version in a row of `table`."""
        return self._version(row)

    def _read(self, row: int) -> Org:
        values = self.table.row(row, named=True)
        aliases = tuple(filter(None, values["aliases"].split(";")))
        return Org.model_construct(**{**{name: values[name] for name in Org.model_fields}, "aliases": aliases})


def holds(org: Org, day: date) -> bool:
    """Whether a version is valid on a day; validity ends before `valid_to`."""
    return (org.valid_from is None or org.valid_from <= day) and (org.valid_to is None or day < org.valid_to)


def schema() -> dict[str, pl.DataType]:
    """The columns of a register's table."""
    import polars as pl

    days = {"valid_from": pl.Date(), "valid_to": pl.Date()}
    return {**dict.fromkeys(TEXTS, pl.String()), **days, "synthetic": pl.Boolean(), "file": pl.String(),
            "row": pl.Int32(), "line": pl.Int32()}  # fmt: skip
