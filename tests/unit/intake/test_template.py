"""Empty returns: filled in, each is read as what it is, cell by cell; a cell takes what the form says."""

from __future__ import annotations

import io
from dataclasses import replace
from decimal import Decimal
from random import Random

import openpyxl
import pytest

from pipelines.catalog.load import Catalog, load_catalog
from pipelines.catalog.models import Org, RosterEntry
from pipelines.catalog.periods import Period, parse_code
from pipelines.errors import TaizhangError
from pipelines.intake.orgs import OrgIndex
from pipelines.intake.own_sheets import STAMP, Stamp, read_stamp
from pipelines.intake.reading import read_sheets
from pipelines.intake.template import Template, make_template
from pipelines.intake.template_units import printed_name
from pipelines.intake.understand import understand
from pipelines.sample.examples import OFFICES, UNITS, draw, periods, places
from pipelines.settings import SHIPPED_CATALOG

CATALOG = replace(load_catalog(SHIPPED_CATALOG), orgs=places())
INDEX = OrgIndex(CATALOG.orgs)
TOWN = f"{UNITS['township']}-health"
SEPTEMBER = parse_code("2014-09")
LAID_OUT = [code for code, form in CATALOG.forms.items() if form.orientation != "units_in_columns" and form.columns]


def sender_of(code: str) -> Org:
    """Who sends a form for the example's county or township."""
    form = CATALOG.forms[code]
    unit = places()[UNITS.get(form.row_level or "", UNITS["county"])]
    area = places()[unit.parent] if form.orientation == "units_in_rows" else unit
    return places().get(area.code + OFFICES.get(form.domain, ""), area) if form.subject == "area" else area


def cases() -> list[tuple[str, str]]:
    return [(code, one.code) for code in LAID_OUT for one in periods(CATALOG.forms[code]) or [SEPTEMBER]]


def made(code: str, period: Period = SEPTEMBER, sender: Org | None = None, catalog: Catalog = CATALOG) -> Template:
    return make_template(code, catalog, INDEX, sender or sender_of(code), period)


def filled(template: Template, figures: dict[str, object]) -> bytes:
    """The template with figures in its cells, as a program saves it that keeps everything else."""
    book, target = openpyxl.load_workbook(io.BytesIO(template.content)), io.BytesIO()
    for cell, figure in figures.items():
        book.worksheets[0][cell] = figure
    book.save(target)
    return target.getvalue()


@pytest.mark.parametrize(("code", "period"), cases())
def test_a_filled_template_is_read_without_a_doubt(code: str, period: str) -> None:
    template, rng = made(code, parse_code(period)), Random(code)
    form = CATALOG.forms[code]
    numbers = draw(form, CATALOG, rng)
    figures = dict[str, object]()
    for number, (cell, one) in enumerate(template.inputs.items()):
        mark = list(form.missing)[number % len(form.missing)] if number % 7 == 3 else None
        figure = numbers[one.item.element, one.item.breakdown] // one.item.unit_factor
        figures[cell] = (int(mark) if mark.lstrip("-").isdigit() else mark) if mark else figure + number
    [table] = understand(filled(template, figures), CATALOG, INDEX)
    assert table.refusal is None
    assert (table.form, table.org, table.reported_by) == (code, template.area.code, template.sender.code)
    assert (table.period, table.quarantine, table.remarks) == (parse_code(period), [], [])
    assert len(table.facts) == len(template.inputs)
    for fact in table.facts:
        one, figure = template.inputs[fact.cell], figures[fact.cell]
        assert (fact.org, fact.element, fact.breakdown) == (one.org, one.item.element, one.item.breakdown)
        state = form.missing.get(str(figure), "reported")
        assert fact.state == state
        assert fact.value == (Decimal(str(figure)) * one.item.unit_factor if state == "reported" else None)


