"""One string finds everything: table, select, suite, description; and what a select says of itself is true."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
import yaml

from pipelines.sql import KINDS, SQL, materialise, selects
from pipelines.warehouse.comments import table_comment

FILES = sorted(f"{path.parent.name}.{path.stem}" for path in SQL.glob("*/*.sql"))
SCHEMAS = ("intake", "catalog", "core", "store", "quality", "marts", "meta", "run")
DESCRIBED = yaml.safe_load((SQL / "columns.yaml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def warehouse(published_warehouse: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(str(published_warehouse), read_only=True) as con:
        yield con


def columns_of(con: duckdb.DuckDBPyConnection) -> set[tuple[str, str]]:
    """Every table or view of the warehouse with each of its columns."""
    found = con.execute(
        "select schema_name || '.' || table_name, column_name from duckdb_columns() "
        "where not internal and database_name = current_database()"
    )
    return set(found.fetchall())


def text_of(name: str) -> str:
    return (SQL / f"{name.replace('.', '/')}.sql").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", FILES)
def test_a_select_says_its_grain_key_and_kind(name: str) -> None:
    lines = text_of(name).splitlines()
    assert re.fullmatch(r"-- One row per .+\.", lines[0])
    assert re.fullmatch(r"-- key: [a-z_]+(, [a-z_]+)*", lines[1])
    assert lines[2].removeprefix("-- kind: ") in KINDS


@pytest.mark.parametrize("name", FILES)
def test_the_key_of_a_table_is_unique_and_never_null(name: str, warehouse: duckdb.DuckDBPyConnection) -> None:
    key = ", ".join(selects()[name].key)
    [counted] = warehouse.execute(f"select count(*), count(distinct ({key})) from {name}").fetchall()
    assert counted[0] == counted[1]
    [without] = warehouse.execute(
        f"select count(*) from {name} where {' or '.join(f'{column} is null' for column in selects()[name].key)}"
    ).fetchall()
    assert without == (0,)


# The shipped reports are accepted whole and uncorrected, and none states a figure in two ways or a rate above its
# whole; no unit of theirs has changed; no form of theirs has rows.
EMPTY = {
    "core.boundary_weight",
    "core.correction",
    "marts.level_consistency",
    "marts.verification",
    "quality.correction_finding",
    "quality.period_finding",
    "quality.quarantine_finding",
    "quality.rate_finding",
    "quality.refusal_finding",
    "quality.roster_finding",
    "quality.sign_finding",
    "quality.statement_finding",
    "store.boundary_delta",
    "store.boundary_sum",
    "store.correction",
    "store.element_near",
    "store.form_set",
    "store.owed",
    "store.rate_near",
    "store.rate_rolled",
    "store.row_owed",
    "store.term_value",
}


def test_the_published_warehouse_has_rows_in_all_tables_but_these(warehouse: duckdb.DuckDBPyConnection) -> None:
    empty = {name for name in FILES if not warehouse.execute(f"from {name} limit 1").fetchall()}
    assert empty == EMPTY


@pytest.mark.parametrize("name", sorted(n for n in FILES if selects()[n].kind == "scoped table"))
def test_a_scoped_table_has_the_keys_by_which_it_is_cut(name: str, warehouse: duckdb.DuckDBPyConnection) -> None:
    assert {(name, "org_key"), (name, "period_key")} <= columns_of(warehouse)
    assert "run.scope" in selects()[name].reads


def test_what_a_select_reads_comes_before_it() -> None:
    order = list(selects())
    late = [
        (n, read) for n in order for read in selects()[n].reads if read in order and order.index(read) > order.index(n)
    ]
    assert (sorted(order), late) == (FILES, [])


def test_every_table_that_a_select_reads_exists(warehouse: duckdb.DuckDBPyConnection) -> None:
    tables = {table for table, _ in columns_of(warehouse)}
    assert {read for select in selects().values() for read in select.reads} <= tables


# ---- descriptions


def test_every_column_is_described(warehouse: duckdb.DuckDBPyConnection) -> None:
    described = DESCRIBED["columns"]
    missing = {c for c in columns_of(warehouse) if c[1] not in described and ".".join(c) not in described}
    assert missing == set()


def test_every_description_of_a_column_is_used(warehouse: duckdb.DuckDBPyConnection) -> None:
    described, columns = set(DESCRIBED["columns"]), columns_of(warehouse)
    own = {".".join(column) for column in columns} & described
    shared = {column for table, column in columns if f"{table}.{column}" not in own} & described
    assert described - own - shared == set()


def test_tables_without_a_select_and_no_others_are_described(warehouse: duckdb.DuckDBPyConnection) -> None:
    tables = {table for table, _ in columns_of(warehouse)}
    assert set(DESCRIBED["tables"]) == tables - set(FILES)


def test_every_table_is_described_in_chinese_and_english(warehouse: duckdb.DuckDBPyConnection) -> None:
    tables = {table for table, _ in columns_of(warehouse)}
    assert set(DESCRIBED["tables_zh"]) == tables, "give each table its line in tables_zh of sql/columns.yaml"
    wrong = [n for n in tables if not re.fullmatch(r"[^a-z]*[\u4e00-\u9fff].*。 One row.+\.", table_comment(n))]
    assert wrong == []


@pytest.mark.parametrize("key", sorted(DESCRIBED["columns"]))
def test_a_column_is_described_in_chinese_and_english(key: str) -> None:
    zh, _, en = DESCRIBED["columns"][key].rpartition("; ")
    text = DESCRIBED["columns"][key]
    assert re.search(r"[\u3001\u4e00-\u9fff]", text)
    assert re.search(r"[a-z]{2}", en)
    assert zh


# ---- one string


def test_a_schema_is_one_of_the_layers(warehouse: duckdb.DuckDBPyConnection) -> None:
    assert {table.split(".")[0] for table, _ in columns_of(warehouse)} <= set(SCHEMAS)


def test_every_suite_is_named_after_a_table(repo_root: Path, warehouse: duckdb.DuckDBPyConnection) -> None:
    folder = repo_root / "expectations"
    suites = {f"{p.parent.name}.{p.stem}" for p in folder.glob("*/*.py") if not p.stem.startswith("_")}
    assert len(suites) >= 10
    assert suites <= {table for table, _ in columns_of(warehouse)}


def test_every_table_of_the_warehouse_is_an_asset(warehouse: duckdb.DuckDBPyConnection) -> None:
    from pipelines.definitions import defs

    assets = {".".join(key.path) for key in defs.resolve_asset_graph().get_all_asset_keys()}
    tables = {table for table, _ in columns_of(warehouse)}
    assert tables - assets == {"run.state"}  # the writer's own note on the file
    assert assets - tables == {"inbox", "months.fact_history", "months.indicator_value"}


@pytest.mark.parametrize("name", FILES)
def test_names_are_plain_words(name: str) -> None:
    assert re.fullmatch(r"[a-z]+\.[a-z][a-z0-9_]*", name)


def test_a_second_night_of_the_published_warehouse_changes_no_table(published_warehouse: Path, tmp_path: Path) -> None:
    from pipelines.warehouse.hashing import contents
    from pipelines.warehouse.writer import transaction

    copy = tmp_path / "copy.duckdb"
    copy.write_bytes(published_warehouse.read_bytes())
    with duckdb.connect(str(copy)) as con:
        before = contents(con)
        with transaction(con):
            con.execute("delete from run.touched")
        for select in selects().values():
            materialise(con, select)
        after = contents(con)
    assert [name for name in before if before[name] != after[name]] == []
