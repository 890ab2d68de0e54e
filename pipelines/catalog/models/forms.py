"""What units send and who owes it: layouts of returns, due days, the roster."""

from __future__ import annotations

from datetime import date
from functools import cached_property
from typing import Annotated, Literal

from pydantic import Field, model_validator

from pipelines.catalog.models.base import (
    Calendar,
    Code,
    Dated,
    Entry,
    Frequency,
    Level,
    Name,
    Relation,
    Severity,
)
from pipelines.catalog.models.measures import Terms


class Also(Entry):
    """What the second number of a cell such as `91.1 (91.3)` says: the same thing for another period, or another thing.

    `code`: another element (of an item) or indicator (of a claim); '' is the same.
    """

    code: str = ""
    breakdown: str | None = None
    period: Literal["same", "previous", "same_last_year"] = "previous"


class Item(Entry):
    """A row or column of a form: the labels under which an element is printed (`a > b`: b under the heading a).

    `unit_factor`: what a printed number is multiplied with (10000 where the form counts in 万).
    """

    element: Code
    breakdown: str = ""
    labels: tuple[str, ...]
    unit_factor: int = 1
    also: Also | None = None


class ClaimItem(Entry):
    """A printed rate of a form: the labels under which an indicator is printed.

    `unit_factor`: 100 where the cells hold 0.956 and mean 95.6 %. `decimals`: how many a return that we write prints.
    """

    indicator: Code
    breakdown: str = ""
    labels: tuple[str, ...]
    unit_factor: int = 1
    decimals: Annotated[int, Field(ge=0, le=6)] = 2
    also: Also | None = None


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
    """How a table finds its form; all that is given must hold, and one of the first three must be given.

    `title`: a regular expression on a text above the header. `sheet`: one on the sheet's name. `labels`: texts that
    stand in the header. `beside`: the names of sheets of the same workbook that hold notes and no table.
    """

    title: str = ""
    sheet: str = ""
    labels: tuple[str, ...] = ()
    beside: str = ""

    @model_validator(mode="after")
    def _one_way(self) -> Recognise:
        if not (self.title or self.sheet or self.labels):
            raise ValueError("应写 title、sheet 或 labels / give title, sheet or labels")
        return self


class HeadRules(Entry):
    """Where unit and period stand, beside the usual 填报单位 and 报告期.

    `unit`, `period`: further labels before them. `sender`: the organisation that every such table comes from.
    `period_pattern`: a regular expression on any text above the table or on the workbook's notes, with the groups
    y (year), and q (quarter), m (month) or m and m2 (first and last month). `year_starts`: the month with which that
    year begins: with 4, quarter 4 of 2019/20 is January to March 2020.
    """

    unit: tuple[str, ...] = ()
    period: tuple[str, ...] = ()
    sender: str = ""
    period_pattern: str = ""
    year_starts: Annotated[int, Field(ge=1, le=12)] = 1


State = Literal["blank", "not_collected", "not_carried_out", "suppressed", "not_applicable"]
MARKERS: dict[str, State] = {
    "-": "blank", "--": "blank", "—": "blank", "——": "blank", "–": "blank", "…": "not_collected", "*": "suppressed",
    "**": "suppressed", "[c]": "suppressed", "[x]": "not_collected", "[z]": "not_applicable", "n/a": "not_applicable",
    "N/A": "not_applicable", "/": "not_applicable", "不适用": "not_applicable", "未开展": "not_carried_out",
    "无数据": "not_collected", "缺": "not_collected",
}  # fmt: skip


