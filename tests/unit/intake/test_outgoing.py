"""The return that goes up: every form filled in is read as what was put in; rates, codes, rows, cover."""

from __future__ import annotations

import io
from dataclasses import replace
from decimal import Decimal
from random import Random
from typing import Any

import openpyxl
import pytest

from pipelines.catalog.load import load_catalog
from pipelines.catalog.models import Org
from pipelines.catalog.periods import Period, parse_code
from pipelines.errors import TaizhangError
from pipelines.intake import outgoing
from pipelines.intake.cover import MOST_ROWS, Cover, Section
from pipelines.intake.orgs import OrgIndex
from pipelines.intake.outgoing import Outgoing, make_return, outgoing_rows
from pipelines.intake.outgoing_rates import formula_of
from pipelines.intake.own_sheets import COVER
from pipelines.intake.template_page import Said, Template
from pipelines.intake.understand import understand
from pipelines.sample.examples import OFFICES, UNITS, draw, periods, places
from pipelines.settings import SHIPPED_CATALOG

CATALOG = replace(load_catalog(SHIPPED_CATALOG), orgs=places())
INDEX = OrgIndex(CATALOG.orgs)
SEPTEMBER = parse_code("2014-09")
LAID_OUT = [code for code, form in CATALOG.forms.items() if form.orientation != "units_in_columns" and form.columns]
NOTHING = Cover("汇总说明")
STATES = ("not_collected", "not_carried_out", "suppressed", "not_applicable", "blank")


def senders(code: str) -> list[Org]:
    """Who sends a form for the unit above its rows, and for the unit above that one."""
    form, orgs = CATALOG.forms[code], places()
    unit = orgs[UNITS.get(form.row_level or "", UNITS["county"])]
    area = orgs[unit.parent] if form.orientation == "units_in_rows" else unit
    office = orgs.get(area.code + OFFICES.get(form.domain, ""), area) if form.subject == "area" else area
    higher = [orgs[area.parent]] if form.orientation == "units_in_rows" and area.parent else []
    return [office, *higher]


def cases() -> list[tuple[str, str, str]]:
    return [
        (code, sender.code, period.code)
        for code in LAID_OUT
        for sender in senders(code)
        for period in (periods(CATALOG.forms[code]) or [SEPTEMBER])[-1:]
    ]


def rows_of(code: str, area: Org, period: Period) -> list[Org]:
    form = CATALOG.forms[code]
    return outgoing_rows(form, INDEX, area, period) if form.orientation == "units_in_rows" else []


def area_of(code: str, sender: Org) -> Org:
    served = CATALOG.forms[code].subject == "area" and sender.level == "institution"
    return places()[sender.parent] if served else sender


