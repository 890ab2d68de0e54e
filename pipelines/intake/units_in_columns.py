"""Reading a table of orientation `units_in_columns`: elements in rows; above the columns units, periods, breakdowns."""

from __future__ import annotations

from dataclasses import dataclass

from pipelines.catalog.models import ClaimItem, Item
from pipelines.catalog.periods import Period
from pipelines.intake.filling import Filling, Where, is_note
from pipelines.intake.orgs import OrgIndex
from pipelines.intake.period_text import read_period
from pipelines.intake.reading import address
from pipelines.intake.regions import HEADER_ROWS, Region, columns, is_filled
from pipelines.intake.tables import Refusal
from pipelines.intake.text import label, path, plain
from pipelines.intake.units_in_rows import first_row, headings, matching, near_label


@dataclass(frozen=True)
class _Column:
    """Whom, when and which part of an element a column is about; `reason`: why that is not known."""

    org: str
    period: Period
    breakdown: str
    path: str
    is_total: bool
    reason: str = ""


def read_units_in_columns(filling: Filling, index: OrgIndex) -> None:
    """Fills the table with the facts, rates, quarantine and cell account of its region.

    Raises:
        Refusal: no column is headed by a unit or a period that is known.
    """
    region = filling.region
    roles = columns(region)
    labels = {column for role, places in roles.items() if role != "unit_name" for column in places}
    if not roles.get("item"):
        raise _no_columns(region)
    first = _first(region, roles["item"][0])
    headed = {
        column: _heading(filling, index, text)
        for column, text in headings(region, first, roles["item"][0]).items()
        if column not in labels and text
    }
    if all(found.reason for found in headed.values()):
        raise _no_columns(region)
    items = {path(name): item for item in region.form.items for name in item.labels}
    claims = {path(name): claim for claim in region.form.claims for name in claim.labels}
    groups: list[str] = []
    for row in region.rows(first):
        cells = region.sheet.rows[row]
        if is_note(cells):
            continue
        groups = _groups(region, roles, row) or groups
        own = ">".join(dict.fromkeys(filter(None, (label(region.seen(row, at)) for at in roles["item"]))))
        paths = (_path(groups, own), own)
        name = next((text for text in paths if matching({**items, **claims}, text)), own)
        _read_row(filling, row, headed, (name, matching(items, name), matching(claims, name)), roles)
    filling.account_rest(
        headings=lambda row: row < first,
        labels=labels,
        header=lambda column: near_label(headed[column].path if column in headed else "", region),
    )


def _first(region: Region, column: int) -> int:
    """The first row of figures: below the header's merged cells, at the first label of an item."""
    names = [name for item in region.form.items for name in item.labels]
    names += [name for claim in region.form.claims for name in claim.labels]
    known = {label(name.split(">")[-1]) for name in names}
    for row in range(region.header + 1, min(region.header + 1 + 2 * HEADER_ROWS, region.last + 1)):
        if label(region.cell(row, column)) in known:
            return row
    return first_row(region, column)


def _groups(region: Region, roles: dict[str, list[int]], row: int) -> list[str]:
    """The groups that a row names; where it names none, it belongs to those of the rows above it."""
    return [text for column in roles.get("group", ()) if (text := label(region.seen(row, column)))]


def _path(groups: list[str], own: str) -> str:
    return ">".join(dict.fromkeys([*groups, own]))


def _heading(filling: Filling, index: OrgIndex, text: str) -> _Column:
    """What a column's headings say: each is a breakdown, a period, or a unit below the sender (or the sender)."""
    table, form = filling.table, filling.region.form
    period, own = table.period, index.orgs[table.org]
    assert period is not None
    below = {label(name): code for name, code in form.breakdowns.items()}
    said = {*map(label, form.columns.get("unit_name", ())), *map(label, form.total_labels)}
    said |= {label(own.name), own.code, *map(label, own.aliases)}
    org, breakdown, reason = own, "", ""
    for part in text.split(">"):
        told = read_period(part, table.period)
        units = [] if part in below or told else index.below(table.org, part, period.end)
        if part in below:
            breakdown = below[part]
        elif told:
            period = told
        elif len(units) == 1:
            org = units[0]
        elif units:
            reason = "ambiguous_row_unit"
        elif part not in said:
            reason = "unknown_column"
    is_total = org.code == own.code or (form.row_level is not None and org.level != form.row_level)
    return _Column(org.code, period, breakdown, text, is_total and form.row_level is not None, reason)


def _read_row(
    filling: Filling,
    row: int,
    headed: dict[int, _Column],
    told: tuple[str, tuple[Item, str] | None, tuple[ClaimItem, str] | None],
    roles: dict[str, list[int]],
) -> None:
    name, item, claim = told
    region = filling.region
    printed = plain(region.cell(row, roles["unit"][0])) if roles.get("unit") else ""
    for column, about in headed.items():
        if not is_filled(region.cell(row, column)) and (item is None or about.reason):
            continue
        if about.reason:
            filling.quarantine(row, column, about.reason, about.path)
        elif item is not None:
            found, unit = item
            part = found.model_copy(update={"breakdown": about.breakdown}) if about.breakdown else found
            where = Where(about.org, part, about.period, f"{name} / {about.path}", printed or unit, about.is_total)
            filling.fact(row, column, where)
        elif claim is not None:
            rate = claim[0].model_copy(update={"breakdown": about.breakdown}) if about.breakdown else claim[0]
            filling.claim(row, column, about.org, about.period, rate, name)
        elif name:
            filling.quarantine(row, column, "unknown_label", near_label(name, region))


def _no_columns(region: Region) -> Refusal:
    return Refusal(
        "unknown_columns",
        "表头的各栏既不是下级单位,也不是统计期。",
        "No column is headed by a unit below the sender or by a period.",
        "请使用规定的表头,单位名称与机构名册一致。",
        "Use the prescribed header with the units' names as in the register.",
        sheet=region.sheet.name,
        cell=address(region.header, 0),
    )
