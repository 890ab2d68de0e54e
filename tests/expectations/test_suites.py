"""Every check of every suite passes on a good warehouse and fails on the bad data planted for it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from expectations.engine import suite_of, suite_tables, validate
from expectations.results import TableResult
from pipelines.sql import selects

TWICE = "from planted union all from planted"
LESS = "from planted limit 1"

# table → check → what stands in the table's place; `planted` is the good table.
BAD: dict[str, dict[str, str]] = {
    "intake.submission": {
        "state_known": "select * replace ('lost' as state) from planted",
        "refusal_says_why": "select * replace ('refused' as state) from planted",
        "accepted_is_placed": "select * replace (null as period_code) from planted",
        "receipt_id_resolves": "select * replace ('none' as receipt_id) from planted",
        "cells_balanced": "select * replace (cells_read + 1 as cells_read) from planted",
        "cells_of_facts_kept": "select * replace (cells_total + 1 as cells_total) from planted",
        "cells_of_parts_kept": "select * replace (cells_fact - 1 as cells_fact) from planted",
        "cells_of_claims_kept": "select * replace (cells_claim + 1 as cells_claim) from planted",
        "cells_quarantined_kept": "select * replace (99 as cells_quarantined) from planted",
    },
    "core.fact": {
        "org_code_resolves": "select * replace ('none' as org_code) from planted",
        "reported_by_resolves": "select * replace ('none' as reported_by) from planted",
        "period_code_resolves": "select * replace ('none' as period_code) from planted",
        "element_code_resolves": "select * replace ('none' as element_code) from planted",
        "breakdown_code_resolves": "select * replace ('none' as breakdown_code) from planted",
        "form_code_resolves": "select * replace ('none' as form_code) from planted",
        "submission_id_resolves": "select * replace ('none' as submission_id) from planted",
        "state_known": "select * replace ('lost' as state) from planted",
        "qualifier_known": "select * replace ('nearly' as qualifier) from planted",
        "value_iff_reported": "select * replace (null as value) from planted",
        "rows_complete": LESS,
    },
    "core.fact_history": {
        "known_from_before_known_to": ("select * replace (known_from - interval 1 day as known_to) from planted"),
        "one_open_row": TWICE,
        "closed_row_is_followed": "select * replace (known_from + interval 1 day as known_to) from planted",
        "rows_complete": LESS,
    },
    "core.fact_chosen": {
        "period_basis_known": "select * replace ('guessed' as period_basis) from planted",
        "every_fact_has_a_choice": LESS,
        "choice_was_said": "select * replace (value + 1 as value) from planted",
        "choice_was_declared": "select * replace ('none' as correction_id) from planted",
        "rows_complete": LESS,
    },
    "core.claim": {
        "value_was_read": "select * replace (reported_value + 1 as reported_value) from planted",
        "decimals_in_range": "select * replace (7 as decimals) from planted",
        "qualifier_known": "select * replace ('nearly' as qualifier) from planted",
        "unit_fits_indicator": "select * replace ('bushel' as unit) from planted",
        "indicator_code_resolves": "select * replace ('none' as indicator_code) from planted",
        "rows_complete": LESS,
    },
    "marts.indicator_value": {
        "state_known": "select * replace ('lost' as state) from planted",
        "basis_known": "select * replace ('guessed' as basis) from planted",
        "period_basis_known": "select * replace ('guessed' as period_basis) from planted",
        "interval_method_known": "select * replace ('wald' as interval_method) from planted",
        "target_status_known": "select * replace ('nearly' as target_status) from planted",
        "change_status_known": "select * replace ('sideways' as change_status) from planted",
        "funnel_status_known": "select * replace ('outside' as funnel_status) from planted",
        "value_follows_from_counts": "select * replace (value * (1 + 1e-8) as value) from planted",
        "value_iff_computable": "select * replace (null as value) from planted",
        "gap_has_a_reason": "select * replace (null as state_reason) from planted",
        "coverage_is_a_share": "select * replace (1.01 as coverage) from planted",
        "interval_iff_method": "select * replace (null as interval_method) from planted",
        "value_inside_interval": "select * replace (upper as lower, lower as upper) from planted",
        "wilson_inside_whole": "select * replace (-1.0 as lower_998) from planted",
        "one_default_edition": "select * replace (false as is_default_edition) from planted",
        "rank_among_peers": "select * replace (peers + 1 as rank_in_parent) from planted",
        "target_iff_judged": "select * replace ('met' as target_status, null as target) from planted",
        "rows_complete": TWICE,
    },
    "marts.claim_check": {
        "verdict_known": "select * replace ('nearly' as verdict) from planted",
        "not_checkable_iff_unknown": "select * replace (null as decimals) from planted",
        "recomputed_follows_from_counts": "select * replace (recomputed + 0.001 as recomputed) from planted",
        "verdict_fits_recomputed": "select * replace (reported_value + 1 as reported_value) from planted",
        "one_explaining_formula": "select * replace (true as is_explaining_edition) from planted",
        "every_claim_is_checked": LESS,
        "rows_complete": TWICE,
    },
    "marts.total_check": {
        "verdict_known": "select * replace ('nearly' as verdict) from planted",
        "relation_known": "select * replace ('like' as relation) from planted",
        "difference_is_stated_minus_sum": "select * replace (difference + 1 as difference) from planted",
        "holds_iff_no_difference": "select * replace ('holds' as verdict) from planted",
        "holds_is_within_relation": "select * replace (false as within_relation) from planted",
        "rows_complete": TWICE,
    },
    "marts.reporting_status": {
        "state_known": "select * replace ('lost' as state) from planted",
        "finality_known": "select * replace ('sealed' as finality) from planted",
        "every_owed_return_once": LESS,
        "nothing_not_owed": "select * replace ('none' as org_code) from planted",
        "received_iff_came": "select * replace ('missing' as state) from planted",
        "filled_within_expected": "select * replace (cells_expected + 1 as cells_filled) from planted",
    },
    "quality.finding": {
        "severity_known": "select * replace ('grave' as severity) from planted",
        "severity_given": "select * replace (null as severity) from planted",
        "rule_code_given": "select * replace (null as rule_code) from planted",
        "told_in_both_languages": "select * replace (' ' as message_en) from planted",
        "org_code_resolves": "select * replace ('none' as org_code) from planted",
        "period_code_resolves": "select * replace ('none' as period_code) from planted",
        "submission_id_resolves": "select * replace ('none' as submission_id) from planted",
        "every_refusal_told": LESS,
        "rows_complete": LESS,
    },
}
# What must be planted beside the table itself.
BESIDE = {
    ("quality.finding", "every_refusal_told"): (
        "update intake.submission set state = 'refused' where submission_key = 1"
    )
}
for _table, _checks in BAD.items():
    _key = selects()[_table].key if _table in selects() else ("submission_id",)
    _checks |= {"key_unique": TWICE, "key_not_null": f"select * replace (null as {_key[-1]}) from planted"}
CASES = [(table, check) for table, checks in BAD.items() for check in checks]


@pytest.fixture(scope="module")
def opened(published_warehouse: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    copy = tmp_path_factory.mktemp("suites") / "warehouse.duckdb"
    shutil.copy(published_warehouse, copy)
    con = duckdb.connect(str(copy))
    yield con
    con.close()


@pytest.fixture
def con(opened: duckdb.DuckDBPyConnection) -> Iterator[duckdb.DuckDBPyConnection]:
    """A good warehouse; what a test plants is taken back."""
    opened.execute("begin")
    yield opened
    opened.execute("rollback")


def plant(con: duckdb.DuckDBPyConnection, table: str, select: str, beside: str = "") -> None:
    """Puts the select's rows in place of the table or view."""
    if beside:
        con.execute(beside)
    con.execute(f"create temp table planted as from {table}")
    con.execute(f"drop {'view' if table in views(con) else 'table'} {table}")
    con.execute(f"create table {table} as {select}")


