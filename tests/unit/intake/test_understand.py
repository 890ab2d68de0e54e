"""Whole files understood: what every cell of a small workbook becomes."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.catalog.load import Catalog, load_catalog
from pipelines.intake.orgs import OrgIndex
from pipelines.intake.tables import Table
from pipelines.intake.understand import nearest_forms, understand
from pipelines.settings import SHIPPED_CATALOG

Understand = Callable[..., list[Table]]
TITLE = ["甲县妇幼保健工作月报"]
HEAD = ["填报单位:甲县", None, None, "报告期:2014年9月"]
COLUMNS = ["序号", "指标", "计量单位", "数值", "统计期", "率名称", "上报率", "备注"]


def table(*rows: list[Any]) -> list[list[Any]]:
    """A return of the county with these rows below its header; the first of them is row 4."""
    return [TITLE, HEAD, COLUMNS, *rows]


@pytest.fixture
def read(catalog: Catalog, workbook: Callable[..., bytes]) -> Understand:
    def understood(sender: str = "", **sheets: list[list[Any]]) -> list[Table]:
        return understand(workbook(**sheets), catalog, OrgIndex(catalog.orgs), sender)

    return understood


@pytest.fixture
def read_rows(read: Understand) -> Callable[..., Table]:
    def one(*rows: list[Any]) -> Table:
        [found] = read(表=table(*rows))
        assert found.refusal is None
        assert found.account.balanced
        return found

    return one


ReadRows = Callable[..., Table]


def quarantined(found: Table) -> list[tuple[str, str, str, str]]:
    return [(q.cell, q.printed, q.reason, q.label) for q in found.quarantine]


# ---- what is loaded


def test_a_return_is_form_unit_and_period(read: Understand) -> None:
    [found] = read(表=table([1, "活产数", "人", 12]))
    assert found.period is not None
    assert (found.form, found.org, found.reported_by) == ("monthly", "510100000000", "510100000000")
    assert found.period.code == "2014-09"


def test_an_institution_reports_about_the_area_that_it_serves(read: Understand) -> None:
    rows = [TITLE, ["填报单位:城关卫生院", None, "报告期:2014年9月"], COLUMNS, [1, "活产数", "人", 12]]
    [found] = read(表=rows)
    assert (found.org, found.reported_by) == ("510101000000", "510101000000-clinic")


def test_label_and_value_of_the_head_may_stand_side_by_side(read: Understand) -> None:
    rows = [TITLE, ["填报单位", "甲县", None, "报告期", None, "2014年9月"], COLUMNS, [1, "活产数", "人", 12]]
    [found] = read(表=rows)
    assert (found.org, found.period and found.period.code) == ("510100000000", "2014-09")


def test_the_inbox_folder_names_the_unit_where_the_sheet_does_not(read: Understand) -> None:
    [found] = read(sender="510200000000", 表=[TITLE, ["报告期:2014年9月"], COLUMNS, [1, "活产数", "人", 12]])
    assert (found.refusal, found.org) == (None, "510200000000")


@pytest.mark.parametrize(
    ("cell", "value", "qualifier", "state"),
    [
        (12, "12", "exact", "reported"),
        ("约12", "12", "about", "reported"),
        ("1,200", "1200", "exact", "reported"),
        (0, "0", "exact", "reported"),
        (None, None, "exact", "blank"),
        (" ", None, "exact", "blank"),
        (-1, None, "exact", "not_collected"),
        ("-1", None, "exact", "not_collected"),
        (-2, None, "exact", "not_carried_out"),
    ],
)
def test_a_value_cell_is_a_fact_with_its_state(
    cell: object, value: str | None, qualifier: str, state: str, read_rows: ReadRows
) -> None:
    [fact] = read_rows([1, "活产数", "人", cell]).facts
    wanted = ("births", value and Decimal(value), qualifier, state, "D4")
    assert (fact.element, fact.value, fact.qualifier, fact.state, fact.cell) == wanted


@pytest.mark.parametrize(
    ("unit", "value"), [("元", "1.5"), ("万元", "15000"), ("亿元", "150000000"), (None, "1.5"), ("千元", "1500")]
)
def test_the_unit_beside_a_figure_multiplies_it(unit: str | None, value: str, read_rows: ReadRows) -> None:
    found = read_rows([1, "经费", unit, 1.5])
    assert [fact.value for fact in found.facts] == [Decimal(value)]
    assert found.remarks == []


def test_a_label_stated_again_is_its_second_occurrence(read_rows: ReadRows) -> None:
    found = read_rows([1, "活产数", "人", 12], [2, "活产", "人", 13], [3, "产妇数", "人", 12])
    stated = [(fact.element, fact.occurrence, fact.value) for fact in found.facts]
    assert stated == [("births", 1, 12), ("births", 2, 13), ("women", 1, 12)]


def test_a_row_may_have_a_period_of_its_own(read_rows: ReadRows) -> None:
    found = read_rows([1, "活产数", "人", 12], [2, "活产数", "人", 100, "上半年"])
    assert [(f.period.code, f.occurrence) for f in found.facts] == [("2014-09", 1), ("2014H1", 1)]


def test_a_declared_total_is_accounted_as_total_and_is_a_fact(read_rows: ReadRows) -> None:
    found = read_rows([1, "人员合计", "人", 5], [2, "村保健员", "人", 5])
    assert [(f.element, f.is_total) for f in found.facts] == [("staff", True), ("staff_village", False)]
    assert (found.account.total, found.account.fact) == (1, 1)


@pytest.mark.parametrize(
    ("cell", "text", "value", "decimals", "unit"),
    [
        ("95.60%", "95.60%", "95.60", 2, "percent"),
        ("95.6", "95.6", "95.6", 1, "percent"),
        ("956‰", "956‰", "956", 0, "per_mille"),
        ("三分之二", "三分之二", "0.666667", None, "ratio"),
        (("0.00%", 0.956), "95.60%", "95.60", 2, "percent"),
        (("0.0", 95.6), "95.6", "95.6", 1, "percent"),
    ],
)
def test_a_printed_rate_keeps_its_text(
    cell: object, text: str, value: str, decimals: int | None, unit: str, read_rows: ReadRows
) -> None:
    [claim] = read_rows([None, None, None, None, None, "系统管理率", cell]).claims
    wanted = ("women_per_birth", text, Decimal(value), decimals, unit, "G4")
    assert (claim.indicator, claim.text, claim.value, claim.decimals, claim.unit, claim.cell) == wanted


# ---- what is not


@pytest.mark.parametrize(
    ("row", "held"),
    [
        ([1, "死产数", "人", 3], ("D4", "3", "unknown_label", "死产数")),
        ([1, None, "人", 3], ("D4", "3", "no_label", "")),
        ([1, "产妇数", "人", "十几个"], ("D4", "十几个", "not_a_number", "产妇数")),
        ([1, "产妇数", "人", 1e17], ("D4", "1e+17", "not_a_number", "产妇数")),
        ([1, "产妇数", "人", 0.00001], ("D4", "1e-05", "not_a_number", "产妇数")),
        ([1, "产妇数", "人", 3, "某月"], ("D4", "3", "unknown_period", "产妇数")),
        ([1, None, None, None, None, "死亡率", "3%"], ("G4", "3%", "unknown_label", "死亡率")),
        ([1, None, None, None, None, None, "3%"], ("G4", "3%", "no_label", "")),
        ([1, None, None, None, None, "系统管理率", "无"], ("G4", "无", "not_a_number", "系统管理率")),
        ([1, None, None, None, "某月", "系统管理率", "3%"], ("G4", "3%", "unknown_period", "系统管理率")),
        ([1, None, None, None, None, None, None, None, "多出"], ("I4", "多出", "unknown_column", "")),
    ],
)
def test_a_bad_cell_is_quarantined_and_the_rest_loads(
    row: list[Any], held: tuple[str, ...], read_rows: ReadRows
) -> None:
    found = read_rows(row, [2, "活产数", "人", 12])
    assert quarantined(found) == [held]
    assert [(fact.element, fact.cell) for fact in found.facts] == [("births", "D5")]
    assert found.account.quarantined == 1


def test_a_blank_row_of_an_unreadable_period_is_accounted(read_rows: ReadRows) -> None:
    found = read_rows([1, "产妇数", "人", None, "某月"])
    assert (found.facts, quarantined(found)) == ([], [("D4", "", "unknown_period", "产妇数")])


@pytest.mark.parametrize(
    ("row", "remark"),
    [
        ([1, "活产数", "元", 12], ("unit_mismatch", "births", "元", "人/名")),
        ([1, "活产数", "人", 12.5], ("count_not_whole", "births", "12.5", "整数 / a whole number")),
        ([1, "活产数", "人", -12], ("count_negative", "births", "-12", "≥ 0")),
        ([1, "经费", "万人", 1], ("unit_mismatch", "fund", "人", "元")),
    ],
)
def test_a_doubtful_cell_is_loaded_with_a_remark(row: list[Any], remark: tuple[str, ...], read_rows: ReadRows) -> None:
    found = read_rows(row)
    assert [(r.rule, r.element, r.observed, r.expected) for r in found.remarks] == [remark]
    assert [fact.state for fact in found.facts] == ["reported"]


@pytest.mark.parametrize("row", [[1, "活产数", "名", 12], [1, "活产数", "万头牛", 12], [1, "经费", "元", -1.5]])
def test_a_fitting_or_unknown_unit_raises_no_remark(row: list[Any], read_rows: ReadRows) -> None:
    assert read_rows(row).remarks == []


@pytest.mark.parametrize(
    ("rows", "reason", "cell"),
    [
        ([["会议纪要"], HEAD, COLUMNS, [1, "活产数", "人", 1]], "unknown_form", "A1"),
        ([TITLE, HEAD, ["甲", "乙"], [1, 2]], "unknown_form", "A1"),
        ([[None, "只有一格"]], "unknown_form", "B1"),
        ([TITLE, ["报告期:2014年9月"], COLUMNS, [1, "活产数", "人", 1]], "missing_unit", ""),
        ([TITLE, ["填报单位:丙县", "报告期:2014年"], COLUMNS, [1, "活产数", "人", 1]], "unknown_unit", "A2"),
        ([TITLE, ["填报单位:城关镇", "报告期:2014年"], COLUMNS, [1, "活产数", "人", 1]], "ambiguous_unit", "A2"),
        ([TITLE, ["填报单位:甲县"], COLUMNS, [1, "活产数", "人", 1]], "unknown_period", ""),
        ([TITLE, ["填报单位:甲县", "报告期:本月"], COLUMNS, [1, "活产数", "人", 1]], "unknown_period", "B2"),
        ([TITLE, ["填报单位:甲县", "报告期", "本月"], COLUMNS, [1, "活产数", "人", 1]], "unknown_period", "C2"),
        ([TITLE, HEAD, ["指标", "数值", "数值"], ["活产数", 1, 2]], "repeated_column", "C3"),
    ],
)
def test_a_sheet_that_is_not_understood_is_refused_with_its_place(
    rows: list[list[Any]], reason: str, cell: str, read: Understand
) -> None:
    [found] = read(报表=rows)
    refusal = found.refusal
    assert refusal is not None
    assert (refusal.reason, refusal.sheet, refusal.cell) == (reason, "报表", cell)
    assert all((refusal.zh, refusal.en, refusal.remedy_zh, refusal.remedy_en))


def test_an_unknown_title_is_told_with_the_forms_that_it_is_like_and_no_others() -> None:
    shipped = load_catalog(SHIPPED_CATALOG)
    said = nearest_forms("样本县柳河镇(合成)妇幼保健工作月表(2014年3月)", shipped)
    assert next(iter(said)) == "mch_village_month"
    assert len(said) <= 3
    assert nearest_forms("会议纪要", shipped) == {}


def test_a_title_that_fits_two_forms_is_refused(catalog: Catalog, read: Understand) -> None:
    catalog.forms["also_monthly"] = catalog.forms["monthly"]
    [found] = read(报表=table([1, "活产数", "人", 1]))
    assert found.refusal is not None
    assert found.refusal.reason == "ambiguous_form"
    assert "monthly, also_monthly" in found.refusal.en


def test_a_refused_sheet_has_every_cell_in_quarantine(read: Understand) -> None:
    [found] = read(报表=[TITLE, ["填报单位:丙县"], COLUMNS, [1, "活产数", "人", 12]])
    assert {q.reason for q in found.quarantine} == {"unknown_unit"}
    assert found.account.read == found.account.quarantined == len(found.quarantine) == 14
    assert found.facts == []


def test_one_refused_sheet_does_not_refuse_the_other(read: Understand) -> None:
    good, bad = read(月报=table([1, "活产数", "人", 12]), 附页=[["随手记的", 5]])
    assert (good.refusal, [fact.value for fact in good.facts]) == (None, [12])
    assert bad.refusal is not None
    assert (bad.refusal.reason, bad.refusal.sheet) == ("unknown_form", "附页")


# ---- every cell has one disposition

JUNK = st.one_of(
    st.none(),
    st.integers(-3, 10**18),
    st.floats(allow_nan=False, allow_infinity=False),
    st.booleans(),
    st.sampled_from(
        ["活产数", "活产", "人员合计", "系统管理率", "死产数", "填表人:", "数值", "指标", "万人", "约3", "12%",
         "2014年", "-1", "某月", " ", "工作月报", "填报单位:", "报告期:2015年", "合计"]
    ),
    st.text(alphabet="年月日人数率0123456789.,%:: abc", max_size=6),
)  # fmt: skip
PLACES = st.tuples(st.integers(0, 9), st.integers(0, 10))


@settings(max_examples=120, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.dictionaries(PLACES, JUNK, max_size=25))
def test_junk_put_anywhere_never_breaks_the_account(read: Understand, junk: dict[tuple[int, int], object]) -> None:
    rows = [[*row, *[None] * (11 - len(row))] for row in table([1, "活产数", "人", 12], [2, "人员合计", "人", 3])]
    rows += [[None] * 11 for _ in range(5)]
    for (row, column), value in junk.items():
        rows[row][column] = value
    [found] = read(表=rows)
    a = found.account
    blank = sum(fact.state == "blank" for fact in found.facts)
    blank += sum(not held.printed.strip() for held in found.quarantine)
    filled = sum(value is not None and str(value).strip() != "" for row in rows for value in row)
    assert a.read == a.fact + a.claim + a.total + a.entry + a.label + a.quarantined == filled + blank
    assert (a.fact + a.total, a.claim, a.quarantined) == (len(found.facts), len(found.claims), len(found.quarantine))
    places = [item.cell for item in (*found.facts, *found.claims, *found.quarantine)]
    assert len(places) == len(set(places))
