"""What a reader of an indicator may trip over, told from the catalog's own entries."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from pipelines.catalog.wording import Words

if TYPE_CHECKING:
    from pipelines.catalog.load import Catalog
    from pipelines.catalog.models import Edition, Indicator, Term

KINDS = {
    "flow": Words("期内发生数", "counts what happens in the period"),
    "stock": Words("期末数", "is the state at the period's end"),
    "year_to_date": Words("本年累计数", "is cumulated from the start of the year"),
    "attribute": Words("不能相加的数", "may not be added up"),
}


def traps(catalog: Catalog, code: str) -> list[Words]:
    """Every trap of an indicator, once each."""
    indicator = catalog.indicators[code]
    found = [*_of_indicator(indicator), *_of_forms(catalog, indicator)]
    for edition in indicator.editions:
        found += [*_of_edition(catalog, edition), *_of_document(catalog, edition)]
        for term in (*edition.numerator, *edition.denominator):
            found += _of_term(catalog, term)
    return list(dict.fromkeys(found))


def _of_indicator(indicator: Indicator) -> Iterator[Words]:
    if indicator.note:
        yield Words(indicator.note, indicator.note)
    if indicator.closed_on:
        yield Words(f"{indicator.closed_on} 起不再计算。", f"Not computed from {indicator.closed_on} on.")
    if not indicator.editions:
        yield Words(
            "来源只印率,没有分子分母:只能原样保存,不能复算。",
            "The sources print the rate without counts: it is kept as printed and cannot be computed again.",
        )
    if len({edition.formula for edition in indicator.editions}) > 1:
        yield Words(
            "各标准的公式不同,算出的不是同一个数:引用时写明标准。",
            "The standards' formulas differ and so do their figures: name the standard with the figure.",
        )


def _of_forms(catalog: Catalog, indicator: Indicator) -> Iterator[Words]:
    """A formula whose terms no single form holds is only computed where several returns meet."""
    held = [{item.element for item in form.items} for form in catalog.forms.values()]
    for edition in indicator.editions:
        needed = {term.element for term in (*edition.numerator, *edition.denominator)}
        name = f"{edition.standard} {edition.edition}"
        lacking = needed - set[str]().union(*held)
        if lacking:
            zh = "、".join(catalog.elements[code].zh for code in sorted(lacking))
            yield Words(f"{name}:还没有报表收“{zh}”。", f"{name}: no form collects {', '.join(sorted(lacking))} yet.")
        elif not any(needed <= elements for elements in held):
            yield Words(f"{name}:分子分母不在同一张报表。", f"{name}: no single form holds both sides.")


def _of_edition(catalog: Catalog, edition: Edition) -> Iterator[Words]:
    name = f"{edition.standard} {edition.edition}"
    if edition.note:
        yield Words(f"{name}:{edition.note}", f"{name}: {edition.note}")
    if edition.evidence == "own_knowledge":
        yield Words(f"{name}:公式未见印发文本。", f"{name}: no printed text of the formula is known.")
    if edition.type == "near_proportion":
        yield Words(
            f"{name}:分母数的不是分子所在的人群,率可能超过 100%。",
            f"{name}: its denominator counts something else than its numerator, so that the rate may pass 100%.",
        )
    kinds = [
        {catalog.elements[term.element].kind for term in side} for side in (edition.numerator, edition.denominator)
    ]
    if kinds[0] == {"flow"} and kinds[1] == {"stock"}:
        yield Words(
            f"{name}:分子是期内数,分母是期末数;不满一年的期间,率也按那一段时间计。",
            f"{name}: events of a period over a state at its end; in a part of a year the rate is of that part.",
        )


def _of_document(catalog: Catalog, edition: Edition) -> Iterator[Words]:
    document = catalog.documents[edition.document]
    if document.valid_to:
        later = f",后续为 {document.successor}" if document.successor else ""
        yield Words(
            f"依据 {edition.document} 已于 {document.valid_to} 失效{later}。",
            f"Its basis {edition.document} expired on {document.valid_to}"
            f"{'; ' + document.successor + ' follows' if document.successor else ''}.",
        )


def _of_term(catalog: Catalog, term: Term) -> Iterator[Words]:
    element = catalog.elements[term.element]
    if element.kind in ("year_to_date", "attribute"):
        kind = KINDS[element.kind]
        yield Words(f"“{element.zh}”是{kind.zh}。", f"“{element.en}” {kind.en}.")
    if element.steps_in:
        months = ", ".join(map(str, element.steps_in))
        yield Words(
            f"“{element.zh}”在 {months} 月重新界定,那时的跳升不是异常。",
            f"“{element.en}” is defined anew in month {months}: a jump then is no outlier.",
        )
    if abs(term.factor) != 1:
        yield Words(
            f"“{element.zh}”乘以 {term.factor.normalize():f} 估算:{term.cite}",
            f"“{element.en}” is multiplied with {term.factor.normalize():f}: {term.cite}",
        )
    if element.note:
        yield Words(f"“{element.zh}”:{element.note}", f"“{element.en}”: {element.note}")
