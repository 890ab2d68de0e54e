"""Where tables are: several on a sheet, one over several sheets, heads that a page break repeats, notes beside them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from pipelines.catalog.load import Catalog
from pipelines.catalog.models import Form
from pipelines.intake.orgs import OrgIndex
from pipelines.intake.tables import Table
from pipelines.intake.understand import understand

Read = Callable[..., list[Table]]
HEADER = ["序号", "指标", "计量单位", "数值", "统计期", "率名称", "上报率", "备注"]
STAFF = {
    "zh": "人员表", "en": "staff", "domain": "other", "recognise": {"title": "人员情况表"},
    "columns": {"item": ["指标"], "value": ["数值"]}, "items": [{"element": "staff", "labels": ["人员合计"]}],
}  # fmt: skip


def head(period: str = "2014年9月", unit: str = "甲县", title: str = "工作月报") -> list[list[object]]:
    return [[title], [f"填报单位:{unit}", "", "", f"报告期:{period}"]]


def row(name: str, value: object) -> list[object]:
    return ["", name, "人", value]


@pytest.fixture
def read(workbook: Callable[..., bytes], catalog: Catalog) -> Read:
    catalog.forms["staff"] = Form.model_validate(STAFF)

    def understood(filename: str = "", sender: str = "", **sheets: list[list[object]]) -> list[Table]:
        tables = understand(workbook(**sheets), catalog, OrgIndex(catalog.orgs), sender, filename)
        assert all(table.account.balanced for table in tables)
        return tables

    return understood


def told(table: Table) -> list[tuple[str, object, str]]:
    return [(f.element, None if f.value is None else int(f.value), f.cell) for f in table.facts]


def test_two_tables_of_different_forms_below_each_other(read: Read) -> None:
    first = [*head(), HEADER, row("活产数", 12)]
    second = [["人员情况表"], ["填报单位:乙县"], ["报告期:2014年"], ["指标", "数值"], ["人员合计", 30]]
    one, other = read(表=[*first, [], *second])
    assert (one.form, one.org, told(one)) == ("monthly", "510100000000", [("births", 12, "D4")])
    assert (other.form, other.org, told(other)) == ("staff", "510200000000", [("staff", 30, "B10")])
    assert one.account.read + other.account.read == sum(value != "" for r in [*first, *second] for value in r)


def test_two_tables_of_one_form_for_two_units_or_months(read: Read) -> None:
    parts = [[*head(period), HEADER, row("活产数", number)] for period, number in (("2014年9月", 1), ("2014年10月", 2))]
    found = read(表=[*parts[0], [], *parts[1]])
    assert [(t.period.code, told(t)) for t in found if t.period] == [
        ("2014-09", [("births", 1, "D4")]), ("2014-10", [("births", 2, "D9")]),
    ]  # fmt: skip


def test_a_page_break_repeats_the_header_or_the_whole_head(read: Read) -> None:
    for again in ([HEADER], [*head(), HEADER], [["工作月报(续)"], HEADER]):
        [table] = read(表=[*head(), HEADER, row("活产数", 1), *again, row("产妇数", 2)])
        assert told(table) == [("births", 1, "D4"), ("women", 2, f"D{5 + len(again)}")]
        assert table.quarantine == []


def test_one_table_over_several_sheets_is_one_return(read: Read) -> None:
    one, two = read(
        第1页=[*head(), HEADER, row("活产数", 1), row("产妇数", 7)],
        第2页=[["续表"], HEADER, row("人员合计", 2), row("产妇数", 8)],
    )
    assert (one.reported_by, one.period) == (two.reported_by, two.period)
    assert told(two) == [("staff", 2, "D3"), ("women", 8, "D4")]
    assert [f.occurrence for f in two.facts] == [1, 2]  # the second sheet states the women again


def test_one_file_with_several_forms_and_a_head_that_only_the_first_has(read: Read) -> None:
    one, other = read(
        月报=[*head(), HEADER, row("活产数", 1)], 人员=[["人员情况表"], ["指标", "数值"], ["人员合计", 3]]
    )
    assert (other.form, other.org, other.period) == ("staff", one.org, one.period)


def test_a_second_table_of_a_form_never_takes_unit_and_month_from_the_first(read: Read) -> None:
    bare = [["2014年工作月报"], [], HEADER, row("活产数", 5)]
    one, town, none = read(甲=[*head(), HEADER, row("活产数", 1)], 城关镇8月=bare, 说不清=bare, sender="510100000000")
    assert one.period != town.period
    assert town.refusal is None
    assert (town.org, town.period and town.period.code) == ("510101000000", "2014-08")
    assert (none.org, none.period and none.period.code) == ("510100000000", "2014")  # its title, and its folder
    assert read(甲=[*head(), HEADER, row("活产数", 1)], 说不清=bare)[1].refusal is not None


def test_a_sheet_named_after_another_month_is_asked_about(read: Read) -> None:
    [table] = read(**{"8月": [*head(), HEADER, row("活产数", 1)]})
    assert [(r.rule, r.observed, r.expected) for r in table.remarks] == [("period_disagrees", "8月", "2014-09")]


def test_sheets_of_words_beside_a_table_are_notes_and_sheets_with_numbers_are_refused(read: Read) -> None:
    good = [*head(), HEADER, row("活产数", 1)]
    [table] = read(填表说明=[["一、本表由乡镇填报"], ["二、按月"]], 表=good)
    assert table.account.read == sum(value != "" for r in good for value in r) + 2
    tables = read(表=good, 别的=[["没有标题", 3]])
    assert [t.refusal.reason if t.refusal else "" for t in tables] == ["", "unknown_form"]


def test_a_sheet_of_another_title_is_no_continuation(read: Read) -> None:
    one, other = read(表=[*head(), HEADER, row("活产数", 1)], 另=[["某某计划"], HEADER, row("活产数", 5)])
    assert one.refusal is None
    assert other.refusal is not None
    assert other.facts == []


@pytest.mark.parametrize("before", [0, 40, 300])
def test_a_table_may_begin_anywhere(read: Read, before: int) -> None:
    [table] = read(表=[*([[]] * before), *head(), HEADER, row("活产数", 4)])
    assert told(table) == [("births", 4, f"D{before + 4}")]
