"""What is planned and what is owed: targets and obligations."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from pipelines.catalog.models.base import Code, Comparator, Dated, Entry, Every, Name, RateUnit


class Target(Entry):
    """A planned value of an indicator for a scope (an organisation's code; '' = everywhere) and years.

    A target with a deadline is valid from that day on, so that no earlier figure is measured by it.
    """

    indicator: Code
    scope: str = ""
    valid_from: date
    valid_to: date
    comparator: Comparator
    value: Decimal
    unit: RateUnit
    document: Code
    zh: str = ""


class ControlValue(Entry):
    """A published figure of an indicator, for the nation (`scope` '') or a unit and all below it, and for a period.

    `evidence`: derived where a report states it as a difference from another year's figure.
    """

    indicator: Code
    scope: str = ""
    period: str
    value: Decimal
    unit: RateUnit
    document: Code
    evidence: Literal["printed", "derived"] = "printed"


class Obligation(Name, Dated):
    """What a plan or a regulation makes a unit do: who (`subject`), how often, how much, until when.

    `scope`: the organisation below which it binds ('' = everywhere); a site without that unit is not bound.
    `comparator` without `value`: the source states no number. `deadline`: the last day, month or year to meet it.
    `element` or `indicator`: the figure by which it can be checked; '' where no return holds one yet.
    """

    domain: Code
    subject: str
    every: Every
    comparator: Comparator | None = None
    value: Decimal | None = None
    unit: str = ""
    scope: str = ""
    deadline: Annotated[str, Field(pattern=r"^(\d{4}(-\d\d(-\d\d)?)?)?$")] = ""
    element: str = ""
    indicator: str = ""
    document: Code
    note: str = ""
