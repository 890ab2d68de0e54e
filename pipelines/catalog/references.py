"""Which entry of the catalog names which: the one list behind the checks, the search and the generated pages."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from pipelines.catalog.models import AcrossLevels, Compare, Cumulative, Rate, Share, Total
from pipelines.catalog.nodes import Where

if TYPE_CHECKING:
    from pipelines.catalog.load import Catalog
    from pipelines.catalog.models import (
        ClaimItem,
        CodeList,
        ControlValue,
        DefaultStandard,
        Element,
        Form,
        Indicator,
        Item,
        Obligation,
        RosterEntry,
        Rule,
        Target,
        Term,
    )
    from pipelines.catalog.models.exchange import Exchange


DIVISION = re.compile(r"\d{12}")  # the code of a statistical division


class Reference(NamedTuple):
    """`entry` ('forms/monthly') names `code` of `kind` ('elements') at the part that `where` leads to."""

    entry: str
    where: Where
    kind: str
    code: str


Named = Iterator[tuple[Where, str, str]]  # where in the entry, kind, code


def references(catalog: Catalog) -> Iterator[Reference]:
    """Every name of another entry; '' (none) is left out."""
    for kind, names in NAMES.items():
        for code, entry in getattr(catalog, kind).items():
            for where, named, what in names(entry):
                if what:
                    yield Reference(f"{kind}/{code}", where, named, what)


def terms(side: Iterable[Term], *where: object) -> Named:
    """What the terms of a sum name."""
    for number, term in enumerate(side):
        yield (*where, number, "element"), "elements", term.element
        yield (*where, number, "breakdown"), "breakdowns", term.breakdown


def _rule(rule: Rule) -> Named:
    yield ("document",), "documents", rule.document
    match rule:
        case Compare():
            yield from terms(rule.left, "left")
            yield from terms(rule.right, "right")
        case Total():
            yield ("total",), "elements", rule.total
            yield from terms(rule.parts, "parts")
            yield ("breakdown",), "codes", rule.breakdown
        case Share():
            yield ("element",), "elements", rule.element or ""
            yield from terms(rule.parts, "parts")
            yield ("breakdown",), "codes", rule.breakdown
        case Cumulative():
            yield ("element",), "elements", rule.element
            yield ("flow",), "elements", rule.flow or ""
            yield ("breakdown",), "breakdowns", rule.breakdown
        case AcrossLevels():
            yield from ((("elements", number), "elements", code) for number, code in enumerate(rule.elements))
        case Rate():
            yield ("indicator",), "indicators", rule.indicator


def _form(form: Form) -> Named:
    yield ("domain",), "domains", form.domain
    yield ("document",), "documents", form.document or ""
    yield ("due", "document"), "documents", form.due.document if form.due else ""
    yield ("head", "sender"), "orgs", form.head.sender
    yield from ((("breakdowns", name), "breakdowns", code) for name, code in form.breakdowns.items())
    for number, item in enumerate(form.items):
        yield ("items", number, "element"), "elements", item.element
        yield from _cell(item, "items", number, "elements")
    for number, claim in enumerate(form.claims):
        yield ("claims", number, "indicator"), "indicators", claim.indicator
        yield from _cell(claim, "claims", number, "indicators")
    for number, total in enumerate(form.totals):
        yield ("totals", number, "total"), "elements", total.total
        yield from terms(total.parts, "totals", number, "parts")


def _cell(item: Item | ClaimItem, field: str, number: int, kind: str) -> Named:
    yield (field, number, "breakdown"), "breakdowns", item.breakdown
    if item.also:
        yield (field, number, "also", "code"), kind, item.also.code
        yield (field, number, "also", "breakdown"), "breakdowns", item.also.breakdown or ""


def _each(field: str, kind: str, codes: Iterable[str]) -> Named:
    yield from (((field, number), kind, code) for number, code in enumerate(codes))


def _indicator(indicator: Indicator) -> Named:
    yield ("domain",), "domains", indicator.domain
    yield from _each("breakdowns", "codes", indicator.breakdowns)
    for number, edition in enumerate(indicator.editions):
        where = ("editions", number)
        yield (*where, "standard"), "standards", edition.standard
        yield (*where, "document"), "documents", edition.document
        yield from terms(edition.numerator, *where, "numerator")
        yield from terms(edition.denominator, *where, "denominator")


def _element(element: Element) -> Named:
    yield ("domain",), "domains", element.domain
    yield ("unit",), "units", element.unit
    yield from _each("breakdowns", "codes", element.breakdowns)


def _code_list(codes: CodeList) -> Named:
    yield ("document",), "documents", codes.document
    for code, breakdown in codes.codes.items():
        yield ("codes", code, "successor"), "breakdowns", breakdown.successor


def _target(target: Target) -> Named:
    yield ("indicator",), "indicators", target.indicator
    yield ("document",), "documents", target.document
    yield ("scope",), "orgs", target.scope


def _control(control: ControlValue) -> Named:
    yield ("indicator",), "indicators", control.indicator
    yield ("document",), "documents", control.document
    if not DIVISION.fullmatch(control.scope):  # a site need not have the province that a figure is about
        yield ("scope",), "orgs", control.scope


def _obligation(owed: Obligation) -> Named:
    yield ("domain",), "domains", owed.domain
    yield ("element",), "elements", owed.element
    yield ("indicator",), "indicators", owed.indicator
    yield ("document",), "documents", owed.document


def _order(order: DefaultStandard) -> Named:
    yield ("domain",), "domains", order.domain.removeprefix("*")
    yield from _each("order", "standards", order.order)


def _roster(owed: RosterEntry) -> Named:
    yield ("form",), "forms", owed.form
    yield ("unit",), "orgs", owed.unit
    yield ("scope",), "orgs", owed.scope
    yield from _each("without", "orgs", owed.without)
    yield ("due", "document"), "documents", owed.due.document if owed.due else ""


def _exchange(system: Exchange) -> Named:
    for name, meaning in system.elements.items():
        yield ("elements", name), "elements", meaning.element
        yield ("elements", name), "breakdowns", meaning.breakdown
    yield from ((("breakdowns", name), "breakdowns", code) for name, code in system.breakdowns.items())
    yield from ((("orgs", name), "orgs", code) for name, code in system.orgs.items())
    yield from ((("forms", name), "forms", code) for name, code in system.forms.items())


NAMES: dict[str, Callable[[Any], Named]] = {
    "elements": _element,
    "indicators": _indicator,
    "forms": _form,
    "rules": _rule,
    "codes": _code_list,
    "targets": _target,
    "control_values": _control,
    "obligations": _obligation,
    "roster": _roster,
    "documents": lambda document: iter([(("successor",), "documents", document.successor)]),
    "default_standards": _order,
    "exchange": _exchange,
}
