"""When a return is due: days after the period, working days, a day of a month, a date; Chinese public holidays."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from datetime import date, timedelta

from pipelines.catalog.models import Due
from pipelines.catalog.models.forms import date_of
from pipelines.catalog.periods import Period

Holidays = Mapping[date, bool]  # a site's own days: whether it is a working day


def due_on(due: Due, period: Period, own: Holidays | None = None) -> date | None:
    """The day on which a return for the period is due; None where the year's holidays are not known (decision 24)."""
    if due.days is not None:
        return period.end + timedelta(days=due.days)
    if due.working_day is not None:
        return _working_day(period.end, due.working_day, own or {})
    if due.date is not None:
        year = period.end.year
        return next(day for day in (date_of(year, due.date), date_of(year + 1, due.date)) if day > period.end)
    return _day_of_month(period.end, due)


def _day_of_month(end: date, due: Due) -> date:
    year, month = (end.year, end.month) if due.month == "same" else (end.year + end.month // 12, end.month % 12 + 1)
    last = monthrange(year, month)[1]
    return date(year, month, last if due.day == "last" else min(int(due.day or 1), last))


def _working_day(end: date, number: int, own: Holidays) -> date | None:
    day = end
    while number:
        day += timedelta(days=1)
        works = is_working_day(day, own)
        if works is None:
            return None
        number -= works
    return day


def is_working_day(day: date, own: Holidays | None = None) -> bool | None:
    """Whether people work on a day in China: as the site says, else as published; None where nobody knows yet.

    >>> is_working_day(date(2014, 10, 1)), is_working_day(date(2014, 10, 11)), is_working_day(date(2060, 1, 1))
    (False, True, None)
    """
    if own and day in own:
        return own[day]
    import chinese_calendar  # knows the years whose holidays the State Council has published

    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        return None
