"""The sample county: equal seeds give equal bytes, the year adds up to the published report, parts fit their wholes."""

from __future__ import annotations

import csv
import io
import re
from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from pipelines.catalog.load import Catalog, load_catalog
from pipelines.catalog.models import Form
from pipelines.intake.text import label
from pipelines.sample.county import SampleCounty, draw_county, forms
from pipelines.sample.layout import HEADER_ROW, Return, add_up, columns, village_rows, workbook
from pipelines.sample.published import ANNUAL, NEWBORNS_VISITED, POPULATION

REPORT = "mch_county_2014"
# Smaller, larger: in every row of every return.
PARTS = [
    ("women_delivered", "live_births"),
    ("women_with_antenatal_care", "women_delivered"),
    ("women_with_5_antenatal_visits", "women_with_antenatal_care"),
    ("early_antenatal_examined", "women_with_antenatal_care"),
    ("early_pregnancy_registrations", "early_antenatal_examined"),
    ("women_with_antenatal_care", "antenatal_visits"),
    ("women_with_postnatal_visit", "women_delivered"),
    ("women_with_postnatal_visit", "postnatal_visits"),
    ("hospital_deliveries", "women_delivered"),
    ("caesarean_sections", "hospital_deliveries"),
    ("maternal_system_managed", "early_antenatal_examined"),
    ("maternal_system_managed", "women_with_5_antenatal_visits"),
    ("maternal_system_managed", "women_with_postnatal_visit"),
    ("maternal_system_managed", "hospital_deliveries"),
    ("high_risk_pregnancies", "women_delivered"),
    ("high_risk_pregnancies_managed", "high_risk_pregnancies"),
    ("high_risk_hospital_deliveries", "high_risk_pregnancies"),
    ("high_risk_hospital_deliveries", "hospital_deliveries"),
    ("maternal_deaths", "high_risk_pregnancies"),
    ("newborns_visited", "live_births"),
    ("households", "resident_population"),
    ("households_visited", "households"),
    ("electronic_health_records_cumulative", "resident_population"),
    ("health_records_new", "electronic_health_records_cumulative"),
    ("elderly_65_registered", "resident_population"),
    ("elderly_65_with_record", "elderly_65_registered"),
    ("elderly_65_examined", "elderly_65_registered"),
    ("hypertension_standard_managed", "hypertension_registered"),
    ("hypertension_followed_up", "hypertension_registered"),
    ("diabetes_standard_managed", "diabetes_registered"),
    ("diabetes_followed_up", "diabetes_registered"),
    ("severe_mental_standard_managed", "severe_mental_registered"),
    ("severe_mental_followed_up", "severe_mental_registered"),
    ("disputes_mediated_successfully", "disputes_mediated"),
    ("survey_responded", "survey_invited"),
    ("survey_satisfied", "survey_responded"),
    ("survey_dissatisfied", "survey_responded"),
]
STOCKS = [
    "resident_population", "households", "elderly_65_registered", "hypertension_registered", "diabetes_registered",
    "severe_mental_registered", "electronic_health_records_cumulative",
]  # fmt: skip


@pytest.fixture(scope="module")
def county() -> SampleCounty:
    return draw_county()


@pytest.fixture(scope="module")
def shipped(repo_root: Path) -> Catalog:
    return load_catalog(repo_root / "catalog")


def published(repo_root: Path, name: str) -> Iterator[dict[str, str]]:
    with (repo_root / "tests" / "published" / name).open(encoding="utf-8", newline="") as file:
        yield from (row for row in csv.DictReader(file) if row["report_id"] == REPORT)


def rows_of(county: SampleCounty) -> Iterator[dict[str, int | float | None]]:
    return (row for found in county.returns for row in found.rows.values())


def one_of(county: SampleCounty, form: str) -> Return:
    return next(found for found in county.returns if found.form == form)


# ---- the year


def test_the_published_figures_are_those_of_the_county_report(repo_root: Path) -> None:
    printed = {row["element_code"]: row["value"] for row in published(repo_root, "values.csv")}
    assert {element: printed[element] for element in ANNUAL} == {element: str(v) for element, v in ANNUAL.items()}


