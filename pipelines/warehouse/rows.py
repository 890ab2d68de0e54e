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
    import polars as pl

    described = con.execute(f"describe {table}").fetchall()
    columns = {
        name: pl.Series(name, values, dtype=_polars_type(kind), strict=True)
        for (name, kind, *_), values in zip(described, zip(*rows, strict=True), strict=True)
    }
    con.register("rows_to_write", pl.DataFrame(columns).to_arrow())
    try:
        yield "rows_to_write"
    finally:
        con.unregister("rows_to_write")


def _polars_type(kind: str) -> Any:
    import polars as pl

    if kind.startswith("DECIMAL"):
        precision, scale = kind.removeprefix("DECIMAL(").rstrip(")").split(",")
        return pl.Decimal(int(precision), int(scale))
    return {
        "VARCHAR": pl.String, "INTEGER": pl.Int32, "BIGINT": pl.Int64, "DOUBLE": pl.Float64,
        "BOOLEAN": pl.Boolean, "DATE": pl.Date, "TIMESTAMP": pl.Datetime("us"),
    }[kind]  # fmt: skip
