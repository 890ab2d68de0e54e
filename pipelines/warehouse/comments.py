"""Comments on every table, view and column of the warehouse, from sql/columns.yaml and the first lines of sql/."""

from __future__ import annotations

from functools import cache

import duckdb
import yaml

from pipelines.settings import CHECKOUT
from pipelines.sql import selects
from pipelines.warehouse.writer import transaction

COLUMNS = CHECKOUT / "sql" / "columns.yaml"


@cache
def _described() -> dict[str, dict[str, str]]:
    with COLUMNS.open(encoding="utf-8") as file:
        found: dict[str, dict[str, str]] = yaml.load(file, Loader=yaml.CSafeLoader)
    return found


def table_comment(name: str) -> str:
    """What a row of the table is, in Chinese and English.

    The English is the first line of its select, or stands in `tables` of columns.yaml; the Chinese in `tables_zh`.
    """
    english = selects()[name].grain if name in selects() else _described()["tables"][name]
    return f"{_described()['tables_zh'].get(name, '')} {english}".strip()


def column_comment(table: str, column: str) -> str:
    """What a column means: the table's own entry, else the one that all tables share."""
    columns = _described()["columns"]
    return columns.get(f"{table}.{column}") or columns[column]


def described_columns() -> set[str]:
    """The keys of `columns` in columns.yaml."""
    return set(_described()["columns"])


def comment_all(con: duckdb.DuckDBPyConnection) -> None:
    """Puts its comment on every table, view and column.

    Raises:
        KeyError: a column that sql/columns.yaml does not describe.
    """
    views = {f"{s}.{v}" for s, v in con.execute("select schema_name, view_name from duckdb_views()").fetchall()}
    columns = con.execute(
        "select schema_name || '.' || table_name, column_name from duckdb_columns() "
        "where not internal and database_name = current_database() order by 1"
    ).fetchall()
    statements = [f"comment on column {t}.{c} is {_quoted(column_comment(t, c))}" for t, c in columns]
    for table in dict.fromkeys(table for table, _ in columns):
        kind = "view" if table in views else "table"
        statements.append(f"comment on {kind} {table} is {_quoted(table_comment(table))}")
    with transaction(con):  # one commit for all: a commit for each of 1,500 would take seconds of every night
        con.execute(";\n".join(statements))


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
