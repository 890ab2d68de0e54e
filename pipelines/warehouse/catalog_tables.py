"""The catalog and the organisations as tables of the warehouse, with integer keys in order of the codes."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from typing import Any

from pipelines.catalog import models as m
from pipelines.catalog.load import Catalog
from pipelines.catalog.models.rules import comparisons
from pipelines.catalog.periods import parse_code
from pipelines.catalog.roster import owed_returns
from pipelines.catalog.standards import preferred
from pipelines.settings import CHECKOUT
from pipelines.warehouse.org_tables import OrgKeys

LEVELS = ("nation", "province", "prefecture", "county", "township", "village", "institution")
Rows = list[Sequence[Any]]


class Keys:
    """Integer keys of the catalog's codes: the same catalog gives the same keys."""

    def __init__(self, catalog: Catalog) -> None:
        self.element = _number(catalog.elements)
        self.indicator = _number(catalog.indicators)
        self.form = _number(catalog.forms)
        self.org = OrgKeys(catalog.orgs)
        self.breakdown = {"": 0, **_number(catalog.breakdown_names())}


def _number(codes: Iterable[str]) -> dict[str, int]:
    return {code: number for number, code in enumerate(sorted(codes), 1)}


def tables(catalog: Catalog) -> dict[str, Rows]:
    """Rows of every table that the catalog fills, by table name, columns in the order of schema.sql."""
    keys = Keys(catalog)
    return {
        "catalog.domain": [(c, d.zh, d.en, number) for number, (c, d) in enumerate(catalog.domains.items(), 1)],
        "catalog.unit": [(c, u.zh, u.en, u.counts) for c, u in catalog.units.items()],
        "catalog.breakdown": [(0, "", "", "合计", "total", None, None, ""), *_breakdowns(catalog, keys)],
        "catalog.element": [
            (keys.element[c], c, e.zh, e.en, e.unit, e.kind, e.domain, catalog.units[e.unit].counts,
             _carry_months(e.carry), e.note)
            for c, e in catalog.elements.items()
        ],
        "catalog.standard": [(c, s.zh, s.en) for c, s in catalog.standards.items()],
        "catalog.document": [
            (c, d.title, d.number, d.issuer, d.date, d.successor, d.valid_to, d.cite)
            for c, d in catalog.documents.items()
        ],
        **_indicators(catalog, keys),
        "catalog.default_standard": _default_standards(catalog),
        "catalog.form": [
            (keys.form[c], c, f.zh, f.en, f.domain, f.subject, f.precedence, f.row_level,
             f.orientation, f.frequency or "", f.calendar, f.document or "")
            for c, f in catalog.forms.items()
        ],
        "catalog.form_element": [
            (keys.form[c], c, keys.element[e], e) for c, f in catalog.forms.items() for e in f.elements
        ],
        **_totals(catalog, keys),
        **_rules(catalog, keys),
        "catalog.roster": _roster(catalog),
        "catalog.obligation": [_obligation(code, o) for code, o in catalog.obligations.items()],
        "catalog.cause": [(code, c.zh, c.en, c.note) for code, c in catalog.causes.items()],
        "catalog.target": [_target(keys, code, t) for code, t in catalog.targets.items()],
        "catalog.control_value": [_control(keys, code, c) for code, c in catalog.control_values.items()],
        "catalog.poisson_limit": _poisson_limits(),
    }  # fmt: skip


def _indicators(catalog: Catalog, keys: Keys) -> dict[str, Rows]:
    editions = [
        (number, code, edition)
        for number, (code, edition) in enumerate(
            ((code, e) for code, i in sorted(catalog.indicators.items()) for e in i.editions), 1
        )
    ]
    return {
        "catalog.indicator": [
            (keys.indicator[c], c, i.zh, i.en, i.domain, i.unit, i.per, i.better, i.note)
            for c, i in catalog.indicators.items()
        ],
        "catalog.indicator_edition": [_edition(catalog, keys, *numbered) for numbered in editions],
        "catalog.indicator_term": [
            (key, code, e.standard, e.edition, side, *_term(keys, term))
            for key, code, e in editions
            for side, terms in (("numerator", e.numerator), ("denominator", e.denominator))
            for term in terms
        ],
    }  # fmt: skip


def _totals(catalog: Catalog, keys: Keys) -> dict[str, Rows]:
    totals = [
        (number, code, total)
        for number, (code, total) in enumerate(((c, t) for c, f in sorted(catalog.forms.items()) for t in f.totals), 1)
    ]
    return {
        "catalog.total": [
            (
                key, keys.form[code], code, keys.element[t.total], t.total, t.partition, t.relation, t.severity,
                t.reading or f"{t.total}/{t.partition}", t.zh,
            )
            for key, code, t in totals
        ],
        "catalog.total_part": [
            (key, code, t.total, t.partition, *_term(keys, part)) for key, code, t in totals for part in t.parts
        ],
    }  # fmt: skip


