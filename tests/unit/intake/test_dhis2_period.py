"""Periods of DHIS2 both ways."""

from __future__ import annotations

from datetime import date

import pytest

from pipelines.catalog.periods import Period, parse_code
from pipelines.intake.dhis2_period import dhis2_period, read_period

SAME = {
    "2014": "2014", "2014Q3": "2014Q3", "2014S1": "2014H1", "2014S2": "2014H2", "201409": "2014-09",
    "2014Oct": "M2015", "2013Oct": "M2014", "2014AprilS1": "M2014H2", "2014AprilS2": "M2015H1",
    "2014April": "2014-04-01/2015-03-31", "2014July": "2014-07-01/2015-06-30", "201401B": "2014-01-01/2014-02-28",
    "2014NovQ1": "2014-11-01/2015-01-31", "2014NovS2": "2015-05-01/2015-10-31",
}  # fmt: skip


@pytest.mark.parametrize(("theirs", "ours"), SAME.items())
def test_a_period_is_read_and_written_as_dhis2_does(theirs: str, ours: str) -> None:
    found = read_period(theirs)
    assert found is not None
    assert found.code == ours
    assert dhis2_period(found) == theirs


def test_a_day_is_what_happened_on_it_or_the_state_at_its_end() -> None:
    day = date(2014, 9, 11)
    assert read_period("20140911") == Period(day, day)
    assert read_period("20140911", as_at=True) == Period(day, day, as_at=True)
    assert dhis2_period(Period(day, day, as_at=True)) == "20140911"


def test_a_week_is_its_seven_days() -> None:
    assert read_period("2014W1") == Period(date(2013, 12, 30), date(2014, 1, 5))
    assert dhis2_period(Period(date(2013, 12, 30), date(2014, 1, 5))) == ""


@pytest.mark.parametrize("text", ["", "2014-09", "201413", "20140931", "2014W54", "2014Q5", "2014S3", "14", "2014BiW1"])
def test_what_is_no_period_is_none(text: str) -> None:
    assert read_period(text) is None


@pytest.mark.parametrize("code", ["2014-01-01/2014-10-25", "2014-09-T2", "2016/2020"])
def test_what_dhis2_cannot_name_has_no_name(code: str) -> None:
    assert dhis2_period(parse_code(code)) == ""
