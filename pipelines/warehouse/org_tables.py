"""The organisations as tables of the warehouse, written as whole columns: a register may hold a whole nation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from pipelines.catalog.boundaries import Boundaries, Share, paths_in_time
from pipelines.catalog.changes import Change
from pipelines.catalog.models import Org
from pipelines.catalog.orgs import DEEPEST, MASK, Register
from pipelines.warehouse.rows import insert

if TYPE_CHECKING:
    import duckdb
    import numpy as np
    import polars as pl

SAMPLE = "x-sample"  # the synthetic county of the demonstration


class OrgKeys(Mapping[str, int]):
    """The integer keys of a register's units: their places in the order of the codes, from 1."""

    def __init__(self, orgs: Mapping[str, Org]) -> None:
        self.register = orgs if isinstance(orgs, Register) else Register.of(orgs.values())
        self._known: dict[str, int] = {}  # of the units that send

    def __getitem__(self, code: str) -> int:
        known = self._known.get(code)
        if known is not None:
            return known
        found = self.register.key(code)
        if found is None:
            raise KeyError(code)
        self._known[code] = found
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(self.register)

    def __len__(self) -> int:
        return len(self.register)


def write_orgs(con: duckdb.DuckDBPyConnection, orgs: Mapping[str, Org], changes: Sequence[Change]) -> None:
    """Fills the tables of the organisations, of their changes, and of what the changes mean for figures."""
    register = OrgKeys(orgs).register
    parents, found = register.parents, Boundaries(register, changes)
    _write(con, "core.org_unit", _units(register, parents, found))
    _write(con, "store.org_version", _versions(register))
    _write(con, "core.org_ancestor", _ancestors(register, parents, found.moved))
    insert(con, "core.org_change", [_change(change) for change in changes])
    insert(con, "store.boundary", [(number, *found.span(number)) for number in range(1, len(found) + 1)])
    insert(con, "store.boundary_share", [_share(register, share) for share in found.shares()])
    insert(con, "store.boundary_ancestor", list(_boundary_ancestors(register, found)))


def _write(con: duckdb.DuckDBPyConnection, table: str, rows: pl.DataFrame) -> None:
    con.register("rows_to_write", rows.to_arrow())
    try:
        con.execute(f"insert into {table} by name from rows_to_write")
    finally:
        con.unregister("rows_to_write")


def _units(register: Register, parents: np.ndarray, found: Boundaries) -> pl.DataFrame:
    """A row a unit: as its last version says it is; valid from its first version on, or as its changes imply."""
    import polars as pl

    first = register.table.unique("code", keep="first", maintain_order=True)["valid_from"]
    levels = register.last["level"].to_list()
    units = register.last.select(
        org_key=pl.int_range(1, pl.len() + 1, dtype=pl.Int32),
        org_code="code",
        org_name="name",
        org_level="level",
        parent_code=pl.when(pl.col("parent") != "").then("parent"),
        kind="kind",
        aliases="aliases",
        valid_from=first,
        valid_to="valid_to",
        is_masked=pl.col("name").str.contains(MASK),
        is_synthetic=pl.col("synthetic") | pl.col("code").str.starts_with(SAMPLE),
        parent_key=pl.Series(parents + 1).cast(pl.Int32).replace(0, None),
        scope_key=pl.Series(_scopes(levels, parents) + 1).cast(pl.Int32),
    )
    lives = [(code, found.lives.of(code)) for code in sorted({c for x in found.changes for c in (x.old, x.new)})]
    told = [(code, spans[0][0], spans[-1][1]) for code, spans in lives if spans]
    dates = pl.DataFrame(told, schema={name: units.schema[name] for name in _LIFE}, orient="row")
    return units.update(dates, on="org_code", include_nulls=True) if told else units


_LIFE = ("org_code", "valid_from", "valid_to")


