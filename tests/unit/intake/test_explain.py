"""How each cell of a file was understood: every cell once, in its place."""

from __future__ import annotations

from collections import Counter

from pipelines.intake.explain import explain
from pipelines.intake.orgs import OrgIndex
from pipelines.intake.reading import read_sheets
from pipelines.intake.understand import understand
from pipelines.sample.examples import example, periods, places
from tests.unit.warehouse.sites import as_csv, library_rows
from tests.unit.warehouse.test_trial import shipped

CATALOG = shipped()


def test_every_cell_of_a_form_is_told_once_with_what_it_says() -> None:
    made = example("phs_village_month", CATALOG, periods(CATALOG.forms["maternal_health_quarter"])[0])
    tables = understand(made.content, CATALOG, OrgIndex(places()))
    told = explain(read_sheets(made.content), tables)
    assert len({one.cell for one in told}) == len(told) == tables[0].account.read
    kinds, account = Counter(one.kind for one in told), tables[0].account
    assert (kinds["fact"], kinds["total"], kinds["label"]) == (account.fact, account.total, account.label)
    said = {one.cell: one for one in told if one.kind in ("fact", "total")}
    for cell, wanted in made.cells.items():
        one = said[cell]
        assert (one.org, one.code, one.breakdown, one.state) == (
            wanted.org,
            wanted.element,
            wanted.breakdown,
            wanted.state,
        )
        assert one.value == ("" if wanted.value is None else f"{wanted.value}")


def test_what_was_set_aside_says_why_and_cells_come_in_their_order() -> None:
    content = as_csv(library_rows({"步行到馆分钟": "十二个", "没有这一项": 3}))
    told = explain(read_sheets(content), understand(content, CATALOG, OrgIndex(CATALOG.orgs)))
    held = [(one.cell, one.printed, one.state, one.label) for one in told if one.kind == "quarantined"]
    assert held == [("D4", "十二个", "not_a_number", "步行到馆分钟"), ("D5", "3", "unknown_label", "没有这一项")]
    assert [one.cell for one in told][:5] == ["A1", "A2", "D2", "A3", "B3"]


def test_a_refused_table_is_all_quarantine() -> None:
    content = b"a,b\nc,d\n"
    told = explain(read_sheets(content), understand(content, CATALOG, OrgIndex(CATALOG.orgs)))
    assert [(one.cell, one.kind, one.state) for one in told] == [
        (cell, "quarantined", "unknown_form") for cell in ("A1", "B1", "A2", "B2")
    ]
