"""Counts added up over rows and periods: mixed frequencies, stocks, figures to date, states, coverage."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

CATALOG = {
    "elements/other.yaml": """
births: {zh: 活产, en: births, unit: persons, kind: flow}
managed: {zh: 管理, en: managed, unit: persons, kind: flow}
staff: {zh: 人员, en: staff, unit: persons, kind: stock, carry: 6 months}
served: {zh: 累计服务, en: served to date, unit: persons, kind: year_to_date}
area: {zh: 面积, en: area, unit: persons, kind: attribute}
""",
    "forms/monthly.yaml": """
monthly: {zh: 月报, en: monthly, domain: other, recognise: {title: 月报}, columns: {item: [指标], value: [数值]},
  items: [{element: births, labels: [活产数]}]}
""",
    "forms/survey.yaml": """
month:
  {zh: 村月报, en: village month, domain: other, orientation: units_in_rows, row_level: village,
   recognise: {title: 村月报}, columns: {unit_name: [村名]},
   items: [{element: births, labels: [活产数]}, {element: staff, labels: [人员]}, {element: served, labels: [累计]},
           {element: area, labels: [面积]}]}
quarter:
  {zh: 村季报, en: village quarter, domain: other, orientation: units_in_rows, row_level: village,
   recognise: {title: 村季报}, columns: {unit_name: [村名]},
   items: [{element: births, labels: [活产数]}, {element: staff, labels: [人员]}]}
town_year:
  {zh: 乡年报, en: township year, domain: other, orientation: units_in_rows, row_level: township,
   recognise: {title: 乡年报}, columns: {unit_name: [乡名]}, items: [{element: births, labels: [活产数]}]}
""",
    "indicators/other.yaml": """
share: {zh: 率, en: share, unit: percent, editions: [
  {standard: first, edition: e1, type: proportion, numerator: [managed], denominator: [births], document: paper}]}
""",
    "rules.yaml": "",
    "orgs.csv": """code,name,level,parent
x-county,甲县,county,
x-town,甲镇,township,x-county
x-v1,东村,village,x-town
x-v2,西村,village,x-town
x-town2,乙镇,township,x-county
x-v3,南村,village,x-town2
""",
    "roster.yaml": """
months: {form: month, unit: x-town, valid_from: 2014-01-01, valid_to: 2015-01-01, frequency: month}
quarters: {form: quarter, unit: x-town2, valid_from: 2014-01-01, valid_to: 2015-01-01, frequency: quarter}
""",
}
FOUND = """
    select value, units_expected, units_reported, round(coverage, 4), state, coalesce(state_reason, '')
    from marts.element_value
    where element_code = ? and org_code = ? and period_code = ? and basis = ? and period_basis = ?
