"""Periods as DHIS2 writes them: 20140911, 2014W7, 201409, 201401B, 2014Q3, 2014S1, 2014AprilS1, 2014, 2014Oct."""

from __future__ import annotations

import re
from datetime import date, timedelta

from pipelines.catalog.periods import Period, months

STARTS = {"April": 4, "July": 7, "Sep": 9, "Oct": 10, "Nov": 11}  # months with which a financial year begins
PARTS = ("Q1", "Q2", "Q3", "Q4", "S1", "S2")
_PERIOD = re.compile(
    r"(?P<year>\d{4})(?:(?P<month>\d\d)(?P<day>\d\d)?(?P<two>B)?|W(?P<week>\d{1,2})|(?P<start>April|July|Sep|Oct|Nov)?"
    r"(?:Q(?P<quarter>[1-4])|S(?P<half>[12]))?)"
)


def read_period(text: str, *, as_at: bool = False) -> Period | None:
    """The period of a DHIS2 identifier; None where it is none that is known here.

    A financial year is named after the year in which it starts: 2014Oct is October 2014 to September 2015.

    Args:
        text: the identifier.
        as_at: whether a day is the state at its end (of a stock), not what happened on it.

    >>> [read_period(text).code for text in ("201409", "2014Q3", "2014S1", "2014", "2014Oct", "2014AprilS1")]
    ['2014-09', '2014Q3', '2014H1', '2014', 'M2015', 'M2014H2']
    >>> read_period("20140911", as_at=True).code, read_period("2014W1").code, read_period("2014-09")
    ('2014-09-11', '2013-12-30/2014-01-05', None)
    """
    found = _PERIOD.fullmatch(text.strip())
    if not found or (found["two"] and found["day"]):
        return None
    year = int(found["year"])
    try:
        if found["day"]:
            day = date(year, int(found["month"]), int(found["day"]))
            return Period(day, day, as_at)
        if found["week"]:
            monday = date.fromisocalendar(year, int(found["week"]), 1)
            return Period(monday, monday + timedelta(days=6))
        if found["month"]:
            return months(year, int(found["month"]), 2 if found["two"] else 1)
        first = STARTS[found["start"]] if found["start"] else 1
        if found["quarter"]:
            return months(*_shifted(year, first, 3 * (int(found["quarter"]) - 1)), 3)
        if found["half"]:
            return months(*_shifted(year, first, 6 * (int(found["half"]) - 1)), 6)
        return months(year, first, 12)
    except ValueError:  # a thirteenth month, a 31 September
        return None


def _shifted(year: int, month: int, count: int) -> tuple[int, int]:
    """The month that comes some months after another."""
    return year + (month - 1 + count) // 12, (month - 1 + count) % 12 + 1


def dhis2_period(period: Period) -> str:
    """The identifier of a period in DHIS2; '' where it has none.

    >>> from pipelines.catalog.periods import parse_code
    >>> [dhis2_period(parse_code(code)) for code in ("M2015", "2014H2", "2014-09-30", "2014-01-01/2014-10-25")]
    ['2014Oct', '2014S2', '20140930', '']
    """
    year, month = period.start.year, f"{period.start:%Y%m}"
    plain = [f"{period.start:%Y%m%d}", month, f"{month}B", *(f"{year}{part}" for part in ("", *PARTS))]
    financial = (f"{y}{name}{part}" for y in (year, year - 1) for name in STARTS for part in ("", *PARTS))
    return next((text for text in (*plain, *financial) if read_period(text, as_at=period.as_at) == period), "")
