"""What a night says of the files of a planted error: read by the intake, judged by the catalog's rules.

The answers are for the manifest; a test compares them with those of a night.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal

from pipelines.catalog.models import Edition, Rule, Term
from pipelines.catalog.periods import Period, parse_code
from pipelines.intake.orgs import OrgIndex
from pipelines.intake.tables import FactCell, Table
from pipelines.intake.understand import understand
from pipelines.sample.county import DUE_DAYS, forms, shipped
from pipelines.sample.errors import Planted
from pipelines.sample.layout import CHINA, Return, workbook

Stated = Decimal | str  # a number, or the word of a state
Figures = dict[tuple[str, str, str], Stated]  # organisation, period, element
PARTS_OF_A_WHOLE = ("proportion", "near_proportion")
HOLDS = {
    ">=": Decimal.__ge__, ">": Decimal.__gt__, "<=": Decimal.__le__, "<": Decimal.__lt__, "=": Decimal.__eq__,
}  # fmt: skip


@dataclass
class Reading:
    """What is known after the files of an error, and where a night shows that something is wrong."""

    figures: Figures = field(default_factory=dict)
    periods: set[str] = field(default_factory=set)
    seen: set[str] = field(default_factory=set)


def read_error(error: Planted, index: OrgIndex) -> Reading:
    """Reads the files of an error in the order in which they come."""
    reading, before, last = Reading(), b"", Table(sheet="")
    for sent in error.sent:
        content = workbook(sent.printed, forms()[sent.printed.form])
        if content == before:
            reading.seen.add("intake.receipt:duplicate")
            continue
        [last] = understand(content, shipped(), index, error.truth.sender)
        assert last.refusal is None
        before = content
        reading.figures |= {_key(fact): _stated(fact) for fact in last.facts if fact.occurrence == 1}
        reading.periods |= {fact.period.code for fact in last.facts}
    reading.seen |= set(_told_of_cells(last)) | set(_status(error, reading)) | set(_broken(reading.figures))
    return reading


def true_figures(found: Return) -> Figures:
    """What a return would state without its error."""
    rows = {**found.rows, found.township: found.total}
    return {
        (org, found.period, element): "blank" if value is None else Decimal(str(value)).normalize()
        for org, row in rows.items()
        for element, value in row.items()
    }


def _key(fact: FactCell) -> tuple[str, str, str]:
    return fact.org, fact.period.code, fact.element


def _stated(fact: FactCell) -> Stated:
    return fact.state if fact.value is None else fact.value.normalize()


def _told_of_cells(table: Table) -> Iterator[str]:
    for remark in table.remarks:
        yield f"quality.finding:{remark.rule}"
    for cell in table.quarantine:
        yield from (f"intake.quarantine:{cell.reason}", "quality.finding:cell_quarantined")
    first = {(*_key(fact),): fact.value for fact in table.facts if fact.occurrence == 1}
    if any(fact.value != first[_key(fact)] for fact in table.facts):
        yield "quality.finding:stated_twice"


def _status(error: Planted, reading: Reading) -> Iterator[str]:
    due = parse_code(error.truth.period).end + timedelta(days=DUE_DAYS)
    if error.truth.period not in reading.periods:
        yield "marts.reporting_status:missing"
    elif error.sent[0].modified.astimezone(CHINA).date() > due:
        yield "marts.reporting_status:late"


def _broken(figures: Figures) -> Iterator[str]:
    """The compare rules and the wholes that some organisation's figures of a period break."""
    units: dict[tuple[str, str], dict[str, Decimal]] = {}
    for (org, period, element), value in figures.items():
        if isinstance(value, Decimal):
            units.setdefault((org, period), {})[element] = value
    for (_, period), known in units.items():
        yield from _rules_broken(shipped().rules, known)
        if any(_above_whole(edition, known) for edition in _editions(parse_code(period))):
            yield "quality.finding:rate_above_whole"


def _rules_broken(rules: Mapping[str, Rule], known: Mapping[str, Decimal]) -> Iterator[str]:
    for code, rule in rules.items():
        left, right = _sum(rule.left, known), _sum(rule.right, known)
        if left is not None and right is not None and not HOLDS[rule.op](left, right):
            yield f"quality.finding:{code}"


def _editions(period: Period) -> Iterator[Edition]:
    for indicator in shipped().indicators.values():
        for edition in indicator.editions:
            holds = (edition.valid_from is None or edition.valid_from <= period.end) and (
                edition.valid_to is None or period.end < edition.valid_to
            )
            if holds and edition.type in PARTS_OF_A_WHOLE:
                yield edition


def _above_whole(edition: Edition, known: Mapping[str, Decimal]) -> bool:
    part, whole = _sum(edition.numerator, known), _sum(edition.denominator, known)
    return part is not None and whole is not None and part > whole


def _sum(terms: Iterable[Term], known: Mapping[str, Decimal]) -> Decimal | None:
    """The sum of terms; None where one is not known, or is a breakdown's (the county's forms have none)."""
    amounts = [known[t.element] * t.factor if t.element in known and not t.breakdown else None for t in terms]
    return None if None in amounts else sum((a for a in amounts if a is not None), Decimal(0))
