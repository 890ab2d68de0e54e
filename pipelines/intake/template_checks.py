"""A form's checks as formulas of a spreadsheet: what a cell may hold, and how cells of one row must compare."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from pipelines.catalog.load import Catalog
from pipelines.catalog.models import Form, Item, Term
from pipelines.catalog.models.rules import OPERATORS, Comparison, comparisons

Key = tuple[str, str]  # element, breakdown
LONGEST = 255  # characters of a validation's formula and of its message
HALF_DIGIT = Decimal("0.00005")  # figures have four decimals
STATES = {"not_collected": "未统计", "not_carried_out": "未开展", "suppressed": "不公布", "not_applicable": "不适用"}


@dataclass(frozen=True)
class Check:
    """A sum of a form's figures against another: each a figure with its factor, in the units that the form prints."""

    name: str
    severity: str
    left: tuple[tuple[Key, Decimal], ...]
    operator: str
    right: tuple[tuple[Key, Decimal], ...]
    constant: Decimal
    tolerance: Decimal

    @property
    def keys(self) -> list[Key]:
        """The figures that it is about, each once."""
        return list(dict.fromkeys(key for key, _ in (*self.left, *self.right)))

    def holds(self, cell: Callable[[Key], str]) -> str:
        """A formula that is true where the check holds, or cannot be judged: a figure is missing or a code.

        >>> check = Check("a ≥ b", "error", ((("a", ""), Decimal(1)),), ">=", ((("b", ""), Decimal(2)),), Decimal(0),
        ...               Decimal(0))
        >>> check.holds({("a", ""): "C6", ("b", ""): "D6"}.__getitem__)
        'OR(COUNT(C6,D6)<2,MIN(C6,D6)<0,C6>=2*D6)'
        """
        cells = [cell(key) for key in self.keys]
        left, right = _sum(self.left, cell), _sum(self.right, cell, self.constant)
        slack = f"{self.tolerance.normalize():f}"
        compared = {
            "=": f"ABS({left}-({right}))<={slack}" if self.tolerance else f"{left}={right}",
            ">=": f"{left}>={right}" + f"-{slack}" * bool(self.tolerance),
            "<=": f"{left}<={right}" + f"+{slack}" * bool(self.tolerance),
            ">": f"{left}>{right}" + f"-{slack}" * bool(self.tolerance),
            "<": f"{left}<{right}" + f"+{slack}" * bool(self.tolerance),
        }[self.operator]
        joined = ",".join(cells)
        return f"OR(COUNT({joined})<{len(cells)},MIN({joined})<0,{compared})"


def _sum(terms: tuple[tuple[Key, Decimal], ...], cell: Callable[[Key], str], constant: Decimal = Decimal(0)) -> str:
    parts = [cell(key) if factor == 1 else f"{factor.normalize():f}*{cell(key)}" for key, factor in terms]
    if constant or not parts:
        parts.append(f"{constant.normalize():f}")
    return "+".join(parts)


def checks(form: Form, catalog: Catalog, level: str) -> list[Check]:
    """The comparisons of the catalog that one row of a form can break: its declared totals, and the rules of a level.

    Rules that look back, at other units or at figures that the form does not have are left to the night.
    """
    items = {(item.element, item.breakdown): item for item in form.items}
    found = []
    for name, severity, comparison, tolerance in _comparisons(form, catalog, level):
        terms = (*comparison.left, *comparison.right)
        own = all((term.period, term.level) == ("same", "own") for term in terms)
        if own and all((term.element, term.breakdown) in items for term in terms):
            counts = all(catalog.units[catalog.elements[term.element].unit].counts for term in terms)
            slack = max(tolerance, Decimal(0) if counts else HALF_DIGIT)
            sides = (_side(side, items) for side in (comparison.left, comparison.right))
            left, right = sides
            found.append(Check(name, severity, left, comparison.op, right, comparison.constant, slack))
    return found


def _comparisons(form: Form, catalog: Catalog, level: str) -> Iterator[tuple[str, str, Comparison, Decimal]]:
    readings = [total.total for total in form.totals if total.reading]
    for total in form.totals:
        if total.total not in readings:  # of several readings one that holds suffices: no formula for a cell
            term, zh = Term(element=total.total), catalog.elements[total.total].zh
            compared = Comparison((term,), OPERATORS[total.relation], total.parts)
            sign = {"equal": "=", "at_least": "≥", "at_most": "≤"}[total.relation]
            yield total.zh or f"{zh} {sign} 各分项之和", total.severity, compared, Decimal(0)
    for rule in catalog.rules.values():
        severity = rule.severity_at(level)
        if severity and rule.when_missing == "skip":
            for compared in comparisons(rule, catalog.breakdown_codes):
                yield rule.zh, severity, compared, rule.tolerance


def _side(terms: tuple[Term, ...], items: Mapping[Key, Item]) -> tuple[tuple[Key, Decimal], ...]:
    keys = [(term.element, term.breakdown) for term in terms]
    return tuple((key, term.factor * items[key].unit_factor) for key, term in zip(keys, terms, strict=True))


def may_hold(cell: str, form: Form, *, counts: bool) -> str:
    """A formula that is true where a cell holds a figure (of a count: whole, from 0 on) or one of the form's codes.

    >>> from types import SimpleNamespace
    >>> may_hold("C6", SimpleNamespace(missing={"-1": "not_collected", "*": "suppressed"}), counts=True)
    'IF(ISNUMBER(FIND("|"&C6&"|","|-1|*|")),TRUE,IF(ISNUMBER(C6),C6=INT(ABS(C6))))'
    """
    figure = f"IF(ISNUMBER({cell}),{cell}=INT(ABS({cell})))" if counts else f"ISNUMBER({cell})"
    if not form.missing:
        return figure
    listed = f"|{'|'.join(form.missing)}|".replace('"', '""')
    return f'IF(ISNUMBER(FIND("|"&{cell}&"|","{listed}")),TRUE,{figure})'


def codes(form: Form) -> tuple[list[str], list[str]]:
    """The form's codes for figures that are missing: those that are numbers, and those that are texts."""
    numbers = [code for code in form.missing if code.lstrip("-").isdigit()]
    return numbers, [code for code in form.missing if code not in numbers]


def legend(form: Form) -> str:
    """What a clerk writes where there is no figure."""
    first = {state: code for code, state in reversed(form.missing.items()) if state in STATES}
    numbers, _ = codes(form)
    ordered = sorted(first.items(), key=lambda pair: (pair[1] not in numbers, pair[1]))
    return ",".join(f"{code} {STATES[state]}" for state, code in ordered)
