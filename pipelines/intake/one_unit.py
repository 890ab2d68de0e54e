"""Reading a table of orientation `one_unit`: labels in a column, values and printed rates beside them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from pipelines.catalog.load import Catalog
from pipelines.catalog.models import ClaimItem, Form, Item
from pipelines.catalog.periods import Period
from pipelines.intake.filling import Filling, Where
from pipelines.intake.number_format import printed_text
from pipelines.intake.numbers import Number, read_number
from pipelines.intake.period_text import read_period
from pipelines.intake.reading import Sheet, address
from pipelines.intake.tables import ClaimCell, Refusal, Table
from pipelines.intake.text import label, plain


@dataclass
class _Reader:
    filling: Filling
    columns: dict[str, int]
    content: bytes
    items: dict[str, Item]
    claims: dict[str, ClaimItem]
    totals: set[str]

    @property
    def period(self) -> Period:
        assert self.filling.table.period is not None
        return self.filling.table.period

    def at(self, row: int, role: str) -> object:
        column = self.columns.get(role)
        return "" if column is None else self.filling.sheet.filled.get((row, column), "")

    def quarantine(self, row: int, role: str, reason: str, name: str) -> None:
        self.filling.quarantine(row, self.columns[role], reason, name)


def read_one_unit(sheet: Sheet, form: Form, header_row: int, table: Table, catalog: Catalog, content: bytes) -> None:
    """Fills `table` with the facts, printed rates, quarantine and cell account of the sheet."""
    reader = _Reader(
        Filling(sheet, form, table, catalog),
        _columns(sheet, form, header_row),
        content,
        {label(name): item for item in form.items for name in item.labels},
        {label(name): claim for claim in form.claims for name in claim.labels},
        {total.total for total in form.totals},
    )
    for row in range(header_row + 1, len(sheet.rows)):
        if not _is_header(reader, row):
            _read_item(reader, row)
            _read_claim(reader, row)
    reader.filling.account_rest(
        headings=lambda row: row <= header_row or _is_header(reader, row),
        labels={column for role, column in reader.columns.items() if role not in ("value", "claim")},
        header=lambda column: plain(sheet.filled.get((header_row, column), "")),
    )


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
    roles = _roles(tuple(reader.filling.form.columns.items()))
    return sum(roles.get(label(reader.at(row, role))) == role for role in reader.columns) >= 2


def _row_period(reader: _Reader, row: int) -> Period | None:
    """The row's own period, the table's where it names none, None where its text cannot be read."""
    printed = plain(reader.at(row, "period"))
    return read_period(printed, reader.period) if printed else reader.period


def _read_item(reader: _Reader, row: int) -> None:
    if not {"item", "value"} <= reader.columns.keys():
        return
    name, blank = label(reader.at(row, "item")), not str(reader.at(row, "value")).strip()
    item = reader.items.get(name)
    if item is None:
        if not blank:
            reader.quarantine(row, "value", "unknown_label" if name else "no_label", name)
        return
    period = _row_period(reader, row)
    if period is None:
        reader.quarantine(row, "value", "unknown_period", name)
        reader.filling.table.account.read += blank
        return
    table, is_total = reader.filling.table, item.element in reader.totals
    where = Where(table.org, item, period, plain(reader.at(row, "item")), plain(reader.at(row, "unit")), is_total)
    reader.filling.fact(row, reader.columns["value"], where)


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
    place = address(row, reader.columns["claim"])
    text = printed_text(reader.content, reader.filling.sheet.name, place, cell)
    number, period = read_number(text), _row_period(reader, row)
    if number is None or period is None:
        reader.quarantine(row, "claim", "not_a_number" if number is None else "unknown_period", name)
        return
    _add_claim(reader, row, claim, period, text, number)


def _add_claim(reader: _Reader, row: int, claim: ClaimItem, period: Period, text: str, number: Number) -> None:
    filling, column = reader.filling, reader.columns["claim"]
    filling.used.add((row, column))
    filling.table.account.claim += 1
    key = (period, "claim", claim.indicator, claim.breakdown)
    filling.times[key] += 1
    indicator = filling.catalog.indicators[claim.indicator]
    signs = {"percent", "per_mille", "per_100k", "ratio"}
    unit = number.sign if number.sign in signs else indicator.unit
    filling.table.claims.append(
        ClaimCell(
            filling.table.org, period, claim.indicator, claim.breakdown, filling.times[key], text, number.value,
            number.qualifier, unit, number.decimals, address(row, column),
        )
    )  # fmt: skip
