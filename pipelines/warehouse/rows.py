"""Rows into a table, by whole columns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import duckdb


def insert(con: duckdb.DuckDBPyConnection, table: str, rows: Sequence[Sequence[Any]]) -> None:
    """Adds rows whose values stand in the table's column order."""
    if rows:
        with as_view(con, table, rows) as view:
            con.execute(f"insert into {table} from {view}")


@contextmanager
def as_view(con: duckdb.DuckDBPyConnection, table: str, rows: Sequence[Sequence[Any]]) -> Iterator[str]:
    """Rows as a view with the columns and types of a table, under the name that is given."""
    with as_columns(con, table, list(zip(*rows, strict=True))) as view:
        yield view


@contextmanager
def as_columns(con: duckdb.DuckDBPyConnection, table: str, columns: Sequence[Sequence[Any]]) -> Iterator[str]:
    """Columns as a view with the names and types of a table; none: no row.

    A decimal may stand as text, a time as microseconds since 1970: so they are turned without Python.
    """
    import polars as pl

    described = con.execute(f"describe {table}").fetchall()
    given = columns or [()] * len(described)
    series = {
        name: _series(name, values, _polars_type(kind))
        for (name, kind, *_), values in zip(described, given, strict=True)
    }
    con.register("rows_to_write", pl.DataFrame(series).to_arrow())
    try:
        yield "rows_to_write"
    finally:
        con.unregister("rows_to_write")


def _series(name: str, values: Sequence[Any], kind: Any) -> Any:
    import polars as pl

    first = next((value for value in values if value is not None), None)
    if isinstance(kind, pl.Decimal) and isinstance(first, str):
        return pl.Series(name, values, dtype=pl.String, strict=True).cast(kind, strict=True)
    if isinstance(kind, pl.Datetime) and isinstance(first, int):
        return pl.Series(name, values, dtype=pl.Int64, strict=True).cast(kind)
    return pl.Series(name, values, dtype=kind, strict=True)


def _polars_type(kind: str) -> Any:
    import polars as pl

    if kind.startswith("DECIMAL"):
        precision, scale = kind.removeprefix("DECIMAL(").rstrip(")").split(",")
        return pl.Decimal(int(precision), int(scale))
    return {
        "VARCHAR": pl.String, "INTEGER": pl.Int32, "BIGINT": pl.Int64, "DOUBLE": pl.Float64,
        "BOOLEAN": pl.Boolean, "DATE": pl.Date, "TIMESTAMP": pl.Datetime("us"),
    }[kind]  # fmt: skip
