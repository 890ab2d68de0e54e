"""The official forms: a filled example of each is read, every number where it belongs and in the period it is for."""

from __future__ import annotations

import io
import re
from functools import cache
from pathlib import Path
from random import Random

import pytest
import xlsxwriter

from pipelines.catalog.load import Catalog, load_catalog
from pipelines.catalog.models import Due, Form
from pipelines.catalog.periods import parse_code
from pipelines.intake.heads import ticked
from pipelines.intake.orgs import OrgIndex
from pipelines.intake.tables import Table
from pipelines.intake.understand import understand
from pipelines.sample.examples import Example, Said, checks_of, draw, example, periods, places
from pipelines.settings import SHIPPED_CATALOG

CATALOG = load_catalog(SHIPPED_CATALOG)
ORGS = OrgIndex(places())
OFFICIAL = {  # code → periods of its examples
    "maternal_health_year": ["M2014"], "maternal_health_quarter": ["2014Q3"],
    "child_health_year": ["M2014"], "child_health_quarter": ["2014Q3"],
    "gynae_survey_year": ["M2014"], "gynae_survey_quarter": ["2014Q3"],
    "folic_acid_quarter": ["2014Q3"], "folic_acid_month": ["2014-09"],
    "maternal_child_village_sheet": ["2014-09"], "maternal_projects_ten_days": ["2014-09-T2"],
    "chronic_disease_month": ["2014-09"], "routine_vaccination_month": ["2014-09"],
    "service_population_1": ["2014-09"], "service_population_2_new": ["2014-09"],
    "legal_adviser_village_month": ["2014-09"], "satisfaction_village_month": ["2014-09"],
    "mch_village_month": ["2014-09"], "phs_village_month": ["2014-09"], "child_village_month": ["2014-09"],
    **{
        code: ["2014", "2014H1", "2014Q3", "2014-09"]
        for code in (
            "nbphs_01_health_records", "nbphs_02_health_education", "nbphs_03_vaccination", "nbphs_04_children",
            "nbphs_05_maternal", "nbphs_06_elderly", "nbphs_07_1_hypertension", "nbphs_07_2_diabetes",
            "nbphs_08_severe_mental", "nbphs_09_tuberculosis", "nbphs_10_chinese_medicine", "infectious_disease",
            "health_supervision", "phs_satisfaction_survey", "service_population_3_lost",
        )
    },
}  # fmt: skip
NOT_YET: dict[str, str] = {}
CASES = [(code, period, label) for code, found in OFFICIAL.items() for period in found for label in (0, -1)]


def cases() -> list[object]:
    """Every form in each of its periods, under the first and under the last of its labels."""
    return [
        pytest.param(*case, marks=pytest.mark.xfail(strict=True, reason=NOT_YET[case[0]]) if case[0] in NOT_YET else ())
        for case in CASES
    ]


@cache
def made_and_read(code: str, period: str, label: int = 0, rates: bool = False) -> tuple[Example, Table]:
    made = example(code, CATALOG, parse_code(period), label, rates)
    [table] = understand(made.content, CATALOG, ORGS)
    return made, table


@pytest.mark.parametrize(("code", "period", "label"), cases())
def test_every_number_is_where_it_belongs(code: str, period: str, label: int) -> None:
    made, table = made_and_read(code, period, label)
    assert table.refusal is None
    assert (table.form, table.org, table.reported_by) == (code, made.area, made.sender.code)
    assert table.period == parse_code(period)
    found = {f.cell: Said(f.org, f.element, f.breakdown, f.value, f.state, f.is_total) for f in table.facts}
    assert found == made.cells
    assert len(table.facts) == len(found)  # no cell twice
    assert {f.occurrence for f in table.facts} == {1}


@pytest.mark.parametrize(("code", "period", "label"), CASES)
def test_every_cell_is_accounted_for_and_nothing_is_asked(code: str, period: str, label: int) -> None:
    _, table = made_and_read(code, period, label)
    assert table.account.balanced
    assert [(q.cell, q.reason, q.label) for q in table.quarantine] == []
    assert table.remarks == []  # neither the tick box nor a unit of measure contradicts


@pytest.mark.parametrize("code", OFFICIAL)
def test_an_example_shows_blanks_and_codes_as_states(code: str) -> None:
    made, _ = made_and_read(code, OFFICIAL[code][0])
    states = {said.state for said in made.cells.values()}
    assert {"blank", "not_collected", "not_carried_out", "reported"} <= states
    again = example(code, CATALOG, parse_code(OFFICIAL[code][0]))
    assert again.content == made.content  # the same for the same form and period


@pytest.mark.parametrize("code", OFFICIAL)
def test_an_examples_figures_hold_the_forms_totals_and_the_catalogs_rules(code: str) -> None:
    form = CATALOG.forms[code]
    figures = draw(form, CATALOG, Random(code))
    checks = list(checks_of(form, CATALOG, figures))
    assert len(checks) >= len(form.totals)
    for left, op, right in checks:
        one, other = sum(figures[key] for key in left), sum(figures[key] for key in right)
        assert {">=": one >= other, ">": one > other, "=": one == other, "<=": one <= other, "<": one < other}[op]


@pytest.mark.parametrize("code", [code for code in OFFICIAL if CATALOG.forms[code].frequency])
def test_a_form_is_tried_in_every_period_that_it_is_sent_for(code: str) -> None:
    assert [period.code for period in periods(CATALOG.forms[code])] == OFFICIAL[code]