def test_the_population_is_that_of_the_county_report(county: SampleCounty, repo_root: Path) -> None:
    [printed] = [row["value"] for row in published(repo_root, "values.csv") if row["element_code"] == "population"]
    last = [found for found in county.returns if (found.form, found.period) == ("phs_village_month", "2014-09")]
    assert sum(found.total["resident_population"] or 0 for found in last) == POPULATION == int(printed)


def test_the_newborns_visited_print_the_rate_of_the_county_report(repo_root: Path) -> None:
    printed = published(repo_root, "claims.csv")
    [rate] = [row["reported_value"] for row in printed if row["indicator_code"] == "newborn_visit_rate"]
    assert round(Decimal(NEWBORNS_VISITED) * 100 / ANNUAL["live_births"], 1) == Decimal(rate)


@pytest.mark.parametrize("seed", [2014, 1, 77])
def test_the_years_totals_are_exact_whatever_the_seed(seed: int) -> None:
    drawn = draw_county(seed)
    assert {element: drawn.annual_total(element) for element in ANNUAL} == ANNUAL
    assert drawn.annual_total("newborns_visited") == NEWBORNS_VISITED


def test_what_is_published_is_never_left_blank(county: SampleCounty) -> None:
    blank = {element for row in rows_of(county) for element, value in row.items() if value is None}
    assert blank
    assert not blank & {*ANNUAL, "newborns_visited"}


# ---- the rows


@pytest.mark.parametrize("seed", [2014, 1, 77])
def test_a_part_is_never_more_than_its_whole(seed: int) -> None:
    wrong, seen = [], set()
    for row in rows_of(draw_county(seed)):
        for part, whole in PARTS:
            small, large = row.get(part), row.get(whole)
            if small is not None and large is not None:
                seen.add((part, whole))
                wrong += [(part, small, whole, large)] * (small > large)
    assert wrong == []
    assert seen == set(PARTS)


def test_every_village_reports_every_element_of_its_form_every_month(county: SampleCounty) -> None:
    assert len(county.returns) == 14 * 4 * 12
    for found in county.returns:
        elements = [item.element for item in forms()[found.form].items]
        assert all(list(row) == elements for row in found.rows.values())
    assert sum(len(found.rows) for found in county.returns) == 139 * 4 * 12


def test_a_village_sees_no_more_households_in_a_year_than_it_has(county: SampleCounty) -> None:
    seen: dict[str, float] = defaultdict(float)
    there: dict[str, float] = {}
    for found in county.returns:
        if found.form == "phs_village_month":
            for village, row in found.rows.items():
                seen[village] += row["households_visited"] or 0
                there[village] = row["households"] or 0
    assert len(seen) == 139
    assert all(seen[village] <= there[village] for village in seen)


@pytest.mark.parametrize("element", STOCKS)
def test_a_stock_changes_slowly(element: str, county: SampleCounty) -> None:
    course: dict[str, list[float]] = defaultdict(list)
    for found in county.returns:
        for village, row in found.rows.items():
            if element in row:
                course[village].append(row[element] or 0)
    steps = [abs(b - a) / max(a, 20) for row in course.values() for a, b in pairwise(row)]
    assert len(steps) == 139 * 11
    assert max(steps) < 0.25
    assert sum(steps) / len(steps) < 0.03


def test_births_are_small_over_dispersed_and_seasonal(county: SampleCounty) -> None:
    births = [row["women_delivered"] or 0 for row in rows_of(county) if "women_delivered" in row]
    mean = sum(births) / len(births)
    assert 3 < mean < 9
    assert sum((count - mean) ** 2 for count in births) / len(births) > 1.5 * mean
    by_month: dict[str, float] = defaultdict(float)
    for found in county.returns:
        by_month[found.period] += found.total.get("women_delivered") or 0
    assert by_month["2013-10"] > 1.1 * by_month["2014-04"]


# ---- the workbooks