def views(con: duckdb.DuckDBPyConnection) -> set[str]:
    return {row[0] for row in con.execute("select schema_name || '.' || view_name from duckdb_views()").fetchall()}


def failed(result: TableResult) -> dict[str, str]:
    return {check.name: check.error for check in result.failed}


@pytest.mark.parametrize("table", suite_tables())
def test_a_good_table_passes(table: str, con: duckdb.DuckDBPyConnection) -> None:
    result = validate(con, [table])[table]
    assert failed(result) == {}
    assert result.passed


@pytest.mark.parametrize(("table", "name"), CASES, ids=[f"{table}/{name}" for table, name in CASES])
def test_planted_bad_data_is_found(table: str, name: str, con: duckdb.DuckDBPyConnection) -> None:
    plant(con, table, BAD[table][name], BESIDE.get((table, name), ""))
    check = next(check for check in validate(con, [table])[table].checks if check.name == name)
    assert not check.passed
    assert not check.error
    assert check.unexpected_count > 0
    assert 0 < len(check.sample) <= min(check.unexpected_count, 20)
    assert len(con.execute(check.unexpected_query).fetchall()) == check.unexpected_count


@pytest.mark.parametrize(("later", "missing"), [("accepted", 0), ("refused", 2)])
def test_a_refusal_that_was_mended_needs_no_finding(later: str, missing: int, con: duckdb.DuckDBPyConnection) -> None:
    con.execute("update intake.submission set state = 'refused' where submission_key = 1")
    con.execute(
        "insert into intake.submission select * replace (100000 as submission_key, 'again' as submission_id, "
        "? as state) from intake.submission where submission_key = 1",
        [later],
    )
    plant(con, "quality.finding", "from planted where rule_code <> 'table_refused'")
    checks = {check.name: check for check in validate(con, ["quality.finding"])["quality.finding"].checks}
    assert checks["every_refusal_told"].unexpected_count == missing


def test_every_check_has_bad_data_planted_for_it() -> None:
    written = {(table, check.meta["name"]) for table in suite_tables() for check in suite_of(table)}
    assert written == set(CASES)


@pytest.mark.parametrize("table", suite_tables())
def test_every_check_has_a_name_of_its_own_a_severity_and_a_meaning_in_both_languages(table: str) -> None:
    checks = suite_of(table)
    assert len({check.meta["name"] for check in checks}) == len(checks)
    assert all(check.severity in ("critical", "warning") for check in checks)
    assert all(any("一" <= letter <= "鿿" for letter in check.meta["zh"]) for check in checks)
    assert all(check.meta["en"].isascii() for check in checks)