def test_every_form_with_a_frequency_is_tried() -> None:
    assert {code for code, form in CATALOG.forms.items() if form.frequency} <= set(OFFICIAL)


# ---- layouts typed from what is printed, not made from the YAML


def sheet(head: list[str], rows: list[list[object]], merged: list[tuple[int, int, int, int]]) -> Table:
    """The table of a workbook with these rows; the cells of a merged range after the first are ''."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        page = book.add_worksheet()
        for number, row in enumerate([[text] for text in head] + rows):
            for column, value in enumerate(row):
                page.write(number, column, value) if value != "" else None
        for top, left, bottom, right in merged:
            shift = len(head)
            page.merge_range(top + shift, left, bottom + shift, right, rows[top][left])
    [table] = understand(file.getvalue(), CATALOG, ORGS)
    return table


def test_the_printed_quarterly_sheet_of_folic_acid_is_read() -> None:
    use = "农村适龄妇女孕前和孕早期叶酸服用情况"
    table = sheet(
        ["增补叶酸预防神经管缺陷项目季度统计表(地市级、省级表)", "填报单位:样例市", "报告期:2014年第三季度"],
        [
            ["县(区、市)", "死胎和死产数", "神经管缺陷数", use, "", "", "增补叶酸知识", ""],
            ["", "", "", "新增应服用人数", "新增服用人数", "新增叶酸服用依从人数", "调查人数", "知晓人数"],
            ["合 计", 9, 1, 1200, 1100, 1000, 120, 100],
            ["东样县", 5, 0, 700, 650, 600, 70, 60],
            ["西样县", 4, 1, 500, 450, 400, 50, 40],
            ["填表人:合成甲", "", "填表机构:", "", "", "填表日期: 2014年10月8日"],
        ],
        [(0, 0, 1, 0), (0, 1, 1, 1), (0, 2, 1, 2), (0, 3, 0, 5), (0, 6, 0, 7)],
    )
    assert table.refusal is None
    assert table.quarantine == []
    values = {(f.org, f.element): int(f.value) for f in table.facts if f.value is not None}
    assert len(values) == 21
    assert values["x-example", "folic_acid_adherent_women"] == 1000
    assert values["x-example-c1", "stillbirths_28w"] == 5
    assert values["x-example-c2", "neural_tube_defects"] == 1


def reports_head(tick: str) -> list[str]:
    return ["中医药健康管理统计报表", "填报单位:东样县上样镇卫生院", f"报送周期:{tick}", "报告期:2014年9月"]


REPORT_10 = [["村名", "辖区内65岁及以上常住居民数", "接受中医药健康管理服务65岁及以上居民数"], ["样前村", 90, 60]]


def test_a_report_with_boxes_before_their_names_is_read_without_a_question() -> None:
    table = sheet(reports_head("□年 □季 ☑月 □旬"), REPORT_10, [])
    assert (table.refusal, table.quarantine, table.remarks) == (None, [], [])
    assert [f.value for f in table.facts] == [90, 60]


@pytest.mark.parametrize("text", ["2014年(□年、□季、☑月、□旬)", "2014年(□年 □季 ☑月 □旬)"])
def test_the_printed_boxes_after_a_year_are_read(text: str) -> None:
    assert ticked(text) == "month"


@pytest.mark.parametrize("code", [code for code in OFFICIAL if CATALOG.forms[code].claims])
def test_the_printed_rates_of_the_reports_are_read(code: str) -> None:
    _, table = made_and_read(code, OFFICIAL[code][0], rates=True)
    assert table.quarantine == []


def test_doses_headed_by_numbers_are_read() -> None:
    due = "本月(次)应种剂次数"
    table = sheet(
        ["国家免疫规划疫苗常规接种情况报表(表6-1)", "填报单位:东样县上样镇卫生院", "报告期:2014年9月"],
        [["报告单位", due, "", ""], ["", "HepB", "", ""], ["", 1, 2, 3], ["样前村", 7, 6, 5]],
        [(0, 0, 2, 0), (0, 1, 0, 3), (1, 1, 1, 3)],
    )
    assert [f.breakdown for f in table.facts] == ["dose_hepb_1", "dose_hepb_2", "dose_hepb_3"]


# ---- the guide


def told(due: Due | None) -> str:
    """A due day in the guide's words, and the document that says so."""
    if due is None:
        return "–"
    where = "of the next month" if due.month == "next" else "of the period's last month"
    day = f"last day {where}" if due.day == "last" else f"day {due.day} {where}"
    if due.date:
        day = f"the first {due.date} after it"
    if due.working_day:
        day = f"working day {due.working_day} after it"
    return f"{day} (`{due.document}`)"


def line(code: str, form: Form, catalog: Catalog) -> str:
    """A form's row of the table in the guide."""
    source = catalog.documents[form.document or ""]
    cells = [
        f"`{code}`", form.zh, form.frequency or "–", form.calendar, told(form.due), form.row_level or "–",
        form.orientation, f"`{form.document}`: {source.title}; {source.cite}",
    ]  # fmt: skip
    return f"| {' | '.join(cells)} |"


def test_the_guide_lists_every_official_form_as_it_is(repo_root: Path) -> None:
    guide = (repo_root / "docs" / "guide" / "forms.md").read_text("utf-8")
    expected = [line(code, CATALOG.forms[code], CATALOG) for code in OFFICIAL]
    missing = [row for row in expected if row not in guide]
    assert not missing, "\n".join(missing)
    assert len(re.findall(r"^\| `", guide, re.M)) == len(expected)
