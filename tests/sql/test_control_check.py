"""marts.control_check: a unit's figure beside the published one of the same year; it only asks, and says why not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

Make = Callable[..., Any]
RATE = """
rate: {zh: 率, en: rate, unit: percent, editions: [
  {standard: first, edition: e1, type: proportion, numerator: [managed], denominator: [births], document: paper}]}
money: {zh: 人均, en: money, unit: yuan_per_person, better: neither, editions: [
  {standard: first, edition: e1, type: ratio, numerator: [fund], denominator: [births], document: paper}]}
"""
MONTHLY = """
monthly: {zh: 月报, en: monthly, domain: other, recognise: {title: 月报}, columns: {item: [指标], value: [数值]},
  items: [{element: women, labels: [产妇数]}]}
"""
CHECK = (
    "select status, reason, severity, control_code, round(difference, 2), round(ratio, 4) from marts.control_check "
    "where org_code = 'x-town' and basis = 'own' and period_basis = 'stated'"
)


def controls(*entries: str) -> dict[str, str]:
    text = "".join(f"c{number}: {{indicator: rate, unit: percent, document: paper, {entry}}}\n"
                   for number, entry in enumerate(entries, 1))  # fmt: skip
    return {"indicators/other.yaml": RATE, "forms/monthly.yaml": MONTHLY, "control_values.yaml": text}


@pytest.mark.parametrize(
    ("published", "row"),
    [
        (75, ("within", None, None, "c1", 0.0, 1.0)),
        (66, ("above", None, "question", "c1", 9.0, 1.1364)),
        (85, ("below", None, "question", "c1", -10.0, 0.8824)),
    ],
)
def test_the_published_figure_lies_in_the_interval_or_the_unit_is_above_or_below_it(
    published: int, row: tuple[Any, ...], make_tiny: Make
) -> None:
    tiny = make_tiny(controls(f"period: '2014', value: {published}"))
    tiny.say("managed", 300)
    tiny.say("births", 400)
    assert tiny.rows(CHECK) == [row]


def test_a_year_of_maternal_and_child_health_is_compared_with_the_year_in_which_it_ends(make_tiny: Make) -> None:
    tiny = make_tiny(controls("period: '2014', value: 75", "period: '2013', value: 60"))
    for element, value in (("managed", 300), ("births", 400)):
        tiny.say(element, value, period="M2014")
        tiny.say(element, value, period="2014Q2", submission=2)
    assert tiny.rows(CHECK) == [("within", None, None, "c1", 0.0, 1.0)]  # a quarter has none beside it


def test_of_another_year_the_nearest_one_is_shown_and_not_compared(make_tiny: Make) -> None:
    tiny = make_tiny(controls("period: '2010', value: 50", "period: '2017', value: 60", "period: '2023', value: 70"))
    tiny.say("managed", 300)
    tiny.say("births", 400)
    assert tiny.rows(CHECK) == [("not_comparable", "other_period", None, "c2", 15.0, 1.25)]


def test_without_a_value_or_an_interval_it_says_so(make_tiny: Make) -> None:
    files = controls("period: '2014', value: 75")
    files["control_values.yaml"] += (
        "m: {indicator: money, unit: yuan_per_person, document: paper, period: '2014', value: 3}\n"
    )
    tiny = make_tiny(files)
    tiny.say("births", 400)
    tiny.say("managed", None)
    tiny.say("fund", 800)
    query = "select indicator_code, status, reason, severity from marts.control_check where basis = 'own' order by 1"
    assert tiny.rows(query) == [
        ("money", "not_comparable", "no_interval", None),
        ("rate", "not_comparable", "no_value", None),
    ]


def test_a_figure_of_a_province_is_for_the_units_in_it_alone(make_tiny: Make) -> None:
    tiny = make_tiny(
        controls("period: '2014', value: 75, scope: x-county", "period: '2014', value: 60, scope: '340000000000'")
    )
    tiny.say("managed", 300)
    tiny.say("births", 400)
    assert tiny.rows(CHECK) == [("within", None, None, "c1", 0.0, 1.0)]


def test_days_that_are_no_year_are_compared_with_the_same_days_only(make_tiny: Make) -> None:
    tiny = make_tiny(controls("period: '2018-11-26/2019-11-25', value: 75", "period: '2019', value: 10"))
    for element, value in (("managed", 300), ("births", 400)):
        tiny.say(element, value, period="2018-11-26/2019-11-25")
        tiny.say(element, value, period="2018", submission=2)
    query = "select period_code, control_code, status from marts.control_check where basis = 'own' order by 1"
    assert tiny.rows(query) == [("2018", "c2", "not_comparable"), ("2018-11-26/2019-11-25", "c1", "within")]
