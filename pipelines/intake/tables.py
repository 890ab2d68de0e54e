"""What reading a return gives: facts, printed rates, quarantine, remarks, and the account of its cells."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from pipelines.catalog.periods import Period
from pipelines.intake.facts import Facts


class Refusal(Exception):
    """Why a file or a sheet was not accepted, and what the sender can do, in both languages."""

    def __init__(
        self,
        reason: str,
        zh: str,
        en: str,
        remedy_zh: str,
        remedy_en: str,
        *,
        sheet: str = "",
        cell: str = "",
    ) -> None:
        super().__init__(en)
        self.reason, self.zh, self.en = reason, zh, en
        self.remedy_zh, self.remedy_en, self.sheet, self.cell = remedy_zh, remedy_en, sheet, cell


class ClaimCell(NamedTuple):
    """One printed rate; `text` exactly as printed, `decimals` None where its precision is unknown."""

    org: str
    period: Period
    indicator: str
    breakdown: str
    occurrence: int
    text: str
    value: Decimal
    qualifier: str
    unit: str
    decimals: int | None
    cell: str


class Quarantined(NamedTuple):
    """A cell that was not loaded: what it printed, why, and the label of its row or column."""

    cell: str
    printed: str
    reason: str
    label: str


class Remark(NamedTuple):
    """A question about a cell that was loaded (a unit that does not fit the element, a negative count …)."""

    rule: str
    org: str
    period: Period
    cell: str
    element: str
    observed: str
    expected: str


class Signature(NamedTuple):
    """Who signed a sheet as what (approver, clerk, head), or when it was filled in (date), as printed."""

    role: str
    name: str
    cell: str


class Recount(NamedTuple):
    """A figure that inspectors counted again for a draw; `value` is None where the state is not 'reported'."""

    org: str
    element: str
    breakdown: str
    value: Decimal | None
    state: str
    cell: str
    draw: str
    form: str
    drawn_at: datetime


@dataclass
class Account:
    """Each cell that was read has exactly one disposition (decision 11)."""

    read: int = 0
    fact: int = 0
    claim: int = 0
    total: int = 0
    entry: int = 0
    label: int = 0
    quarantined: int = 0

    @property
    def balanced(self) -> bool:
        """Whether the dispositions add up to the cells that were read."""
        return self.read == self.fact + self.claim + self.total + self.entry + self.label + self.quarantined


@dataclass
class Table:
    """One table of one file, read as form × unit × period; `refusal` says why it was not accepted."""

    sheet: str
    form: str = ""
    org: str = ""
    reported_by: str = ""
    period: Period | None = None
    facts: Facts = field(default_factory=Facts)
    claims: list[ClaimCell] = field(default_factory=list)
    quarantine: list[Quarantined] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    signatures: list[Signature] = field(default_factory=list)
    recounts: list[Recount] = field(default_factory=list)
    account: Account = field(default_factory=Account)
    refusal: Refusal | None = None
