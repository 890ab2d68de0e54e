"""Periods as clerks write them: 2011年, 2014年1—9月, 上半年, 截至9月30日, 二〇一四年九月."""

from __future__ import annotations

import calendar
import re
from datetime import date
from functools import lru_cache

from pipelines.catalog.periods import Period, month_end, months, parse_code, ten_days
from pipelines.intake.text import plain

MONTHS = [name.lower() for name in calendar.month_name]
LONGEST_TITLE = 200  # characters: what stands behind them is no title
_DIGITS = str.maketrans("〇零一二三四五六七八九", "00123456789")
_RUN = r"[0-9〇零一二三四五六七八九十民国年度月日旬第季上中下半全份截至止到底末HMQT\-—–~/._]{2,}"
_ENGLISH = r"(?P<m>[a-z]{3,9})[-,.]?(?P<y>\d{4})?(?:(?:to|[-–—])(?P<m2>[a-z]{3,9}))?[-,.]?(?P<y2>\d{4})?"
_MONTH = "(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
_SPELT = rf"{_MONTH}[-,.]?(?:\d{{4}})?(?:(?:to|[-–—]){_MONTH}[-,.]?)?(?:\d{{4}})?"
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
    if words[0].isascii() and words[0].isalpha():
        return _english(words.lower())
    words = re.sub(r"民国(\d+|[〇零一二三四五六七八九十百]+|元)年", _republic, words)
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


@lru_cache(maxsize=1024)
def find_period(text: str, context: Period | None = None) -> Period | None:
    """The longest part of a text that names a period: of a title, or of the name of a sheet, a file, a folder.

    >>> find_period("柳河镇妇幼月报2014年9月(更正)").code, find_period("上报201409.xlsx").code, find_period("表3")
    ('2014-09', '2014-09', None)
    """
    words = re.sub(r"\s+", "", plain(text[:LONGEST_TITLE]))
    for run in sorted(re.findall(_RUN, words), key=len, reverse=True):
        for length in range(min(len(run), 24), 1, -1):
            for start in range(len(run) - length + 1):
                part = run[start : start + length]
                if "年" not in part and not re.search("月|季|H|Q|-", part):
                    continue
                found = read_period(part, context)
                if found:
                    return found
    spelt = re.search(_SPELT, words, re.IGNORECASE)
    if spelt and (found := _english(spelt[0].lower())):
        return found
    compact = re.search(r"(?<!\d)((?:19|20)\d\d)[.\-_/]?(0?[1-9]|1[0-2])(?!\d|[.\-_/]\d)", words)
    return months(int(compact[1]), int(compact[2]), 1) if compact else None


def _english(words: str) -> Period | None:
    """July to September 2020; Jul-Sep 2020; September 2020; Apr-2022 to Jun-2022 (without blanks, in small letters)."""
    match = re.fullmatch(_ENGLISH, words)
    if not match or not (match["y"] or match["y2"]):
        return None
    names = (match["m"], match["m2"] or match["m"])
    first, last = (next((n for n, name in enumerate(MONTHS) if n and name.startswith(part)), 0) for part in names)
    end = int(match["y2"] or match["y"])
    start = int(match["y"]) if match["y"] else end
    count = (end - start) * 12 + last - first + 1
    return months(start, first, count) if first and last and count > 0 else None


def _republic(match: re.Match[str]) -> str:
    """A year of the republic: 民国元年 is 1912."""
    import cn2an

    number = 1 if match[1] == "元" else int(match[1]) if match[1].isdigit() else int(cn2an.cn2an(match[1], "smart"))
    return f"{1911 + number}年"


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
    match = re.fullmatch(rf"{_YEAR}(?P<m>\d+)月?{_DASH}(?:(?P<y2>\d{{4}})年)?(?P<m2>\d+)月(?:份|累计)?", words)
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