def cells_of(content: bytes) -> list[list[object]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    [name] = book.sheet_names
    return book.get_sheet_by_name(name).to_python(skip_empty_area=False)


def test_the_total_row_of_every_workbook_is_the_sum_of_its_rows(county: SampleCounty) -> None:
    for found in county.returns:
        form = forms()[found.form]
        cells = cells_of(workbook(found, form))
        rows = village_rows(found)
        total = max(rows.values()) + 1
        assert [cells[row][1] for row in (*rows.values(), total)] == [*found.names.values(), "合计"]
        for element, column in columns(form).items():
            printed = [cells[row][column] for row in rows.values()]
            assert [value if value != "" else None for value in printed] == [
                row[element] for row in found.rows.values()
            ]
            filled = [value for value in printed if value != ""]
            assert cells[total][column] == (sum(filled) if filled else "")


def test_a_total_that_is_not_the_sum_would_be_seen(county: SampleCounty) -> None:
    found = one_of(county, "mch_village_month")
    column, row = columns(forms()[found.form])["live_births"], max(village_rows(found).values()) + 1
    found.total["live_births"] = (before := found.total["live_births"] or 0) + 1
    try:
        cells = cells_of(workbook(found, forms()[found.form]))
    finally:
        found.total["live_births"] = before
    assert cells[row][column] == before + 1 != add_up(found.rows)["live_births"]


@pytest.mark.parametrize("code", forms())
def test_a_workbook_is_laid_out_as_clerks_do(code: str, county: SampleCounty) -> None:
    found, form = one_of(county, code), forms()[code]
    cells = cells_of(workbook(found, form))
    assert cells[0][0] == f"样本县安平镇(合成){form.zh}(2013年10月)"
    texts = [[text for text in row if text != ""] for row in cells]
    assert texts[1] == [f"填报单位:{found.sender_name}", "报告期:2013年10月"]
    assert texts[2][0] == "报送周期: 年□ 季□ 月☑"
    assert cells[HEADER_ROW][:2] == ["序号", "村名"]
    assert texts[-2][0].startswith("注:")
    assert "合成" in texts[-2][0]
    assert re.fullmatch(r"审核人:.+ 填表人:.+ 填报日期:.+", texts[-1][0])


@pytest.mark.parametrize("code", forms())
def test_every_element_stands_under_a_label_of_its_form(code: str, county: SampleCounty) -> None:
    form = forms()[code]
    book = CalamineWorkbook.from_filelike(io.BytesIO(workbook(one_of(county, code), form)))
    sheet = book.get_sheet_by_index(0)
    cells, merged = sheet.to_python(skip_empty_area=False), sheet.merged_cell_ranges or []
    for item in form.items:
        column, words = columns(form)[item.element], []
        for row in (HEADER_ROW, HEADER_ROW + 1):
            inside = [a for a, b in merged if a[0] <= row <= b[0] and a[1] <= column <= b[1]]
            top, left = inside[0] if inside else (row, column)
            words += [text for text in [str(cells[top][left])] if text not in words]
        assert " > ".join(words) in item.labels


# ---- forms and titles


def forms_of(title: str, catalog: Catalog) -> list[str]:
    return [code for code, form in catalog.forms.items() if re.search(form.recognise.title, label(title))]


def title_of(form: Form) -> str:
    return f"样本县安平镇(合成){form.zh}(2013年10月)"


@pytest.mark.parametrize("code", forms())
def test_a_title_is_recognised_by_exactly_one_form(code: str, shipped: Catalog) -> None:
    form = shipped.forms[code]
    for title in (form.zh, title_of(form), form.zh.replace("(", "（").replace(")", "）"), f"2013年10月 {form.zh}"):
        assert forms_of(title, shipped) == [code]


OTHER_TITLES = (
    "县级妇幼保健工作自查表", "柔远镇基本公共卫生服务工作报表", "患者满意度调查月报表",
    "职工满意度调查月报表", "村公共法律服务站工作报表", "妇幼保健工作月报表填报说明",
)  # fmt: skip


@pytest.mark.parametrize("title", OTHER_TITLES)
def test_another_title_is_none_of_these_forms(title: str, shipped: Catalog) -> None:
    assert not set(forms_of(title, shipped)) & set(forms())


def test_no_other_forms_title_is_recognised_as_one_of_these(shipped: Catalog) -> None:
    for code, form in shipped.forms.items():
        if code not in forms():
            printed = re.sub(r"^\.\*|[()]", "", form.recognise.title).split("|")
            for title in (form.zh, *printed, "".join(printed)):
                assert not set(forms_of(title, shipped)) & set(forms())


def test_a_village_form_names_its_level_and_reads_each_label_once(shipped: Catalog) -> None:
    for code in forms():
        form = shipped.forms[code]
        assert (form.orientation, form.row_level, form.subject) == ("units_in_rows", "village", "area")
        labels = [label(text) for item in form.items for text in item.labels]
        assert len(labels) == len(set(labels))
