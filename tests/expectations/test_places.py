"""A row that fails a check is told with the file, sheet and cell that it came from, wherever something tells."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from expectations.engine import validate
from expectations.places import Place, places


@pytest.fixture
def con(published_warehouse: Path, tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    copy = tmp_path / "copy.duckdb"
    shutil.copyfile(published_warehouse, copy)
    with duckdb.connect(str(copy)) as opened:
        yield opened


def one(con: duckdb.DuckDBPyConnection, query: str) -> dict[str, object]:
    found = con.execute(query)
    names = [column[0] for column in found.description or []]
    return dict(zip(names, found.fetchall()[0], strict=True))


FACT = "from core.fact inner join intake.submission using (submission_id) inner join intake.receipt using (receipt_id)"
A_FACT = f"select fact.*, filename, submission.sheet as page {FACT} where element_code = 'live_births' limit 1"


def test_a_row_that_names_its_cell(con: duckdb.DuckDBPyConnection) -> None:
    row = one(con, A_FACT)
    assert places(con, "core.fact", row) == (Place(str(row["filename"]), str(row["page"]), str(row["cell"])),)


def test_a_row_of_keys_is_found_in_its_table(con: duckdb.DuckDBPyConnection) -> None:
    row = one(con, A_FACT)
    keys = {name: row[name] for name in ("org_code", "period_code", "element_code")}
    assert places(con, "core.fact_history", {**keys, "times": 2}) == (
        Place(str(row["filename"]), str(row["page"]), str(row["cell"])),
    )


def test_a_rate_leads_to_the_cells_of_its_terms(con: duckdb.DuckDBPyConnection) -> None:
    con.execute("update store.indicator_figure set numerator = numerator + 1 where value is not null")
    [check] = [
        check
        for check in validate(con, ["marts.indicator_value"])["marts.indicator_value"].failed
        if check.name == "value_follows_from_counts"
    ]
    told = dict(zip(((row["org_code"], row["indicator_code"]) for row in check.sample), check.places, strict=True))
    (org, indicator), found = next(iter(told.items()))
    cells = con.execute(
        "select distinct cell from core.fact where org_code = ? and element_code in "
        "(select element_code from catalog.indicator_term where indicator_code = ?)",
        [org, indicator],
    ).fetchall()
    assert found
    assert {place.cells for place in found} <= {cell for (cell,) in cells}
    assert all(place.file.endswith((".xlsx", ".csv")) for place in found)


def test_a_return_that_is_owed_leads_to_its_own_file_and_no_other(con: duckdb.DuckDBPyConnection) -> None:
    row = one(con, "select org_code, form_code, period_code from marts.reporting_status where revision = 1 limit 1")
    wanted = con.execute(
        "select distinct filename, sheet from intake.submission inner join intake.receipt using (receipt_id) "
        "where (org_code, form_code, period_code) = (?, ?, ?)",
        list(row.values()),
    ).fetchall()
    assert {(place.file, place.sheet) for place in places(con, "marts.reporting_status", row)} == set(wanted)


def test_the_folder_that_says_who_sends_is_part_of_the_file(con: duckdb.DuckDBPyConnection) -> None:
    con.execute("update intake.receipt set sender = 'x-here'")
    [place] = places(con, "core.fact", one(con, A_FACT))
    assert str(place).startswith("x-here/")
    assert str(place).count(" › ") == 2


@pytest.mark.parametrize("row", [{}, {"times": 2}, {"org_code": "x"}, {"submission_id": "none"}, {"cell": "A1"}])
def test_where_nothing_tells_there_is_no_place(con: duckdb.DuckDBPyConnection, row: dict[str, object]) -> None:
    assert places(con, "catalog.form", row) == ()
