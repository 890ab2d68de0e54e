"""Entries that contradict themselves or each other: sums that mean nothing, layouts and rules that cannot work."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from datetime import date
from typing import TYPE_CHECKING, Protocol

from pipelines.catalog.mistakes import Wrong, wrong
from pipelines.catalog.models.rules import Compare, Cumulative, Rule, Share, Total, comparisons
from pipelines.catalog.nodes import Where
from pipelines.catalog.periods import parse_code
from pipelines.catalog.roster import Below

if TYPE_CHECKING:
    from pipelines.catalog.load import Catalog
    from pipelines.catalog.models import Edition, Form, Term

Found = Iterator[Wrong]
MOST_PERCENT = 100
LEVELS = ("nation", "province", "prefecture", "county", "township", "village")


def _cited(place: str, where: Where, side: tuple[Term, ...]) -> Found:
    """A constant is cited."""
    for number, term in enumerate(side):
        if abs(term.factor) != 1 and not term.cite:
            yield wrong(place, (*where, number), "factor_without_cite", factor=term.factor)


def _sum(catalog: Catalog, place: str, where: Where, side: tuple[Term, ...]) -> Found:
    """What happens in a period is never added to what there is at its end (but a form may state such a total)."""
    yield from _cited(place, where, side)
    kinds: dict[str, str] = {}
    for term in side:
        if term.period != "previous" and term.element in catalog.elements:
            kinds.setdefault(catalog.elements[term.element].kind, term.element)
    if {"flow", "stock"} <= kinds.keys():
        yield wrong(place, where, "flow_and_stock", **kinds)


def _indicators(catalog: Catalog) -> Found:
    for code, indicator in catalog.indicators.items():
        place = f"indicators/{code}"
        for number, edition in enumerate(indicator.editions):
            for side, side_zh in (("numerator", "分子"), ("denominator", "分母")):
                where, terms = ("editions", number, side), getattr(edition, side)
                if not terms:
                    yield wrong(place, where, "empty_side", side=side, side_zh=side_zh)
                yield from _sum(catalog, place, where, terms)
        for number, one, other in _overlaps(indicator.editions):
            words = {"standard": one.standard, "one": one.edition, "other": other.edition}
            yield wrong(place, ("editions", number), "overlap", **words)


def _overlaps(editions: tuple[Edition, ...]) -> Iterator[tuple[int, Edition, Edition]]:
    """Pairs of one standard that hold at once, with the number of the later one."""
    for number, other in enumerate(editions):
        for one in editions[:number]:
            starts = max(one.valid_from or date.min, other.valid_from or date.min)
            ends = min(one.valid_to or date.max, other.valid_to or date.max)
            if one.standard == other.standard and starts < ends:
                yield number, one, other


def _forms(catalog: Catalog) -> Found:
    for code, form in catalog.forms.items():
        place, rows = f"forms/{code}", {item.element for item in form.items}
        yield from _layout(place, form)
        yield from _labels(place, form)
        for number, total in enumerate(form.totals):
            where = ("totals", number, "parts")
            yield from _cited(place, where, total.parts)
            if total.total not in rows:
                yield wrong(place, ("totals", number, "total"), "total_no_item", total=total.total)
            if total.total in {part.element for part in total.parts if not part.breakdown}:
                yield wrong(place, where, "total_of_itself", total=total.total)


def _layout(place: str, form: Form) -> Found:
    known, head = form.recognise, form.head
    patterns = {
        ("recognise", "title"): known.title, ("recognise", "sheet"): known.sheet, ("recognise", "beside"): known.beside,
        ("head", "period_pattern"): head.period_pattern,
    }  # fmt: skip
    for where, pattern in patterns.items():
        try:
            groups = re.compile(pattern).groupindex
        except re.error as error:
            yield wrong(place, where, "no_expression", title=pattern, error=error)
            continue
        if where[0] == "head" and pattern and "y" not in groups:
            yield wrong(place, where, "no_year_group")
    of_values = not (form.items or form.claims or form.columns)  # its figures come without a table
    rates_only = set() if of_values else {"claim_name", "claim"}
    needed = {
        "one_unit": {"item", "value"} if form.items else rates_only,
        "units_in_rows": {"unit_name"} if "unit_code" not in form.columns else set(),
        "units_in_columns": {"item"},
    }
    for role in sorted(needed[form.orientation] - form.columns.keys()):
        yield wrong(place, ("columns",), "no_column", role=role)
    if form.orientation == "units_in_rows" and form.row_level is None:
        yield wrong(place, ("orientation",), "no_row_level")


def _labels(place: str, form: Form) -> Found:
    """One label leads to one item; blanks and the width of signs do not tell labels apart."""
    rows = [("items", n, f"{i.element}[{i.breakdown}]", i.labels) for n, i in enumerate(form.items)]
    rows += [("claims", n, f"{c.indicator}[{c.breakdown}]", c.labels) for n, c in enumerate(form.claims)]
    seen: dict[tuple[str, str], str] = {}
    for group, number, target, labels in rows:
        for label in labels:
            key = (group, "".join(unicodedata.normalize("NFKC", label).split()))
            first = seen.setdefault(key, target)
            if first != target:
                words = {"one": first.removesuffix("[]"), "other": target.removesuffix("[]")}
                yield wrong(place, (group, number, "labels"), "label_of_two", label=label, **words)


def _rules(catalog: Catalog) -> Found:
    rows = {item.element for form in catalog.forms.values() if form.row_level for item in form.items}
    whole = catalog.is_whole("forms")
    for code, rule in catalog.rules.items():
        place = f"rules/{code}"
        if _untranslatable(catalog, rule):
            yield wrong(place, (), "untranslatable")
        for compared in comparisons(rule, catalog.breakdown_codes):
            for side, terms in (("left", compared.left), ("right", compared.right)):
                yield from _sum(catalog, place, (side,), terms)
                for number, term in enumerate(terms):
                    if term.level == "children" and term.element not in rows and whole:
                        yield wrong(place, (side, number), "no_rows_below", element=term.element)
        if isinstance(rule, Total | Share) and rule.parts and rule.breakdown:
            yield wrong(place, ("breakdown",), "parts_and_breakdown")
        if isinstance(rule, Cumulative) and rule.element in catalog.elements:
            kind = catalog.elements[rule.element].kind
            if kind != "year_to_date":
                yield wrong(place, ("element",), "not_cumulative", element=rule.element, kind=kind)


def _untranslatable(catalog: Catalog, rule: Rule) -> bool:
    """Whether a side of the rule has nothing in it (a list of codes that is unknown has been told of already)."""
    if rule.kind == "rate" or (isinstance(rule, Total | Share) and rule.breakdown not in {"", *catalog.codes}):
        return False
    if isinstance(rule, Compare):
        return not rule.left or not (rule.right or "constant" in rule.model_fields_set)
    compared = comparisons(rule, catalog.breakdown_codes)
    return not compared or not all(found.left and (found.right or isinstance(rule, Share)) for found in compared)


class _Dated(Protocol):
    """What holds from a day up to another."""

    @property
    def valid_from(self) -> date | None: ...
    @property
    def valid_to(self) -> date | None: ...


def _ends_before(place: str, entry: _Dated) -> Found:
    if entry.valid_from and entry.valid_to and entry.valid_from >= entry.valid_to:
        yield wrong(place, ("valid_to",), "ends_before")


def _plans(catalog: Catalog) -> Found:
    for code, target in catalog.targets.items():
        place, indicator = f"targets/{code}", catalog.indicators.get(target.indicator)
        if indicator and target.unit != indicator.unit:
            yield wrong(place, ("unit",), "unit_of_target", unit=target.unit, wanted=indicator.unit)
        yield from _ends_before(place, target)
    for code, control in catalog.control_values.items():
        place, indicator = f"control_values/{code}", catalog.indicators.get(control.indicator)
        if indicator and control.unit != indicator.unit:
            yield wrong(place, ("unit",), "unit_of_target", unit=control.unit, wanted=indicator.unit)
        if not _is_period(control.period):
            yield wrong(place, ("period",), "no_period", period=control.period)
        elif control.unit == "percent" and not 0 <= control.value <= MOST_PERCENT:
            yield wrong(place, ("value",), "no_such_share", value=control.value)
    for code, owed in catalog.obligations.items():
        if owed.value is not None and owed.comparator is None:
            yield wrong(f"obligations/{code}", ("value",), "value_alone")


def _documents(catalog: Catalog) -> Found:
    for code, document in catalog.documents.items():
        for field in ("date", "valid_to"):
            text = getattr(document, field)
            if text and not _is_period(text):
                yield wrong(f"documents/{code}", (field,), "no_date", text=text)


def _is_period(code: str) -> bool:
    try:
        parse_code(code)
    except ValueError:
        return False
    return True


def _roster(catalog: Catalog) -> Found:
    below = Below(catalog)
    for code, owed in catalog.roster.items():
        place, form = f"roster/{code}", catalog.forms.get(owed.form)
        if form and not owed.periods and (owed.frequency or form.frequency) in (None, "tick_box"):
            yield wrong(place, ("form",), "no_frequency", form=owed.form)
        for number, period in enumerate(owed.periods):
            if not _is_period(period):
                yield wrong(place, ("periods", number), "no_period", period=period)
        if owed.level and (not owed.scope or owed.scope in catalog.orgs) and not below.units(owed):
            yield wrong(place, ("level",), "nobody_owes", level=owed.level, scope=owed.scope or "orgs.csv")


CHECKS: tuple[Callable[[Catalog], Found], ...] = (_indicators, _forms, _rules, _plans, _documents, _roster)
