"""Every kind of rule, and terms of other periods and levels: a planted breach is found, what holds is not."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sql.conftest import CATALOG

ELEMENTS = (
    CATALOG["elements/other.yaml"]
    + """
accepted: {zh: 受理, en: accepted, unit: persons, kind: flow}
concluded: {zh: 办结, en: concluded, unit: persons, kind: flow}
open_cases: {zh: 未结, en: open cases, unit: persons, kind: stock, carry: 6 months}
to_date: {zh: 累计, en: to date, unit: persons, kind: year_to_date}
in_month: {zh: 本月, en: in the month, unit: persons, kind: flow}
deaths: {zh: 死亡, en: deaths, unit: persons, kind: flow, breakdowns: [sex]}
share_points: {zh: 构成, en: share, unit: yuan, kind: attribute, breakdowns: [sex]}
"""
)
FORMS = {
    "forms/mch.yaml": """
mch:
  zh: 妇幼表
  en: mch
  domain: other
  calendar: mch_year
  recognise: {title: 妇幼表}
  columns: {item: [指标], value: [数值]}
  items: [{element: to_date, labels: [累计]}]
""",
    "forms/rows.yaml": """
rows:
  zh: 分村表
  en: rows
  domain: other
  orientation: units_in_rows
  row_level: village
  recognise: {title: 分村表}
  columns: {unit_name: [村]}
  items: [{element: births, labels: [活产数]}]
""",
}
ORGS = CATALOG["orgs.csv"] + "x-village2,乙村,village,x-town\n"
ROSTER = "owed: {form: rows, unit: x-town, periods: ['2014-05']}\n"
RULE = "r: {{zh: 规, en: rule, severity: error, document: paper, {0}}}\n"
FOUND = """
    select org_code, period_code, severity, observed, expected from quality.finding where rule_code = 'r'
    order by 1, 2, 4
