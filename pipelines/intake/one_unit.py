"""Reading a table of orientation `one_unit`: labels in a column, values and printed rates beside them."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache

from pipelines.catalog.load import Catalog
from pipelines.catalog.models import ClaimItem, Form, Item
from pipelines.catalog.periods import Period
from pipelines.intake.number_format import printed_text
from pipelines.intake.numbers import Number, read_number, read_unit
from pipelines.intake.period_text import read_period
from pipelines.intake.reading import Sheet, address
from pipelines.intake.tables import ClaimCell, FactCell, Quarantined, Refusal, Remark, Table
from pipelines.intake.text import label, plain

FOOT = re.compile("审核人|填表人|负责人|填报日期")
SIXTEEN_DIGITS = Decimal(10) ** 16  # DECIMAL(20,4) in the warehouse


@dataclass
class _Reader:
    sheet: Sheet
    form: Form
    columns: dict[str, int]
    table: Table
    catalog: Catalog
    content: bytes
    items: dict[str, Item]
    claims: dict[str, ClaimItem]
    totals: set[str]
    used: set[tuple[int, int]] = field(default_factory=set)
    times: Counter[tuple[object, ...]] = field(default_factory=Counter)

    @property
    def period(self) -> Period:
        assert self.table.period is not None
        return self.table.period

    def at(self, row: int, role: str) -> object:
        column = self.columns.get(role)
        return "" if column is None else self.sheet.filled.get((row, column), "")

    def place(self, row: int, role: str) -> str:
        return address(row, self.columns[role])

    def quarantine(self, row: int, role: str, reason: str, name: str) -> None:
        self.used.add((row, self.columns[role]))
        self.table.account.quarantined += 1
        cell = Quarantined(self.place(row, role), str(self.at(row, role)), reason, name)
        self.table.quarantine.append(cell)


def read_one_unit(sheet: Sheet, form: Form, header_row: int, table: Table, catalog: Catalog, content: bytes) -> None:
    """Fills `table` with the facts, printed rates, quarantine and cell account of the sheet."""
    reader = _Reader(
        sheet,
        form,
        _columns(sheet, form, header_row),
        table,
        catalog,
        content,
        {label(name): item for item in form.items for name in item.labels},
        {label(name): claim for claim in form.claims for name in claim.labels},
        {total.total for total in form.totals},
    )
    for row in range(header_row + 1, len(sheet.rows)):
        if not _is_header(reader, row):
            _read_item(reader, row)
            _read_claim(reader, row)
    _account_rest(reader, header_row)


@cache
def _roles(form_columns: tuple[tuple[str, tuple[str, ...]], ...]) -> dict[str, str]:
    return {label(name): role for role, names in form_columns for name in names}


def _columns(sheet: Sheet, form: Form, header_row: int) -> dict[str, int]:
    roles, columns = _roles(tuple(form.columns.items())), dict[str, int]()
    for column, value in enumerate(sheet.rows[header_row]):
        role = roles.get(label(value))
        if role in columns:
            raise Refusal(
                "repeated_column",
                f"表头有两列都是“{plain(value)}”。",
                f"Two columns are headed {plain(value)!r}.",
                "请删去多余的列或改正表头。",
                "Remove one of them or correct the header.",
                sheet=sheet.name,
                cell=address(header_row, column),
            )
        if role:
            columns[role] = column
    return columns


def _is_header(reader: _Reader, row: int) -> bool:
    roles = _roles(tuple(reader.form.columns.items()))
    return sum(roles.get(label(reader.at(row, role))) == role for role in reader.columns) >= 2


def _row_period(reader: _Reader, row: int) -> Period | None:
    """The row's own period, the table's where it names none, None where its text cannot be read."""
    printed = plain(reader.at(row, "period"))
    return read_period(printed, reader.period) if printed else reader.period


def _read_item(reader: _Reader, row: int) -> None:
    if not {"item", "value"} <= reader.columns.keys():
        return
    name, cell = label(reader.at(row, "item")), reader.at(row, "value")
    item = reader.items.get(name)
    if item is None:
        if str(cell).strip():
            reader.quarantine(row, "value", "unknown_label" if name else "no_label", name)
        return
    period = _row_period(reader, row)
    if period is None:
        reader.quarantine(row, "value", "unknown_period", name)
        reader.table.account.read += not str(cell).strip()
        return
    _add_fact(reader, row, item, period, cell)


def _add_fact(reader: _Reader, row: int, item: Item, period: Period, cell: object) -> None:
    account, blank = reader.table.account, not str(cell).strip()
    account.read += blank  # an expected cell that is empty is read too
    state = "blank" if blank else reader.form.missing.get(_marker(cell), "reported")
    number = read_number(cell) if state == "reported" else None
    power, printed_unit = read_unit(reader.at(row, "unit"))
    value = number.value * power if number else None
    if state == "reported" and (value is None or abs(value) >= SIXTEEN_DIGITS or value != round(value, 4)):
        reader.quarantine(row, "value", "not_a_number", plain(reader.at(row, "item")))
        return
    reader.used.add((row, reader.columns["value"]))
    is_total = item.element in reader.totals
    account.total += is_total
    account.fact += not is_total
    key = (period, item.element, item.breakdown)
    reader.times[key] += 1
    place = reader.place(row, "value")
    qualifier = number.qualifier if number else "exact"
    reader.table.facts.append(
        FactCell(period, item.element, item.breakdown, reader.times[key], value, qualifier, state, place, is_total)
    )
    if value is not None:
        _remark(reader, item, period, value, printed_unit, place)


def _marker(cell: object) -> str:
    return f"{cell:g}" if isinstance(cell, float) else plain(cell)


def _remark(reader: _Reader, item: Item, period: Period, value: Decimal, printed: str, place: str) -> None:
    element = reader.catalog.elements[item.element]
    unit = reader.catalog.units[element.unit]
    known = {name for other in reader.catalog.units.values() for name in other.labels}

    def add(rule: str, observed: str, expected: str) -> None:
        reader.table.remarks.append(Remark(rule, period, place, item.element, observed, expected))

    if printed in known and printed not in unit.labels:
        add("unit_mismatch", printed, "/".join(unit.labels) or unit.zh)
    if unit.counts and value != value.to_integral_value():
        add("count_not_whole", f"{value:f}", "整数 / a whole number")
    if unit.counts and value < 0:
        add("count_negative", f"{value:f}", "≥ 0")


def _read_claim(reader: _Reader, row: int) -> None:
    if not {"claim_name", "claim"} <= reader.columns.keys():
        return
    name, cell = label(reader.at(row, "claim_name")), reader.at(row, "claim")
    if not str(cell).strip():
        return
    claim = reader.claims.get(name)
    if claim is None:
        reader.quarantine(row, "claim", "unknown_label" if name else "no_label", name)
        return
    text = printed_text(reader.content, reader.sheet.name, reader.place(row, "claim"), cell)
    number, period = read_number(text), _row_period(reader, row)
    if number is None or period is None:
        reader.quarantine(row, "claim", "not_a_number" if number is None else "unknown_period", name)
        return
    _add_claim(reader, row, claim, period, text, number)


def _add_claim(reader: _Reader, row: int, claim: ClaimItem, period: Period, text: str, number: Number) -> None:
    reader.used.add((row, reader.columns["claim"]))
    reader.table.account.claim += 1
    key = (period, "claim", claim.indicator, claim.breakdown)
    reader.times[key] += 1
    indicator = reader.catalog.indicators[claim.indicator]
    signs = {"percent", "per_mille", "per_100k", "ratio"}
    unit = number.sign if number.sign in signs else indicator.unit
    reader.table.claims.append(
        ClaimCell(
            period, claim.indicator, claim.breakdown, reader.times[key], text, number.value,
            number.qualifier, unit, number.decimals, reader.place(row, "claim"),
        )
    )  # fmt: skip


def _account_rest(reader: _Reader, header_row: int) -> None:
    """Titles, headings, labels, units, notes and the foot are labels; anything in an unknown column is quarantined."""
    account, filled = reader.table.account, reader.sheet.filled
    account.read += len(filled)
    texts: dict[int, list[str]] = {}
    for (row, _), value in filled.items():
        texts.setdefault(row, []).append(plain(value))
    headings = {row for row, words in texts.items() if len(words) == 1 or any(map(FOOT.search, words))}
    headings |= {row for row in texts if row <= header_row or _is_header(reader, row)}
    labels = {column for role, column in reader.columns.items() if role not in ("value", "claim")}
    for (row, column), value in filled.items():
        if (row, column) in reader.used:
            continue
        if row in headings or column in labels:
            account.label += 1
            continue
        account.quarantined += 1
        header = plain(filled.get((header_row, column), ""))
        reader.table.quarantine.append(Quarantined(address(row, column), str(value), "unknown_column", header))
