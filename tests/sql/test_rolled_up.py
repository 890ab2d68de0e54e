"""Rates added up over the rows of a form and over months: what counts, with which coverage, and what never does."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

VILLAGES = {
    "forms/village.yaml": """
village_month:
  {zh: 村月报, en: village month, domain: other, orientation: units_in_rows, row_level: village,
   recognise: {title: 村月报}, columns: {unit_name: [村名]},
   items: [{element: births, labels: [活产数]}, {element: managed, labels: [管理数]}, {element: staff, labels: [人员]}]}
""",
    "orgs.csv": """code,name,level,parent
x-county,甲县,county,
x-town,甲镇,township,x-county
x-v1,东村,village,x-town
x-v2,西村,village,x-town
x-town2,乙镇,township,x-county
x-v3,南村,village,x-town2
""",
    "roster.yaml": "".join(
        f"owed_{town}: {{form: village_month, unit: x-{town}, periods: [2013-10, 2013-11, 2013-12]}}\n"
        for town in ("town", "town2")
    ),
    "indicators/other.yaml": """
share: {zh: 管理率, en: share, unit: percent, editions: [
  {standard: first, edition: e1, type: proportion, numerator: [managed], denominator: [births], document: paper}]}
per_head: {zh: 人均, en: per head, unit: ratio, editions: [
  {standard: first, edition: e1, type: ratio, numerator: [managed], denominator: [staff], document: paper}]}
""",
    "rules.yaml": "",
}
ROLLED = """
    select numerator, denominator, units_expected, units_reported, round(coverage, 4), state from marts.indicator_value
    where indicator_code = ? and org_code = ? and period_code = ? and basis = ? and period_basis = ?