class Form(Name):
    """The layout of one return.

    `one_unit`: labels in a column, values beside them. `units_in_rows`: a row for each unit of `row_level` below the
    sender's area, elements in columns under headings of up to four merged rows (label `a > b`: b under a); a row whose
    name is one of `total_labels` is the area's own figure. `units_in_columns`: elements in rows, and in the headings
    above the columns units, periods or both, with the labels of `breakdowns` beneath them ('' is the total).
    `columns` says by which label a column is found, or by its letter: '@B'. `missing`: what cells say that hold no
    number, beside `MARKERS`. `frequency` tick_box: the boxes on the sheet say it.
    `personal`: labels of columns whose cells leave the archive only as keyed hashes.
    """

    domain: Code
    orientation: Literal["one_unit", "units_in_rows", "units_in_columns"] = "one_unit"
    row_level: Level | None = None
    total_labels: tuple[str, ...] = ("合计", "总计", "小计")
    subject: Literal["area", "sender"] = "area"
    precedence: int = 100
    recognise: Recognise
    head: HeadRules = HeadRules()
    columns: dict[
        Literal[
            "item",
            "unit",
            "value",
            "period",
            "claim_name",
            "claim",
            "note",
            "number",
            "unit_name",
            "unit_code",
            "group",
        ],
        tuple[str, ...],
    ]
    breakdowns: dict[str, str] = Field(default_factory=dict)
    items: tuple[Item, ...]
    claims: tuple[ClaimItem, ...] = ()
    totals: tuple[Partition, ...] = ()
    missing: dict[str, State] = Field(default_factory=dict)
    document: Code | None = None
    frequency: Frequency | None = None
    calendar: Calendar = "civil"
    due: Due | None = None
    personal: tuple[str, ...] = ()

    @cached_property
    def states(self) -> dict[str, State]:
        """What each marker of a cell means here: the form's own words before the usual ones."""
        return {**MARKERS, **self.missing}

    @cached_property
    def elements(self) -> tuple[str, ...]:
        """The elements that its items carry, each once, sorted."""
        carried = (code for item in self.items for code in (item.element, item.also and item.also.code) if code)
        return tuple(sorted(set(carried)))


class Due(Entry):
    """When a return is due: exactly one of the ways in which orders put it.

    `days` after the period's end; the nth `working_day` after it; a `day` of the month `month` (next, or the period's
    last one; the 30th is the last day of February, 'last' of any month); a `date` (MM-DD) first reached after the end.
    """

    days: Annotated[int, Field(ge=0)] | None = None
    working_day: Annotated[int, Field(ge=1)] | None = None
    day: Annotated[int, Field(ge=1, le=31)] | Literal["last"] | None = None
    month: Literal["next", "same"] = "next"
    date: Annotated[str, Field(pattern=r"^\d\d-\d\d$")] | None = None
    document: str = ""

    @model_validator(mode="after")
    def _one_way(self) -> Due:
        if sum(value is not None for value in (self.days, self.working_day, self.day, self.date)) != 1:
            raise ValueError(
                "应且只应写 days、working_day、day、date 之一 / give exactly one of days, working_day, day, date"
            )
        if self.date is not None:
            date_of(2024, self.date)
        return self


def date_of(year: int, text: str) -> date:
    """MM-DD in a year; 02-29 is the last day of any February.

    >>> date_of(2023, "02-29")
    datetime.date(2023, 2, 28)

    Raises:
        ValueError: there is no such day.
    """
    month, day = map(int, text.split("-"))
    leap = date(2024, month, day)
    return (
        leap.replace(year=year, day=min(leap.day, 28))
        if (month, day) == (2, 29) and year % 4
        else leap.replace(year=year)
    )


class RosterEntry(Dated):
    """Who owes a form, and for which periods; units outside it are not expected.

    Who: `unit`, or every unit of `level` below `scope` ('' = everywhere), but those in `without`. When: the `periods`
    named, or every period of the form's frequency that ends from `valid_from` up to, not including, `valid_to`.
    """

    form: Code
    unit: str = ""
    scope: str = ""
    level: Level | None = None
    kinds: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    periods: tuple[str, ...] = ()
    frequency: Frequency | None = None
    due_days: int | None = None
    due: Due | None = None

    @model_validator(mode="after")
    def _who_and_when(self) -> RosterEntry:
        if bool(self.unit) == (self.level is not None):
            raise ValueError("应写 unit,或 scope 和 level / give unit, or scope and level")
        if not self.periods and not (self.valid_from and self.valid_to):
            raise ValueError("应写 periods,或 valid_from 和 valid_to / give periods, or valid_from and valid_to")
        return self