def _term(keys: Keys, term: m.Term) -> tuple[Any, ...]:
    return (
        keys.element[term.element],
        term.element,
        keys.breakdown[term.breakdown],
        term.breakdown,
        term.factor,
        term.period,
        term.level,
    )


def _breakdowns(catalog: Catalog, keys: Keys) -> Rows:
    return [
        (keys.breakdown[code], code, name, entry.zh, entry.en, entry.valid_from, entry.valid_to, entry.successor)
        for name, codes in catalog.codes.items()
        for code, entry in codes.codes.items()
    ]


def _edition(catalog: Catalog, keys: Keys, key: int, code: str, e: m.Edition) -> tuple[Any, ...]:
    counts = all(catalog.units[catalog.elements[t.element].unit].counts for t in e.numerator)
    steps = sorted({month for t in (*e.numerator, *e.denominator) for month in catalog.elements[t.element].steps_in})
    return (
        key, keys.indicator[code], code, e.standard, e.edition, e.valid_from, e.valid_to, e.type, e.formula,
        len(e.numerator), len(e.denominator), _kind(catalog, e.numerator), _kind(catalog, e.denominator), counts,
        "".join(f",{month}" for month in steps) + "," if steps else "", e.evidence, e.document, e.note,
    )  # fmt: skip


def _kind(catalog: Catalog, terms: Iterable[m.Term]) -> str:
    """'flow' where every term is counted over time and may be added up, 'year_to_date' likewise, else 'stock'."""
    kinds = {catalog.elements[term.element].kind for term in terms}
    return kinds.pop() if kinds in ({"flow"}, {"year_to_date"}) else "stock"


def _default_standards(catalog: Catalog) -> Rows:
    """For every domain and level the standards in order of preference, the most specific entry first."""
    rows: Rows = []
    for domain in sorted({i.domain for i in catalog.indicators.values()}):
        for level in LEVELS:
            order = preferred(catalog, domain, level)
            rows += [(domain, level, standard, number) for number, standard in enumerate(order)]
    return rows


def _rules(catalog: Catalog, keys: Keys) -> dict[str, Rows]:
    rules, compared, severities, terms = (list[Sequence[Any]]() for _ in range(4))
    for key, (code, rule) in enumerate(sorted(catalog.rules.items()), 1):
        indicator = keys.indicator.get(rule.indicator) if isinstance(rule, m.Rate) else None
        rounding = rule.rounding if isinstance(rule, m.Rate) else ""
        rules.append((key, code, rule.kind, rule.zh, rule.en, rule.tolerance, rule.when_missing, indicator, rounding,
                      rule.document))  # fmt: skip
        found = {level: rule.severity_at(level) for level in LEVELS}
        severities += [(key, code, level, severity) for level, severity in found.items() if severity]
        for number, c in enumerate(comparisons(rule, catalog.breakdown_codes), 1):
            compared.append((key, code, number, c.op, len(c.left), len(c.right), c.constant, c.left_text, c.right_text))
            for side, side_terms in (("left", c.left), ("right", c.right)):
                terms += [(key, code, number, side, *_term(keys, term)) for term in side_terms]
    return {
        "catalog.rule": rules,
        "catalog.rule_comparison": compared,
        "catalog.rule_severity": severities,
        "catalog.rule_term": terms,
    }


def _roster(catalog: Catalog) -> Rows:
    owed = {(o.form, o.unit, o.period.code): (o.due, o.due_unknown) for o in owed_returns(catalog)}
    return [(*key, *due) for key, due in owed.items()]


def _obligation(code: str, o: m.Obligation) -> tuple[Any, ...]:
    return (
        code, o.domain, o.subject, o.zh, o.en, o.every, o.comparator or "", o.value, o.unit, o.scope,
        o.valid_from, o.valid_to, o.deadline, o.element, o.indicator, o.document, o.note,
    )  # fmt: skip


def _target(keys: Keys, code: str, t: m.Target) -> tuple[Any, ...]:
    return (
        code, keys.indicator[t.indicator], t.indicator, t.scope, keys.org.get(t.scope), t.valid_from, t.valid_to,
        t.comparator, t.value, t.unit, t.document, t.zh,
    )  # fmt: skip


def _control(keys: Keys, code: str, c: m.ControlValue) -> tuple[Any, ...]:
    period = parse_code(c.period)
    return (
        code, keys.indicator[c.indicator], c.indicator, c.scope, keys.org.get(c.scope), period.code,
        period.kind, period.start, period.end, c.value, c.unit, c.document, c.evidence,
    )  # fmt: skip


def _poisson_limits() -> Rows:
    with (CHECKOUT / "pipelines" / "stats" / "exact_poisson_limits.csv").open(encoding="utf-8") as file:
        return [(int(row[0]), *map(float, row[1:])) for row in list(csv.reader(file))[1:]]


def _carry_months(carry: str) -> int | None:
    """How long a stock's value stands in, in months; None where the catalog does not say."""
    if not carry:
        return None
    number, unit = carry.split()
    return int(number) * {"y": 12, "m": 1, "d": 0}[unit[0]]
