"""Rules: few kinds, each a short way to write one comparison of sums (decision 17); free expressions there are none."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from pipelines.catalog.models.base import Code, Level, Name, Relation, Severity
from pipelines.catalog.models.measures import Term, Terms

OPERATORS: dict[str, Literal[">=", "=", "<="]] = {"equal": "=", "at_least": ">=", "at_most": "<="}


class _Rule(Name):
    """What all rules say: severity (of all levels, or of those named; the others are not judged) and document.

    `when_missing`: skip: a rule is not judged while a term is not reported; zero: the term stands for 0, and the rule
    only asks.
    """

    severity: Severity | dict[Level, Severity]
    document: Code
    tolerance: Annotated[Decimal, Field(ge=0)] = Decimal(0)
    when_missing: Literal["skip", "zero"] = "skip"
    note: str = ""

    def severity_at(self, level: str) -> str:
        """Severity at an organisation's level; levels that the rule does not name are not judged ('')."""
        if isinstance(self.severity, str):
            return self.severity
        return self.severity.get(level, "")  # type: ignore[call-overload, no-any-return]


class Compare(_Rule):
    """Sum of left terms `op` sum of right terms (or `constant`)."""

    kind: Literal["compare"]
    left: Terms
    op: Literal[">=", ">", "=", "<=", "<"]
    right: Terms = ()
    constant: Decimal = Decimal(0)


class Total(_Rule):
    """A total against its parts, listed or by the codes of a breakdown."""

    kind: Literal["total"]
    total: Code
    parts: Terms = ()
    breakdown: str = ""
    relation: Relation = "equal"


class Cumulative(_Rule):
    """A year-to-date figure never falls within its year; with `flow`, that is its growth since the period before."""

    kind: Literal["cumulative"]
    element: Code
    breakdown: str = ""
    flow: Code | None = None


class Share(_Rule):
    """Printed shares add up to `whole`, give or take `tolerance`."""

    kind: Literal["share"]
    parts: Terms = ()
    element: Code | None = None
    breakdown: str = ""
    whole: Decimal = Decimal(100)


class AcrossLevels(_Rule):
    """What a unit states for itself is the sum of the rows below, where all of them reported."""

    kind: Literal["level"]
    elements: tuple[Code, ...]


class Rate(_Rule):
    """How a printed rate may be rounded: half up, cut off, or either; applies to `indicator`."""

    kind: Literal["rate"]
    indicator: Code
    rounding: Literal["half_up", "truncated", "either"] = "half_up"


Rule = Annotated[Compare | Total | Cumulative | Share | AcrossLevels | Rate, Field(discriminator="kind")]


@dataclass(frozen=True)
class Comparison:
    """What a rule compiles to: sum of left terms `op` sum of right terms plus constant."""

    left: Terms
    op: Literal[">=", ">", "=", "<=", "<"]
    right: Terms
    constant: Decimal = Decimal(0)

    @property
    def left_text(self) -> str:
        """The left side in a line."""
        return "+".join(term.text for term in self.left)

    @property
    def right_text(self) -> str:
        """The right side in a line; the constant only where it is something."""
        constant = [f"{self.constant.normalize():f}"] if self.constant or not self.right else []
        return "+".join([*(term.text for term in self.right), *constant])


def comparisons(rule: Rule, breakdowns: Mapping[str, Iterable[str]]) -> list[Comparison]:
    """The comparisons that a rule stands for; `breakdowns`: the codes of each code list. A rate rule has none."""
    match rule:
        case Compare():
            return [Comparison(rule.left, rule.op, rule.right, rule.constant)]
        case Total():
            parts = rule.parts or _by_code(rule.total, breakdowns.get(rule.breakdown, ()))
            return [Comparison((Term(element=rule.total),), OPERATORS[rule.relation], parts)]
        case Share():
            parts = rule.parts or _by_code(rule.element or "", breakdowns.get(rule.breakdown, ()))
            return [Comparison(parts, "=", (), rule.whole)]
        case AcrossLevels():
            return [Comparison((Term(element=e),), "=", (Term(element=e, level="children"),)) for e in rule.elements]
        case Cumulative():
            return _cumulative(rule)
    return []


def _cumulative(rule: Cumulative) -> list[Comparison]:
    now = Term(element=rule.element, breakdown=rule.breakdown)
    before = now.model_copy(update={"period": "previous"})
    found = [Comparison((now,), ">=", (before,))]
    if rule.flow:
        flow = Term(element=rule.flow, breakdown=rule.breakdown)
        found.append(Comparison((flow,), "=", (now, before.model_copy(update={"factor": Decimal(-1)}))))
    return found


def _by_code(element: str, codes: Iterable[str]) -> Terms:
    return tuple(Term(element=element, breakdown=code) for code in codes)
