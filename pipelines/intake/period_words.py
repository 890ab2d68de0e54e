"""A period as the head of a return prints it; what `read_period` reads."""

from __future__ import annotations

from datetime import date

from pipelines.catalog.periods import Period


def period_words(period: Period) -> str:
    """A period in Chinese.

    >>> from pipelines.catalog.periods import parse_code
    >>> [period_words(parse_code(code)) for code in ("2014Q3", "M2014", "2014-09-T2")]
    ['2014年第三季度', '2013年10月—2014年9月', '2014年9月中旬']
    """
    start, end, kind = period.start, period.end, period.kind
    if period.as_at:
        return f"截至{_day(end)}"
    if kind == "year":
        return f"{start.year}年"
    if kind == "half_year":
        return f"{start.year}年{'上' if start.month == 1 else '下'}半年"
    if kind == "quarter":
        return f"{start.year}年第{'一二三四'[start.month // 3]}季度"
    if kind == "month":
        return f"{start.year}年{start.month}月"
    if kind == "ten_days":
        return f"{start.year}年{start.month}月{'上中下'[start.day // 10]}旬"
    if kind in ("mch_year", "mch_half_year"):
        return f"{start.year}年{start.month}月—{end.year}年{end.month}月"
    if (start.month, start.day, end.month, end.day) == (1, 1, 12, 31):
        return f"{start.year}年—{end.year}年"
    return f"{_day(start)}—{_day(end)}"


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