"""


@pytest.fixture
def judge(make_tiny: Any) -> Any:
    """A tiny warehouse with one rule."""

    def make(rule: str) -> Any:
        files = {"elements/other.yaml": ELEMENTS, "rules.yaml": RULE.format(rule), "orgs.csv": ORGS, **FORMS}
        return make_tiny({**files, "roster.yaml": ROSTER})

    return make


def test_concluded_may_exceed_accepted_by_what_was_open_before(judge: Any) -> None:
    carry_over = (
        "kind: compare, left: [concluded], op: '<=', right: [accepted, {element: open_cases, period: previous}]"
    )
    tiny = judge(carry_over)
    tiny.say("open_cases", 5, period="2013-12", submission=1)
    tiny.say("accepted", 10, period="2014-05", submission=2)
    tiny.say("concluded", 15, period="2014-05", submission=2)
    tiny.say("accepted", 10, period="2014-06", submission=3)
    tiny.say("concluded", 16, period="2014-06", submission=3)
    tiny.say("accepted", 1, period="2014-09", submission=4)  # the last known stock is older than its carry
    tiny.say("concluded", 99, period="2014-09", submission=4)
    assert tiny.rows(FOUND) == [("x-town", "2014-06", "error", "16", "<= 15")]


def test_a_term_that_is_not_reported_stands_for_zero_only_where_the_rule_says_so_and_then_it_asks(judge: Any) -> None:
    right = "[accepted, {element: open_cases, period: previous}]"
    rule = f"kind: compare, left: [concluded], op: '<=', right: {right}, when_missing: zero"
    tiny = judge(rule)
    tiny.say("accepted", 10)
    tiny.say("concluded", 15)
    assert tiny.rows(FOUND) == [("x-town", "2014", "question", "15", "<= 10")]


def test_a_difference_within_the_tolerance_is_no_finding(judge: Any) -> None:
    tiny = judge("kind: compare, left: [women], op: '=', right: [births], tolerance: 2")
    for number, (women, births) in enumerate([(10, 12), (10, 13), (13, 10)], 1):
        tiny.say("women", women, period=f"201{number}", submission=number)
        tiny.say("births", births, period=f"201{number}", submission=number)
    assert [row[1] for row in tiny.rows(FOUND)] == ["2012", "2013"]


def test_a_constant_is_compared_with(judge: Any) -> None:
    tiny = judge("kind: compare, left: [women], op: '>', constant: 0")
    tiny.say("women", 0)
    tiny.say("women", 1, period="2013", submission=2)
    assert tiny.rows(FOUND) == [("x-town", "2014", "error", "0", "> 0")]


def test_a_total_is_the_sum_of_the_codes_of_its_breakdown(judge: Any) -> None:
    tiny = judge("kind: total, total: deaths, breakdown: sex")
    for year, (total, male, female) in {"2013": (5, 2, 3), "2014": (5, 2, 2)}.items():
        number = int(year)
        tiny.say("deaths", total, period=year, submission=number)
        tiny.say("deaths", male, breakdown="male", period=year, submission=number)
        tiny.say("deaths", female, breakdown="female", period=year, submission=number)
    tiny.say("deaths", 9, period="2012", submission=1)  # without its parts nothing is judged
    assert tiny.rows(FOUND) == [("x-town", "2014", "error", "5", "= 4")]


def test_an_open_list_may_add_up_to_less_than_its_total(judge: Any) -> None:
    tiny = judge("kind: total, total: staff, parts: [staff_town, staff_village], relation: at_least")
    for number, total in enumerate((9, 8, 7), 1):
        tiny.say("staff", total, period=f"201{number}", submission=number)
        tiny.say("staff_town", 4, period=f"201{number}", submission=number)
        tiny.say("staff_village", 4, period=f"201{number}", submission=number)
    assert [row[1] for row in tiny.rows(FOUND)] == ["2013"]


def test_shares_add_up_to_a_hundred_give_or_take_their_rounding(judge: Any) -> None:
    tiny = judge("kind: share, element: share_points, breakdown: sex, tolerance: 0.2")
    for year, (male, female) in {"2013": (51.1, 48.8), "2014": (51.1, 39.7)}.items():
        tiny.say("share_points", male, breakdown="male", period=year, submission=int(year))
        tiny.say("share_points", female, breakdown="female", period=year, submission=int(year))
    assert tiny.rows(FOUND) == [("x-town", "2014", "error", "90.8", "= 100")]


def test_a_cumulative_figure_never_falls_within_its_year_and_its_growth_is_the_flow(judge: Any) -> None:
    tiny = judge("kind: cumulative, element: to_date, flow: in_month")
    for number, (period, cumulative, monthly) in enumerate(
        [("2013-12", 90, 5), ("2014-01", 4, 4), ("2014-02", 9, 5), ("2014-03", 8, 1), ("2014-04", 12, 4)], 1
    ):
        tiny.say("to_date", cumulative, period=period, submission=number)
        tiny.say("in_month", monthly, period=period, submission=number)
    found = [row[1:] for row in tiny.rows(FOUND)]
    assert found == [("2014-03", "error", "1", "= -1"), ("2014-03", "error", "8", ">= 9")]


def test_the_year_of_a_cumulative_figure_is_that_of_its_form(judge: Any) -> None:
    tiny = judge("kind: cumulative, element: to_date, flow: in_month")
    for number, (period, cumulative) in enumerate([("2013-09", 90), ("2013-10", 4), ("2014-01", 3)], 1):
        tiny.say("to_date", cumulative, period=period, form="mch", submission=number)
    tiny.say("to_date", 8, period="2013-12", form="mch", submission=9)
    assert [row[1:] for row in tiny.rows(FOUND)] == [("2014-01", "error", "3", ">= 8")]


def test_what_a_unit_states_is_what_its_rows_add_up_to_where_all_reported(judge: Any) -> None:
    tiny = judge("kind: level, elements: [births]")
    tiny.say("births", 10, period="2014-05", form="rows", submission=1)
    tiny.say("births", 4, org="x-village", period="2014-05", form="rows", by="x-town", submission=1)
    assert tiny.rows(FOUND) == []  # a village is missing
    tiny.say("births", 5, org="x-village2", period="2014-05", form="rows", by="x-town", submission=1)
    assert tiny.rows(FOUND) == [("x-town", "2014-05", "error", "10", "= 9")]


@pytest.mark.parametrize(("later", "asked"), [(9, "error"), (10, None)])
def test_a_figure_is_compared_with_that_of_a_year_before(judge: Any, later: int, asked: str | None) -> None:
    rule = "kind: compare, left: [births], op: '>=', right: [{element: births, period: same_last_year}]"
    tiny = judge(rule)
    tiny.say("births", 10, period="2013-05", submission=1)
    tiny.derive("quality.finding")
    tiny.con.execute("delete from run.touched")  # another night
    tiny.say("births", later, period="2014-05", submission=2)
    assert [row[2] for row in tiny.rows(FOUND)] == ([asked] if asked else [])


def test_a_revision_is_judged_against_what_came_after_it(judge: Any) -> None:
    rule = "kind: compare, left: [births], op: '>=', right: [{element: births, period: same_last_year}]"
    tiny = judge(rule)
    tiny.say("births", 10, period="2013-05", submission=1)
    tiny.say("births", 10, period="2014-05", submission=2)
    assert tiny.rows(FOUND) == []
    tiny.con.execute("delete from run.touched")
    tiny.con.execute("update store.fact_history set known_to = known_from where submission_key = 1")
    tiny.say("births", 11, period="2013-05", submission=3)
    assert tiny.rows(FOUND) == [("x-town", "2014-05", "error", "10", ">= 11")]


def test_flows_are_added_up_to_date_where_no_month_is_missing(judge: Any) -> None:
    rule = "kind: compare, left: [to_date], op: '=', right: [{element: in_month, period: to_date}]"
    tiny = judge(rule)
    for number, (period, cumulative, monthly) in enumerate(
        [("2014-01", 4, 4), ("2014-02", 10, 5), ("2014-04", 99, 4)], 1
    ):
        tiny.say("to_date", cumulative, period=period, submission=number)
        tiny.say("in_month", monthly, period=period, submission=number)
    assert [row[1:] for row in tiny.rows(FOUND)] == [("2014-02", "error", "10", "= 9")]


def test_an_indicator_takes_terms_of_another_period(make_tiny: Any) -> None:
    indicator = """
