"""Content hashes of tables: the same rows give the same hash, whatever their order, file, machine or DuckDB version."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import duckdb

# Narrow tables hold integer keys that are local to a file: their content is hashed through the readable views.
# meta.run says how long the stages took, which no rebuild repeats.
LEFT_OUT = ("store", "run")
LEFT_OUT_TABLES = ("meta.run",)
# Within every year's boundaries stands every figure; those that no change concerns are hashed where they were reported.
HASHED_ROWS = {"marts.indicator_value_boundary": "boundary_state <> 'unchanged'"}


def content_id(*parts: object) -> str:
    """An id that derives from content: the same parts give the same id on every machine."""
    return hashlib.sha256("\x1f".join(map(str, parts)).encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Content:
    """A table's number of rows and the hash over its readable columns."""

    rows: int
    sha256: str


def relations(con: duckdb.DuckDBPyConnection) -> list[str]:
    """Every table and view of the warehouse whose content is hashed, by name."""
    found = con.execute(
        "select table_schema || '.' || table_name from information_schema.tables "
        "where table_schema not in ('main', 'temp', 'information_schema', 'pg_catalog') order by 1"
    ).fetchall()
    names = [str(row[0]) for row in found]
    return [n for n in names if n.split(".")[0] not in LEFT_OUT and n not in LEFT_OUT_TABLES]


def columns_of(con: duckdb.DuckDBPyConnection) -> dict[str, list[tuple[str, str]]]:
    """The columns of every table and view, each with its type; one look-up, as `describe` plans each view anew."""
    found: dict[str, list[tuple[str, str]]] = {}
    for table, column, kind in con.execute(
        "select schema_name || '.' || table_name, column_name, data_type from duckdb_columns() "
        "where not internal and database_name = current_database()"
    ).fetchall():
        found.setdefault(table, []).append((column, kind))
    return found


def content(con: duckdb.DuckDBPyConnection, name: str, columns: list[tuple[str, str]]) -> Content:
    """The content hash of one table or view: MD5 of each row as text, added up in two halves, so order is no matter."""
    readable = sorted((column, kind) for column, kind in columns if not column.endswith("_key"))
    row = " || chr(31) || ".join(f"coalesce('=' || {_text(column, kind)}, '-')" for column, kind in readable)
    counted, upper, lower = con.execute(
        "select count(*), coalesce(sum(cast('0x' || substr(digest, 1, 15) as bigint)), 0), "
        "coalesce(sum(cast('0x' || substr(digest, 17, 15) as bigint)), 0) "
        f"from (select md5({row}) as digest from {name} where {HASHED_ROWS.get(name, 'true')})"
    ).fetchall()[0]
    names = ",".join(column for column, _ in readable)
    digest = hashlib.sha256(f"{names}|{counted}|{upper}|{lower}".encode()).hexdigest()
    return Content(int(counted), digest)


def contents(con: duckdb.DuckDBPyConnection) -> dict[str, Content]:
    """The content hash of every relation."""
    columns = columns_of(con)
    return {name: content(con, name, columns[name]) for name in relations(con)}


def _text(column: str, kind: str) -> str:
    """A column as text that every version writes alike: floats with 12 digits, times in ISO form."""
    if kind in ("DOUBLE", "FLOAT"):
        return f"printf('%.12g', \"{column}\")"
    if kind.startswith("TIMESTAMP"):
        return f"strftime(\"{column}\", '%Y-%m-%dT%H:%M:%S')"
    return f'cast("{column}" as varchar)'
