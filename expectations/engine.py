"""Great Expectations on a live DuckDB connection: the data source, and `validate`.

Stock Great Expectations fails on DuckDB: it leaves the connection before it fetches, and duckdb-engine's
cursor is the connection. `live_source` fetches at once. It can be dropped when Great Expectations has an
engine for DuckDB (github.com/fivetran/great_expectations, pull request 12084).
"""

from __future__ import annotations

import importlib
import time
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from expectations.places import places
from expectations.results import SAMPLE_ROWS, CheckResult, TableResult
from pipelines.errors import TaizhangError

if TYPE_CHECKING:
    import duckdb

HERE = Path(__file__).resolve().parent


def suite_tables() -> list[str]:
    """Tables with a suite, each named by its file: expectations/marts/total_check.py is marts.total_check."""
    files = (path for path in HERE.glob("*/*.py") if path.stem != "__init__")
    return sorted(f"{path.parent.name}.{path.stem}" for path in files)


def validate(con: duckdb.DuckDBPyConnection, tables: Sequence[str]) -> dict[str, TableResult]:
    """Runs the structural checks and the suite of each table or view, one after the other.

    Nothing is written and no transaction is begun or ended, so the connection is as it was. What it sees,
    uncommitted rows too, is what is checked.

    Raises:
        TaizhangError: a table does not exist.
    """
    _require(con, tables)
    load_great_expectations()
    from expectations.live_source import LiveContext

    context = LiveContext(con)
    return {table: _validate_table(con, context, table) for table in tables}


def suite_of(table: str) -> list[Any]:
    """The expectations of a table: the generated ones, then those of its file, if it has one."""
    load_great_expectations()
    from expectations.structure import structure

    written = importlib.import_module(f"expectations.{table}").suite() if table in suite_tables() else []
    return [*structure(table), *written]


def load_great_expectations() -> None:
    """Imports it (2.5 s the first time), silent about the old `sre_…` modules that it imports."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "module 'sre_", DeprecationWarning)
        importlib.import_module("great_expectations")


def _require(con: duckdb.DuckDBPyConnection, tables: Sequence[str]) -> None:
    known = con.execute(
        "select table_schema || '.' || table_name from information_schema.tables "
        "where table_catalog = current_database()"
    )
    missing = sorted(set(tables) - {row[0] for row in known.fetchall()})
    if missing:
        raise TaizhangError(
            f"数据库中没有这些表:{'、'.join(missing)}。",
            f"the warehouse has no table {', '.join(missing)}.",
            remedy_zh="先运行 taizhang run 生成各表,再做检查。",
            remedy_en="run taizhang run, which makes the tables, then check them.",
        )


def _validate_table(con: duckdb.DuckDBPyConnection, context: Any, table: str) -> TableResult:
    start = time.perf_counter()
    found = context.results(table, suite_of(table))
    checks = tuple(_check_result(con, table, expectation, result) for expectation, result in found)
    return TableResult(table, checks, time.perf_counter() - start)


def _check_result(con: duckdb.DuckDBPyConnection, table: str, expectation: Any, result: Any) -> CheckResult:
    told, detail = expectation.meta, result.result or {}
    error = "" if result.success else _error(result.exception_info)
    query = "" if result.success or error else _query(table, expectation, detail)
    count = int(detail.get("unexpected_count") or 0)
    sample = _sample(con, query) if query else ()
    return CheckResult(
        name=told["name"],
        passed=bool(result.success),
        severity=str(getattr(expectation.severity, "value", expectation.severity)),
        observed=detail.get("observed_value", count),
        unexpected_count=count,
        unexpected_query=query,
        sample=sample,
        places=tuple(places(con, table, row) for row in sample),
        meaning_zh=told["zh"],
        meaning_en=told["en"],
        error=error,
    )


def _query(table: str, expectation: Any, detail: dict[str, Any]) -> str:
    """The select of every offending row: the check's own, or the one that Great Expectations wrote."""
    own = getattr(expectation, "unexpected_rows_query", "")
    return own.format(batch=table) if own else str(detail.get("unexpected_index_query") or "").rstrip("; ")


def _sample(con: duckdb.DuckDBPyConnection, query: str) -> tuple[dict[str, Any], ...]:
    found = con.execute(query)
    names = [column[0] for column in found.description or []]
    return tuple(dict(zip(names, row, strict=True)) for row in found.fetchmany(SAMPLE_ROWS))


def _error(info: dict[str, Any] | None) -> str:
    """What kept a check from being run; where a metric failed, it is nested under the metric's id."""
    if not info:
        return ""
    parts = [info] if "raised_exception" in info else list(info.values())
    return next((str(part["exception_message"]) for part in parts if part.get("raised_exception")), "")