def figures(code: str, units: list[str]) -> dict[tuple[str, str, str], Said]:
    """Made-up figures of units, a state of every kind and a figure that is not exact among them."""
    form, found, rng = CATALOG.forms[code], dict[tuple[str, str, str], Said](), Random(code)
    for unit in units:
        for (element, breakdown), value in draw(form, CATALOG, rng).items():
            number = len(found)
            if number % 5 == 3:
                found[unit, element, breakdown] = Said(None, STATES[number // 5 % len(STATES)])
            elif number % 11 == 7:
                found[unit, element, breakdown] = Said(Decimal(value), "reported", "at_least")
            else:
                found[unit, element, breakdown] = Said(Decimal(value))
    return found


def made(code: str, sender: Org, period: Period, said: Outgoing | None = None) -> Template:
    area = area_of(code, sender)
    rows = rows_of(code, area, period)
    said = said or Outgoing(figures(code, [*(row.code for row in rows), area.code]), NOTHING)
    return make_return(code, CATALOG, INDEX, sender, period, rows, said)


@pytest.mark.parametrize(("code", "sender", "period"), cases())
def test_every_form_filled_in_says_when_it_is_read_what_was_put_in(code: str, sender: str, period: str) -> None:
    who, when = places()[sender], parse_code(period)
    area = area_of(code, who)
    wanted = figures(code, [*(row.code for row in rows_of(code, area, when)), area.code])
    template = made(code, who, when)
    [table] = understand(template.content, CATALOG, INDEX)
    assert (table.form, table.org, table.reported_by, table.period) == (code, area.code, sender, when)
    assert (table.refusal, table.quarantine) == (None, [])
    assert {(f.org, f.element, f.breakdown): (f.value, f.state, f.qualifier) for f in table.facts} == wanted
    assert {fact.occurrence for fact in table.facts} == {1}


def test_rates_are_those_of_the_counts_of_their_row_and_blank_without_them() -> None:
    code, township = "nbphs_01_health_records", places()[UNITS["township"]]
    villages = [org.code for org in rows_of(code, township, parse_code("2014Q3"))]
    said = {
        (villages[0], "resident_population", ""): Said(Decimal(800)),
        (villages[0], "health_records_cumulative", ""): Said(Decimal(700)),
        (villages[0], "electronic_health_records_cumulative", ""): Said(Decimal(1)),
        (villages[1], "resident_population", ""): Said(Decimal(800)),
        (villages[2], "resident_population", ""): Said(Decimal(0)),
        (villages[2], "health_records_cumulative", ""): Said(Decimal(0)),
    }
    [table] = understand(
        made(code, township, parse_code("2014Q3"), Outgoing(said, NOTHING)).content, CATALOG, INDEX
    )  # fmt: skip
    assert [(one.org, one.indicator, one.value, one.decimals) for one in table.claims] == [
        (villages[0], "health_record_coverage_rate", Decimal("87.5"), 2),
        (villages[0], "electronic_health_record_rate", Decimal("0.13"), 2),  # 0.125: half up
    ]


def test_a_rate_is_of_the_standard_that_the_level_shows_first() -> None:
    form = CATALOG.forms["maternal_health_year"]
    claim = next(one for one in form.claims if one.indicator == "maternal_system_management_rate")
    day = parse_code("M2014").end
    county, township = (formula_of(claim, form, CATALOG, level, day) for level in ("county", "township"))
    assert county is not None
    assert township is not None
    assert (county.edition.standard, township.edition.standard) == ("mch_survey", "women_delivered")
    known = {("maternal_system_managed", ""): Decimal(1), ("live_births", ""): Decimal(3)}
    assert county.rate(known.get) == Decimal("33.33")
    assert township.rate(known.get) is None
    other = next(one for one in form.claims if one.indicator == "maternal_mortality_ratio")
    child = CATALOG.forms["nbphs_01_health_records"]
    assert formula_of(other, child, CATALOG, "county", day) is None


def test_rows_are_the_units_right_below_that_hold_rows_of_the_form() -> None:
    form, orgs = CATALOG.forms["mch_village_month"], places()
    county = orgs[UNITS["county"]]
    assert [org.level for org in outgoing_rows(form, INDEX, county, SEPTEMBER)] == ["township", "township"]
    lone = Org(code="x-lone", name="直管村", level="village", parent=county.code)
    empty = Org(code="x-empty", name="空镇", level="township", parent=county.code)
    index = OrgIndex({**orgs, "x-lone": lone, "x-empty": empty})
    found = [org.code for org in outgoing_rows(form, index, county, SEPTEMBER)]
    assert found == [f"{county.code}-t1", f"{county.code}-t2", "x-lone"]
    with pytest.raises(TaizhangError, match="has no village below"):
        outgoing_rows(form, INDEX, orgs[f"{UNITS['township']}-v1"], SEPTEMBER)


def test_a_figure_that_looks_like_a_code_stays_a_figure() -> None:
    code, township = "mch_village_month", places()[UNITS["township"]]
    village = f"{township.code}-v1"
    said = {(village, "live_births", ""): Said(Decimal(-1)), (village, "women_delivered", ""): Said(Decimal("0.1234"))}
    [table] = understand(made(code, township, SEPTEMBER, Outgoing(said, NOTHING)).content, CATALOG, INDEX)
    found = {(f.org, f.element): (f.value, f.state) for f in table.facts if f.value is not None}
    assert found == {
        (village, "live_births"): (Decimal(-1), "reported"),
        (village, "women_delivered"): (Decimal("0.1234"), "reported"),
    }


def test_a_wide_table_is_broken_where_its_headings_change_and_prints_its_names_on_each_page() -> None:
    sheet = sheets(made("maternal_health_year", places()[UNITS["county"]], parse_code("M2014")))[0]
    breaks = [one.id for one in sheet.col_breaks.brk]
    assert len(breaks) >= 2
    assert (sheet.print_title_cols, sheet.page_setup.scale) == ("$A:$B", 55)
    merged = [str(one) for one in sheet.merged_cells.ranges]
    for column in breaks:  # no heading goes over a break
        for cells in merged:
            first, last = openpyxl.utils.range_boundaries(cells)[0::2]
            assert not first <= column < last, cells
    headings = {cell.value for cell in sheet[4]}
    assert {"孕产妇管理", "接生情况"} <= headings


def test_columns_are_wide_enough_for_what_they_show() -> None:
    code, township = "mch_village_month", places()[UNITS["township"]]
    said = {(f"{township.code}-v1", "live_births", ""): Said(Decimal(123_456_789_012))}
    sheet = sheets(made(code, township, SEPTEMBER, Outgoing(said, NOTHING)))[0]
    [cell] = [cell for row in sheet.iter_rows() for cell in row if cell.value == 123_456_789_012]
    assert sheet.column_dimensions[cell.column_letter].width >= 13


def test_the_cover_is_a_sheet_of_ours_and_says_how_much_it_leaves_out() -> None:
    lines = [(f"=cmd{number}", Decimal("1.5"), None) for number in range(MOST_ROWS + 3)]
    cover = Cover("汇总说明", [("发布", "r1")], [Section("很多", ("a", "b", "c"), lines), Section("没有", ("a",), [])])
    template = made("mch_village_month", places()[UNITS["township"]], SEPTEMBER, Outgoing({}, cover))
    sheet = {one.title: one for one in sheets(template)}[COVER]
    texts = [row[0] for row in sheet.iter_rows(values_only=True) if row[0]]
    assert f"很多({MOST_ROWS + 3})" in texts
    assert "另有 3 行未列出 / 3 more rows are not listed" in texts
    assert texts[-2:] == ["没有(0)", "无 none"]
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
    assert len(understand(template.content, CATALOG, INDEX)) == 1


def test_a_return_that_would_be_read_otherwise_is_never_given_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outgoing, "code_of", lambda form, state: "-2")
    village = f"{UNITS['township']}-v1"
    said = Outgoing({(village, "live_births", ""): Said(None, "not_collected")}, NOTHING)
    with pytest.raises(TaizhangError, match="is not read as what it is"):
        made("mch_village_month", places()[UNITS["township"]], SEPTEMBER, said)


def sheets(template: Template) -> list[Any]:
    return list(openpyxl.load_workbook(io.BytesIO(template.content)).worksheets)
