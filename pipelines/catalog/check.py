"""Cross-checks over a whole catalog: what one file names, another must hold."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from datetime import date
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from pipelines.catalog.load import Catalog
    from pipelines.catalog.models import ClaimItem, Edition, Form, Item, Term

T = TypeVar("T")


def cross_check(catalog: Catalog) -> list[str]:
    """Every reference that leads nowhere and every contradiction between entries, as 'file:line: what'."""
    found = [
        *_elements(catalog),
        *_indicators(catalog),
        *_forms(catalog),
        *_rules_targets_roster(catalog),
        *_orgs(catalog),
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


def _rules_targets_roster(catalog: Catalog) -> Iterator[tuple[str, str]]:
    for code, rule in catalog.rules.items():
        yield from _terms(catalog, f"rules/{code}", code, (*rule.left, *rule.right))
        if rule.document not in catalog.documents:
            yield f"rules/{code}", f"{code}: 未知依据文件 / unknown document {rule.document!r}"
    for code, target in catalog.targets.items():
        if target.indicator not in catalog.indicators:
            yield f"targets/{code}", f"{code}: 未知指标 / unknown indicator {target.indicator!r}"
        if target.document not in catalog.documents:
            yield f"targets/{code}", f"{code}: 未知依据文件 / unknown document {target.document!r}"
        if target.scope and target.scope not in catalog.orgs:
            yield f"targets/{code}", f"{code}: 未知机构 / unknown organisation {target.scope!r}"
    for code, owed in catalog.roster.items():
        if owed.form not in catalog.forms:
            yield f"roster/{code}", f"{code}: 未知报表 / unknown form {owed.form!r}"
        if owed.unit not in catalog.orgs:
            yield f"roster/{code}", f"{code}: 未知机构 / unknown organisation {owed.unit!r}"


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
        yield from _repeats(f"rules/{code}", code, [], [rule.left, rule.right])


def _repeats(
    place: str, code: str, named: list[tuple[str, str]], sides: Iterable[tuple[Term, ...]]
) -> Iterator[tuple[str, str]]:
    for _, what in _again(named):
        yield place, f"{code}: {what} 出现两次 / stands twice"
    for terms in sides:
        for _, what in _again([(place, f"{term.element}[{term.breakdown}]") for term in terms]):
            yield place, f"{code}: {what} 在一边出现两次 / stands twice on one side"


def _again(named: Iterable[tuple[str, T]]) -> Iterator[tuple[str, T]]:
    """Those that have stood before."""
    seen = set()
    for place, what in named:
        if what in seen:
            yield place, what
        seen.add(what)
