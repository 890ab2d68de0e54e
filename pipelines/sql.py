"""The SQL files of sql/: one file, one select, one table or view; what it reads follows from its text."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from pipelines.settings import CHECKOUT

if TYPE_CHECKING:
    import duckdb

SQL = CHECKOUT / "sql"
KINDS = ("table", "scoped table", "view")


@dataclass(frozen=True)
class Select:
    """A file of sql/: `name` is schema.table; `kind` says how its result is kept.

    'view': not stored. 'table': made anew every night. 'scoped table': only the organisations and periods in
    run.scope are deleted and inserted, in one transaction.
    """

    name: str
    grain: str
    key: tuple[str, ...]
    kind: str
    text: str
    reads: frozenset[str]


@cache
def read_select(name: str) -> Select:
    """The file of a table.

    Raises:
        ValueError: its head does not say grain, key and kind.
    """
    schema, table = name.split(".")
    text = (SQL / schema / f"{table}.sql").read_text(encoding="utf-8")
    head = re.match(r"-- (One row per .+)\n-- key: (.+)\n-- kind: (.+)\n", text)
    if not head or head[3] not in KINDS:
        raise ValueError(f"sql/{schema}/{table}.sql: the first lines must say grain, key and kind {KINDS}")
    return Select(name, head[1], tuple(head[2].split(", ")), head[3], text, _tables_read()[name])


@cache
def _tables_read() -> dict[str, frozenset[str]]:
    """Every schema.table that each file names, by DuckDB's own parser; CTEs have no schema and are left out."""
    import duckdb

    files = {f"{path.parent.name}.{path.stem}": path.read_text(encoding="utf-8") for path in SQL.glob("*/*.sql")}
    with duckdb.connect() as con:
        parsed = con.execute(
            "select name, json_serialize_sql(text) from (select unnest(?) as name, unnest(?) as text)",
            [list(files), list(files.values())],
        ).fetchall()
    return {name: _named(name, json.loads(tree)) for name, tree in parsed}


def _named(name: str, parsed: dict[str, Any]) -> frozenset[str]:
    if parsed["error"]:
        raise ValueError(f"sql/{name.replace('.', '/')}.sql: {parsed['error_message']}")
    found, left = set(), [parsed]
    while left:
        node = left.pop()
        if isinstance(node, dict) and node.get("type") == "BASE_TABLE" and node["schema_name"]:
            found.add(f"{node['schema_name']}.{node['table_name']}")
        left.extend(node.values() if isinstance(node, dict) else node if isinstance(node, list) else ())
    return frozenset(found)


@cache
def selects() -> dict[str, Select]:
    """All the files by table name, each after those that it reads."""
    return needed(*(f"{path.parent.name}.{path.stem}" for path in sorted(SQL.glob("*/*.sql"))))


@cache
def needed(*names: str) -> dict[str, Select]:
    """The files of some tables and of all that these read, by table name, each after those that it reads."""
    ordered: dict[str, Select] = {}

    def visit(name: str, path: tuple[str, ...]) -> None:
        if name in path:
            raise ValueError(f"sql/: a cycle: {' → '.join((*path, name))}")
        if name not in ordered and (SQL / name.split(".")[0] / f"{name.split('.')[1]}.sql").exists():
            select = read_select(name)
            for read in sorted(select.reads):
                visit(read, (*path, name))
            ordered[name] = select

    for name in names:
        visit(name, ())
    return ordered


def materialise(con: duckdb.DuckDBPyConnection, select: Select) -> int:
    """Brings the table or view up to date and returns its rows (for a view: 0, nothing is computed)."""
    if select.kind == "view":
        con.execute(f"create or replace view {select.name} as\n{select.text}")
        return 0
    if select.kind == "scoped table" and not _exists(con, select.name):
        # In a transaction of its own: DuckDB 2.0.0 leaves the statistics of a table empty, so that joins and filters
        # find no row, where one transaction makes it and inserts more than 122,880 sorted rows (see tests/sql).
        # `create if not exists` would plan the whole select every night to make nothing of it.
        con.execute(f"create table {select.name} as\nselect * from (\n{select.text}\n) limit 0")
    con.execute("begin")
    try:
        if select.kind == "table":
            con.execute(f"create or replace table {select.name} as\n{select.text}")
        else:
            con.execute(
                f"delete from {select.name} as old using run.scope as scope "
                "where old.org_key = scope.org_key and old.period_key = scope.period_key"
            )
            con.execute(f"insert into {select.name}\n{select.text}")
    except BaseException:
        con.execute("rollback")
        raise
    con.execute("commit")
    counted = con.execute(f"select count(*) from {select.name}").fetchone()
    return int(counted[0]) if counted else 0


def _exists(con: duckdb.DuckDBPyConnection, name: str) -> bool:
    found = con.execute(
        "select 1 from duckdb_tables() where database_name = current_database() "
        "and schema_name || '.' || table_name = ?",
        [name],
    )
    return found.fetchone() is not None
