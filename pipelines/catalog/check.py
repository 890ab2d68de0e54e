"""Cross-checks over a whole catalog: what one file names, another must hold."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING, TypeVar

from pipelines.catalog.models.rules import comparisons
from pipelines.catalog.periods import parse_code

if TYPE_CHECKING:
    from pipelines.catalog.load import Catalog
    from pipelines.catalog.models import ClaimItem, Edition, Form, Item, Rule, Term

T = TypeVar("T")


def cross_check(catalog: Catalog) -> list[str]:
    """Every reference that leads nowhere and every contradiction between entries, as 'file:line: what'."""
    found = [
        *_elements(catalog),
        *_indicators(catalog),
        *_forms(catalog),
        *_rules(catalog),
        *_plans(catalog),
        *_roster(catalog),
        *_orgs(catalog),
        *_cycles(catalog),
        *_repeated(catalog),
    ]
    return [f"{catalog.places.get(place, place)}: {text}" for place, text in found]


def _elements(catalog: Catalog) -> Iterator[tuple[str, str]]:
    for code, element in catalog.elements.items():
        place = f"elements/{code}"
        if element.unit not in catalog.units:
            yield place, f"{code}: 未知单位 / unknown unit {element.unit!r}; add it to units.yaml"
        for name in element.breakdowns:
            if name not in catalog.codes:
                yield place, f"{code}: 未知分组 / unknown code list {name!r}"


def _terms(catalog: Catalog, place: str, owner: str, terms: Iterable[Term]) -> Iterator[tuple[str, str]]:
    breakdowns = catalog.breakdown_names()
    for term in terms:
        if term.element not in catalog.elements:
            yield place, f"{owner}: 未知数据元 / unknown element {term.element!r}"
        if term.breakdown and term.breakdown not in breakdowns:
            yield place, f"{owner}: 未知分组编码 / unknown breakdown {term.breakdown!r}"


def _indicators(catalog: Catalog) -> Iterator[tuple[str, str]]:
    for code, indicator in catalog.indicators.items():
        place = f"indicators/{code}"
        for edition in indicator.editions:
            yield from _terms(catalog, place, code, (*edition.numerator, *edition.denominator))
            for side in (edition.numerator, edition.denominator):
                yield from _mixed(catalog, place, f"{code} ({edition.standard} {edition.edition})", side)
            if edition.standard not in catalog.standards:
                yield place, f"{code}: 未知标准 / unknown standard {edition.standard!r}"
            if edition.document not in catalog.documents:
                yield place, f"{code}: 未知依据文件 / unknown document {edition.document!r}"
        for one, other in _overlaps(indicator.editions):
            yield (
                place,
                f"{code}: 标准 {one.standard} 的版本有效期重叠 / editions overlap: {one.edition}, {other.edition}",
            )


def _overlaps(editions: tuple[Edition, ...]) -> Iterator[tuple[Edition, Edition]]:
    for number, one in enumerate(editions):
        for other in editions[number + 1 :]:
            starts = max(one.valid_from or date.min, other.valid_from or date.min)
            ends = min(one.valid_to or date.max, other.valid_to or date.max)
            if one.standard == other.standard and starts < ends:
                yield one, other


def _forms(catalog: Catalog) -> Iterator[tuple[str, str]]:
    for code, form in catalog.forms.items():
        place = f"forms/{code}"
        try:
            re.compile(form.recognise.title)
        except re.error as error:
            yield place, f"{code}: recognise.title 不是正则表达式 / is no regular expression: {error}"
        if form.document and form.document not in catalog.documents:
            yield place, f"{code}: 未知依据文件 / unknown document {form.document!r}"
        yield from _form_rows(catalog, place, code, form)
        for total in form.totals:
            yield from _terms(catalog, place, f"{code}.{total.total}", total.parts)
            if total.total not in {item.element for item in form.items}:
                yield place, f"{code}: 合计项不在表中 / total {total.total!r} is no row of the form"


def _form_rows(catalog: Catalog, place: str, code: str, form: Form) -> Iterator[tuple[str, str]]:
    breakdowns, seen = catalog.breakdown_names(), dict[str, str]()
    rows: list[tuple[str, str, Item | ClaimItem, Container[str]]]
    rows = [("数据元 / element", i.element, i, catalog.elements.keys()) for i in form.items]
    rows += [("指标 / indicator", c.indicator, c, catalog.indicators.keys()) for c in form.claims]
    for what, named, row, known in rows:
        if named not in known:
            yield place, f"{code}: 未知{what} {named!r}"
        if row.breakdown and row.breakdown not in breakdowns:
            yield place, f"{code}: 未知分组编码 / unknown breakdown {row.breakdown!r}"
        for label in row.labels:
            target = f"{named}[{row.breakdown}]"
            if seen.setdefault(f"{what} {label}", target) != target:
                yield place, f"{code}: 标签 {label} 指向两项 / one label for two rows: {target}"


def _rules(catalog: Catalog) -> Iterator[tuple[str, str]]:
    for code, rule in catalog.rules.items():
        place = f"rules/{code}"
        compared = comparisons(rule, catalog.breakdown_codes)
        if rule.kind != "rate" and not all(found.left and (found.right or found.right_text) for found in compared):
            yield place, f"{code}: 规则的一边是空的,无法换算成比较 / one side is empty: the rule cannot be translated"
        for found in compared:
            yield from _terms(catalog, place, code, (*found.left, *found.right))
            for side in (found.left, found.right):
                yield from _mixed(catalog, place, code, [term for term in side if term.period != "previous"])
            yield from _children(catalog, place, code, (*found.left, *found.right))
        yield from _rule_names(catalog, place, code, rule)
        if rule.document not in catalog.documents:
            yield place, f"{code}: 未知依据文件 / unknown document {rule.document!r}"


def _rule_names(catalog: Catalog, place: str, code: str, rule: Rule) -> Iterator[tuple[str, str]]:
    name = getattr(rule, "breakdown", "")
    if name and name not in catalog.codes and name not in catalog.breakdown_names():
        yield place, f"{code}: 未知分组 / unknown code list {name!r}; add it to codes.yaml"
    if rule.kind == "cumulative" and rule.element in catalog.elements:
        kind = catalog.elements[rule.element].kind
        if kind != "year_to_date":
            yield place, f"{code}: {rule.element} 不是累计数 / {rule.element} is {kind}, not year_to_date"
    if rule.kind == "rate" and rule.indicator not in catalog.indicators:
        yield place, f"{code}: 未知指标 / unknown indicator {rule.indicator!r}"


def _mixed(catalog: Catalog, place: str, owner: str, terms: Iterable[Term]) -> Iterator[tuple[str, str]]:
    """A sum of what happens in a period and of what there is at its end means nothing."""
    kinds = {catalog.elements[term.element].kind for term in terms if term.element in catalog.elements}
    if {"flow", "stock"} <= kinds:
        yield place, f"{owner}: 期内数与期末数不能相加 / a flow and a stock are added; add terms of one kind only"


def _children(catalog: Catalog, place: str, owner: str, terms: Iterable[Term]) -> Iterator[tuple[str, str]]:
    rows = {item.element for form in catalog.forms.values() if form.row_level for item in form.items}
    for term in terms:
        if term.level == "children" and term.element not in rows:
            yield (
                place,
                f"{owner}: 没有分行的报表收 {term.element},下级之和无从算起 / no form has rows of {term.element!r}: "
                "there is nothing to add up",
            )


def _plans(catalog: Catalog) -> Iterator[tuple[str, str]]:
    for code, target in catalog.targets.items():
        if target.indicator not in catalog.indicators:
            yield f"targets/{code}", f"{code}: 未知指标 / unknown indicator {target.indicator!r}"
        if target.document not in catalog.documents:
            yield f"targets/{code}", f"{code}: 未知依据文件 / unknown document {target.document!r}"
        if target.scope and target.scope not in catalog.orgs:
            yield f"targets/{code}", f"{code}: 未知机构 / unknown organisation {target.scope!r}"
    for code, owed in catalog.obligations.items():
        place = f"obligations/{code}"
        if owed.document not in catalog.documents:
            yield place, f"{code}: 未知依据文件 / unknown document {owed.document!r}"
        if owed.element and owed.element not in catalog.elements:
            yield place, f"{code}: 未知数据元 / unknown element {owed.element!r}"
        if owed.indicator and owed.indicator not in catalog.indicators:
            yield place, f"{code}: 未知指标 / unknown indicator {owed.indicator!r}"


def _roster(catalog: Catalog) -> Iterator[tuple[str, str]]:
    for code, owed in catalog.roster.items():
        place = f"roster/{code}"
        form = catalog.forms.get(owed.form)
        if form is None:
            yield place, f"{code}: 未知报表 / unknown form {owed.form!r}"
        elif not owed.periods and (owed.frequency or form.frequency) in (None, "tick_box"):
            yield place, f"{code}: 报表没有固定的报告频率,应写 frequency / {owed.form} has no frequency; give one"
        for named in filter(None, (owed.unit, owed.scope, *owed.without)):
            if named not in catalog.orgs:
                yield place, f"{code}: 未知机构 / unknown organisation {named!r}"
        for period in owed.periods:
            try:
                parse_code(period)
            except ValueError:
                yield place, f"{code}: 看不懂的统计期 / no period code {period!r}; write it as 2014, 2014Q2 or 2014-05"


def _cycles(catalog: Catalog) -> Iterator[tuple[str, str]]:
    """Chains that come back to where they began."""
    chains = {
        "orgs": ({code: org.parent for code, org in catalog.orgs.items()}, "上级单位", "parents"),
        "documents": ({code: doc.successor for code, doc in catalog.documents.items()}, "后续文件", "successors"),
    }
    for kind, (follows, zh, en) in chains.items():
        for code in sorted(in_cycle(follows)):
            yield f"{kind}/{code}", f"{code}: {zh}绕成一圈 / its {en} lead back to itself"
    for code, doc in catalog.documents.items():
        if doc.successor and doc.successor not in catalog.documents:
            yield f"documents/{code}", f"{code}: 未知后续文件 / unknown successor {doc.successor!r}"
    for code, form in catalog.forms.items():
        parts = {t.total: [part.element for part in t.parts if not part.breakdown] for t in form.totals}
        for total, elements in parts.items():
            if total in elements:
                yield f"forms/{code}", f"{code}: 合计 {total} 含有它自己 / the total {total} is a part of itself"


def in_cycle(follows: Mapping[str, str]) -> set[str]:
    """The codes whose chain leads back to themselves.

    >>> sorted(in_cycle({"a": "b", "b": "a", "c": "a", "d": ""}))
    ['a', 'b']
    """
    done, found = set[str](), set[str]()
    for start in follows:
        path: list[str] = []
        seen: dict[str, int] = {}
        code = start
        while code and code not in done and code not in seen:
            seen[code] = len(path)
            path.append(code)
            code = follows.get(code, "")
        if code in seen:
            found.update(path[seen[code] :])
        done.update(path)
    return found


def _orgs(catalog: Catalog) -> Iterator[tuple[str, str]]:
    for code, org in catalog.orgs.items():
        if org.parent and org.parent not in catalog.orgs:
            yield f"orgs/{code}", f"{code} {org.name}: 上级单位不存在 / unknown parent {org.parent!r}"


def _repeated(catalog: Catalog) -> Iterator[tuple[str, str]]:
    """What the warehouse keeps once: an edition, a partition, a breakdown's code, a term of a side, a return owed."""
    lists = [(f"codes/{name}", code) for name, codes in catalog.codes.items() for code in codes.codes]
    for place, code in _again(lists):
        yield place, f"分组编码 {code} 出现两次 / the breakdown {code} stands twice"
    owed = [(f"roster/{c}", (r.form, r.unit, period)) for c, r in catalog.roster.items() for period in r.periods]
    for place, what in _again(owed):
        yield place, f"{' '.join(what)} 出现两次 / is owed twice"
    for code, indicator in catalog.indicators.items():
        place = f"indicators/{code}"
        named = [(place, f"{e.standard} {e.edition}") for e in indicator.editions]
        sides = [terms for e in indicator.editions for terms in (e.numerator, e.denominator)]
        yield from _repeats(place, code, named, sides)
    for code, form in catalog.forms.items():
        place = f"forms/{code}"
        named = [(place, f"{t.total} {t.partition}") for t in form.totals]
        yield from _repeats(place, code, named, [t.parts for t in form.totals])
    for code, rule in catalog.rules.items():
        for found in comparisons(rule, catalog.breakdown_codes):
            yield from _repeats(f"rules/{code}", code, [], [found.left, found.right])


def _repeats(
    place: str, code: str, named: list[tuple[str, str]], sides: Iterable[tuple[Term, ...]]
) -> Iterator[tuple[str, str]]:
    for _, what in _again(named):
        yield place, f"{code}: {what} 出现两次 / stands twice"
    for terms in sides:
        for _, what in _again([(place, term.model_copy(update={"factor": 1}).text) for term in terms]):
            yield place, f"{code}: {what} 在一边出现两次 / stands twice on one side"


def _again(named: Iterable[tuple[str, T]]) -> Iterator[tuple[str, T]]:
    """Those that have stood before."""
    seen = set()
    for place, what in named:
        if what in seen:
            yield place, what
        seen.add(what)
