"""Who owes what: the roster's entries spelled out, unit by unit and period by period, with the day it is due."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from pipelines.catalog.changes import Lives
from pipelines.catalog.due import due_on
from pipelines.catalog.models import Due, RosterEntry
from pipelines.catalog.orgs import Register
from pipelines.catalog.periods import Period, parse_code, periods_ending

if TYPE_CHECKING:
    from pipelines.catalog.load import Catalog

KINDS = {
    ("day", "civil"): "day", ("ten_days", "civil"): "ten_days", ("month", "civil"): "month",
    ("quarter", "civil"): "quarter", ("half_year", "civil"): "half_year", ("year", "civil"): "year",
    ("month", "mch_year"): "month", ("quarter", "mch_year"): "quarter", ("half_year", "mch_year"): "mch_half_year",
    ("year", "mch_year"): "mch_year",
}  # fmt: skip


@dataclass(frozen=True)
class Owed:
    """One return that is owed: form, unit, period, the day it is due (None: no day is set, or nobody knows it yet)."""

    form: str
    unit: str
    period: Period
    due: date | None
    due_unknown: bool


def owed_returns(catalog: Catalog) -> Iterator[Owed]:
    """Every return that the roster asks for; a return that two entries ask for comes twice."""
    below = Below(catalog)
    for entry in catalog.roster.values():
        due = entry.due or (Due(days=entry.due_days) if entry.due_days is not None else catalog.forms[entry.form].due)
        units = below.units(entry)
        for period in entry_periods(entry, catalog):
            day = due_on(due, period, catalog.holidays) if due else None
            for unit in (code for code in units if below.exists(code, period.end)):
                yield Owed(entry.form, unit, period, day, due is not None and day is None)


def entry_periods(entry: RosterEntry, catalog: Catalog) -> list[Period]:
    """The periods of an entry: those named, else all of its frequency that end while it is valid."""
    if entry.periods:
        return [parse_code(code) for code in entry.periods]
    form = catalog.forms[entry.form]
    kind = KINDS.get((entry.frequency or form.frequency or "", form.calendar))
    assert entry.valid_from is not None  # the model sees to it
    assert entry.valid_to is not None
    if kind == "day":
        days = (entry.valid_to - entry.valid_from).days
        return [Period(d, d, as_at=True) for d in (entry.valid_from + timedelta(n) for n in range(days))]
    days = (entry.valid_to - entry.valid_from).days
    ends = (entry.valid_from + timedelta(number) for number in range(days))
    return [period for day in ends for period in periods_ending(day) if period.kind == kind]


class Below:
    """The units of a level below an organisation, and when they exist."""

    def __init__(self, catalog: Catalog) -> None:
        orgs = catalog.orgs
        self.register = orgs if isinstance(orgs, Register) else Register.of(orgs.values())
        self.lives = Lives(self.register, catalog.changes)
        self.dated = {code for change in catalog.changes for code in (change.old, change.new)} | self.register.dated

    def units(self, entry: RosterEntry) -> list[str]:
        """The units that an entry is about, in the order of their codes."""
        if entry.unit:
            return [entry.unit]
        found = self.register.under(entry.scope, entry.level or "", entry.kinds)
        return sorted(set(found) - set(entry.without))

    def exists(self, unit: str, day: date) -> bool:
        """Whether a unit exists on a day: what did not exist owes nothing."""
        return unit not in self.dated or self.lives.alive(unit, day)