def test_an_empty_template_says_nothing_but_blanks_and_the_same_bytes_each_time() -> None:
    template = made("mch_village_month")
    [table] = understand(template.content, CATALOG, INDEX)
    assert {fact.state for fact in table.facts} == {"blank"}
    assert made("mch_village_month").content == template.content


def test_everything_is_locked_but_figures_notes_and_signatures() -> None:
    template = made("mch_village_month")
    sheet = openpyxl.load_workbook(io.BytesIO(template.content)).worksheets[0]
    assert sheet.protection.sheet
    assert sheet.protection.password is None
    open_cells = {cell.coordinate for row in sheet.iter_rows() for cell in row if not cell.protection.locked}
    notes = {f"U{row}" for row in range(5, 9)}
    assert template.inputs.keys() <= open_cells
    assert {cell for cell in open_cells - template.inputs.keys() - notes if not cell.endswith("10")} == set()


def test_the_hidden_sheet_says_what_it_is_and_is_no_table() -> None:
    template = made("nbphs_02_health_education", parse_code("2014Q3"))
    book = openpyxl.load_workbook(io.BytesIO(template.content))
    assert book[STAMP].sheet_state == "hidden"
    stamp = read_stamp(read_sheets(template.content))
    area = UNITS["township"]
    assert stamp == Stamp("nbphs_02_health_education", f"{area}-health", area, "2014Q3", CATALOG.sha256)
    assert read_stamp([]) is None


def test_totals_add_what_is_there_without_the_codes_and_are_blank_where_nothing_is() -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(made("mch_village_month").content)).worksheets[0]
    there, added = "COUNT(C5:C7)", "SUM(C5:C7)"
    for code in ("-1", "-2"):
        there, added = f"{there}-COUNTIF(C5:C7,{code})", f"{added}-SUMIF(C5:C7,{code})"
    assert sheet["C8"].value == f'=IF({there}=0,"",{added})'


def test_cells_take_whole_numbers_or_codes_and_the_rules_of_their_row() -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(made("mch_village_month").content)).worksheets[0]
    found = {str(one.sqref): one for one in sheet.data_validations.dataValidation}
    assert set(found) == {f"{column}{rows}" for column in "CDEFGHIJKLMNOPQRST" for rows in ("5:" + column + "7", "8")}
    plain, ruled = found["C5:C7"], found["E5:E7"]
    assert plain.type == "custom"
    assert plain.formula1 == (
        'IF(ISNUMBER(FIND("|"&C5&"|","|-1|-2|*|/|…|—|-|–|")),TRUE,IF(ISNUMBER(C5),C5=INT(ABS(C5))))'
    )
    assert plain.error == "请填 0 或正整数;没有数时填代码:-1 未统计,-2 未开展,* 不公布,/ 不适用。"
    assert plain.errorStyle in (None, "stop")
    assert "OR(COUNT(E5,O5)<2,MIN(E5,O5)<0,E5>=O5)" in ruled.formula1
    assert ruled.error.endswith("并应符合:活产数 ≥ 新生儿访视人数。")
    assert ruled.errorStyle == "warning"  # a child born in August is visited in September
    painted = [
        (str(cells.sqref), rule.formula[0])
        for cells, rules in sheet.conditional_formatting._cf_rules.items()
        for rule in rules
    ]
    assert ("O5:O7", "NOT(OR(COUNT(E5,O5)<2,MIN(E5,O5)<0,E5>=O5))") in painted


@pytest.mark.parametrize("code", LAID_OUT)
def test_no_formula_or_message_is_longer_than_a_spreadsheet_takes(code: str) -> None:
    template = made(code, *periods(CATALOG.forms[code])[:1])
    sheet = openpyxl.load_workbook(io.BytesIO(template.content)).worksheets[0]
    validated = sheet.data_validations.dataValidation
    assert len(validated) >= len(CATALOG.forms[code].items)
    assert all(len(one.formula1) < 256 and len(one.error) < 256 for one in validated)


