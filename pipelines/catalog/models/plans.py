"""What is planned and what is owed: targets and obligations."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from pipelines.catalog.models.base import Code, Comparator, Domain, Entry, Every, Name, RateUnit


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


class Obligation(Name):
    """What a plan or a regulation makes a unit do: who (`subject`), how often, how much, until when.

    `element` or `indicator`: the figure by which it can be checked; '' where no return holds one yet.
    """

    domain: Domain
    subject: str
    every: Every
    comparator: Comparator | None = None
    value: Decimal | None = None
    unit: str = ""
    scope: str = ""
    deadline: str = ""
    element: str = ""
    indicator: str = ""
    document: Code
    note: str = ""
