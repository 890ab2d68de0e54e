"""What one cell after another adds to a table: facts, printed rates, quarantine, and the account of every cell."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import NamedTuple

from pipelines.catalog.load import Catalog
from pipelines.catalog.models import Also, ClaimItem, Item
from pipelines.catalog.periods import Period
from pipelines.intake.facts import FactCell, Times
from pipelines.intake.number_format import printed_text
from pipelines.intake.numbers import Number, read_number, read_unit
from pipelines.intake.reading import address
from pipelines.intake.regions import Region, is_filled
from pipelines.intake.tables import ClaimCell, Quarantined, Remark, Table
from pipelines.intake.text import plain, shown

FOOT = re.compile(r"(?:审核人|填表人|负责人|填报日期|填表日期|制表人|报出日期)\s*(?:[((][^))]*[))])?\s*(?:[:：]|$)")
NOTE = re.compile(r"(?:注|备注|说明|填表说明|资料来源|Notes?|Sources?)\s*\d*\s*(?:[:：.、]|$)", re.IGNORECASE)
TWO_VALUES = re.compile(r"\s*([^()（）]+?)\s*[(（]\s*([^()（）]+?)\s*[)）]\s*")
SIXTEEN_DIGITS = Decimal(10) ** 16  # DECIMAL(20,4) in the warehouse
FOUR_PLACES = Decimal("0.0001")
SIX, SIX_PLACES = 6, Decimal("0.000001")  # DECIMAL(20,6)
SHARES = {"percent", "per_mille", "per_100k", "percentage_points"}  # 86% is no count
SIGNS = {"percent", "per_mille", "per_100k", "ratio"}  # that a printed rate may carry itself
NONE: frozenset[int] = frozenset()


class Where(NamedTuple):
    """What a cell stands for: organisation, item and period of its row and column, and the unit printed beside it."""

    org: str
    item: Item
    period: Period
    name: str
    unit: str = ""
    is_total: bool = False


@dataclass
class Filling:
    """A table while its region is read; `used` are the cells that have their disposition.

    `times`: how often each figure of the return was stated, in this table and in the others of the same file.
    """

    region: Region
    table: Table
    catalog: Catalog
    content: bytes
    times: Times = field(default_factory=Times)
    used: dict[int, set[int] | frozenset[int]] = field(default_factory=dict)  # columns by row; rows may share a set
    _coded: tuple[Period | None, str] = (None, "")  # the last period, with its code

    def _use(self, row: int, column: int) -> None:
        """Counts a cell as read, once: an expected cell that is empty is read too."""
        self.table.account.read += 1
        used = self.used.get(row, NONE)
        if isinstance(used, set):
            used.add(column)
        elif column not in used:
            self.used[row] = {*used, column}

    def quarantine(self, row: int, column: int, reason: str, name: str) -> None:
        """Sets a cell aside that holds something, with the reason."""
        self._use(row, column)
        self.table.account.quarantined += 1
        printed = shown(self.region.cell(row, column))
        self.table.quarantine.append(Quarantined(address(row, column), printed, reason, name))

    def fact(self, row: int, column: int, where: Where) -> None:
        """Reads a cell that should hold a figure: a fact with its state, or quarantine where it is no number."""
        cell = self.region.cell(row, column)
        if (row, column) in self.region.sheet.uncalculated:  # what stands there is the formula itself
            self.quarantine(row, column, "formula_not_calculated", where.name)
            return
        if not is_filled(cell):
            self._add(row, column, where, None, "exact", "blank")
            return
        state = self.region.form.states.get(shown(cell).strip(), "reported") if isinstance(cell, str) else "reported"
        if state == "reported" and isinstance(cell, (int, float)):
            state = self.region.form.missing.get(shown(cell), "reported")
        if state != "reported":
            self._add(row, column, where, None, "exact", state)
            return
        number, second = read_number(cell), None
        if number is None:
            number, second = two_values(cell, where.item.also)
        value = self._value(number, where)
        other = self._value(second, where) if second else None
        if number is None or value is None or (second is not None and other is None):
            two = where.item.also is None and isinstance(cell, str) and bool(two_values(cell, Also())[0])
            self.quarantine(row, column, "two_values" if two else "not_a_number", where.name)
            return
        self._add(row, column, where, value, number.qualifier, "reported")
        if second is not None and where.item.also:
            self._add_second(row, column, where, other, second.qualifier)

    def _value(self, number: Number | None, where: Where) -> Decimal | None:
        """A figure in its element's unit; what is no count is kept to four places. None where it is no such figure."""
        counts = self.catalog.units[self.catalog.elements[where.item.element].unit].counts
        if number is None or (counts and number.sign in SHARES):
            return None
        value = number.value * read_unit(where.unit)[0] * where.item.unit_factor
        if value == value.to_integral_value() and abs(value) < SIXTEEN_DIGITS:
            return value
        if not counts:
            value = value.quantize(FOUR_PLACES, ROUND_HALF_UP)
        return value if abs(value) < SIXTEEN_DIGITS and value == round(value, 4) else None

    def _add(self, row: int, column: int, where: Where, value: Decimal | None, qualifier: str, state: str) -> None:
        self._use(row, column)
        account = self.table.account
        account.total += where.is_total
        account.fact += not where.is_total
        place = address(row, column)
        self._fact(where, value, qualifier, state, place)
        if value is not None:
            self._remark(where, value, place)

    def _add_second(self, row: int, column: int, where: Where, value: Decimal | None, qualifier: str) -> None:
        also = where.item.also
        assert also is not None
        period = second_period(also, where.period)
        if period is not None:
            breakdown = where.item.breakdown if also.breakdown is None else also.breakdown
            item = where.item.model_copy(update={"element": also.code or where.item.element, "breakdown": breakdown})
            second = where._replace(item=item, period=period)
            self._fact(second, value, qualifier, "reported", address(row, column))

    def _fact(self, where: Where, value: Decimal | None, qualifier: str, state: str, place: str) -> None:
        item = where.item
        nth = self.times.next(what_of(item), (where.org, self.code(where.period)))
        self.table.facts.append(
            FactCell(
                where.org, where.period, item.element, item.breakdown, nth, value, qualifier, state, place,
                where.is_total,
            )
        )  # fmt: skip

    def code(self, period: Period) -> str:
        """The code of a period, which is nearly always the one before."""
        if period is not self._coded[0]:
            self._coded = period, period.code
        return self._coded[1]

    def claim(self, row: int, column: int, org: str, period: Period | None, item: ClaimItem, name: str) -> None:
        """Reads a cell that may hold a printed rate; a cell that is empty or holds a marker says nothing."""
        cell = self.region.cell(row, column)
        if (row, column) in self.region.sheet.uncalculated:
            self.table.account.read += not is_filled(cell)
            self.quarantine(row, column, "formula_not_calculated", name)
            return
        if not is_filled(cell):
            return
        if isinstance(cell, str) and self.region.form.states.get(cell.strip()):
            self._use(row, column)
            self.table.account.label += 1
            return
        text = printed_text(self.content, self.region.sheet, (row, column), cell)
        number, second = read_number(text), None
        if number is None:
            number, second = two_values(text, item.also)
        if number is None or period is None:
            self.quarantine(row, column, "not_a_number" if number is None else "unknown_period", name)
            return
        self._use(row, column)
        self.table.account.claim += 1
        self._claim(row, column, (org, period), item, text, number)
        if second is not None and item.also:
            other = second_period(item.also, period)
            breakdown = item.breakdown if item.also.breakdown is None else item.also.breakdown
            update = {"indicator": item.also.code or item.indicator, "breakdown": breakdown}
            if other is not None:
                self._claim(row, column, (org, other), item.model_copy(update=update), text, second)

    def _claim(
        self, row: int, column: int, whose: tuple[str, Period], item: ClaimItem, text: str, number: Number
    ) -> None:
        org, period = whose
        indicator = self.catalog.indicators[item.indicator]
        unit = number.sign if number.sign in SIGNS else indicator.unit
        factor = 1 if number.sign else item.unit_factor
        value, decimals = number.value * factor, number.decimals
        if decimals is not None:
            decimals = max(decimals - len(str(factor)) + 1, 0)
        if decimals is not None and decimals > SIX:  # the noise of a division, no printed precision
            value, decimals = value.quantize(SIX_PLACES, ROUND_HALF_UP), None
        nth = self.times.next_rate(f"{item.indicator}|{item.breakdown}", (org, self.code(period)))
        self.table.claims.append(
            ClaimCell(
                org, period, item.indicator, item.breakdown, nth, text, value, number.qualifier, unit, decimals,
                address(row, column),
            )
        )  # fmt: skip

    def _remark(self, where: Where, value: Decimal, place: str) -> None:
        element = self.catalog.elements[where.item.element]
        unit, printed = self.catalog.units[element.unit], read_unit(where.unit)[1] if where.unit else ""

        def add(rule: str, observed: str, expected: str) -> None:
            remark = Remark(rule, where.org, where.period, place, where.item.element, observed, expected)
            self.table.remarks.append(remark)

        if printed and printed not in unit.labels and printed in self.catalog.unit_labels:
            add("unit_mismatch", printed, "/".join(unit.labels) or unit.zh)
        if unit.counts and value != value.to_integral_value():
            add("count_not_whole", f"{value:f}", "整数 / a whole number")
        if unit.counts and value < 0:
            add("count_negative", f"{value:f}", "≥ 0")

    def total(self, row: int, column: int) -> None:
        """Accounts a cell of a subtotal that names no unit: it is read, and is no figure of anybody."""
        if is_filled(self.region.cell(row, column)):
            self._use(row, column)
            self.table.account.total += 1

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
        region, account = self.region, self.table.account
        of: tuple[object, int] = (None, 0)
        others, known = list[int](), False
        for row in range(region.first, min(region.last + 1, len(region.sheet.rows))):
            cells, used = region.sheet.rows[row], self.used.get(row, NONE)
            if of[0] is not used or of[1] != len(cells):  # the rows of a block share the set
                of, others = (used, len(cells)), [column for column in range(len(cells)) if column not in used]
                known = all(column in labels for column in others)
            rest = [column for column in others if cells[column] != "" and is_filled(cells[column])]
            account.read += len(rest)
            if known or not rest:
                account.label += len(rest)
                continue
            left = [column for column in rest if column not in labels]
            if left and not (row in region.repeats or headings(row) or _is_words(cells)):
                account.read -= len(left)  # counted where they are set aside
                for column in left:
                    self.quarantine(row, column, "unknown_column", header(column))
                account.label += len(rest) - len(left)
            else:
                account.label += len(rest)


