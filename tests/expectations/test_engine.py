"""Great Expectations on a connection that others go on using."""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from expectations.engine import suite_tables, validate
from pipelines.catalog.load import load_catalog
from pipelines.errors import TaizhangError
from pipelines.settings import SHIPPED_CATALOG
from pipelines.sql import materialise, selects
from pipelines.warehouse.writer import open_warehouse


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The warehouse of a site where nothing was sent yet."""
    con = open_warehouse(tmp_path / "warehouse.duckdb", load_catalog(SHIPPED_CATALOG), "code")
    con.execute("insert into run.night values ('2026-11-21 20:00:00')")
    for select in selects().values():
        materialise(con, select)
    yield con
    con.close()


def test_an_empty_warehouse_passes(empty: duckdb.DuckDBPyConnection) -> None:
    results = validate(empty, suite_tables())
    assert [name for name, result in results.items() if result.failed] == []


def test_the_connection_is_as_it_was(empty: duckdb.DuckDBPyConnection) -> None:
    validate(empty, ["core.fact"])
    empty.execute("begin")  # raises where a transaction is still open
    empty.execute("insert into intake.file values ('a', 1, 'b')")
    empty.execute("commit")
    assert empty.execute("select file_id from intake.file").fetchall() == [("a",)]


def test_an_open_transaction_stays_open_and_what_it_wrote_is_checked(
    empty: duckdb.DuckDBPyConnection,
) -> None:
    empty.execute("begin")
    empty.execute("insert into intake.quarantine values ('s', '', 'A1', 'x', 'not_a_number', '')")
    empty.execute("create or replace view marts.total_check as select 'nearly' as verdict")
    result = validate(empty, ["marts.total_check"])["marts.total_check"]
    assert "verdict_known" in {check.name for check in result.failed}
    empty.execute("rollback")
    assert empty.execute("select * from intake.quarantine").fetchall() == []


def test_a_table_that_does_not_exist_is_named(empty: duckdb.DuckDBPyConnection) -> None:
    with pytest.raises(TaizhangError, match=r"no table marts\.nothing") as raised:
        validate(empty, ["core.fact", "marts.nothing"])
    assert "taizhang run" in raised.value.text("zh")


def test_a_check_that_cannot_run_has_not_passed_and_says_why(empty: duckdb.DuckDBPyConnection) -> None:
    empty.execute("create or replace view marts.total_check as select 1 as verdict")
    result = validate(empty, ["marts.total_check"])["marts.total_check"]
    errors = {check.name: check.error for check in result.failed}
    assert not result.passed
    assert "difference" in errors["difference_is_stated_minus_sum"]


def test_a_table_without_a_suite_has_its_key_checked(empty: duckdb.DuckDBPyConnection) -> None:
    result = validate(empty, ["store.fact_chosen"])["store.fact_chosen"]
    assert [check.name for check in result.checks] == ["key_unique", "key_not_null"]


def test_a_table_that_python_fills_has_no_generated_check(empty: duckdb.DuckDBPyConnection) -> None:
    assert validate(empty, ["intake.file"])["intake.file"].checks == ()


@pytest.mark.parametrize("module", ["expectations", "expectations.results", "expectations.engine"])
def test_great_expectations_is_not_imported_before_a_check_runs(module: str, repo_root: Path) -> None:
    code = (
        f"import sys, {module}\n"
        "from expectations.engine import suite_tables\n"
        "assert 'core.fact' in suite_tables()\n"
        "sys.exit('great_expectations' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=repo_root).returncode == 0


def test_a_check_opens_no_network_connection(empty: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("a check went to the network")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    assert validate(empty, ["core.fact"])["core.fact"].passed