growth:
  zh: 增长
  en: growth
  unit: percent
  domain: other
  editions:
    - {standard: first, edition: e1, type: ratio, numerator: [births, {element: births, factor: -1, period: previous}],
       denominator: [{element: births, period: previous}], document: paper}
"""
    tiny = make_tiny({"indicators/growth.yaml": indicator})
    tiny.say("births", 8, period="2014-04", submission=1)
    tiny.say("births", 10, period="2014-05", submission=2)
    query = (
        "select period_code, numerator, denominator, value, state from marts.indicator_value "
        "where indicator_code = 'growth' and basis = 'own' and period_code like '2014-0%' order by 1"
    )
    assert tiny.rows(query)[-1] == ("2014-05", 2, 8, 25, "ok")


@pytest.mark.parametrize(("rounding", "found"), [("half_up", ["warning"]), ("truncated", []), ("either", [])])
def test_a_rate_rule_says_how_a_printed_rate_may_be_rounded(make_tiny: Any, rounding: str, found: list[str]) -> None:
    said = "kind: rate, zh: 规, en: rule, severity: warning, document: paper"
    rule = f"r: {{{said}, indicator: share, rounding: {rounding}}}\n"
    tiny = make_tiny({"rules.yaml": rule})
    tiny.say("managed", 2)
    tiny.say("births", 3)
    tiny.claim("share", "66.6")
    assert [
        row[0] for row in tiny.rows("select severity from quality.finding where rule_code = 'claim_truncated'")
    ] == found


def test_a_due_day_that_nobody_knows_yet_is_asked_about_once_for_a_form_and_period(make_tiny: Any) -> None:
    roster = "owed: {form: monthly, level: township, periods: ['2059-12'], due: {working_day: 3}}\n"
    tiny = make_tiny({"roster.yaml": roster})
    tiny.periods.add("2059-12")
    query = "select rule_code, severity, form_code, period_code, observed from quality.finding"
    assert tiny.rows(query) == [("due_day_unknown", "question", "monthly", "2059-12", "3")]
    assert {row[0] for row in tiny.rows("select state from marts.reporting_status")} == {"not_due"}
