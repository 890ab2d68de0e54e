"""Blocks of figures travel between processes and into the warehouse as single facts do."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pipelines.catalog.load import Catalog
from pipelines.catalog.periods import parse_code
from pipelines.intake.facts import Block, FactCell, Facts, Heading
from pipelines.intake.tables import Table
from pipelines.warehouse.batch import Batch, Delivery
from pipelines.warehouse.catalog_tables import Keys
from pipelines.warehouse.understood import Said, pack, unpack
from pipelines.warehouse.waiting import Shared, Waiting, keyed
from pipelines.warehouse.writer import open_warehouse

YEAR, BEFORE = parse_code("2014"), parse_code("2013")
HEADINGS = [Heading("C", "community_libraries", ""), Heading("AB", "regional_libraries", "")]


def _block(first: int = 1) -> Block:
    """Three rows of two columns, one cell of it no plain figure."""
    places = np.array([0, 1, 3, 4, 5], np.int32)
    values = np.arange(first, first + 5, dtype=np.int64) * 10**12
    orgs, periods = ["x-japan", "x-boston", "x-japan"], [YEAR, YEAR, BEFORE]
    return Block([6, 7, 8], orgs, periods, [False, True, False], HEADINGS, places, values)


def _odd() -> FactCell:
    return FactCell("x-boston", YEAR, HEADINGS[0].element, "", 1, Decimal("0.5"), "about", "reported", "C8", True)


def _written(path: Path, catalog: Catalog, tables: list[Table]) -> tuple[list[Any], list[Any]]:
    at = datetime(2026, 11, 22, 3, 4, 5)
    with open_warehouse(path, catalog, "tests") as con:
        batch = Batch(con, Keys(catalog), tables)
        for number, table in enumerate(tables):
            batch.add(table, Delivery(f"r{number}", f"f{number}", at, at))
        batch.write()
        facts = con.execute("select * from store.fact_history order by all").fetchall()
        return facts, con.execute("select distinct * from run.touched order by all").fetchall()


def _table(facts: Facts) -> Table:
    return Table("表", "library_summary", "x-japan", "x-japan", YEAR, facts=facts)


def test_a_block_is_written_as_its_cells_are(tmp_path: Path, catalog: Catalog) -> None:
    tables = [_table(Facts([_odd()], [_block()])), _table(Facts([], [_block(7)]))]  # the second restates the first
    singly = [_table(Facts(list(table.facts))) for table in tables]
    written = _written(tmp_path / "a.duckdb", catalog, tables)
    assert written == _written(tmp_path / "b.duckdb", catalog, singly)
    assert len(written[0]) == 11
    assert {row[11]: row[7] for row in written[0] if row[14] is None}["AB7"] == 8 * 10**12


def test_facts_are_the_same_on_the_other_side(catalog: Catalog) -> None:
    table = _table(Facts([_odd()], [_block()]))
    said = unpack(pack(Said(1, "text/csv", [table])))
    assert said.tables is not None
    assert list(said.tables[0].facts) == list(table.facts)
    assert len(said.tables[0].facts) == 6
    assert said.tables[0].facts[0] == FactCell(
        "x-japan", YEAR, "community_libraries", "", 1, Decimal(10**12), "exact", "reported", "C7", False
    )


@pytest.mark.parametrize(
    ("org", "period", "element", "stated"),
    [
        ("x-japan", BEFORE, "regional_libraries", True),
        ("x-boston", BEFORE, "regional_libraries", False),
        ("x-boston", YEAR, "community_libraries", False),  # its cell is no plain figure
        ("x-boston", YEAR, "walking_minutes_to_library", False),
    ],
)
def test_a_figure_that_waits_in_a_block_is_found(
    org: str, period: Any, element: str, stated: bool, catalog: Catalog
) -> None:
    keys, shared = Keys(catalog), Shared(1, 2, 3, datetime(2026, 11, 22))
    waiting = Waiting()
    waiting.add(keyed(Facts([], [_block()]), shared, keys))
    fact = FactCell(org, period, element, "", 1, Decimal(1), "exact", "reported", "C7", False)
    assert waiting.states(keyed(Facts([fact]), shared, keys)) is stated
    assert not waiting.states(keyed(Facts([fact]), shared._replace(form=9), keys))
