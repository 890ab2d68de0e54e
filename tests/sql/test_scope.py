"""run.scope: which organisations and periods a night's returns can change."""

from __future__ import annotations

from typing import Any

import pytest

FIRST_COUNTY = {"x-county", "x-town", "x-town2", "x-village"}
UNITS = "select distinct org_code from run.scope inner join core.org_unit using (org_key)"
PERIODS = "select distinct period_code from run.scope inner join core.period using (period_key)"


def first_column(rows: list[tuple[Any, ...]]) -> set[str]:
    return {row[0] for row in rows}


@pytest.mark.parametrize(
    ("org", "units"),
    [
        ("x-village", FIRST_COUNTY | {"x-province"}),
        ("x-town", FIRST_COUNTY | {"x-province"}),
        ("x-county", FIRST_COUNTY | {"x-province"}),
        ("x-other-town", {"x-other", "x-other-town", "x-province"}),
        ("x-province", {"x-province"}),
    ],
)
def test_a_return_touches_its_county_and_the_units_above(org: str, units: set[str], tiny: Any) -> None:
    tiny.say("births", 1, org=org)
    assert first_column(tiny.rows(UNITS)) == units


KNOWN = ("2013", "2014", "2015", "2014H1", "2014H2", "2014Q3", "2014Q4", "2014-08", "2014-09", "2014-10", "2014-11",
         "2014-09-30", "M2014", "M2015", "2014-09-05/2014-10-05", "2014/2016")  # fmt: skip


@pytest.mark.parametrize(
    ("period", "periods"),
    [
        (
            "2014-09",
            {"2014-09", "2014Q3", "2014H2", "2014", "M2014H2", "M2014", "2014/2016"}
            | {"2014-10", "2014Q4", "2015", "M2015H1", "M2015"},
        ),
        ("2014", {"2014", "2014/2016", "2015"}),
        ("2013", {"2013", "2014"}),
        ("2014/2016", {"2014/2016"}),
        (
            "2014-09-30",
            {"2014-09-30", "2014-09-05/2014-10-05", "2014-09", "2014Q3", "2014H2", "2014", "M2014H2", "M2014"}
            | {"2014/2016", "2014-10", "2014Q4", "2015", "M2015H1", "M2015"},
        ),
    ],
)
def test_a_return_touches_the_periods_that_contain_its_own_and_those_that_follow(
    period: str, periods: set[str], tiny: Any
) -> None:
    tiny.periods.update(KNOWN)
    tiny.say("births", 1, period=period)
    assert first_column(tiny.rows(PERIODS)) == periods


def test_a_night_without_returns_touches_nothing(tiny: Any) -> None:
    assert tiny.rows("select count(*) from run.scope") == [(0,)]


def test_each_organisation_and_period_stands_once(tiny: Any) -> None:
    for number, org in enumerate(("x-town", "x-town2", "x-other-town"), 1):
        tiny.say("births", 1, org=org, submission=number)
        tiny.say("women", 1, org=org, submission=number)
    found = tiny.rows("select count(*), count(distinct (org_key, period_key)) from run.scope")
    assert found == [(7, 7)]


def test_two_counties_are_not_crossed_with_each_others_periods(tiny: Any) -> None:
    tiny.say("births", 1, org="x-town", period="2014", submission=1)
    tiny.say("births", 1, org="x-other-town", period="2016", submission=2)
    found = tiny.rows(
        "select org_code, period_code from run.scope inner join core.org_unit using (org_key) "
        "inner join core.period using (period_key) where org_code in ('x-town', 'x-other-town') order by 1"
    )
    assert found == [("x-other-town", "2016"), ("x-town", "2014")]
