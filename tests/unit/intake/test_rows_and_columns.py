"""Rows under groups, subtotals, rates and markers in columns; months in columns: what every cell becomes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from pipelines.catalog import models as m
from pipelines.catalog.load import Catalog
from pipelines.catalog.models import Form
from pipelines.intake.orgs import OrgIndex
from pipelines.intake.tables import Table
from pipelines.intake.understand import understand

COUNTY, TOWN, TOWN_2 = "510100000000", "510101000000", "510102000000"
FORM: dict[str, Any] = {
    "zh": "县表", "en": "county table", "domain": "other", "orientation": "units_in_rows", "row_level": "village",
    "recognise": {"title": "分村统计表"},
    "columns": {"group": ["乡镇"], "unit_name": ["村名"], "note": ["备注"]},
    "items": [
        {"element": "births", "labels": ["活产数"], "also": {"period": "same_last_year"}},
        {"element": "women", "labels": ["产妇数"]},
        {"element": "fund", "labels": ["经费"]},
    ],
    "claims": [{"indicator": "women_per_birth", "labels": ["管理率"]}],
}  # fmt: skip
MONTHS: dict[str, Any] = {
    "zh": "逐月表", "en": "by month", "domain": "other", "orientation": "units_in_columns",
    "recognise": {"title": "逐月统计表"}, "columns": {"item": ["项目"], "unit": ["单位"], "group": ["类别"]},
    "items": [{"element": "births", "labels": ["分娩 > 活产数"]}, {"element": "fund", "labels": ["经费"]}],
    "claims": [{"indicator": "women_per_birth", "labels": ["分娩 > 管理率"]}],
}  # fmt: skip
Read = Callable[..., Table]


@pytest.fixture
def read(catalog: Catalog, workbook: Callable[..., bytes]) -> Read:
    for code, name, level, parent in (
        (TOWN_2, "柳河镇", "township", COUNTY),
        ("510101000001", "东村", "village", TOWN), ("510101000002", "西村", "village", TOWN),
        ("510102000001", "东村", "village", TOWN_2),
        ("510102000001-clinic", "柳河镇东村卫生室", "institution", "510102000001"),
    ):  # fmt: skip
        catalog.orgs[code] = m.Org(code=code, name=name, level=level, parent=parent)
    catalog.forms["county_table"] = Form.model_validate(FORM)
    catalog.forms["by_month"] = Form.model_validate(MONTHS)

    def understood(header: list[object], *rows: list[object], title: str = "分村统计表") -> Table:
        head: list[list[object]] = [[title], ["填报单位:甲县"], ["报告期:2014年"]]
        [table] = understand(workbook(表=[*head, header, *rows]), catalog, OrgIndex(catalog.orgs))
        assert table.refusal is None
        assert table.account.balanced
        return table

    return understood


HEADER: list[object] = ["乡镇", "村名", "活产数", "产妇数", "管理率"]


def births(table: Table) -> dict[str, tuple[str, int, bool]]:
    found = (f for f in table.facts if f.element == "births" and f.period.code == "2014" and f.value is not None)
    return {f.cell: (f.org, int(f.value or 0), f.is_total) for f in found}


def test_one_name_in_two_townships_is_told_apart_by_the_group_that_stands_once(read: Read) -> None:
    table = read(
        HEADER, ["城关镇", "东村", 1, 1], ["", "西村", 2, 2], ["", "小计", 3, 3],
        ["柳河镇", "东村", 5, 5], ["柳河镇小计", "", 5, 5], ["全县合计", "", 8, 8],
    )  # fmt: skip
    assert births(table) == {
        "C5": ("510101000001", 1, False), "C6": ("510101000002", 2, False), "C7": (TOWN, 3, True),
        "C8": ("510102000001", 5, False), "C9": (TOWN_2, 5, True), "C10": (COUNTY, 8, True),
    }  # fmt: skip
    assert table.quarantine == []


def test_a_group_may_be_a_heading_row_of_its_own(read: Read) -> None:
    header: list[object] = ["序号", "村名", "活产数", "产妇数"]
    table = read(header, ["", "城关镇"], ["1", "东村", 1, 1], ["", "柳河镇"], ["1", "东村", 5, 5], ["", "合计", 6, 6])
    assert {cell: org for cell, (org, _, _) in births(table).items()} == {
        "C6": "510101000001", "C8": "510102000001", "C9": COUNTY,
    }  # fmt: skip


def test_a_subtotal_of_nobody_is_accounted_and_no_figure(read: Read) -> None:
    header: list[object] = ["", "村名", "活产数", "产妇数"]
    table = read(header, ["", "西村", 1, 1], ["", "柳河镇", 5, 5], ["", "小计", 6, 6], ["", "合计", 6, 6])
    assert births(table) == {"C5": ("510101000002", 1, False), "C6": (TOWN_2, 5, True), "C8": (COUNTY, 6, True)}
    assert table.account.total == 6


def test_without_a_group_a_name_of_two_is_set_aside_with_both_codes(read: Read) -> None:
    [held, _] = read(["", "村名", "活产数", "产妇数"], ["", "东村", 1, 1], ["", "西村", 1, 1]).quarantine
    assert (held.reason, held.label) == ("ambiguous_row_unit", "东村: 510101000001, 510102000001")


def test_a_row_may_name_the_villages_clinic_or_a_code(read: Read) -> None:
    table = read(["", "村名", "活产数", "产妇数"], ["", "柳河镇东村卫生室", 4, 4], ["", "510101000001", 3, 3])
    assert {org for org, _, _ in births(table).values()} == {"510102000001", "510101000001"}


def test_a_misspelt_village_is_set_aside_with_what_it_may_mean(read: Read) -> None:
    held = read(["", "村名", "活产数", "产妇数"], ["", "柳合镇", 4, 4]).quarantine
    assert {(q.reason, q.label) for q in held} == {("unknown_row_unit", "柳合镇 (柳河镇?)")}


@pytest.mark.parametrize("printed", ["-", "—", "/", "*", "**", "n/a", "[x]", "[z]", "…", "未开展"])
def test_no_marker_is_a_number(read: Read, printed: str) -> None:
    table = read(HEADER, ["城关镇", "东村", printed, printed, printed])
    assert {(f.value, f.state != "reported") for f in table.facts} == {(None, True)}
    assert (table.claims, table.quarantine) == ([], [])


@pytest.mark.parametrize(
    ("printed", "value", "qualifier"),
    [("１，２３４", 1234, "exact"), ("≥95", 95, "at_least"), ("<5", 5, "under"), ("1 200余", 1200, "over"),
     ("约30", 30, "about"), ("30多", 30, "over"), ("12\n", 12, "exact")],
)  # fmt: skip
def test_numbers_as_people_type_them(read: Read, printed: str, value: int, qualifier: str) -> None:
    [found] = [f for f in read(HEADER, ["城关镇", "东村", "", printed]).facts if f.element == "women"]
    assert (found.value, found.qualifier) == (value, qualifier)


@pytest.mark.parametrize("printed", ["86%", "9‰", "12/10万"])
def test_a_rate_in_the_place_of_a_count_is_set_aside(read: Read, printed: str) -> None:
    table = read(HEADER, ["城关镇", "东村", 3, printed])
    assert [(q.cell, q.reason) for q in table.quarantine] == [("D5", "not_a_number")]


def test_the_word_for_the_total_may_stand_under_the_numbers(read: Read) -> None:
    table = read(HEADER, ["城关镇", "东村", 1, 1], ["合 计", "", 1, 1])
    assert births(table)["C6"] == (COUNTY, 1, True)
    table = read(["备注", "村名", "活产数"], ["", "西村", 1], ["全县合计", "", 1])
    assert births(table)["C6"] == (COUNTY, 1, True)


def test_two_numbers_in_a_cell_are_two_facts_where_the_form_says_so_and_else_set_aside(read: Read) -> None:
    table = read(HEADER, ["城关镇", "东村", "12(10)", "12(10)"])
    two = [(f.period.code, f.value, f.cell) for f in table.facts if f.element == "births"]
    assert two == [("2014", 12, "C5"), ("2013", 10, "C5")]
    assert [(q.cell, q.reason) for q in table.quarantine] == [("D5", "two_values")]
    assert table.account.fact == 1


def test_a_heading_may_name_the_year_and_the_unit_of_measure(read: Read) -> None:
    table = read(["乡镇", "村名", "2014年活产数", "产妇 数", "经费(万元)"], ["城关镇", "东村", 3, 2, 1.25])
    assert {f.element: f.value for f in table.facts} == {"births": 3, "women": 2, "fund": 12500}
    assert table.remarks == []


def test_rates_in_columns_are_printed_rates_of_their_row(read: Read) -> None:
    [claim] = read(HEADER, ["城关镇", "东村", 8, 7, "87.5%"]).claims
    assert (claim.org, claim.text, claim.value, claim.decimals, claim.cell) == (
        "510101000001", "87.5%", claim.value, 1, "E5",
    )  # fmt: skip
    assert float(claim.value) == 87.5


def test_months_in_columns_under_groups_in_rows(read: Read) -> None:
    table = read(
        ["类别", "项目", "单位", "1月", "2月", "一季度", "备用"],
        ["分娩", "活产数", "人", 3, 4, 9, 1], ["", "管理率", "%", "90%", "", "95%"],
        ["经费", "经费", "万元", 1.5, 2, ""],
        ["其他", "死产数", "例", 1],
        title="逐月统计表",
    )  # fmt: skip
    assert [(f.element, f.period.code, None if f.value is None else int(f.value)) for f in table.facts] == [
        ("births", "2014-01", 3), ("births", "2014-02", 4), ("births", "2014Q1", 9),
        ("fund", "2014-01", 15000), ("fund", "2014-02", 20000), ("fund", "2014Q1", None),
    ]  # fmt: skip
    assert [(c.period.code, c.text) for c in table.claims] == [("2014-01", "90%"), ("2014Q1", "95%")]
    assert [(q.cell, q.reason) for q in table.quarantine] == [("G5", "unknown_column"), ("D8", "unknown_label")]


@pytest.mark.parametrize("name", ["注册护士", "说明会", "项目负责人"])
def test_an_item_that_begins_as_a_note_or_the_foot_does_is_no_note(read: Read, catalog: Catalog, name: str) -> None:
    item = {"element": "staff", "labels": [f"{name}数"]}
    catalog.forms["by_month"] = Form.model_validate({**MONTHS, "items": [item]})
    table = read(["类别", "项目", "单位", "1月"], ["", f"{name}数", "人", 3], ["注:含村级"], title="逐月统计表")
    assert [(f.element, f.value) for f in table.facts] == [("staff", 3)]
