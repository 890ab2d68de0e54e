"""Cross-checks over a whole catalog: what one file names, another must hold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipelines.catalog.load import Catalog
    from pipelines.catalog.models import Edition, Term


def cross_check(catalog: Catalog) -> list[str]:
    """Every reference that leads nowhere and every contradiction between entries, as 'file:line: what'."""
    found = [
        *_elements(catalog),
        *_indicators(catalog),
        *_forms(catalog),
        *_rules_targets_roster(catalog),
        *_orgs(catalog),
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
                f"{code}: 标准 {one.standard} 的版本 {one.edition} 与 {other.edition} 有效期重叠 / editions of one standard overlap",
            )


def _overlaps(editions: tuple[Edition, ...]) -> Iterator[tuple[Edition, Edition]]:
    for number, one in enumerate(editions):
        for other in editions[number + 1 :]:
            starts = max(one.valid_from or date.min, other.valid_from or date.min)
            ends = min(one.valid_to or date.max, other.valid_to or date.max)
            if one.standard == other.standard and starts < ends:
                yield one, other


def _forms(catalog: Catalog) -> Iterator[tuple[str, str]]:
    breakdowns = catalog.breakdown_names()
    for code, form in catalog.forms.items():
        place, labels = f"forms/{code}", dict[str, str]()
        for item in form.items:
            if item.element not in catalog.elements:
                yield place, f"{code}: 未知数据元 / unknown element {item.element!r}"
        for claim in form.claims:
            if claim.indicator not in catalog.indicators:
                yield place, f"{code}: 未知指标 / unknown indicator {claim.indicator!r}"
        for entry, kind in [(i, "item") for i in form.items] + [(c, "claim") for c in form.claims]:
            target = f"{getattr(entry, 'element', '')}{getattr(entry, 'indicator', '')}[{entry.breakdown}]"
            if entry.breakdown and entry.breakdown not in breakdowns:
                yield place, f"{code}: 未知分组编码 / unknown breakdown {entry.breakdown!r}"
            for label in entry.labels:
                if labels.setdefault(f"{kind} {label}", target) != target:
                    yield place, f"{code}: 标签 {label} 指向两项 / one label for two rows: {target}"
        for total in form.totals:
            yield from _terms(catalog, place, f"{code}.{total.total}", total.parts)
            if total.total not in {item.element for item in form.items}:
                yield place, f"{code}: 合计项不在表中 / total {total.total!r} is no row of the form"


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
    for code, owed in catalog.roster.items():
        if owed.form not in catalog.forms:
            yield f"roster/{code}", f"{code}: 未知报表 / unknown form {owed.form!r}"


def _orgs(catalog: Catalog) -> Iterator[tuple[str, str]]:
    for code, org in catalog.orgs.items():
        if org.parent and org.parent not in catalog.orgs:
            yield f"orgs/{code}", f"{code} {org.name}: 上级单位不存在 / unknown parent {org.parent!r}"