"""


@pytest.fixture
def county(make_tiny: Callable[..., Any]) -> Any:
    found = make_tiny(CATALOG)
    found.periods.update(f"2014-{month:02d}" for month in range(1, 13))  # a night adds the periods of the roster
    found.periods.update(f"2014Q{quarter}" for quarter in range(1, 5))
    return found


def say(county: Any, org: str, period: str, form: str = "month", state: str = "", **values: float | None) -> None:
    for element, value in values.items():
        by = {"x-v1": "x-town", "x-v2": "x-town", "x-v3": "x-town2"}.get(org, "x-county")
        county.say(element, value, org=org, period=period, form=form, by=by, state=state)


def figure(county: Any, org: str, period: str, basis: str, period_basis: str, element: str = "births") -> list[Any]:
    found = county.rows(FOUND, element, org, period, basis, period_basis)
    return [tuple(float(v) if v is not None and not isinstance(v, str) else v for v in row) for row in found]


def test_a_village_that_reports_quarterly_among_monthly_ones(county: Any) -> None:
    for month in (1, 2, 3):
        say(county, "x-v1", f"2014-{month:02d}", births=1)
        say(county, "x-v2", f"2014-{month:02d}", births=10)
    say(county, "x-v3", "2014Q1", "quarter", births=100)
    assert figure(county, "x-county", "2014", "rolled_up", "aggregated") == [
        (133, 3, 3, 0.25, "partial", "coverage below 1")
    ]
    assert figure(county, "x-county", "2014H1", "rolled_up", "aggregated")[0][:4] == (133, 3, 3, 0.5)
    assert figure(county, "x-county", "2014Q1", "rolled_up", "aggregated")[0][:4] == (133, 3, 3, 1)
    assert figure(county, "x-county", "2014Q1", "rolled_up", "stated")[0][:4] == (100, 3, 1, 0.3333)


def test_months_go_before_a_stated_quarter_where_they_are_complete_and_never_with_it(county: Any) -> None:
    for month in (1, 2):
        say(county, "x-v1", f"2014-{month:02d}", births=1)
    say(county, "x-v1", "2014Q1", "quarter", births=50)
    say(county, "x-v1", "2014-04", births=7)
    assert figure(county, "x-v1", "2014H1", "own", "aggregated")[0][0] == 57
    assert figure(county, "x-v1", "2014Q1", "own", "aggregated")[0][:4] == (2, 1, 1, 0.6667)
    say(county, "x-v1", "2014-03", births=1)
    assert figure(county, "x-v1", "2014H1", "own", "aggregated")[0][0] == 10


def test_one_that_stops_in_may_and_one_that_starts_in_august(county: Any) -> None:
    for month in range(1, 13):
        if month <= 5:
            say(county, "x-v1", f"2014-{month:02d}", births=1)
        if month >= 8:
            say(county, "x-v2", f"2014-{month:02d}", births=1)
    assert figure(county, "x-town", "2014", "rolled_up", "aggregated") == [
        (10, 2, 2, round(10 / 24, 4), "partial", "coverage below 1")
    ]


def test_a_town_that_sends_only_its_total_is_missing_in_the_roll_up(county: Any) -> None:
    say(county, "x-v1", "2014-01", births=1)
    say(county, "x-town2", "2014-01", births=500)
    assert figure(county, "x-county", "2014-01", "rolled_up", "stated")[0][:4] == (1, 3, 1, 0.3333)
    assert figure(county, "x-town2", "2014-01", "rolled_up", "stated") == []
    assert figure(county, "x-town2", "2014-01", "own", "stated")[0][0] == 500


def test_rows_of_two_levels_are_never_added_together(county: Any) -> None:
    for quarter in range(1, 5):
        say(county, "x-v3", f"2014Q{quarter}", "quarter", births=5)
    for town, births in (("x-town", 70), ("x-town2", 20)):
        say(county, town, "2014", "town_year", births=births)
    assert figure(county, "x-county", "2014", "rolled_up", "stated")[0][0] == 90
    assert figure(county, "x-county", "2014", "rolled_up", "aggregated")[0][0] == 20


def test_a_stock_is_its_last_value_within_its_carry_and_covers_by_units(county: Any) -> None:
    for month, staff in ((1, 4), (2, 5)):
        say(county, "x-v1", f"2014-{month:02d}", staff=staff)
    say(county, "x-v2", "2014-06", staff=3)
    assert figure(county, "x-town", "2014H1", "rolled_up", "aggregated", "staff")[0][:4] == (8, 2, 2, 1)
    assert figure(county, "x-town", "2014", "rolled_up", "aggregated", "staff") == []  # too old at the year's end
    say(county, "x-v2", "2014-09", staff=2)
    assert figure(county, "x-town", "2014", "rolled_up", "aggregated", "staff")[0][:4] == (2, 2, 1, 0.5)


def test_a_figure_to_date_is_the_last_one_of_its_year_and_what_it_grew_by_across_years(county: Any) -> None:
    say(county, "x-v1", "2013-09", served=900)
    say(county, "x-v1", "2013-12", served=1000)
    for month, served in ((1, 10), (3, 30), (9, 90)):
        say(county, "x-v1", f"2014-{month:02d}", served=served)
    assert figure(county, "x-v1", "2014", "own", "aggregated", "served")[0][:4] == (90, 1, 1, 0.75)
    assert figure(county, "x-v1", "M2014", "own", "aggregated", "served")[0][:4] == (190, 1, 1, 1)
    assert figure(county, "x-v1", "M2014H1", "own", "aggregated", "served")[0][:4] == (130, 1, 1, 1)


def test_an_attribute_is_never_added_up(county: Any) -> None:
    for month in (1, 2):
        say(county, "x-v1", f"2014-{month:02d}", area=4)
    assert county.rows("select count(*) from marts.element_value where element_code = 'area' and basis <> 'own'") == [
        (0,)
    ]
    assert figure(county, "x-v1", "2014", "own", "aggregated", "area") == []


@pytest.mark.parametrize("state", ["not_collected", "not_carried_out", "suppressed", "not_applicable", "blank"])
def test_states_change_no_total_and_are_told_where_nothing_is_known(state: str, county: Any) -> None:
    say(county, "x-v1", "2014-01", births=7)
    say(county, "x-v2", "2014-01", state=state, births=None)
    say(county, "x-v3", "2014-01", state=state, births=None)
    assert figure(county, "x-county", "2014-01", "rolled_up", "stated")[0][:4] == (7, 3, 1, 0.3333)
    assert figure(county, "x-town2", "2014-01", "rolled_up", "stated") == [(None, 1, 0, 0, "missing", state)]
    assert figure(county, "x-v2", "2014-01", "own", "stated") == [(None, 1, 0, 0, "missing", state)]


def test_ten_days_make_a_month_and_reports_of_another_calendar_their_own_year(county: Any) -> None:
    for third, births in ((1, 1), (2, 2), (3, 4)):
        say(county, "x-v1", f"2014-01-T{third}", births=births)
    say(county, "x-v1", "2014-02", births=10)
    assert figure(county, "x-v1", "2014-01", "own", "aggregated")[0][:4] == (7, 1, 1, 1)
    assert figure(county, "x-v1", "2014", "own", "aggregated")[0][:4] == (17, 1, 1, round(2 / 12, 4))
    say(county, "x-v1", "M2014H2", births=1000)
    assert figure(county, "x-v1", "2014", "own", "aggregated")[0][0] == 17
    assert figure(county, "x-v1", "M2014", "own", "aggregated")[0][0] == 1017


CONSISTENCY = """
    select own_value, rolled_up_value, verdict, coalesce(reason, '') from marts.level_consistency
    where org_code = ? and period_code = '2014-01' and element_code = 'births' and breakdown_code = ''
