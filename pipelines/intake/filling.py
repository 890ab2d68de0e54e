"""What one cell after another adds to a table: facts, quarantine, remarks, and the account of every cell."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from decimal import Decimal

from pipelines.catalog.load import Catalog
from pipelines.catalog.models import Form, Item
from pipelines.catalog.periods import Period
from pipelines.intake.numbers import read_number, read_unit
from pipelines.intake.reading import Sheet, address
from pipelines.intake.tables import FactCell, Quarantined, Remark, Table
from pipelines.intake.text import plain

FOOT = re.compile("审核人|填表人|负责人|填报日期")
SIXTEEN_DIGITS = Decimal(10) ** 16  # DECIMAL(20,4) in the warehouse


@dataclass(frozen=True)
class Where:
    """What a cell stands for: organisation, item and period of its row and column, and the unit printed beside it."""

    org: str
    item: Item
    period: Period
    name: str
    unit: str = ""
    is_total: bool = False


@dataclass
class Filling:
    """A table while its sheet is read; `used` are the cells that have their disposition."""

    sheet: Sheet
    form: Form
    table: Table
    catalog: Catalog
    used: set[tuple[int, int]] = field(default_factory=set)
    times: Counter[tuple[object, ...]] = field(default_factory=Counter)

    def quarantine(self, row: int, column: int, reason: str, name: str) -> None:
        """Sets a cell aside that holds something, with the reason."""
        self.used.add((row, column))
        self.table.account.quarantined += 1
        printed = str(self.sheet.filled.get((row, column), ""))
        self.table.quarantine.append(Quarantined(address(row, column), printed, reason, name))

    def fact(self, row: int, column: int, where: Where) -> None:
        """Reads a cell that should hold a figure: a fact with its state, or quarantine where it is no number."""
        cell, account = self.sheet.filled.get((row, column), ""), self.table.account
        blank = not str(cell).strip()
        account.read += blank  # an expected cell that is empty is read too
        state = "blank" if blank else self.form.missing.get(_marker(cell), "reported")
        number = read_number(cell) if state == "reported" else None
        power, printed_unit = read_unit(where.unit)
        value = number.value * power if number else None
        if state == "reported" and (value is None or abs(value) >= SIXTEEN_DIGITS or value != round(value, 4)):
            self.quarantine(row, column, "not_a_number", where.name)
            return
        self.used.add((row, column))
        account.total += where.is_total
        account.fact += not where.is_total
        item, place = where.item, address(row, column)
        key = (where.org, where.period, item.element, item.breakdown)
        self.times[key] += 1
        qualifier = number.qualifier if number else "exact"
        self.table.facts.append(
            FactCell(
                where.org, where.period, item.element, item.breakdown, self.times[key], value, qualifier, state,
                place, where.is_total,
            )
        )  # fmt: skip
        if value is not None:
            self._remark(where, value, printed_unit, place)

    def _remark(self, where: Where, value: Decimal, printed: str, place: str) -> None:
        element = self.catalog.elements[where.item.element]
        unit = self.catalog.units[element.unit]

        def add(rule: str, observed: str, expected: str) -> None:
            remark = Remark(rule, where.org, where.period, place, where.item.element, observed, expected)
            self.table.remarks.append(remark)

        if printed and printed not in unit.labels and printed in self.catalog.unit_labels:
            add("unit_mismatch", printed, "/".join(unit.labels) or unit.zh)
        if unit.counts and value != value.to_integral_value():
            add("count_not_whole", f"{value:f}", "整数 / a whole number")
        if unit.counts and value < 0:
            add("count_negative", f"{value:f}", "≥ 0")

    def account_rest(
        self, headings: Callable[[int], bool], labels: Collection[int], header: Callable[[int], str]
    ) -> None:
        """Gives every cell that is left its disposition.

        Titles, headings, labels, units, notes and the foot are labels; what stands in a column that the form does not
        know is quarantined.

        Args:
            headings: whether a row is a heading of the layout.
            labels: columns that hold labels.
            header: the label of a column.
        """
        filled, texts = self.sheet.filled, dict[int, list[str]]()
        self.table.account.read += len(filled)
        for (row, _), value in filled.items():
            texts.setdefault(row, []).append(plain(value))
        alone = {row for row, words in texts.items() if len(words) == 1 or any(map(FOOT.search, words))}
        for row, column in filled:
            if (row, column) in self.used:
                continue
            if row in alone or column in labels or headings(row):
                self.table.account.label += 1
            else:
                self.quarantine(row, column, "unknown_column", header(column))


def _marker(cell: object) -> str:
    return f"{cell:g}" if isinstance(cell, float) else plain(cell)