def _scopes(levels: list[str], parents: np.ndarray) -> np.ndarray:
    """For each unit the place of its county; without one, of what stands above its township; else of itself."""
    import numpy as np

    county, township = (np.array([level == name for level in levels], bool) for name in ("county", "township"))
    here = np.arange(len(parents))
    counties, above = np.full(len(parents), -1), np.full(len(parents), -1)
    standing = here.copy()
    for _ in range(DEEPEST):
        counties = np.where((counties < 0) & (standing >= 0) & county[standing], standing, counties)
        up = np.where(standing >= 0, parents[standing], -1)
        above = np.where((standing >= 0) & township[standing], np.where(up >= 0, up, standing), above)
        if (up < 0).all():
            break
        standing = up
    return np.where(counties >= 0, counties, np.where(above >= 0, above, here))


def _versions(register: Register) -> pl.DataFrame:
    """A row a version of the units that have more than one."""
    import polars as pl

    keys = [register.key(code) for code in register.changing["code"].to_list()]
    return register.changing.select(
        pl.Series("org_key", keys, dtype=pl.Int32),
        org_name="name",
        org_level="level",
        parent_code=pl.when(pl.col("parent") != "").then("parent"),
        kind="kind",
        aliases="aliases",
        valid_from="valid_from",
        valid_to="valid_to",
    )


def _ancestors(register: Register, parents: np.ndarray, moved: set[str]) -> pl.DataFrame:
    """A row a unit and unit above it (itself too); with dates only where it has stood below different ones."""
    import numpy as np
    import polars as pl

    here = np.arange(len(parents), dtype=np.int32)
    standing = here
    parts = [pl.DataFrame(schema=dict.fromkeys(("org_key", "ancestor_key", "distance"), pl.Int32()))]
    for distance in range(DEEPEST):
        there = np.flatnonzero(standing >= 0)
        if not len(there):
            break
        keys = {"org_key": here[there] + 1, "ancestor_key": standing[there] + 1}
        parts.append(pl.DataFrame(keys).with_columns(distance=pl.lit(distance)).cast(pl.Int32))
        standing = np.where(standing >= 0, parents[standing], -1)
    days = {name: pl.lit(None, pl.Date) for name in ("valid_from", "valid_to")}
    always = pl.concat(parts).with_columns(**days)
    if not moved:
        return always
    dated = pl.DataFrame(list(_dated(register, moved)), schema=always.schema, orient="row")
    return pl.concat([always.join(dated, on="org_key", how="anti"), dated])


def _dated(
    register: Register, moved: set[str]
) -> Iterator[tuple[int | None, int | None, int, date | None, date | None]]:
    for code, path, start, end in paths_in_time(register, moved):
        for distance, above in enumerate(reversed(path)):
            yield register.key(code), register.key(above), distance, start, end


def _change(change: Change) -> tuple[object, ...]:
    weights = (float(change.weight), None if change.back is None else float(change.back))
    return (change.old, change.new, change.on, change.kind, *weights, change.note)


def _share(register: Register, share: Share) -> tuple[object, ...]:
    shares = (_decimal(share.share_from), _decimal(share.share_to))
    keys = (register.key(share.code), share.valid_from, share.valid_to, register.key(share.target))
    return (share.boundary, *keys, *shares, share.is_alive, share.is_known)


def _decimal(share: Fraction) -> Decimal:
    """A cumulative share with twelve decimals: the last one is 1, so that parts add up to the whole.

    >>> _decimal(Fraction(1, 3))
    Decimal('0.333333333333')
    """
    return Decimal(round(share * 10**12)) / 10**12


def _boundary_ancestors(register: Register, found: Boundaries) -> Iterator[tuple[int | str | None, ...]]:
    """What stands above a unit then; above all, or only some, of those that its figures may belong to."""
    for code in found.concerned:
        for boundary in range(1, len(found) + 1):
            for above in found.above(code, boundary):
                yield boundary, register.key(code), register.key(above), "known"
            for above, all_of_it in found.above_origins(code, boundary).items():
                yield boundary, register.key(code), register.key(above), "whole" if all_of_it else "part"