"""


@pytest.mark.parametrize(
    ("rows", "own", "found"),
    [
        ((3, 4), 7, ("equal", "")),
        ((3, None), 7, ("explained", "coverage")),
        ((3, 4), 9, ("different", "own_work")),
        ((3, 4), 6, ("different", "rows_exceed")),
        ((9, None), 7, ("different", "rows_exceed")),
    ],
)
def test_what_a_unit_states_is_compared_with_its_rows(
    rows: tuple[int | None, ...], own: int, found: tuple[str, str], county: Any
) -> None:
    for village, births in zip(("x-v1", "x-v2"), rows, strict=True):
        say(county, village, "2014-01", births=births)
    say(county, "x-town", "2014-01", births=own)
    summed = sum(births or 0 for births in rows)
    assert county.rows(CONSISTENCY, "x-town") == [(own, summed, *found)]


def test_a_units_own_work_is_a_row_of_its_own(make_tiny: Callable[..., Any]) -> None:
    orgs = CATALOG["orgs.csv"] + "x-town-own,甲镇本级,village,x-town\n"
    county = make_tiny({**CATALOG, "orgs.csv": orgs})
    county.periods.add("2014-01")
    for unit, births in (("x-v1", 3), ("x-v2", 4), ("x-town-own", 2), ("x-town", 9)):
        county.say("births", births, org=unit, period="2014-01", form="month", by="x-town")
    assert county.rows(CONSISTENCY, "x-town") == [(9, 9, "equal", "")]
    say(county, "x-town2", "2014-01", births=1)
    assert county.rows(CONSISTENCY, "x-county") == []


def test_other_code_lists_are_not_compared(make_tiny: Callable[..., Any]) -> None:
    codes = "sex: {zh: 性别, en: sex, codes: {male: {zh: 男, en: male}}}\n"
    codes += "place: {zh: 地点, en: place, codes: {urban: {zh: 城, en: urban}}}\n"
    county = make_tiny({**CATALOG, "codes.yaml": codes})
    county.periods.add("2014-01")
    county.say("births", 3, org="x-v1", period="2014-01", form="month", by="x-town", breakdown="male")
    county.say("births", 4, org="x-town", period="2014-01", form="month", by="x-town", breakdown="urban")
    query = "select breakdown_code, rolled_up_value, verdict, reason from marts.level_consistency"
    assert county.rows(query) == [("urban", None, "not_comparable", "code_list")]
