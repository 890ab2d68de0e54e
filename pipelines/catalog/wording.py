"""What the catalog says, in words: formulas with the names of their elements, and how editions differ.

The same words stand in docs/, in the tables `catalog.*` and in `taizhang catalog list`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from pipelines.catalog.load import Catalog
    from pipelines.catalog.models import Edition, Indicator, Term


class Words(NamedTuple):
    """The same in Chinese and in English."""

    zh: str
    en: str


TIMES = {
    "percent": Words(" × 100%", " × 100%"),
    "per_mille": Words(" × 1000‰", " × 1000‰"),
    "per_100k": Words(" × 10万/10万", " × 100,000"),
    "per_100": Words(" × 100", " × 100"),
}
UNIT_SIGNS = {
    "percent": Words("%", "%"),
    "per_mille": Words("‰", "‰"),
    "per_100k": Words("/10万", " per 100,000"),
    "per_100": Words("(每百)", " per 100"),
    "ratio": Words("", ""),
    "mean": Words("", ""),
    "percentage_points": Words("个百分点", " percentage points"),
    "visits_per_person": Words("次/人", " visits a person"),
    "yuan_per_person": Words("元/人", " yuan a person"),
    "persons": Words("人", " persons"),
}
PERIODS = {
    "previous": Words("上期", "period before"),
    "same_last_year": Words("上年同期", "same period of last year"),
    "to_date": Words("本年累计", "year to date"),
}
EVIDENCE = {
    "printed": Words("印发文本载明", "printed"),
    "found": Words("由已公布的数字验证", "found in published figures"),
    "partly_found": Words("部分得到验证", "found in part"),
    "derived": Words("由已公布的数字推得", "derived from published figures"),
    "own_knowledge": Words("常识,未见印发文本", "own knowledge, no printed text"),
}
TYPES = {
    "proportion": Words("构成:分子是分母的一部分", "proportion: the numerator is part of the denominator"),
    "near_proportion": Words(
        "近似构成:分子不全在分母之内,可能超过 100%",
        "near proportion: it may pass 100%, as the denominator counts something else",
    ),
    "rate": Words("发生率:每若干分母的事件数", "rate: events per so many of the denominator"),
    "ratio": Words("比:两个不同的数相比", "ratio of two different counts"),
    "mean": Words("平均数", "mean"),
}  # fmt: skip


def term(catalog: Catalog, found: Term) -> Words:
    """One term with the names of its element and breakdown."""
    element = catalog.elements[found.element]
    said = []
    for lang in ("zh", "en"):
        qualities = [getattr(catalog.breakdown_names()[found.breakdown], lang)] if found.breakdown else []
        qualities += [getattr(PERIODS[found.period], lang)] if found.period in PERIODS else []
        qualities += [{"zh": "下级之和", "en": "sum of the rows below"}[lang]] if found.level == "children" else []
        marks = (f"({'、'.join(qualities)})", f" ({', '.join(qualities)})")[lang == "en"] if qualities else ""
        factor = "" if abs(found.factor) == 1 else f"{abs(found.factor).normalize():f} × "
        said.append(f"{factor}{getattr(element, lang)}{marks}")
    return Words(*said)


def side(catalog: Catalog, terms: Sequence[Term], brackets: bool = False) -> Words:
    """A sum; in brackets where it has several terms or a factor and something stands beside it."""
    said = []
    for number in (0, 1):
        text = ""
        for found in terms:
            sign = "−" if found.factor < 0 else "+"
            name = term(catalog, found)[number]
            text += f" {sign} {name}" if text else f"−{name}" if found.factor < 0 else name
        said.append(text)
    if brackets and (len(terms) > 1 or abs(terms[0].factor) != 1):
        return Words(f"({said[0]})", f"({said[1]})")
    return Words(*said)


def formula(catalog: Catalog, indicator: Indicator, edition: Edition) -> Words:
    """The formula with names: '产后访视产妇人数 ÷ 产妇数 × 100%'."""
    above, below = (side(catalog, terms, brackets=True) for terms in (edition.numerator, edition.denominator))
    times = TIMES.get(indicator.unit, Words("", ""))
    return Words(f"{above.zh} ÷ {below.zh}{times.zh}", f"{above.en} ÷ {below.en}{times.en}")


def definition(catalog: Catalog, indicator: Indicator, edition: Edition) -> Words:
    """The formula as a sentence without its full stop."""
    above, below = (side(catalog, terms) for terms in (edition.numerator, edition.denominator))
    if edition.type == "proportion" and indicator.unit == "percent":
        return Words(f"{above.zh}占{below.zh}的百分比", f"{above.en} as a percentage of {below.en}")
    if indicator.per > 1:
        return Words(
            f"每 {indicator.per} 个“{below.zh}”对应的“{above.zh}”", f"{above.en} per {indicator.per:,} {below.en}"
        )
    if edition.type == "mean" or indicator.unit.endswith("_per_person"):
        return Words(f"平均每个“{below.zh}”的“{above.zh}”", f"{above.en} for each of {below.en}, on average")
    return Words(f"“{above.zh}”与“{below.zh}”之比", f"ratio of {above.en} to {below.en}")


def differences(catalog: Catalog, one: Edition, other: Edition) -> list[Words]:
    """In what `other` differs from `one`; nothing where both compute the same."""
    found = []
    for field, zh in (("numerator", "分子"), ("denominator", "分母")):
        before, after = getattr(one, field), getattr(other, field)
        if sorted(t.text for t in before) != sorted(t.text for t in after):
            was, now = side(catalog, before), side(catalog, after)
            found.append(Words(f"{zh}为“{now.zh}”,不是“{was.zh}”", f"its {field} is {now.en}, not {was.en}"))
    if one.type != other.type:
        found.append(Words(f"类型为 {other.type},不是 {one.type}", f"it is a {other.type}, not a {one.type}"))
    return found


def validity(edition: Edition) -> Words:
    """From when to when an edition holds."""
    return between(edition.valid_from, edition.valid_to)


def between(start: date | None, end: date | None) -> Words:
    """From a day, before another; either may be open."""
    if start and end:
        return Words(f"{start} 起,{end} 前", f"from {start}, before {end}")
    if start or end:
        return Words(f"{start} 起" if start else f"{end} 前", f"from {start}" if start else f"before {end}")
    return Words("不限", "any time")