def what_of(item: Item) -> str:
    """What the figures of an item are told apart by.

    >>> what_of(Item(element="births", breakdown="male", labels=["男"]))
    'births|male'
    """
    return f"{item.element}|{item.breakdown}"


def _is_words(cells: list[object]) -> bool:
    return sum(map(is_filled, cells)) == 1 or is_note(cells)


def is_note(cells: list[object]) -> bool:
    """Whether a row is a note or the foot of a table."""
    return are_note([value for value in cells if value and isinstance(value, str)])


def are_note(texts: list[str]) -> bool:
    """Whether the texts of a row are a note or the foot of a table."""
    texts = [text for text in texts if not text.isspace()]
    return bool(texts) and (_kinds(texts[0])[0] or any(_kinds(text)[1] for text in texts))


@lru_cache(maxsize=1 << 14)
def _kinds(text: str) -> tuple[bool, bool]:
    """Whether a text begins a note, and whether it is of the foot."""
    return bool(NOTE.match(plain(text))), bool(FOOT.search(text))


def two_values(cell: object, also: Also | None) -> tuple[Number | None, Number | None]:
    """The two numbers of a cell such as 91.1 (91.3), where the form says what the second one is.

    >>> first, second = two_values("91.1 (91.3)", Also())
    >>> first.value, second.value
    (Decimal('91.1'), Decimal('91.3'))
    """
    match = TWO_VALUES.fullmatch(cell) if also is not None and isinstance(cell, str) else None
    first, second = (read_number(match[1]), read_number(match[2])) if match else (None, None)
    return (first, second) if first is not None and second is not None else (None, None)


def second_period(also: Also, period: Period) -> Period | None:
    """The period that the second number of a cell is for; None where there is no period before an interval."""
    if also.period == "previous":
        return period.previous
    if also.period == "same_last_year":
        return period.a_year_before
    return period
