"""When returns are due, by the ways in which orders put it; years whose holidays nobody knows give no day."""

from __future__ import annotations

from datetime import date

import pytest
from pydantic import ValidationError

from pipelines.catalog.due import due_on
from pipelines.catalog.models import Due
from pipelines.catalog.periods import parse_code


@pytest.mark.parametrize(
    ("due", "period", "day"),
    [
        ({"days": 10}, "2014-05", "2014-06-10"),
        ({"day": 5}, "2014-05", "2014-06-05"),
        ({"day": 5}, "2014-12", "2015-01-05"),
        ({"day": 30, "month": "same"}, "2015-02", "2015-02-28"),
        ({"day": 30, "month": "same"}, "2016-02", "2016-02-29"),
        ({"day": 31}, "2014-05", "2014-06-30"),
        ({"day": "last"}, "2014-01", "2014-02-28"),
        ({"date": "10-12"}, "M2014", "2014-10-12"),
        ({"date": "10-12"}, "2014", "2015-10-12"),
        ({"date": "02-29"}, "2014", "2015-02-28"),
        ({"date": "02-29"}, "2015", "2016-02-29"),
        ({"working_day": 5}, "2014-09", "2014-10-13"),  # the national day's week, and the Saturday worked for it
        ({"working_day": 1}, "2014-12", "2015-01-04"),  # a Sunday that was worked
    ],
)
def test_a_due_day(due: dict[str, object], period: str, day: str) -> None:
    assert due_on(Due.model_validate(due), parse_code(period)) == date.fromisoformat(day)


def test_a_year_without_published_holidays_gives_no_day_unless_the_site_knows_it() -> None:
    due, period = Due(working_day=2), parse_code("2059-12")
    assert due_on(due, period) is None
    own = {date(2060, 1, 1): False, date(2060, 1, 2): True, date(2060, 1, 3): True}
    assert due_on(due, period, own) == date(2060, 1, 3)


@pytest.mark.parametrize(
    "due", [{}, {"days": 1, "day": 2}, {"date": "13-01"}, {"date": "1-1"}, {"day": 32}, {"working_day": 0}]
)
def test_a_due_rule_says_one_way_that_exists(due: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Due.model_validate(due)
