"""Periods as clerks write them: 2011年, 2014年1—9月, 上半年, 截至9月30日, 二〇一四年九月."""

from __future__ import annotations

import re
from datetime import date

from pipelines.catalog.periods import Period, month_end, months, parse_code, ten_days
from pipelines.intake.text import plain

_DIGITS = str.maketrans("〇零一二三四五六七八九", "00123456789")
_DASH = "[-—–~至到]+"
_YEAR = r"(?:(?P<y>\d{4})年(?:度)?)?"
_QUARTER = {"一": 1, "二": 2, "三": 3, "四": 4, "1": 1, "2": 2, "3": 3, "4": 4}


def read_period(text: object, context: Period | None = None) -> Period | None:
    """The period that a text names; what it leaves out (the year) comes from `context`. None if it names none.

    >>> read_period("截至9月30日", read_period("2011年")).code
    '2011-09-30'
    >>> read_period("2015年1-6月").code
    '2015H1'
    """
    words = re.sub(r"\s+", "", plain(text))
    if not words:
        return None
    try:
        return parse_code(words)
    except ValueError:
        pass
    words = re.sub(r"[〇零一二三四五六七八九]{4}(?=年)", lambda m: m[0].translate(_DIGITS), words)
    words = re.sub(r"(十[一二]?|[一二三四五六七八九])(?=月)", _month_digits, words)
    try:
        for reader in (_as_at, _days, _month_span, _years, _part_of_year):
            found = reader(words, context)
            if found:
                return found
    except ValueError:  # a 31 September and the like
        return None
    return None


def _month_digits(match: re.Match[str]) -> str:
    word = match[1]
    if word.startswith("十"):
        return str(10 + (" 一二".index(word[1]) if len(word) > 1 else 0))
    return word.translate(_DIGITS)


def _year_of(match: re.Match[str], context: Period | None, group: str = "y") -> int:
    if match[group]:
        return int(match[group])
    if context is None:
        raise ValueError("no year")
    return context.end.year


def _as_at(words: str, context: Period | None) -> Period | None:
    match = re.fullmatch(rf"(?:截至|截止|至|截止到|截至到){_YEAR}(?P<m>\d+)月(?:(?P<d>\d+)日|底|末)?(?:止)?", words)
    if not match:
        return None
    year, month = _year_of(match, context), int(match["m"])
    day = date(year, month, int(match["d"])) if match["d"] else month_end(year, month)
    return Period(day, day, as_at=True)


def _days(words: str, context: Period | None) -> Period | None:
    match = re.fullmatch(
        rf"{_YEAR}(?P<m>\d+)月(?P<d>\d+)日(?:{_DASH}(?:(?P<y2>\d{{4}})年)?(?:(?P<m2>\d+)月)?(?P<d2>\d+)日)?",
        words,
    )
    if not match:
        return None
    start = date(_year_of(match, context), int(match["m"]), int(match["d"]))
    if not match["d2"]:
        return Period(start, start)
    end = date(int(match["y2"] or start.year), int(match["m2"] or start.month), int(match["d2"]))
    return Period(start, end) if start <= end else None


def _month_span(words: str, context: Period | None) -> Period | None:
    match = re.fullmatch(rf"{_YEAR}(?P<m>\d+)月?{_DASH}(?:(?P<y2>\d{{4}})年)?(?P<m2>\d+)月(?:份)?", words)
    if not match:
        return None
    year, first, last = _year_of(match, context), int(match["m"]), int(match["m2"])
    end = month_end(int(match["y2"] or year), last)
    start = date(year, first, 1)
    return Period(start, end) if start <= end else None


def _years(words: str, context: Period | None) -> Period | None:
    match = re.fullmatch(rf"(\d{{4}})年?{_DASH}(\d{{4}})年(?:度)?", words)
    return Period(date(int(match[1]), 1, 1), date(int(match[2]), 12, 31)) if match and match[1] <= match[2] else None


def _part_of_year(words: str, context: Period | None) -> Period | None:
    match = re.fullmatch(
        rf"{_YEAR}(?:第?(?P<q>[一二三四1-4])季度?|(?P<h>[上下])半年|(?P<m>\d+)月(?:份)?(?P<t>[上中下]旬)?|(?P<all>全年))?",
        words,
    )
    if not match or not any(match.groupdict().values()):
        return None
    year = _year_of(match, context)
    if match["q"]:
        return months(year, _QUARTER[match["q"]] * 3 - 2, 3)
    if match["h"]:
        return months(year, 1 if match["h"] == "上" else 7, 6)
    if match["t"]:
        return ten_days(year, int(match["m"]), "上中下".index(match["t"][0]) + 1)
    return months(year, int(match["m"]), 1) if match["m"] else months(year, 1, 12)
