"""Data values of DHIS2 and tidy CSV: which they are, what they say, what is set aside and where."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.catalog.load import load_catalog
from pipelines.catalog.models.exchange import Exchange
from pipelines.catalog.periods import parse_code
from pipelines.intake.data_values import holds_values, read_json, read_sheet
from pipelines.intake.orgs import OrgIndex
from pipelines.intake.reading import read_sheets
from pipelines.intake.tables import Refusal, Table
from pipelines.intake.understand import understand
from pipelines.sample.examples import UNITS, places
from pipelines.settings import SHIPPED_CATALOG
from tests.unit.warehouse.sites import as_csv, as_xlsx

TOWN, VILLAGE = UNITS["township"], UNITS["village"]
SYSTEM = Exchange.model_validate({
    "zh": "省平台", "en": "province",
    "elements": {"fbfJHSPpUQD": "live_births", "girlsXXXXXX": "live_births[female]"},
    "breakdowns": {"maleCOCxxxx": "male"}, "orgs": {"vilXXXXXXXX": VILLAGE},
    "forms": {"dsXXXXXXXXX": "mch_village_month"},
})  # fmt: skip
SHIPPED = load_catalog(SHIPPED_CATALOG)
CATALOG = replace(SHIPPED, orgs=places(), exchange={**SHIPPED.exchange, "province": SYSTEM})
INDEX = OrgIndex(CATALOG.orgs)
HEAD = "org_code,period_code,element_code,breakdown_code,value"


def tidy(*rows: str, head: str = HEAD, sender: str = "") -> list[Table]:
    [sheet] = read_sheets("\n".join([head, *rows]).encode())
    assert holds_values(sheet)
    found = read_sheet(sheet, CATALOG, INDEX, sender)
    assert all(table.account.balanced for table in found)
    return found


def dhis2(*values: dict[str, object], sender: str = "", **every: object) -> list[Table]:
    found = read_json(json.dumps({**every, "dataValues": values}).encode(), CATALOG, INDEX, sender)
    assert found is not None
    assert all(table.account.balanced for table in found)
    return found


def facts(tables: list[Table]) -> set[tuple[object, ...]]:
    return {
        (t.form, t.reported_by, f.org, f.period.code, f.element, f.breakdown, f.value, f.qualifier, f.state, f.cell)
        for t in tables for f in t.facts
    }  # fmt: skip


def held(tables: list[Table]) -> list[tuple[str, str, str, str]]:
    return [(q.cell, q.printed, q.reason, q.label) for table in tables for q in table.quarantine]


def test_a_tidy_csv_says_whose_when_and_what_in_codes() -> None:
    found = tidy(f"{VILLAGE},2014-09,live_births,,12", f"{VILLAGE},2014-09,live_births,male,约7")
    assert facts(found) == {
        ("data_values", VILLAGE, VILLAGE, "2014-09", "live_births", "", Decimal(12), "exact", "reported", "E2"),
        ("data_values", VILLAGE, VILLAGE, "2014-09", "live_births", "male", Decimal(7), "about", "reported", "E3"),
    }
    [table] = found
    assert (table.account.read, table.account.fact, table.account.label) == (14, 2, 12)
    assert (table.org, table.period) == (VILLAGE, parse_code("2014-09"))


def test_the_breakdown_may_be_left_out_and_columns_stand_in_any_order() -> None:
    found = tidy(f"5,{VILLAGE},live_births,2014", head="value,ORG_CODE,element_code,period_code")
    assert [row[6] for row in facts(found)] == [Decimal(5)]
    assert next(iter(facts(found)))[9] == "A2"


def test_a_state_stands_in_place_of_a_number_and_an_empty_value_is_blank() -> None:
    found = tidy(f"{VILLAGE},2014,live_births,,not_collected", f"{VILLAGE},2014,live_births,male,")
    assert {(row[5], row[6], row[8]) for row in facts(found)} == {("", None, "not_collected"), ("male", None, "blank")}
    assert found[0].account.read == 5 + 4 + 4 + 1  # the empty value is read too


def test_what_dhis2_writes_is_read_with_its_identifiers() -> None:
    found = dhis2(
        {"dataElement": "fbfJHSPpUQD", "period": "201409", "orgUnit": "vilXXXXXXXX", "value": "12",
         "categoryOptionCombo": "HllvX50cXC0", "attributeOptionCombo": "HllvX50cXC0", "storedBy": "x"},
        {"dataElement": "fbfJHSPpUQD", "period": "201409", "orgUnit": "vilXXXXXXXX", "value": "7",
         "categoryOptionCombo": "maleCOCxxxx", "comment": "taizhang:at_least"},
        {"dataElement": "girlsXXXXXX", "period": "201409", "orgUnit": VILLAGE, "value": 5, "followup": False},
    )  # fmt: skip
    rest = ("data_values", VILLAGE, VILLAGE, "2014-09", "live_births")
    assert facts(found) == {
        (*rest, "", Decimal(12), "exact", "reported", "dataValues[0]"),
        (*rest, "male", Decimal(7), "at_least", "reported", "dataValues[1]"),
        (*rest, "female", Decimal(5), "exact", "reported", "dataValues[2]"),
    }


def test_what_stands_before_the_values_counts_for_each() -> None:
    found = dhis2(
        {"dataElement": "fbfJHSPpUQD", "value": "12"}, dataSet="dsXXXXXXXXX", period="2014Oct", orgUnit="vilXXXXXXXX",
        completeDate="2015-10-03",
    )  # fmt: skip
    [table] = found
    assert (table.form, table.org, table.reported_by, table.period) == (
        "mch_village_month",
        TOWN,
        TOWN,
        parse_code("M2015"),
    )
    assert table.facts[0].org == VILLAGE


@pytest.mark.parametrize("names", [("catoptcombo", "attroptcombo"), ("categoryoptioncombo", "attributeoptioncombo")])
def test_dhis2_csv_is_read_as_its_versions_write_it(names: tuple[str, str]) -> None:
    head = ",".join(f'"{n}"' for n in ("dataelement", "period", "orgunit", *names, "value", "storedby", "lastupdated"))
    row = '"fbfJHSPpUQD","2014Q3","vilXXXXXXXX","maleCOCxxxx","HllvX50cXC0","12","admin","2015-01-01"'
    found = tidy(row, head=head)
    assert {row[3:7] for row in facts(found)} == {("2014Q3", "live_births", "male", Decimal(12))}
    assert found[0].facts[0].cell == "F2"


def test_what_is_unknown_is_set_aside_with_its_place_and_the_rest_is_taken() -> None:
    rows = (
        f"{VILLAGE},2014,live_births,,12", f"{VILLAGE},2014,nothing,,1", "nobody,2014,live_births,,2",
        f"{VILLAGE},2014-13,live_births,,3", f"{VILLAGE},2014,live_births,green,4", f"{VILLAGE},2014,live_births,,many",
        f"{VILLAGE},2014,live_births,,0.00001",
    )  # fmt: skip
    found = tidy(*rows)
    assert len(facts(found)) == 1
    assert sorted(held(found)) == [
        ("E3", "1", "unknown_element", "nothing"), ("E4", "2", "unknown_org", "nobody"),
        ("E5", "3", "unknown_period", "2014-13"), ("E6", "4", "unknown_breakdown", "green"),
        ("E7", "many", "not_a_number", "live_births"), ("E8", "0.00001", "not_a_number", "live_births"),
    ]  # fmt: skip


def test_an_attribute_that_nobody_knows_is_no_total() -> None:
    value = {"dataElement": "live_births", "period": "2014", "orgUnit": VILLAGE, "value": "1"}
    found = dhis2(value, {**value, "attributeOptionCombo": "projectXXXX", "value": "2"})
    assert held(found) == [("dataValues[1]", "2", "unknown_attribute", "projectXXXX")]


def test_a_form_takes_only_what_it_asks_for() -> None:
    head = f"{HEAD},form_code"
    rows = ("live_births,,12,mch_village_month", "households,,9,mch_village_month", "live_births,,12,no_form")
    found = tidy(*(f"{VILLAGE},2014-09,{row}" for row in rows), head=head)
    assert [(t.form, t.reported_by) for t in found] == [("mch_village_month", TOWN)]
    assert sorted(held(found)) == [
        ("E3", "9", "unknown_label", "households"),
        ("E4", "12", "unknown_form_code", "no_form"),
    ]


def test_a_sender_speaks_for_itself_and_for_those_below_it() -> None:
    other = VILLAGE.replace("-t1-", "-t2-")
    for sender in (TOWN, f"{TOWN}-health"):
        found = tidy(f"{VILLAGE},2014,live_births,,12", f"{other},2014,live_births,,13", sender=sender)
        assert [(t.org, t.reported_by, len(t.facts)) for t in found] == [(TOWN, sender, 1)]
        assert held(found) == [("E3", "13", "org_not_below", other)]


def test_who_reported_it_may_be_said() -> None:
    found = tidy(f"{VILLAGE},2014,live_births,,12,{TOWN}-health", head=f"{HEAD},reported_by")
    assert [(t.org, t.reported_by) for t in found] == [(TOWN, f"{TOWN}-health")]


def test_each_form_reporter_and_period_is_a_return_and_a_repeated_figure_counts_up() -> None:
    found = tidy(
        f"{VILLAGE},2014-09,live_births,,12", f"{VILLAGE},2014-10,live_births,,13", f"{VILLAGE},2014-09,live_births,,14"
    )
    assert [(t.period.code if t.period else "", [f.occurrence for f in t.facts]) for t in found] == [
        ("2014-09", [1, 2]),
        ("2014-10", [1]),
    ]


def test_an_identifier_with_two_meanings_is_set_aside() -> None:
    other = SYSTEM.model_copy(update={"orgs": {"vilXXXXXXXX": TOWN}})
    catalog = replace(CATALOG, exchange={"a": SYSTEM, "b": other})
    content = f"{HEAD}\n{VILLAGE},2014,live_births,,1\nvilXXXXXXXX,2014,live_births,,2\n".encode()
    found = understand(content, catalog, INDEX)
    assert held(found) == [("E3", "2", "ambiguous_id", "vilXXXXXXXX")]


def test_a_day_of_a_stock_is_as_at_that_day() -> None:
    stock = next(code for code, one in CATALOG.elements.items() if one.kind == "stock")
    flow = next(code for code, one in CATALOG.elements.items() if one.kind == "flow")
    values = [{"dataElement": code, "period": "20140911", "orgUnit": VILLAGE, "value": "1"} for code in (stock, flow)]
    assert {(f.element, f.period.as_at) for t in dhis2(*values) for f in t.facts} == {(stock, True), (flow, False)}


def test_a_deleted_value_is_blank() -> None:
    found = dhis2({"dataElement": "live_births", "period": "2014", "orgUnit": VILLAGE, "value": "3", "deleted": True})
    assert {(row[6], row[8]) for row in facts(found)} == {(None, "blank")}


def test_a_file_of_which_nothing_is_known_is_refused_and_every_value_kept() -> None:
    [table] = tidy("nobody,2014,live_births,,1", f"{VILLAGE},2014,nothing,,2")
    assert table.refusal is not None
    assert table.refusal.reason == "no_known_values"
    assert "unknown_org: nobody" in table.refusal.en
    assert [q.printed for q in table.quarantine] == ["1", "2"]


def test_other_files_are_left_to_the_readers_of_tables() -> None:
    for content in (b"a,b\n1,2\n", b"PK\x03\x04", b'{"a": 1}', b"[1]", b"element_code,value\nx,1\n", b"{not json"):
        assert read_json(content, CATALOG, INDEX) is None
    for content in (b"a,b\n1,2\n", b"element_code,value\nx,1\n"):
        assert not any(map(holds_values, read_sheets(content)))


def test_a_tidy_table_may_stand_in_a_workbook_or_an_archive() -> None:
    rows: list[list[object]] = [HEAD.split(","), [VILLAGE, "2014-09", "live_births", "", 12]]
    book = as_xlsx(values=rows, other=[["会议纪要"]])
    first, second = understand(book, CATALOG, INDEX)
    assert (first.sheet, first.form, first.facts[0].value) == ("values", "data_values", 12)
    assert second.refusal is not None
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a/tidy.csv", as_csv(rows))
    [table] = understand(packed.getvalue(), CATALOG, INDEX)
    assert (table.sheet, table.facts[0].cell) == ("a/tidy.csv", "E2")


def test_json_of_something_else_is_no_table() -> None:
    with pytest.raises(Refusal) as told:
        understand(b'{"a": 1, "b": 2}', CATALOG, INDEX)
    assert told.value.reason == "unreadable_file"


def test_broken_json_of_data_values_is_refused() -> None:
    with pytest.raises(Refusal) as told:
        read_json(b'{"dataValues": [', CATALOG, INDEX)
    assert told.value.reason == "unreadable_file"


def test_the_intake_takes_them_by_their_content() -> None:
    content = f"{HEAD}\n{VILLAGE},2014,live_births,,12\n".encode("utf-8-sig")
    [table] = understand(content, CATALOG, INDEX, filename="九月报表.xlsx")
    assert table.form == "data_values"


WORDS = st.sampled_from(
    [VILLAGE, TOWN, "", "2014", "201409", "live_births", "male", "fbfJHSPpUQD", "12", "≥5", "x", "-1"]
)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.fixed_dictionaries({}, optional=dict.fromkeys(
    ("dataElement", "period", "orgUnit", "value", "categoryOptionCombo", "attributeOptionCombo", "dataSet", "comment"),
    WORDS | st.integers() | st.none() | st.lists(st.none(), max_size=1),
)), max_size=8))  # fmt: skip
def test_whatever_values_hold_each_is_a_fact_or_set_aside(values: list[dict[str, object]]) -> None:
    found = dhis2(*values)
    assert sum(len(table.facts) + len(table.quarantine) for table in found) == len(values)
