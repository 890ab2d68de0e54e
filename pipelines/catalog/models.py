"""Typed models of the catalog's entries (Pydantic); immutable once read."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

Code = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
Level = Literal["village", "township", "county", "prefecture", "province", "nation", "institution"]
Domain = Literal["public_health", "mch", "legal", "family_planning", "gov_service", "insurance", "library", "other"]
Kind = Literal["flow", "stock", "year_to_date", "attribute"]
IndicatorType = Literal["proportion", "near_proportion", "rate", "ratio", "mean"]
RateUnit = Literal[
    "percent", "per_mille", "per_100k", "per_100", "ratio", "mean",
    "percentage_points", "visits_per_person", "yuan_per_person",
]  # fmt: skip
Severity = Literal["error", "warning", "question"]
Relation = Literal["equal", "at_least", "at_most"]
Comparator = Literal[">=", ">", "=", "<=", "<"]

PER: dict[str, int] = {
    "percent": 100, "per_mille": 1000, "per_100k": 100_000, "per_100": 100, "ratio": 1, "mean": 1,
    "percentage_points": 1, "visits_per_person": 1, "yuan_per_person": 1,
}  # fmt: skip


class Entry(BaseModel):
    """An entry of the catalog: immutable, and a field that it does not know is a mistake."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Unit(Entry):
    """A unit of measure: its printed labels (人, 名 …) and whether it counts whole things."""

    zh: str
    en: str
    labels: tuple[str, ...] = ()
    counts: bool = True


class Name(Entry):
    """What a code is called."""

    zh: str
    en: str


class CodeList(Entry):
    """A code list for breakdowns, e.g. the bounds of a printed range."""

    zh: str
    en: str
    codes: dict[Code, Name]


class Element(Entry):
    """Something counted: flow (in the period), stock (at its end), year_to_date, or an attribute (never added)."""

    zh: str
    en: str
    unit: Code
    kind: Kind
    domain: Domain
    breakdowns: tuple[Code, ...] = ()
    carry: str = ""
    note: str = ""


def _term(value: object) -> object:
    return {"element": value} if isinstance(value, str) else value


class Term(Entry):
    """element × factor (a cited constant; −1 subtracts) × breakdown ('' follows the figure's own)."""

    element: Code
    factor: Decimal = Decimal(1)
    breakdown: str = ""
    cite: str = ""


Terms = tuple[Annotated[Term, BeforeValidator(_term)], ...]


class Edition(Entry):
    """One dated formula of a standard; valid from `valid_from` up to, not including, `valid_to`."""

    standard: Code
    edition: str
    valid_from: date | None = None
    valid_to: date | None = None
    type: IndicatorType
    numerator: Terms
    denominator: Terms
    document: Code
    note: str = ""

    @property
    def formula(self) -> str:
        """The terms in one line: 'a+b/c'; editions with equal formulas are one candidate (decision 14)."""
        return f"{_side(self.numerator)}/{_side(self.denominator)}"


def _side(terms: Terms) -> str:
    def one(term: Term) -> str:
        factor = "" if term.factor == 1 else f"{term.factor.normalize():f}*"
        breakdown = f"[{term.breakdown}]" if term.breakdown else ""
        return f"{factor}{term.element}{breakdown}"

    return "+".join(sorted(one(term) for term in terms))


class Indicator(Entry):
    """A derived rate; `editions` is empty where the reports print it without any counts."""

    zh: str
    en: str
    domain: Domain
    unit: RateUnit
    better: Literal["higher", "lower", "neither"] = "higher"
    breakdowns: tuple[Code, ...] = ()
    editions: tuple[Edition, ...] = ()
    note: str = ""

    @property
    def per(self) -> int:
        """The factor of the rate's unit: 100 for percent."""
        return PER[self.unit]


class Item(Entry):
    """A row of a form: the labels under which an element is printed."""

    element: Code
    breakdown: str = ""
    labels: tuple[str, ...]