"""


@pytest.fixture
def town(make_tiny: Callable[..., Any]) -> Any:
    found = make_tiny(VILLAGES)
    found.periods.update(("2013-10", "2013-11", "2013-12"))  # a night adds the periods that the roster names
    return found


def say(town: Any, org: str, period: str, **values: float | None) -> None:
    for element, value in values.items():
        town.say(element, value, org=org, period=period, form="village_month", by="x-town")


def rate(town: Any, org: str, period: str, basis: str, period_basis: str, code: str = "share") -> list[Any]:
    return [
        tuple(float(v) if not isinstance(v, str) else v for v in row)
        for row in town.rows(ROLLED, code, org, period, basis, period_basis)
    ]


def test_a_county_is_the_sum_of_its_villages(town: Any) -> None:
    for org, births, managed in (("x-v1", 10, 9), ("x-v2", 20, 15), ("x-v3", 30, 30)):
        say(town, org, "2013-10", births=births, managed=managed)
    assert rate(town, "x-county", "2013-10", "rolled_up", "stated") == [(54, 60, 3, 3, 1, "ok")]
    assert rate(town, "x-town", "2013-10", "rolled_up", "stated") == [(24, 30, 2, 2, 1, "ok")]


def test_the_towns_own_total_is_no_row_and_is_not_counted_again(town: Any) -> None:
    say(town, "x-v1", "2013-10", births=10, managed=9)
    say(town, "x-town", "2013-10", births=99, managed=98)
    assert rate(town, "x-town", "2013-10", "rolled_up", "stated") == [(9, 10, 2, 1, 0.5, "partial")]
    assert rate(town, "x-town", "2013-10", "own", "stated") == [(98, 99, 1, 1, 1, "ok")]
    assert rate(town, "x-county", "2013-10", "rolled_up", "stated")[0][:2] == (9, 10)


def test_a_village_enters_both_sides_or_none(town: Any) -> None:
    say(town, "x-v1", "2013-10", births=10, managed=9)
    say(town, "x-v2", "2013-10", births=20, managed=None)
    assert rate(town, "x-county", "2013-10", "rolled_up", "stated") == [(9, 10, 3, 1, 0.3333, "partial")]


@pytest.mark.parametrize(("period", "births", "coverage"), [("2013Q4", 30, 1), ("M2014", 30, 0.25), ("2013", 30, 0.25)])
def test_months_are_added_up_to_every_longer_period_with_their_coverage(
    period: str, births: int, coverage: float, town: Any
) -> None:
    for month in ("2013-10", "2013-11", "2013-12"):
        say(town, "x-v1", month, births=10, managed=8)
    found = rate(town, "x-v1", period, "own", "aggregated")
    assert found == [(24, births, 1, 1, coverage, "ok" if coverage == 1 else "partial")]


def test_unit_months_that_the_roster_owes_are_the_coverage_of_a_longer_period(town: Any) -> None:
    for org in ("x-v1", "x-v2"):
        say(town, org, "2013-10", births=10, managed=8)
    say(town, "x-v1", "2013-11", births=10, managed=8)
    assert rate(town, "x-town", "M2014", "rolled_up", "aggregated") == [(24, 30, 2, 2, 0.5, "partial")]
    assert rate(town, "x-county", "M2014", "rolled_up", "aggregated") == [(24, 30, 3, 2, 0.3333, "partial")]


def test_a_stock_counts_with_its_last_month_and_a_flow_with_all(town: Any) -> None:
    for month, staff, managed in (("2013-10", 4, 3), ("2013-11", 5, 6)):
        say(town, "x-v1", month, staff=staff, managed=managed)
    assert rate(town, "x-v1", "2013Q4", "own", "aggregated", "per_head")[0][:2] == (9, 5)


def test_what_a_year_states_stands_beside_what_its_months_give(town: Any) -> None:
    say(town, "x-v1", "2013", births=100, managed=90)
    say(town, "x-v1", "2013-10", births=10, managed=8)
    assert rate(town, "x-v1", "2013", "own", "stated")[0][:2] == (90, 100)
    assert rate(town, "x-v1", "2013", "own", "aggregated")[0][:2] == (8, 10)


def test_a_later_village_changes_its_county_and_leaves_the_rest(town: Any) -> None:
    say(town, "x-v1", "2013-10", births=10, managed=9)
    assert rate(town, "x-county", "M2014", "rolled_up", "aggregated") == []  # one month says what it says
    say(town, "x-v3", "2013-11", births=30, managed=30)
    assert rate(town, "x-county", "M2014", "rolled_up", "aggregated")[0][:2] == (39, 40)
    assert rate(town, "x-town", "M2014", "rolled_up", "aggregated")[0][:2] == (9, 10)


def test_a_unit_with_a_month_in_its_townships_table_and_one_in_its_own_return_is_one_figure(town: Any) -> None:
    """Its own quarter holds both; its township adds up only what stands in the rows of the township's table."""
    say(town, "x-v1", "2013-10", births=10, managed=5)
    for element, value in (("births", 20), ("managed", 19)):
        town.say(element, value, org="x-v1", period="2013-11", form="monthly", by="x-v1", submission=9)
    assert rate(town, "x-v1", "2013Q4", "own", "aggregated") == [(24, 30, 1, 1, 0.6667, "partial")]
    assert rate(town, "x-town", "2013Q4", "rolled_up", "aggregated") == [(5, 10, 2, 1, 0.1667, "partial")]


ABOVE = "select org_code, period_code, cells from quality.finding where rule_code = 'rate_above_whole' order by all"


def test_a_rate_above_its_whole_is_told_where_it_arises_and_not_of_all_that_follows(town: Any) -> None:
    say(town, "x-v1", "2013-10", births=50, managed=600)
    say(town, "x-v1", "2013-11", births=50, managed=49)
    say(town, "x-v2", "2013-10", births=50, managed=50)
    assert rate(town, "x-county", "2013Q4", "rolled_up", "aggregated")[0][:2] == (699, 150)
    assert town.rows(ABOVE) == [("x-v1", "2013-10", "D2,D1")]


def test_what_is_above_its_whole_in_a_town_and_in_one_of_its_other_villages_is_told_of_both(town: Any) -> None:
    say(town, "x-v1", "2013-10", births=50, managed=600)
    say(town, "x-v2", "2013-11", births=5, managed=6)
    say(town, "x-v3", "2013-11", births=5, managed=5)
    assert town.rows(ABOVE) == [("x-v1", "2013-10", "D2,D1"), ("x-v2", "2013-11", "D4,D3")]


def test_a_quarter_that_is_above_its_whole_as_stated_is_told_of_itself(town: Any) -> None:
    say(town, "x-v1", "2013-10", births=50, managed=49)
    for element, value in {"births": 50, "managed": 60}.items():
        town.say(element, value, org="x-v1", period="2013Q4", form="village_month", by="x-v1", submission=7)
    assert town.rows(ABOVE) == [("x-v1", "2013Q4", "D4,D3")]
