"""What a cell with a number says: value, qualifier, decimals, sign (%, ‰ …)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import cache, lru_cache

from pipelines.intake.text import plain

SIGNS = {
    "%": "percent",
    "℅": "percent",
    "c/o": "percent",  # ℅ after NFKC: typed for % in real returns
    "‰": "per_mille",
    "/10万": "per_100k",
    "个百分点": "percentage_points",
    "次": "visits_per_person",
    "元": "yuan_per_person",
}
_BEFORE = {
    "约": "about", "大约": "about", "近": "about", "超过": "over", "逾": "over", ">": "over",
    "≥": "at_least", ">=": "at_least", "不少于": "at_least", "不低于": "at_least", "不小于": "at_least",
    "至少": "at_least",
    "<": "under", "不足": "under", "少于": "under", "低于": "under",
}  # fmt: skip
_AFTER = {"余": "over", "多": "over", "以上": "at_least", "左右": "about", "以下": "under"}
_POWERS = {"": 1, "百": 10**2, "千": 10**3, "万": 10**4, "百万": 10**6, "千万": 10**7, "亿": 10**8}
_CHINESE = "零〇一二三四五六七八九十百千两"
_VAGUE = re.compile("[一二三四五六七八九两]{2}")
LARGEST = Decimal(10) ** 20


@dataclass(frozen=True)
class Number:
    """A printed number: `value` has the powers (万, 亿) worked in; `decimals` is None where precision is unknown."""

    value: Decimal
    qualifier: str = "exact"
    sign: str = ""
    decimals: int | None = 0


@cache
def _pattern() -> re.Pattern[str]:
    def any_of(words: object) -> str:
        return "|".join(sorted(map(re.escape, words), key=len, reverse=True))  # type: ignore[call-overload]

    return re.compile(
        rf"(?P<before>{any_of(_BEFORE)})?"
        rf"(?P<digits>-?\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?|-?\d+(?:\.\d+)?|[{_CHINESE}]+)"
        rf"(?P<sign1>{any_of(SIGNS)})?(?P<after1>余|多)?(?P<power>百万|千万|百|千|万|亿)?"
        rf"(?P<sign2>{any_of(SIGNS)})?(?P<after2>{any_of(_AFTER)})?"
    )


def read_number(cell: object) -> Number | None:
    """The number in a cell, or None where it holds none.

    >>> read_number("约22.2万")
    Number(value=Decimal('222000.0'), qualifier='about', sign='', decimals=1)
    >>> read_number("95.60%")
    Number(value=Decimal('95.60'), qualifier='exact', sign='percent', decimals=2)
    >>> read_number("三分之二").value
    Decimal('0.666667')
    """
    if isinstance(cell, bool) or cell != cell:  # NaN, which a workbook can hold, differs from itself
        return None
    if isinstance(cell, (int, float)):
        # A sheet shows 15 digits; what it stores beyond them (34567.351200000005) is the noise of its sums.
        digits = f"{cell:.15g}" if isinstance(cell, float) else repr(cell)
        plain_number = Decimal(f"{Decimal(digits).normalize():f}")
        return Number(plain_number, decimals=None) if abs(plain_number) < LARGEST else None
    return _of_text(plain(cell))


@lru_cache(maxsize=1 << 13)
def _of_text(printed: str) -> Number | None:
    text = re.sub(r"\s+", "", printed)
    text = re.sub(rf"百分之(\d+(?:\.\d+)?|[{_CHINESE}]+)", r"\1%", text)
    if "分之" in text:
        return _fraction(text)
    match = _pattern().fullmatch(text)
    if not match:
        return None
    digits = match["digits"].replace(",", "")
    value = _chinese(digits) if digits[-1] in _CHINESE else Decimal(digits)
    if value is None:
        return None
    after = match["after2"] or match["after1"] or ""
    qualifier = _BEFORE.get(match["before"] or "") or _AFTER.get(after) or "exact"
    decimals = len(digits.partition(".")[2])
    value *= _POWERS[match["power"] or ""]
    sign = SIGNS.get(match["sign1"] or match["sign2"] or "", "")
    return Number(value, qualifier, sign, decimals) if abs(value) < LARGEST else None


def _fraction(text: str) -> Number | None:
    below, _, above = text.partition("分之")
    lower, upper = _chinese(below), _chinese(above)
    if not lower or upper is None:
        return None
    value = (upper / lower).quantize(Decimal("0.000001"), ROUND_HALF_UP)
    return Number(value, "about", "ratio", None)


def _chinese(text: str) -> Decimal | None:
    import cn2an  # imported here: 40 ms, and few cells need it

    if _VAGUE.search(text) and (len(text) == 2 or re.search("[十百千]", text)):
        return None  # seven or eight, twenty to thirty: no one number
    try:
        return Decimal(str(cn2an.cn2an(text, "smart")))
    except ValueError:
        return None


@lru_cache(maxsize=512)
def read_unit(cell: object) -> tuple[int, str]:
    """A printed unit as power and label.

    >>> read_unit("万人")
    (10000, '人')
    """
    text = re.sub(r"[\s()]+", "", plain(cell))
    match = re.fullmatch(r"(百万|千万|百|千|万|亿)?(.*)", text)
    power, name = (match[1] or "", match[2]) if match else ("", text)
    return _POWERS[power], name
