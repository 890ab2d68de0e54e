"""quality.finding: each kind of question that a return can raise."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from pipelines.warehouse.rows import insert

Make = Callable[..., Any]
FINDINGS = "select rule_code, severity, org_code, elements, observed, expected, cells from quality.finding order by 1"
BRIEF = "select rule_code, severity from quality.finding order by 1"


def test_a_return_without_faults_raises_nothing(tiny: Any) -> None:
    for element, value in {"managed": 3, "births": 4, "staff": 3, "staff_town": 1, "staff_village": 2}.items():
        tiny.say(element, value)
    tiny.claim("share", "75")
    assert tiny.rows(FINDINGS) == []


# ---- statements


@pytest.mark.parametrize(("again", "found"), [(10, []), (11, [("stated_twice", "warning")])])
def test_a_figure_stated_twice_is_a_finding_where_the_values_differ(
    again: int, found: list[tuple[str, str]], tiny: Any
) -> None:
    tiny.say("births", 10)
    tiny.say("births", again, occurrence=2)
    assert tiny.rows(BRIEF) == found


def test_a_blank_against_a_figure_in_one_return_is_a_finding(tiny: Any) -> None:
    tiny.say("births", 10)
    tiny.say("births", None, occurrence=2)
    assert tiny.rows(FINDINGS) == [
        ("stated_twice", "warning", "x-town", "births", "blank", "10.0000", "D1,D2"),
    ]


@pytest.mark.parametrize(("other", "found"), [(10, []), (11, [("sources_disagree", "warning")]), (None, [])])
def test_two_sources_that_state_different_figures_disagree(
    other: int | None, found: list[tuple[str, str]], tiny: Any
) -> None:
    tiny.say("births", 10, submission=1)
    tiny.say("births", other, submission=2, form="survey")
    assert tiny.rows(BRIEF) == found


def test_a_replaced_statement_is_no_source(tiny: Any) -> None:
    tiny.say("births", 10, submission=1, known_to=datetime(2015, 1, 9))
    tiny.say("births", 11, submission=2)
    assert tiny.rows(BRIEF) == []


# ---- rules


@pytest.mark.parametrize(
    ("org", "managed", "found"),
    [
        ("x-town", 4, []),
        ("x-town", 5, [("births_at_least_managed", "error")]),
        ("x-county", 5, [("births_at_least_managed", "question")]),
        ("x-village", 5, []),
    ],
)
def test_a_broken_rule_is_as_severe_as_the_level_says(
    org: str, managed: int, found: list[tuple[str, str]], make_tiny: Make
) -> None:
    tiny = make_tiny({"indicators/other.yaml": "share: {zh: 率, en: share, unit: percent}\n"})
    tiny.say("births", 4, org=org)
    tiny.say("managed", managed, org=org)
    assert tiny.rows(BRIEF) == found


@pytest.mark.parametrize(
    ("operator", "holds", "breaks"), [(">=", 4, 5), (">", 3, 4), ("=", 4, 3), ("<=", 4, 3), ("<", 5, 4)]
)
def test_every_operator_judges(operator: str, holds: int, breaks: int, make_tiny: Make) -> None:
    rule = (
        f"r: {{kind: compare, zh: 规, en: rule, left: [births], op: '{operator}', right: [managed], "
        "severity: error, document: paper}\n"
    )
    tiny = make_tiny({"rules.yaml": rule, "indicators/other.yaml": "share: {zh: 率, en: share, unit: percent}\n"})
    for org, managed in {"x-town": holds, "x-town2": breaks}.items():
        tiny.say("births", 4, org=org, submission=managed)
        tiny.say("managed", managed, org=org, submission=managed)
    assert tiny.rows("select org_code, rule_code from quality.finding") == [("x-town2", "r")]


def test_a_rule_with_a_side_that_is_not_reported_is_not_judged(tiny: Any) -> None:
    tiny.say("births", None)
    tiny.say("managed", 5)
    assert tiny.rows(BRIEF) == []


# ---- printed rates, totals, computed rates


@pytest.mark.parametrize(
    ("printed", "found"),
    [
        ("66.7", []),
        ("66.6", [("claim_truncated", "question")]),
        ("33.3", [("claim_inconsistent", "error")]),
        ("50.0", [("claim_inconsistent", "error"), ("claim_unattainable", "error")]),
    ],
)
def test_a_printed_rate_is_questioned_where_the_counts_do_not_give_it(
    printed: str, found: list[tuple[str, str]], tiny: Any
) -> None:
    tiny.say("managed", 2)
    tiny.say("births", 3)
    tiny.claim("share", printed)
    assert tiny.rows(BRIEF) == found


def test_an_unattainable_rate_is_found_without_its_numerator(tiny: Any) -> None:
    tiny.say("births", 3)
    tiny.claim("share", "50.0")
    assert tiny.rows(BRIEF) == [("claim_unattainable", "error")]


@pytest.mark.parametrize(("again", "found"), [("66.7", 0), ("66.67", 2)])
def test_a_rate_printed_twice_with_two_texts_is_questioned_in_both_cells(again: str, found: int, tiny: Any) -> None:
    tiny.say("managed", 2)
    tiny.say("births", 3)
    tiny.claim("share", "66.7")
    tiny.claim("share", again)
    assert tiny.rows(BRIEF) == [("claim_printed_twice", "question")] * found


def test_a_total_that_breaks_its_relation_is_a_finding(tiny: Any) -> None:
    for element, value in {"staff": 10, "staff_town": 4, "staff_village": 5}.items():
        tiny.say(element, value)
    assert tiny.rows(FINDINGS) == [
        ("total_by_place", "error", "x-town", "staff", "10.0000", "= 9.0000", "D1=D2+D3"),
    ]


@pytest.mark.parametrize(
    ("type_", "severity"), [("proportion", "error"), ("near_proportion", "question"), ("ratio", "")]
)
def test_a_rate_above_its_whole_is_found(type_: str, severity: str, make_tiny: Make) -> None:
    text = (
        f"share: {{zh: 率, en: share, unit: percent, editions: [{{standard: first, edition: e, type: {type_}, "
        "numerator: [managed], denominator: [women], document: paper}]}\n"
    )
    tiny = make_tiny({"indicators/other.yaml": text})
    tiny.say("managed", 5)
    tiny.say("women", 4)
    assert tiny.rows(BRIEF) == ([("rate_above_whole", severity)] if severity else [])


def test_a_rate_above_its_whole_is_told_once_for_the_editions_of_the_same_counts(make_tiny: Make) -> None:
    edition = "{{standard: {}, edition: e, type: proportion, numerator: [managed], denominator: [{}], document: paper}}"
    editions = ", ".join(
        itertools.starmap(edition.format, (("first", "women"), ("second", "women"), ("third", "births")))
    )
    tiny = make_tiny(
        {
            "indicators/other.yaml": f"share: {{zh: 率, en: share, unit: percent, editions: [{editions}]}}\n",
            "standards.yaml": "".join(f"{name}: {{zh: {name}, en: {name}}}\n" for name in ("first", "second", "third")),
        }
    )
    for element, value in {"managed": 5, "women": 4, "births": 3}.items():
        tiny.say(element, value)
    assert tiny.rows(
        "select elements, expected from quality.finding where rule_code = 'rate_above_whole' order by 1"
    ) == [
        ("share (first, second)", "<= 4"),
        ("share (third)", "<= 3"),
    ]


# ---- cells


@pytest.mark.parametrize(
    ("rule", "severity"),
    [
        ("count_not_whole", "error"),
        ("count_negative", "error"),
        ("unit_mismatch", "warning"),
        ("absent_in_revision", "question"),
    ],
)
def test_a_remark_on_a_cell_is_a_finding_as_long_as_its_figure_counts(rule: str, severity: str, tiny: Any) -> None:
    tiny.say("births", 10, submission=1)
    tiny.write()
    org, period = tiny.con.sql("select org_key, period_key from store.fact_history").fetchall()[0]
    insert(tiny.con, "intake.remark", [(1, rule, org, period, "births", "D1", "头", "人")])
    assert tiny.rows(FINDINGS) == [(rule, severity, "x-town", "births", "头", "人", "D1")]
    tiny.say("women", 10, submission=2)
    assert tiny.rows(FINDINGS) == [(rule, severity, "x-town", "births", "头", "人", "D1")]
    tiny.con.execute("update store.fact_history set known_to = known_from where cell = 'D1'")
    tiny.say("births", 11, submission=3)
    assert tiny.rows(FINDINGS) == []


@pytest.mark.parametrize("reason", ["not_a_number", "unknown_label", "no_label", "unknown_period", "unknown_column"])
def test_a_quarantined_cell_is_a_finding_until_a_newer_return_comes(reason: str, tiny: Any) -> None:
    tiny.say("births", 10, submission=1)
    tiny.write()
    insert(tiny.con, "intake.quarantine", [("s1", "表", "D9", "十几", reason, "产妇数")])
    assert tiny.rows(FINDINGS) == [("cell_quarantined", "warning", "x-town", "产妇数", "十几", reason, "D9")]
    assert reason not in tiny.rows("select message_zh || message_en from quality.finding")[0][0]
    tiny.say("women", 10, submission=2)
    assert tiny.rows(FINDINGS) == []


def test_findings_of_one_night_have_ids_of_their_own(tiny: Any) -> None:
    for number, org in enumerate(("x-town", "x-town2"), 1):
        for element, value in {"births": 4, "managed": 5, "staff": 3, "staff_town": 1, "staff_village": 1}.items():
            tiny.say(element, value, org=org, submission=number)
        tiny.claim("share", "75", org=org, submission=number)
    [counts] = tiny.rows("select count(*), count(distinct finding_id) from quality.finding")
    assert counts[0] == counts[1] >= 8


def test_a_mended_return_takes_its_findings_back(tiny: Any) -> None:
    tiny.say("births", 4, submission=1)
    tiny.say("managed", 5, submission=1)
    assert ("births_at_least_managed", "error") in tiny.rows(BRIEF)
    tiny.con.execute("update store.fact_history set known_to = known_from")
    tiny.say("births", 4, submission=2)
    tiny.say("managed", 4, submission=2)
    assert tiny.rows(BRIEF) == []


def test_two_senders_with_the_same_mistake_have_findings_of_their_own(tiny: Any) -> None:
    for number, sender in enumerate(("x-town", "x-village"), 1):
        tiny.numbers = itertools.count(1)
        for element, value in {"staff": 10, "staff_town": 4, "staff_village": 5}.items():
            tiny.say(element, value, by=sender, submission=number)
    found = tiny.rows("select count(*), count(distinct finding_id) from quality.finding")
    assert found == [(2, 2)]


def test_two_breakdowns_above_their_whole_have_findings_of_their_own(make_tiny: Make) -> None:
    text = (
        "share: {zh: 率, en: share, unit: percent, editions: [{standard: first, edition: e, type: proportion, "
        "numerator: [managed], denominator: [women], document: paper}]}\n"
    )
    tiny = make_tiny({"indicators/other.yaml": text})
    for breakdown in ("male", "female"):
        tiny.say("managed", 5, breakdown=breakdown)
        tiny.say("women", 4, breakdown=breakdown)
    found = tiny.rows("select count(*), count(distinct finding_id) from quality.finding")
    assert found == [(2, 2)]


# ---- periods and senders


def test_a_year_that_is_not_the_sum_of_its_months_is_a_finding_once_all_of_them_are_there(tiny: Any) -> None:
    tiny.say("births", 100, period="2014Q1")
    for month, births in ((1, 10), (2, 10)):
        tiny.say("births", births, period=f"2014-0{month}", submission=2 + month)
    assert tiny.rows(BRIEF) == []
    tiny.say("births", 81, period="2014-03", submission=9)
    assert tiny.rows(FINDINGS) == [
        ("periods_disagree", "warning", "x-town", "births", "100.0000", "101.0000", "D1"),
    ]


@pytest.mark.parametrize(
    ("periods", "found"),
    [
        (("2014-01-01/2014-07-31", "2014H2"), [("periods_overlap", "warning")]),
        (("2014-01-01/2014-06-30", "2014H2"), []),
        (("2014", "2014H2"), []),
        (("M2014H2", "2014H2"), []),
    ],
)
def test_periods_of_one_form_that_cut_each_other_are_a_finding(
    periods: tuple[str, str], found: list[tuple[str, str]], tiny: Any
) -> None:
    for number, period in enumerate(periods, 1):
        tiny.say("births", 10, period=period, submission=number)
    assert tiny.rows(BRIEF) == found


@pytest.mark.parametrize(("period", "found"), [("2014-03", []), ("2014Q1", [("period_not_of_form", "warning")])])
def test_a_quarter_in_a_months_form_is_a_finding(period: str, found: list[tuple[str, str]], make_tiny: Make) -> None:
    form = "survey: {zh: 调查表, en: survey, domain: other, frequency: month, recognise: {title: 调查表},\n"
    form += "  columns: {item: [指标], value: [数值]}, items: [{element: births, labels: [活产数]}]}\n"
    tiny = make_tiny({"forms/survey.yaml": form})
    tiny.say("births", 10, period=period, form="survey")
    assert tiny.rows(BRIEF) == found


def test_a_row_that_two_townships_have_in_their_tables_is_told_even_where_they_agree(tiny: Any) -> None:
    for number, town in enumerate(("x-town", "x-town2"), 1):
        tiny.say("births", 10, org="x-village", by=town, submission=number)
    assert tiny.rows(BRIEF) == [("row_of_two_senders", "warning")]


def test_a_gap_in_the_roster_is_asked_about(make_tiny: Make) -> None:
    owed = "owed: {form: monthly, unit: x-town, periods: [2014-01, 2014-02, 2014-04]}\n"
    tiny = make_tiny({"roster.yaml": owed})
    tiny.periods.update(("2014-01", "2014-02", "2014-04"))
    tiny.say("births", 10, period="2014-01")
    query = "select rule_code, severity, org_code, period_code, observed from quality.finding"
    assert tiny.rows(query) == [("roster_gap", "question", "x-town", "2014-04", "1")]
