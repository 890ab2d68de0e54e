"""Reading a table of orientation `units_in_rows`: a row for each unit, elements under merged headings."""

from __future__ import annotations

from dataclasses import dataclass

from pipelines.catalog.load import Catalog
from pipelines.catalog.models import Form, Item, Org
from pipelines.intake.filling import FOOT, Filling, Where
from pipelines.intake.orgs import OrgIndex
from pipelines.intake.reading import Sheet, address
from pipelines.intake.tables import Refusal, Table
from pipelines.intake.text import label, plain

LONGEST_HEADER = 4


@dataclass
class _Layout:
    """Where the table's columns are: the units' names, the elements, and what else is a label."""

    first_row: int
    unit_name: int
    items: dict[int, Item]
    labels: set[int]
    paths: dict[int, str]


def read_units_in_rows(
    sheet: Sheet, form: Form, header_row: int, table: Table, catalog: Catalog, index: OrgIndex
) -> None:
    """Fills `table` with the facts, quarantine and cell account of the sheet.

    Raises:
        Refusal: none of the form's elements stands in the header.
    """
    layout = _layout(sheet, form, header_row)
    filling = Filling(sheet, form, table, catalog)
    for row in range(layout.first_row, len(sheet.rows)):
        _read_row(filling, layout, row, index)
    filling.account_rest(
        headings=lambda row: row < layout.first_row,
        labels=layout.labels,
        header=lambda column: layout.paths.get(column, ""),
    )


def _layout(sheet: Sheet, form: Form, header_row: int) -> _Layout:
    roles = {label(name): role for role, names in form.columns.items() for name in names}
    wanted = {path(name): item for item in form.items for name in item.labels}
    unit_name = next(c for (r, c), v in sheet.filled.items() if r == header_row and roles.get(label(v)) == "unit_name")
    first = _first_row(sheet, header_row, unit_name)
    paths = {
        column: path(" > ".join(_headings(sheet, header_row, first, column)))
        for column in range(max(map(len, sheet.rows), default=0))
    }
    items = {column: wanted[text] for column, text in paths.items() if text in wanted}
    labels = {column for column, text in paths.items() if roles.get(text) in ("number", "note", "unit_name")}
    if not items:
        raise Refusal(
            "unknown_columns",
            "表头中没有这种报表的任何一项。",
            "The header names none of the form's elements.",
            "请使用规定的表头,不要改动栏目名称。",
            "Use the prescribed header; do not rename its columns.",
            sheet=sheet.name,
            cell=address(header_row, unit_name),
        )
    return _Layout(first, unit_name, items, labels, paths)


def path(text: str) -> str:
    """A label of merged headings in one form: 'a > b', each part without blanks.

    >>> path("产前 保健>早孕检查")
    '产前保健>早孕检查'
    """
    return ">".join(label(part) for part in plain(text).split(">") if label(part))


def _first_row(sheet: Sheet, header_row: int, unit_name: int) -> int:
    """The row of the first unit: below the merged heading of the names, or the next row that names one."""
    for top, left, bottom, right in sheet.merged:
        if top == header_row and left <= unit_name <= right:
            return bottom + 1
    below = range(header_row + 1, min(header_row + 1 + LONGEST_HEADER, len(sheet.rows)))
    return next((row for row in below if (row, unit_name) in sheet.filled), header_row + 1)


def _headings(sheet: Sheet, header_row: int, first: int, column: int) -> list[str]:
    """The headings above a column, from the top; a merged one counts for every column below it, and once."""
    found: list[str] = []
    for row in range(header_row, first):
        text = label(sheet.filled.get(sheet.anchor(row, column), ""))
        if text and text not in found[-1:]:
            found.append(text)
    return found


def _read_row(filling: Filling, layout: _Layout, row: int, index: OrgIndex) -> None:
    name = label(filling.sheet.filled.get((row, layout.unit_name), ""))
    assert filling.table.period is not None
    units = index.children(filling.table.org, name, filling.table.period.end) if name else []
    is_total = name in {label(word) for word in filling.form.total_labels}
    org = filling.table.org if is_total else units[0].code if len(units) == 1 else ""
    if not org:
        _set_aside(filling, layout, row, name, units)
        return
    for column, item in layout.items.items():
        where = Where(org, item, filling.table.period, layout.paths[column], is_total=is_total)
        filling.fact(row, column, where)


def _set_aside(filling: Filling, layout: _Layout, row: int, name: str, units: list[Org]) -> None:
    """Quarantines the figures of a row that not just one unit below the sender owns; notes and the foot are labels."""
    texts = [text for text in map(plain, filling.sheet.rows[row]) if text]
    if len(texts) <= 1 or any(map(FOOT.search, texts)):
        return
    reason = "ambiguous_row_unit" if units else "unknown_row_unit" if name else "no_label"
    told = f"{name}: {', '.join(unit.code for unit in units)}" if units else name
    for column in layout.items:
        if (row, column) in filling.sheet.filled:
            filling.quarantine(row, column, reason, told)
