"""What all entries of the catalog are built from: codes, levels, kinds, and an entry that knows its fields."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

Code = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
Level = Literal["village", "township", "county", "prefecture", "province", "nation", "institution"]
Kind = Literal["flow", "stock", "year_to_date", "attribute"]
IndicatorType = Literal["proportion", "near_proportion", "rate", "ratio", "mean"]
RateUnit = Literal[
    "percent", "per_mille", "per_100k", "per_100", "ratio", "mean",
    "percentage_points", "visits_per_person", "yuan_per_person", "persons",
]  # fmt: skip
Severity = Literal["error", "warning", "question"]
Relation = Literal["equal", "at_least", "at_most"]
Comparator = Literal[">=", ">", "=", "<=", "<"]
Frequency = Literal["day", "ten_days", "month", "quarter", "half_year", "year", "tick_box"]
Calendar = Literal["civil", "mch_year"]
Every = Literal["once", "case", "shift", "day", "week", "month", "quarter", "half_year", "year"]
TermPeriod = Literal["same", "previous", "same_last_year", "to_date"]
TermLevel = Literal["own", "children"]
Evidence = Literal["printed", "found", "partly_found", "derived", "own_knowledge"]

PER: dict[str, int] = {
    "percent": 100, "per_mille": 1000, "per_100k": 100_000, "per_100": 100, "ratio": 1, "mean": 1,
    "percentage_points": 1, "visits_per_person": 1, "yuan_per_person": 1,
    "persons": 1,
}  # fmt: skip


class Entry(BaseModel):
    """An entry of the catalog: immutable, and a field that it does not know is a mistake."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Name(Entry):
    """What a code is called."""

    zh: str
    en: str


class Domain(Name):
    """A field of work (妇幼健康, 公共法律服务 …): elements, indicators, forms and obligations belong to one."""


class Dated(Entry):
    """What holds from a day up to, not including, another; None: since ever, or for ever."""

    valid_from: date | None = None
    valid_to: date | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Dated:
        if self.valid_from and self.valid_to and self.valid_from >= self.valid_to:
            raise ValueError("有效期的起止颠倒 / valid_from is not before valid_to")
        return self


class Document(Entry):
    """The basis of a formula, a rule or a target: title, number, issuer, date, successor; `valid_to`: expired on."""

    title: str
    number: str = ""
    issuer: str = ""
    date: str = ""
    valid_to: str = ""
    successor: str = ""
    cite: str = ""


class Cause(Name):
    """A cause of bad data, as inspections name them (漏报, 错填, 口径不清 …)."""

    note: str = ""
