"""Reading a table of orientation `one_unit`: labels in a column, values and printed rates beside them."""

from __future__ import annotations

from dataclasses import dataclass

from pipelines.catalog.models import ClaimItem, Item
from pipelines.catalog.periods import Period
from pipelines.intake.filling import Filling, Where
from pipelines.intake.period_text import read_period
from pipelines.intake.reading import address
from pipelines.intake.regions import Region, columns, is_filled
from pipelines.intake.tables import Refusal
from pipelines.intake.text import label, plain
from pipelines.intake.units_in_rows import near_label


@dataclass
class _Reader:
    filling: Filling
    columns: dict[str, int]
    items: dict[str, Item]
    claims: dict[str, ClaimItem]
    totals: set[str]

    @property
    def period(self) -> Period:
        assert self.filling.table.period is not None
        return self.filling.table.period

    def at(self, row: int, role: str) -> object:
        column = self.columns.get(role)
        return "" if column is None else self.filling.region.cell(row, column)

    def near(self, name: str) -> str:
        return near_label(name, self.filling.region)

    def quarantine(self, row: int, role: str, reason: str, name: str) -> None:
        self.filling.quarantine(row, self.columns[role], reason, name)


def read_one_unit(filling: Filling) -> None:
    """Fills the table with the facts, printed rates, quarantine and cell account of its region."""
    region = filling.region
    form = region.form
    reader = _Reader(
        filling,
        _columns(region),
        {label(name): item for item in form.items for name in item.labels},
        {label(name): claim for claim in form.claims for name in claim.labels},
        {total.total for total in form.totals},
    )
    for row in region.rows(region.header + 1):
        _read_item(reader, row)
        _read_claim(reader, row)
    filling.account_rest(
        headings=lambda row: row <= region.header,
        labels={column for role, column in reader.columns.items() if role not in ("value", "claim")},
        header=lambda column: plain(region.cell(region.header, column)),
    )


def _columns(region: Region) -> dict[str, int]:
    found = columns(region)
    for role, places in found.items():
        if len(places) > 1:
            name = plain(region.cell(region.header, places[1]))
            raise Refusal(
                "repeated_column",
                f"表头有两列都是“{name}”({role})。",
                f"Two columns are headed {name!r} ({role}).",
                "请删去多余的列或改正表头。",
                "Remove one of them or correct the header.",
                sheet=region.sheet.name,
                cell=address(region.header, places[1]),
            )
    return {role: places[0] for role, places in found.items()}


def _row_period(reader: _Reader, row: int) -> Period | None:
    """The row's own period, the table's where it names none, None where its text cannot be read."""
    printed = plain(reader.at(row, "period"))
    return read_period(printed, reader.period) if printed else reader.period


def _read_item(reader: _Reader, row: int) -> None:
    if not {"item", "value"} <= reader.columns.keys():
        return
    name, blank = label(reader.at(row, "item")), not is_filled(reader.at(row, "value"))
    item = reader.items.get(name)
    if item is None:
        if not blank:
            reader.quarantine(row, "value", "unknown_label" if name else "no_label", reader.near(name))
        return
    period = _row_period(reader, row)
    if period is None:
        reader.quarantine(row, "value", "unknown_period", name)
        return
    table, is_total = reader.filling.table, item.element in reader.totals
    where = Where(table.org, item, period, plain(reader.at(row, "item")), plain(reader.at(row, "unit")), is_total)
    reader.filling.fact(row, reader.columns["value"], where)


def _read_claim(reader: _Reader, row: int) -> None:
    if not {"claim_name", "claim"} <= reader.columns.keys():
        return
    name = label(reader.at(row, "claim_name"))
    if not is_filled(reader.at(row, "claim")):
        return
    claim = reader.claims.get(name)
    if claim is None:
        reader.quarantine(row, "claim", "unknown_label" if name else "no_label", reader.near(name))
        return
    org = reader.filling.table.org
    reader.filling.claim(row, reader.columns["claim"], org, _row_period(reader, row), claim, name)