def test_rows_are_the_units_that_exist_then_and_owe_the_form() -> None:
    orgs = places()
    village = f"{UNITS['township']}-v2"
    orgs[village] = orgs[village].model_copy(update={"valid_to": parse_code("2014-06").end})
    new = Org(code="x-new", name="新村", level="village", parent=UNITS["township"], valid_from=parse_code("2015").start)
    orgs |= {"x-new": new}
    rows = {one.org for one in make_template(
        "mch_village_month", replace(CATALOG, orgs=orgs), OrgIndex(orgs), orgs[TOWN], SEPTEMBER
    ).inputs.values() if not one.is_total}  # fmt: skip
    town = UNITS["township"]
    assert rows == {f"{town}-v1", f"{town}-v3"}
    owed = RosterEntry(form="mch_village_month", scope=UNITS["county"], level="village", periods=("2014-09",),
                       without=(f"{town}-v3",), frequency="month")  # fmt: skip
    catalog = replace(CATALOG, roster={"owed": owed})
    assert {one.org for one in made("mch_village_month", catalog=catalog).inputs.values()} == {
        f"{town}-v1",
        f"{town}-v2",
        town,
    }


def test_a_name_that_several_units_bear_is_printed_as_the_intake_tells_them_apart() -> None:
    orgs = places()
    town = UNITS["township"]
    twin = Org(code="x-twin", name="样前村(合成)", level="village", parent=town)
    orgs |= {"x-twin": twin}
    index = OrgIndex(orgs)
    assert printed_name(orgs[f"{town}-v1"], index, SEPTEMBER, town) == f"{town}-v1"
    assert printed_name(orgs[f"{town}-v3"], index, SEPTEMBER, town) == "样后村(合成)"
    assert printed_name(orgs[town], index, SEPTEMBER) == "东样县(合成)上样镇(合成)"
    assert printed_name(orgs[UNITS["county"]], index, SEPTEMBER) == "东样县(合成)"


def test_what_cannot_be_written_says_why_and_what_to_do() -> None:
    with pytest.raises(TaizhangError, match=r"not sent for such a period[^→]*→ [^\n]*2014Q3"):
        made("folic_acid_quarter", SEPTEMBER)
    with pytest.raises(TaizhangError, match=r"M2014"):
        made("maternal_health_year", parse_code("2014"))
    with pytest.raises(TaizhangError, match=r"2014-09"):
        made("mch_village_month", parse_code("2014Q3"))  # a form of each month: never an empty return of a quarter
    with pytest.raises(TaizhangError, match="has no village below"):
        made("mch_village_month", sender=places()[UNITS["county"]])
    form = CATALOG.forms["library_summary"].model_copy(update={"orientation": "diagonal"})
    with pytest.raises(TaizhangError, match="Forms without a table cannot be written"):
        made("data_values")
    with pytest.raises(TaizhangError, match="layout diagonal"):
        made("library_summary", catalog=replace(CATALOG, forms={**CATALOG.forms, "library_summary": form}))


def test_a_form_that_is_known_by_its_sheet_has_a_sheet_of_that_name() -> None:
    form = CATALOG.forms["library_summary"]
    by_sheet = form.model_copy(update={"recognise": type(form.recognise)(sheet="^图书馆$")})
    template = made("library_summary", catalog=replace(CATALOG, forms={**CATALOG.forms, "library_summary": by_sheet}))
    assert openpyxl.load_workbook(io.BytesIO(template.content)).sheetnames == ["图书馆", STAMP]


def test_a_form_that_would_not_be_read_is_never_given_out() -> None:
    form = CATALOG.forms["library_summary"]
    other = form.model_copy(update={"recognise": form.recognise.model_copy(update={"title": r"没有\d{4}题目"})})
    with pytest.raises(TaizhangError, match="not read as what it is"):
        made("library_summary", catalog=replace(CATALOG, forms={**CATALOG.forms, "library_summary": other}))
