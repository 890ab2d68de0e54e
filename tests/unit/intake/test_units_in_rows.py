"""A table with a row for each village under merged headings: what every cell becomes."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.catalog import models as m
from pipelines.catalog.load import Catalog
from pipelines.intake.orgs import OrgIndex
from pipelines.intake.tables import Table
from pipelines.intake.understand import understand

FORM = {
    "zh": "村月报", "en": "village month", "domain": "other", "orientation": "units_in_rows", "row_level": "village",
    "recognise": {"title": "妇幼保健工作月报表"},
    "columns": {"number": ["序号"], "unit_name": ["村名"], "note": ["备注"]},
    "items": [
        {"element": "births", "labels": ["分娩 > 活产数"]},
        {"element": "women", "labels": ["分娩 > 产妇数"]},
        {"element": "staff", "labels": ["人员"]},
    ],
    "missing": {"-1": "not_collected", "/": "not_applicable"},
}  # fmt: skip
TOWN = "510101000000"
ROWS = [["1", "东村", 3, 3, 1], ["2", "西村", "", "-1", 2], ["", "合计", 3, 3, 3]]
FOOT = [["注:空白为未收集"], ["审核人:甲", "", "填表人:乙"]]


@pytest.fixture
def village_catalog(catalog: Catalog) -> Catalog:
    for number, name in enumerate(("东村", "西村"), 1):
        code = f"51010100000{number}"
        catalog.orgs[code] = m.Org(code=code, name=name, level="village", parent=TOWN)
    elsewhere = m.Org(code="510201000001", name="南村", level="village", parent="510201000000")
    catalog.orgs[elsewhere.code] = elsewhere
    catalog.forms["village_month"] = m.Form.model_validate(FORM)
    return catalog


@pytest.fixture
def read(village_catalog: Catalog) -> Callable[..., Table]:
    """The one table of a workbook with a merged head and the rows given."""

    def understood(rows: list[list[object]], tick: str = "年□ 季□ 月☑", extra: str = "") -> Table:
        file = io.BytesIO()
        with xlsxwriter.Workbook(file) as book:
            sheet = book.add_worksheet("表")
            sheet.merge_range(0, 0, 0, 4, "城关镇妇幼保健工作月报表")
            sheet.write(1, 0, "填报单位:城关镇卫生院")
            sheet.write(1, 3, "报告期:2013年10月")
            sheet.write(2, 0, f"报送周期: {tick}")
            for column, name in ((0, "序号"), (1, "村  名"), (4, "人员")):
                sheet.merge_range(3, column, 4, column, name)
            sheet.merge_range(3, 2, 3, 3, "分 娩")
            sheet.write_row(4, 2, ["活产数", "产妇数"])
            sheet.write(3, 5, extra) if extra else None
            for number, row in enumerate([*rows, *FOOT], 5):
                for column, value in enumerate(row):
                    sheet.write(number, column, value) if value != "" else None
        [table] = understand(file.getvalue(), village_catalog, OrgIndex(village_catalog.orgs))
        return table

    return understood


def values(table: Table) -> dict[str, tuple[object, str]]:
    return {f.cell: (None if f.value is None else int(f.value), f.state) for f in table.facts}


def test_every_village_has_its_figures_at_their_cells(read: Callable[..., Table]) -> None:
    table = read(ROWS)
    assert table.refusal is None
    assert (table.reported_by, table.org) == ("510101000000-clinic", TOWN)
    assert values(table) == {
        "C6": (3, "reported"), "D6": (3, "reported"), "E6": (1, "reported"),
        "C7": (None, "blank"), "D7": (None, "not_collected"), "E7": (2, "reported"),
        "C8": (3, "reported"), "D8": (3, "reported"), "E8": (3, "reported"),
    }  # fmt: skip
    assert {f.cell: f.org for f in table.facts if f.element == "staff"} == {
        "E6": "510101000001", "E7": "510101000002", "E8": TOWN,
    }  # fmt: skip


def test_the_total_row_is_the_towns_own_figure(read: Callable[..., Table]) -> None:
    table = read(ROWS)
    assert {f.cell for f in table.facts if f.is_total} == {"C8", "D8", "E8"}
    assert (table.account.fact, table.account.total, table.account.quarantined) == (6, 3, 0)
    assert table.account.balanced


def test_a_village_of_another_town_or_none_is_set_aside_with_its_cells(read: Callable[..., Table]) -> None:
    table = read([["1", "南村", 3, 3, 1], ["2", "", 1, "", ""]])
    assert [(q.cell, q.reason, q.label) for q in table.quarantine] == [
        ("C6", "unknown_row_unit", "南村"), ("D6", "unknown_row_unit", "南村"), ("E6", "unknown_row_unit", "南村"),
        ("C7", "no_label", ""),
    ]  # fmt: skip
    assert table.account.balanced


def test_a_cell_that_is_no_number_names_its_headings(read: Callable[..., Table]) -> None:
    [held] = read([["1", "东村", "三个?", 3, 1]]).quarantine
    assert (held.cell, held.reason, held.label) == ("C6", "not_a_number", "分娩>活产数")


def test_a_column_that_the_form_does_not_know_is_set_aside(read: Callable[..., Table]) -> None:
    table = read([["1", "东村", 3, 3, 1, 9]], extra="双胎")
    assert [(q.cell, q.reason, q.label) for q in table.quarantine] == [("F6", "unknown_column", "双胎")]


def test_a_village_that_stands_twice_is_told_apart(read: Callable[..., Table]) -> None:
    table = read([["1", "东村", 3, 3, 1], ["2", "东村", 4, 3, 1]])
    assert {f.cell: f.occurrence for f in table.facts if f.element == "births"} == {"C6": 1, "C7": 2}


@pytest.mark.parametrize(
    ("tick", "asked"), [("年□ 季□ 月☑", 0), ("□年 □季 ■月", 0), ("年□ 季√ 月□", 1), ("年 季 月", 0)]
)
def test_a_box_that_contradicts_the_period_is_asked_about(read: Callable[..., Table], tick: str, asked: int) -> None:
    table = read(ROWS, tick=tick)
    assert [r.rule for r in table.remarks] == ["period_tick"] * asked
    assert table.period is not None
    assert table.period.code == "2013-10"


def test_a_header_without_any_known_column_is_refused_with_its_place(village_catalog: Catalog) -> None:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet("表")
        for row, words in enumerate(
            (["妇幼保健工作月报表"], ["填报单位:城关镇卫生院"], ["报告期:2013年10月"], ["村名", "别的"])
        ):
            sheet.write_row(row, 0, words)
    [table] = understand(file.getvalue(), village_catalog, OrgIndex(village_catalog.orgs))
    assert table.refusal is not None
    assert (table.refusal.reason, table.refusal.cell) == ("unknown_columns", "A4")


JUNK = st.one_of(st.just(""), st.integers(-3, 99), st.sampled_from(["合计", "东村", "x", "注", "-1", "填表人"]))


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(junk=st.lists(st.lists(JUNK, max_size=7), max_size=6))
def test_whatever_stands_in_the_rows_every_cell_is_accounted_for(
    read: Callable[..., Table], junk: list[list[object]]
) -> None:
    assert read(junk).account.balanced