class ClaimItem(Entry):
    """A printed rate of a form: the labels under which an indicator is printed."""

    indicator: Code
    breakdown: str = ""
    labels: tuple[str, ...]


class Partition(Entry):
    """A stated total and the parts that the form lists for it.

    `relation` says what the form means: equal; at_least (total ≥ parts: the list is open);
    at_most (total ≤ parts: parts overlap). Partitions of one total with the same `reading`
    are alternative readings: one that holds suffices.
    """

    total: Code
    partition: Code
    parts: Terms
    relation: Relation = "equal"
    severity: Severity = "error"
    reading: str = ""
    zh: str = ""


class Recognise(Entry):
    """How a table finds its form: a regular expression on the title, and columns that must be there."""

    title: str


class Form(Entry):
    """The layout of one return.

    `one_unit`: labels in a column, values beside them. `units_in_rows`: a row for each unit of `row_level` below the
    sender's area, elements in columns under headings of up to four merged rows (label `a > b`: b under a); a row whose
    name is one of `total_labels` is the area's own figure.
    """

    zh: str
    en: str
    domain: Domain
    orientation: Literal["one_unit", "units_in_rows"] = "one_unit"
    row_level: Level | None = None
    total_labels: tuple[str, ...] = ("合计", "总计", "小计")
    subject: Literal["area", "sender"] = "area"
    precedence: int = 100
    recognise: Recognise
    columns: dict[
        Literal["item", "unit", "value", "period", "claim_name", "claim", "note", "number", "unit_name"],
        tuple[str, ...],
    ]
    items: tuple[Item, ...]
    claims: tuple[ClaimItem, ...] = ()
    totals: tuple[Partition, ...] = ()
    missing: dict[str, Literal["blank", "not_collected", "not_carried_out", "suppressed", "not_applicable"]] = {}
    document: Code | None = None


class RosterEntry(Entry):
    """A unit that owes a form for the periods named; `due_days` after the period's end, where a day is known."""

    form: Code
    unit: str
    periods: tuple[str, ...]
    due_days: int | None = None


class Rule(Entry):
    """kind compare: sum of left terms `op` sum of right terms, or a finding."""

    kind: Literal["compare"]
    zh: str
    en: str
    left: Terms
    op: Literal[">=", ">", "=", "<=", "<"]
    right: Terms
    severity: Severity | dict[Level, Severity]
    document: Code

    def severity_at(self, level: str) -> str:
        """Severity at an organisation's level; levels that the rule does not name are not judged ('')."""
        if isinstance(self.severity, str):
            return self.severity
        return self.severity.get(level, "")  # type: ignore[call-overload, no-any-return]


class Target(Entry):
    """A planned value of an indicator for a scope (an organisation's code; '' = everywhere) and years."""

    indicator: Code
    scope: str = ""
    valid_from: date
    valid_to: date
    comparator: Comparator
    value: Decimal
    unit: RateUnit
    document: Code
    zh: str = ""


class Document(Entry):
    """The basis of a formula, a rule or a target: title, number, issuer, date, successor."""

    title: str
    number: str = ""
    issuer: str = ""
    date: str = ""
    successor: str = ""
    cite: str = ""


class Standard(Entry):
    """A family of editions, e.g. the annual MCH survey; its editions of one indicator never overlap."""

    zh: str
    en: str


class DefaultStandard(Entry):
    """Which standard a level shows first in a domain ('*' = any)."""

    domain: str = "*"
    level: str = "*"
    order: tuple[Code, ...]


class Org(Entry):
    """An organisation: division code, institution `<area>-<slug>`, or surrogate `x-<slug>` (masked in the source)."""

    code: Annotated[str, Field(pattern=r"^(\d{12}|x-[a-z0-9-]+)(-[a-z0-9-]+)?$")]
    name: str
    level: Level
    parent: str = ""
    kind: str = ""
    aliases: tuple[str, ...] = ()
    valid_from: date | None = None
    valid_to: date | None = None
