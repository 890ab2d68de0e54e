"""What is counted and what is computed from it: units, breakdowns, elements, indicators with their editions."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from pipelines.catalog.models.base import (
    PER,
    Code,
    Dated,
    Entry,
    Evidence,
    IndicatorType,
    Kind,
    Name,
    RateUnit,
    TermLevel,
    TermPeriod,
)


class Unit(Entry):
    """A unit of measure: its printed labels (人, 名 …) and whether it counts whole things."""

    zh: str
    en: str
    labels: tuple[str, ...] = ()
    counts: bool = True


class BreakdownCode(Name, Dated):
    """A code of a list: printed labels, validity, and the code that took its place."""

    labels: tuple[str, ...] = ()
    successor: str = ""


class CodeList(Name):
    """A code list for breakdowns, e.g. sex or the types of disputes; `closed`: its codes cover the whole."""

    codes: dict[Code, BreakdownCode]
    closed: bool = False
    document: str = ""


class Element(Name):
    """Something counted: flow (in the period), stock (at its end), year_to_date, or an attribute (never added).

    `carry`: how long a stock's last value may stand in ('1 year', '6 months'). `steps_in`: the months in which a
    year-to-date figure is defined anew, so that a jump there is no outlier.
    """

    unit: Code
    kind: Kind
    domain: Code
    breakdowns: tuple[Code, ...] = ()
    carry: Annotated[str, Field(pattern=r"^(\d+ (day|month|year)s?)?$")] = ""
    steps_in: tuple[Annotated[int, Field(ge=1, le=12)], ...] = ()
    note: str = ""


def _term(value: object) -> object:
    return {"element": value} if isinstance(value, str) else value


class Term(Entry):
    """element × factor (a cited constant; −1 subtracts) × breakdown ('' follows the figure's own) × period × level.

    `period`: same; previous (of a stock its last value before the period starts); same_last_year; to_date (from the
    year's start to the period's end). `level`: own figure, or the sum of the rows below.
    """

    element: Code
    factor: Decimal = Decimal(1)
    breakdown: str = ""
    period: TermPeriod = "same"
    level: TermLevel = "own"
    cite: str = ""

    @property
    def text(self) -> str:
        """The term in one word.

        >>> Term(element="a", factor=-1, period="previous").text
        '-1*a@previous'
        """
        factor = "" if self.factor == 1 else f"{self.factor.normalize():f}*"
        breakdown = f"[{self.breakdown}]" if self.breakdown else ""
        where = "".join(f"@{word}" for word in (self.period, self.level) if word not in ("same", "own"))
        return f"{factor}{self.element}{breakdown}{where}"


Terms = tuple[Annotated[Term, BeforeValidator(_term)], ...]


class Edition(Dated):
    """One dated formula of a standard. `evidence`: how well the formula is attested."""

    standard: Code
    edition: str
    type: IndicatorType
    numerator: Terms
    denominator: Terms
    document: Code
    evidence: Evidence = "printed"
    note: str = ""

    @property
    def formula(self) -> str:
        """The terms in one line: 'a+b/c'; editions with equal formulas are one candidate (decision 14)."""
        return "/".join("+".join(sorted(term.text for term in side)) for side in (self.numerator, self.denominator))


class Indicator(Name):
    """A derived rate; `editions` is empty where the reports print it without any counts.

    `closed_on`: the day from which it is no longer computed.
    """

    domain: Code
    unit: RateUnit
    better: Literal["higher", "lower", "neither"] = "higher"
    breakdowns: tuple[Code, ...] = ()
    closed_on: date | None = None
    editions: tuple[Edition, ...] = ()
    note: str = ""

    @property
    def per(self) -> int:
        """The factor of the rate's unit: 100 for percent."""
        return PER[self.unit]


class Standard(Entry):
    """A family of editions, e.g. the annual MCH survey; its editions of one indicator never overlap."""

    zh: str
    en: str


class DefaultStandard(Entry):
    """Which standard a level shows first in a domain ('*' = any)."""

    domain: str = "*"
    level: str = "*"
    order: tuple[Code, ...]
