"""A select becomes a table that answers by every road, also when it is large and new."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from pipelines.sql import Select, materialise
from pipelines.warehouse.writer import STORAGE

ROWS = 140_000  # more than one row group of 122,880
LARGE = f"select (range % 400)::integer as org_key, range::bigint as period_key from range({ROWS}) order by org_key"
COUNTS = """
    select
        (select count(*) from store.large),
        (select count(*) from store.large inner join units using (org_key)),
        (select count(*) from store.large where org_key < 300)
"""


@pytest.fixture
def con(tmp_path: Path) -> duckdb.DuckDBPyConnection:
    con = duckdb.connect(str(tmp_path / "large.duckdb"), config={"storage_compatibility_version": STORAGE})
    con.execute("set threads = 2; create schema store; create schema run")
    con.execute("create table run.scope as select range::integer as org_key, 0::bigint as period_key from range(0)")
    con.execute("create table units as select range::integer as org_key from range(500)")
    return con


@pytest.mark.parametrize("kind", ["table", "scoped table"])
def test_a_large_new_table_is_found_by_count_join_and_filter(kind: str, con: duckdb.DuckDBPyConnection) -> None:
    select = Select("store.large", "One row.", ("org_key", "period_key"), kind, LARGE, frozenset())
    assert materialise(con, select) == ROWS
    assert con.execute(COUNTS).fetchall() == [(ROWS, ROWS, 105_000)]
    con.close()
