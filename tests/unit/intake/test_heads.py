"""Whose table it is and for when: head, title, sheet, file name, folder, in that order; and where they disagree."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date

import pytest
import xlsxwriter

from pipelines.catalog.load import Catalog
from pipelines.intake.orgs import OrgIndex
from pipelines.intake.reading import Sheet
from pipelines.intake.tables import Table
from pipelines.intake.understand import understand

Read = Callable[..., Table]
TOWN, CLINIC, OTHER = "510101000000", "510101000000-clinic", "510200000000"
HEADER = ["序号", "指标", "计量单位", "数值"]


@pytest.fixture
def read(catalog: Catalog) -> Read:
    """The one table of a sheet with this title and these cells in its second row."""

    def understood(
        *cells: object, title: str = "工作月报", sheet: str = "表", filename: str = "", sender: str = ""
    ) -> Table:
        file = io.BytesIO()
        with xlsxwriter.Workbook(file) as book:
            page, day = book.add_worksheet(sheet), book.add_format({"num_format": "yyyy年m月"})
            page.write(0, 0, title)
            for column, value in enumerate(cells):
                page.write_datetime(1, column, value, day) if isinstance(value, date) else page.write(1, column, value)
            page.write_row(2, 0, HEADER)
            page.write_row(3, 1, ["活产数", "人", 3])
        [table] = understand(file.getvalue(), catalog, OrgIndex(catalog.orgs), sender, filename)
        return table

    return understood


def whose(table: Table) -> tuple[str, str]:
    assert table.refusal is None, table.refusal.zh
    return table.org, table.period.code if table.period else ""


def rules(table: Table) -> list[str]:
    return [remark.rule for remark in table.remarks]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"title": "甲县2014年9月工作月报", "filename": "甲县.xlsx"}, ("510100000000", "2014-09")),
        ({"filename": "甲县妇幼工作月报2014年9月.xlsx"}, ("510100000000", "2014-09")),
        ({"filename": "甲县/上报201409.xlsx", "sender": OTHER}, (OTHER, "2014-09")),
        ({"sheet": "9月", "title": "2014年工作月报", "sender": TOWN}, (TOWN, "2014-09")),
        ({"filename": "乙县/2014年第三季度/工作月报.xlsx", "sender": OTHER}, (OTHER, "2014Q3")),
        ({"title": "二〇一四年九月工作月报", "sender": CLINIC}, (TOWN, "2014-09")),
        ({"title": "民国三十六年工作月报", "sender": OTHER}, (OTHER, "1947")),
    ],
)
def test_what_the_head_leaves_out_is_in_title_sheet_file_name_or_folder(
    read: Read, given: dict[str, str], expected: tuple[str, str]
) -> None:
    assert whose(read("", **given)) == expected


def test_a_month_in_the_head_takes_its_year_from_the_title(read: Read) -> None:
    assert whose(read("填报单位:甲县", "报告期:9月", title="2014年工作月报"))[1] == "2014-09"


def test_a_month_that_the_spreadsheet_turned_into_a_day_is_that_month(read: Read) -> None:
    assert whose(read("填报单位:甲县", "报告期:", date(2014, 9, 1)))[1] == "2014-09"
    assert whose(read("填报单位:甲县", "报告期:", date(2014, 9, 30)))[1] == "2014-09-30"


def test_the_head_goes_before_the_folder_and_the_name_and_they_are_asked_about(read: Read) -> None:
    table = read("填报单位:甲县", "报告期:2014年9月", filename="乙县2013年9月.xlsx", sender=OTHER)
    assert whose(table) == ("510100000000", "2014-09")
    assert rules(table) == ["period_disagrees", "unit_disagrees"]
    period, unit = table.remarks
    assert (period.observed, period.expected, period.cell) == ("乙县2013年9月", "2014-09", "B2")
    assert (unit.observed, unit.expected, unit.cell) == ("乙县", "甲县", "A2")


@pytest.mark.parametrize("sender", ["", "510000000000", "510100000000", TOWN, CLINIC])
def test_a_folder_of_the_unit_its_office_or_what_is_above_is_no_contradiction(read: Read, sender: str) -> None:
    table = read(
        "填报单位:城关镇卫生院", "报告期:2014年9月", title="2014年工作月报", sender=sender, filename="9月.xlsx"
    )
    assert (whose(table), rules(table)) == ((TOWN, "2014-09"), [])


def test_a_longer_period_in_the_name_is_no_contradiction(read: Read) -> None:
    assert rules(read("填报单位:甲县", "报告期:2014年9月", title="2014年度工作月报")) == []


@pytest.mark.parametrize(
    "cells",
    [
        ("填报单位:城关镇卫生院    报告期:2014年9月    单位:人",),
        ("填报单位(盖章):城关镇卫生院", "报告期:2014年9月 填报日期:2014年10月3日"),
        ("填报单位：城关镇卫生院      联系电话:12345", "报告期", "2014年9月"),
        ("表号:卫统1 填报单位:城关镇卫生院", "报告期 :2014年 9 月"),
    ],
)
def test_one_cell_may_hold_several_labels_with_their_values(read: Read, cells: tuple[str, ...]) -> None:
    table = read(*cells)
    assert (whose(table), rules(table)) == ((TOWN, "2014-09"), [])
    assert table.reported_by == CLINIC


def test_a_misspelt_unit_is_told_with_the_names_that_are_meant(read: Read) -> None:
    table = read("填报单位:城光镇卫生院", "报告期:2014年9月")
    assert table.refusal is not None
    assert (table.refusal.reason, table.refusal.cell) == ("unknown_unit", "A2")
    assert "是否为 城关镇卫生院" in table.refusal.zh


def test_what_is_hidden_is_read_and_told(catalog: Catalog, monkeypatch: pytest.MonkeyPatch) -> None:
    rows: list[list[object]] = [
        ["甲县工作月报"],
        ["填报单位:甲县", "报告期:2014年9月"],
        [*HEADER],
        ["", "活产数", "人", 3],
    ]
    sheet = Sheet("旧", rows, hidden=True, hidden_rows=frozenset({3}), hidden_columns=frozenset({2}))
    monkeypatch.setattr("pipelines.intake.understand.read_sheets", lambda _: [sheet])
    [table] = understand(b"", catalog, OrgIndex(catalog.orgs))
    assert [f.value for f in table.facts] == [3]
    assert [(r.rule, r.cell, r.observed) for r in table.remarks] == [("hidden_cells", "A4", "行 4; 列 C; 工作表 旧")]


def test_a_formula_without_a_result_is_set_aside_and_never_blank(
    catalog: Catalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows: list[list[object]] = [
        ["甲县工作月报"],
        ["填报单位:甲县", "报告期:2014年9月"],
        [*HEADER],
        ["", "活产数", "人", ""],
    ]
    sheet = Sheet("表", rows, uncalculated=frozenset({(3, 3)}))
    monkeypatch.setattr("pipelines.intake.understand.read_sheets", lambda _: [sheet])
    [table] = understand(b"", catalog, OrgIndex(catalog.orgs))
    assert table.facts == []
    assert [(q.cell, q.reason) for q in table.quarantine] == [("D4", "formula_not_calculated")]
    assert table.account.balanced
