"""Codes of periods: days, canonical code, aliases."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.catalog.periods import Period, parse_code


@pytest.mark.parametrize(
    ("code", "start", "end", "kind"),
    [
        ("2011", "2011-01-01", "2011-12-31", "year"),
        ("2011H1", "2011-01-01", "2011-06-30", "half_year"),
        ("2011H2", "2011-07-01", "2011-12-31", "half_year"),
        ("2011Q1", "2011-01-01", "2011-03-31", "quarter"),
        ("2011Q4", "2011-10-01", "2011-12-31", "quarter"),
        ("2011-09", "2011-09-01", "2011-09-30", "month"),
        ("2012-02", "2012-02-01", "2012-02-29", "month"),
        ("2011-09-T1", "2011-09-01", "2011-09-10", "ten_days"),
        ("2011-09-T2", "2011-09-11", "2011-09-20", "ten_days"),
        ("2011-02-T3", "2011-02-21", "2011-02-28", "ten_days"),
        ("2011-09-30", "2011-09-30", "2011-09-30", "day"),
        ("M2014", "2013-10-01", "2014-09-30", "mch_year"),
        ("M2014H1", "2013-10-01", "2014-03-31", "mch_half_year"),
        ("M2014H2", "2014-04-01", "2014-09-30", "mch_half_year"),
        ("2014-01-01/2014-10-25", "2014-01-01", "2014-10-25", "interval"),
        ("2016/2020", "2016-01-01", "2020-12-31", "interval"),
    ],
)
def test_a_code_is_its_days(code: str, start: str, end: str, kind: str) -> None:
    period = parse_code(code)
    assert (period.start.isoformat(), period.end.isoformat(), period.kind, period.code) == (start, end, kind, code)


@pytest.mark.parametrize(
    ("alias", "code"),
    [
        ("M2014Q1", "2013Q4"), ("M2014Q2", "2014Q1"), ("M2014Q3", "2014Q2"), ("M2014Q4", "2014Q3"),
        ("2014-01-01/2014-06-30", "2014H1"), ("2014-01/2014-12", "2014"), ("2014-09-01/2014-09-10", "2014-09-T1"),
    ],
)  # fmt: skip
def test_codes_of_equal_days_are_one_period(alias: str, code: str) -> None:
    assert parse_code(alias) == parse_code(code)
    assert parse_code(alias).code == code


@pytest.mark.parametrize("quarter", ["2013Q4", "2014Q1", "2014Q2", "2014Q3"])
def test_a_civil_quarter_knows_its_alias(quarter: str) -> None:
    period = parse_code(quarter)
    assert [parse_code(alias) for alias in period.aliases] == [period]


def test_a_day_as_at_is_not_the_interval_of_that_day() -> None:
    as_at, interval = parse_code("2011-09-30"), parse_code("2011-09-30/2011-09-30")
    assert (as_at.start, as_at.end) == (interval.start, interval.end)
    assert as_at.key != interval.key


@pytest.mark.parametrize(
    ("code", "before"),
    [
        ("2013", "2012"), ("2013H1", "2012H2"), ("2013H2", "2013H1"), ("2013Q1", "2012Q4"), ("2013-01", "2012-12"),
        ("2013-03-T1", "2013-02-T3"), ("2013-03-T2", "2013-03-T1"), ("M2014", "M2013"), ("M2014H1", "M2013H2"),
    ],
)  # fmt: skip
def test_the_previous_period_is_of_the_same_kind(code: str, before: str) -> None:
    previous = parse_code(code).previous
    assert previous is not None
    assert previous.code == before


@pytest.mark.parametrize("code", ["2013-09-30", "2014-01-01/2014-10-25", "2016/2020"])
def test_days_and_intervals_have_no_previous_period(code: str) -> None:
    assert parse_code(code).previous is None


@pytest.mark.parametrize(
    "code",
    ["", "11", "2011Q5", "2011H3", "2011-13", "2011-00", "2011-02-30", "2011-09-T4", "2020/2016", "2011年", "M2014-09",
     "2011/", "0000"],
)  # fmt: skip
def test_what_is_no_code_is_refused(code: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse_code(code)


DAYS = st.dates(date(1900, 1, 1), date(2099, 12, 31))


@st.composite
def periods(draw: st.DrawFn) -> Period:
    start = draw(DAYS)
    if draw(st.booleans()):
        return Period(start, start, as_at=draw(st.booleans()))
    return Period(start, start + timedelta(days=draw(st.integers(0, 5000))))


REGULAR = st.builds(
    "{}{:04d}{}".format,
    st.just(""),
    st.integers(1901, 2098),
    st.sampled_from(["", "H1", "H2", "Q1", "Q2", "Q3", "Q4", "-01", "-02", "-12", "-02-T1", "-02-T3", "-10-T2"]),
) | st.builds("M{:04d}{}".format, st.integers(1901, 2098), st.sampled_from(["", "H1", "H2", "Q1", "Q4"]))


@given(periods() | st.builds(parse_code, REGULAR))
def test_the_code_of_a_period_names_the_period(period: Period) -> None:
    assert parse_code(period.code) == period


@given(periods(), periods())
def test_no_two_periods_share_a_key(one: Period, other: Period) -> None:
    assert (one.key == other.key) == (one == other)


@given(st.builds(parse_code, REGULAR))
def test_a_regular_period_follows_its_previous_one(period: Period) -> None:
    previous = period.previous
    assert previous is not None
    assert (previous.end + timedelta(days=1), previous.kind) == (period.start, period.kind)


@given(st.builds(parse_code, REGULAR))
def test_aliases_name_the_same_period(period: Period) -> None:
    assert {parse_code(alias) for alias in period.aliases} <= {period}
