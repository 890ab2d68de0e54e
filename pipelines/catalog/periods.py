"""Reporting periods: first and last day, canonical code, aliases (decision 3).

Codes: 2011, 2011H1, 2011Q1, 2011-09, 2011-09-T2 (ten days), 2011-09-30 (as at a day),
M2014, M2014H1, M2014Q1 (maternal and child health year, 1 Oct 2013 – 30 Sep 2014),
2014-01-01/2014-10-25 and 2016/2020 (intervals). Codes with equal days are one period; its
canonical code is the civil one.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

KINDS = ("year", "half_year", "quarter", "month", "ten_days", "day", "mch_year", "mch_half_year", "interval")

# The longer periods that each is part of.
PARTS = {
    "ten_days": ("month", "quarter", "half_year", "year", "mch_half_year", "mch_year"),
    "month": ("quarter", "half_year", "year", "mch_half_year", "mch_year"),
    "quarter": ("half_year", "year", "mch_half_year", "mch_year"),
    "half_year": ("year",),
    "mch_half_year": ("mch_year",),
}


@dataclass(frozen=True, order=True)
class Period:
    """The days from `start` to `end`, both included; `as_at`: the state at the end of one day."""

    start: date
    end: date
    as_at: bool = False

    @property
    def key(self) -> int:
        """An integer that identifies the period: no two periods share one, and it needs no table."""
        return self.start.toordinal() * 200_000 + (self.end - self.start).days * 2 + self.as_at

    @property
    def code(self) -> str:
        """The canonical code.

        >>> parse_code("M2014Q1").code
        '2013Q4'
        """
        return self._names()[0]

    @property
    def kind(self) -> str:
        """One of `KINDS`."""
        return self._names()[1]

    @property
    def aliases(self) -> list[str]:
        """Other codes of the same days."""
        return self._names()[2]

    def contains(self, other: Period) -> bool:
        """Whether every day of `other` is in this period."""
        return self.start <= other.start and other.end <= self.end

    @property
    def previous(self) -> Period | None:
        """The period of the same kind that ends the day before this one starts; None for days and intervals.

        >>> parse_code("2013Q1").previous.code
        '2012Q4'
        """
        if self.kind in ("day", "interval"):
            return None
        last = self.start - timedelta(days=1)
        return next((p for p in periods_ending(last) if p.kind == self.kind), None)

    @property
    def a_year_before(self) -> Period:
        """The same days a year before; the 29th of February is the 28th.

        >>> parse_code("2024-02").a_year_before.code
        '2023-02'
        """
        start, end = (
            day.replace(year=day.year - 1, day=28 if (day.month, day.day) == (2, 29) else day.day)
            for day in (self.start, self.end)
        )
        if self.end == month_end(self.end.year, self.end.month):
            end = month_end(end.year, end.month)
        return Period(start, end, self.as_at)

    def _names(self) -> tuple[str, str, list[str]]:
        start, end, year = self.start, self.end, self.start.year
        if self.as_at:
            return end.isoformat(), "day", []
        if start.day == 1 and end == month_end(end.year, end.month):
            named = _whole_months(start, end)
            if named:
                return named
        third = {1: 1, 11: 2, 21: 3}.get(start.day)
        if third and self == ten_days(year, start.month, third):
            return f"{year}-{start.month:02d}-T{third}", "ten_days", []
        return f"{start.isoformat()}/{end.isoformat()}", "interval", []


def _whole_months(start: date, end: date) -> tuple[str, str, list[str]] | None:
    """Code, kind and aliases of a period of whole months; None where it has no name of its own."""
    count = (end.year - start.year) * 12 + end.month - start.month + 1
    year, mch, quarter = start.year, end.year + (end.month > 9), (start.month - 1) // 3 + 1
    named: dict[tuple[int, int], tuple[str, str, list[str]]] = {
        (12, 1): (f"{year}", "year", []),
        (12, 10): (f"M{mch}", "mch_year", []),
        (6, 1): (f"{year}H1", "half_year", []),
        (6, 7): (f"{year}H2", "half_year", []),
        (6, 10): (f"M{mch}H1", "mch_half_year", []),
        (6, 4): (f"M{mch}H2", "mch_half_year", []),
    }
    if (count, start.month) in named:
        return named[count, start.month]
    if count == 1:
        return f"{year}-{start.month:02d}", "month", []
    if count == 3 and start.month % 3 == 1:
        return f"{year}Q{quarter}", "quarter", [f"M{mch}Q{quarter % 4 + 1}"]
    if count % 12 == 0 and start.month == 1:
        return f"{year}/{end.year}", "interval", []
    return None


def month_end(year: int, month: int) -> date:
    """The last day of a month."""
    return date(year, month, monthrange(year, month)[1])


def months(year: int, first: int, count: int) -> Period:
    """`count` whole months from month `first` of `year` on."""
    last = first + count - 1
    return Period(date(year, first, 1), month_end(year + (last - 1) // 12, (last - 1) % 12 + 1))


def ten_days(year: int, month: int, third: int) -> Period:
    """One 旬: days 1–10, 11–20, 21–end of a month."""
    end = month_end(year, month) if third == 3 else date(year, month, third * 10)
    return Period(date(year, month, third * 10 - 9), end)


def periods_ending(day: date) -> list[Period]:
    """Every regular period whose last day is `day`."""
    found = []
    if day == month_end(day.year, day.month):
        for count in (1, 3, 6, 12):
            first = day.month - count
            start = date(day.year + first // 12, first % 12 + 1, 1)
            found.append(Period(start, day))
    for third in (1, 2, 3):
        period = ten_days(day.year, day.month, third)
        if period.end == day:
            found.append(period)
    return found


def containing(part: Period) -> list[Period]:
    """The longer regular periods that a period is part of, civil and MCH; none for days and intervals.

    Half-years are no part of the other calendar's year, whose halves they would cut.

    >>> [period.code for period in containing(parse_code("2013-10"))]
    ['2013Q4', '2013H2', '2013', 'M2014H1', 'M2014']
    >>> [period.code for period in containing(parse_code("M2014H2"))]
    ['M2014']
    """
    if part.kind not in PARTS:
        return []
    year, number = part.start.year, part.start.month
    mch_year = year if number >= 10 else year - 1
    mch_half = months(mch_year, 10, 6) if number >= 10 or number < 4 else months(year, 4, 6)
    quarter, half = months(year, (number - 1) // 3 * 3 + 1, 3), months(year, 1 if number < 7 else 7, 6)
    longer = [months(year, number, 1), quarter, half, months(year, 1, 12), mch_half, months(mch_year, 10, 12)]
    return [period for period in longer if period.kind in PARTS[part.kind]]


_CODE = re.compile(
    r"(?P<mch>M)?(?P<year>\d{4})"
    r"(?:H(?P<half>[12])|Q(?P<quarter>[1-4])|-(?P<month>\d\d)(?:-(?:T(?P<third>[123])|(?P<day>\d\d)))?)?"
)


def parse_code(code: str) -> Period:
    """The period that a code names.

    >>> parse_code("2016/2020").end
    datetime.date(2020, 12, 31)

    Raises:
        ValueError: for anything that is not a period code.
    """
    if "/" in code:
        opening, closing = (parse_code(part) for part in code.split("/", 1))
        if opening.start > closing.end:
            raise ValueError(f"{code!r}: the interval ends before it starts")
        return Period(opening.start, closing.end)
    match = _CODE.fullmatch(code)
    if not match or (match["mch"] and match["month"]):
        raise ValueError(f"{code!r} is no period code")
    year = int(match["year"])
    if match["day"]:
        day = date(year, int(match["month"]), int(match["day"]))
        return Period(day, day, as_at=True)
    if match["third"]:
        return ten_days(year, int(match["month"]), int(match["third"]))
    if match["month"]:
        return months(year, int(match["month"]), 1)
    first, base = (10, year - 1) if match["mch"] else (1, year)
    offset, count = 0, 12
    if match["half"]:
        offset, count = (int(match["half"]) - 1) * 6, 6
    elif match["quarter"]:
        offset, count = (int(match["quarter"]) - 1) * 3, 3
    month = first + offset
    return months(base + (month - 1) // 12, (month - 1) % 12 + 1, count)
