"""Reading a table of orientation `units_in_rows`: a row for each unit, elements under merged headings."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from pipelines.catalog.models import ClaimItem, Item, Org
from pipelines.catalog.periods import Period
from pipelines.intake.filling import Filling, PlainColumn, Where, is_note
from pipelines.intake.orgs import OrgIndex, alike, with_nearest
from pipelines.intake.period_text import read_period
from pipelines.intake.reading import address
from pipelines.intake.regions import HEADER_ROWS, Region, columns, is_filled
from pipelines.intake.tables import Refusal
from pipelines.intake.text import label, path, plain

T = TypeVar("T")
SUBTOTALS = {"小计"}
LABEL_ALIKE = 75  # of 100: 死产数 and 活产数 have 67
YEAR = re.compile(r"^(?:\d{4}|本)年度?(?:\d{1,2}月|第[一二三四1-4]季度)?")
UNIT_IN_HEADING = re.compile(r"(.+?)[(](百万元?|千万元?|[百千万亿]?[^()\d]{1,4})[)]")


@dataclass
class _Layout:
    """Where the table's columns are: the units' names and codes, the elements, the rates, and what else is a label."""

    first_row: int
    roles: dict[str, int]
    labels: set[int]
    paths: dict[int, str]
    items: dict[int, tuple[Item, str]] = field(default_factory=dict)  # with the unit of measure in the heading
    claims: dict[int, ClaimItem] = field(default_factory=dict)
    plain: list[PlainColumn] = field(default_factory=list)
    has_total: bool = False


@dataclass
class _Place:
    """Which unit a row is about, while the rows are read: the group of the rows before it."""

    group: Org | None = None
    parents: set[str] = field(default_factory=set)


def read_units_in_rows(filling: Filling, index: OrgIndex) -> None:
    """Fills the table with the facts, rates, quarantine and cell account of its region.

    Raises:
        Refusal: none of the form's elements and rates stands in the header.
    """
    layout, place = _layout(filling.region), _Place()
    totals = {label(word) for word in filling.region.form.total_labels} - SUBTOTALS
    layout.plain = _plain(filling, layout)
    names = [layout.roles[role] for role in ("unit_name", "group") if role in layout.roles]
    layout.has_total = any(
        label(filling.region.cell(row, column)) in totals
        for row in filling.region.rows(layout.first_row)
        for column in names
    )
    for row in filling.region.rows(layout.first_row):
        _read_row(filling, layout, place, row, index)
    filling.account_rest(
        headings=lambda row: row < layout.first_row,
        labels=layout.labels,
        header=lambda column: near_label(layout.paths.get(column, ""), filling.region),
    )


def _plain(filling: Filling, layout: _Layout) -> list[PlainColumn]:
    """The columns of figures, prepared for the rows; `where` of each gets its unit and period row by row."""
    assert filling.table.period is not None
    period = filling.table.period
    codes = any(code[:1].isdigit() for code in filling.region.form.missing)  # such as 999: not reported
    return [
        PlainColumn(
            column, address(0, column)[:-1], item.element, item.breakdown, f"{item.element}|{item.breakdown}",
            not codes and not unit and item.unit_factor == 1, Where("", item, period, layout.paths[column], unit),
        )
        for column, (item, unit) in layout.items.items()
    ]  # fmt: skip


def near_label(printed: str, region: Region) -> str:
    """A label that the form does not know, with those of the form that it may mean."""
    names = [path(name) for item in region.form.items for name in item.labels]
    names += [path(name) for claim in region.form.claims for name in claim.labels]
    return with_nearest(printed, alike(printed, names, LABEL_ALIKE)) if printed else ""


def _layout(region: Region) -> _Layout:
    found = columns(region)
    roles = {role: places[0] for role, places in found.items()}
    key = roles.get("unit_name", roles.get("unit_code", 0))
    first = first_row(region, key)
    labels = {column for places in found.values() for column in places}
    paths = headings(region, first, key)
    common = above_all(paths, labels)
    items = {path(name): item for item in region.form.items for name in item.labels}
    claims = {path(name): claim for claim in region.form.claims for name in claim.labels}
    layout = _Layout(first, roles, labels, paths)
    for column, printed in paths.items():
        item = matching(items, printed, common) if column not in labels else None
        claim = matching(claims, printed, common) if column not in labels and item is None else None
        if item:
            layout.items[column] = item
        elif claim:
            layout.claims[column] = claim[0]
    if not layout.items and not layout.claims:
        raise Refusal(
            "unknown_columns",
            "表头中没有这种报表的任何一项。",
            "The header names none of the form's elements.",
            "请使用规定的表头,不要改动栏目名称。",
            "Use the prescribed header; do not rename its columns.",
            sheet=region.sheet.name,
            cell=address(region.header, key),
        )
    return layout


def matching(wanted: dict[str, T], printed: str, above_all: str = "") -> tuple[T, str] | None:
    """What a heading means, with the unit of measure that it names.

    It counts as printed, else without the heading `above_all` columns, without a year, without the unit of measure.

    >>> matching({"经费": 1, "活产数": 2}, "2014年经费(万元)"), matching({"活产数": 2}, "男>活产数")
    ((1, '万元'), None)
    """
    bare = printed.removeprefix(f"{above_all}>") if above_all else printed
    for text in (
        printed,
        bare,
        *(">".join(YEAR.sub("", part) or part for part in t.split(">")) for t in (printed, bare)),
    ):
        if text in wanted:
            return wanted[text], ""
        match = UNIT_IN_HEADING.fullmatch(text)
        if match and match[1] in wanted:
            return wanted[match[1]], match[2]
    return None


def first_row(region: Region, column: int) -> int:
    """The row of the first unit: below the merged heading of the names, or the next row that names one."""
    for top, left, bottom, right in region.sheet.merged:
        if top == region.header and left <= column <= right:
            return bottom + 1
    below = range(region.header + 1, min(region.header + 1 + HEADER_ROWS, region.last + 1))
    return next((row for row in below if is_filled(region.cell(row, column))), region.header + 1)


def headings(region: Region, first: int, key: int) -> dict[int, str]:
    """The path of headings above each column, from the top; a merged one counts for every column below it, and once.

    A text merged over the column `key` and others below the header heads a part of the rows, no column.
    """
    parts = {top for top, left, _, right in region.sheet.merged if top > region.header and left <= key <= right > left}
    rows = [row for row in range(top_row(region), first) if row not in parts]
    paths = {}
    for column in range(region.width):
        kept: list[str] = []
        for row in rows:
            text = label(region.seen(row, column))
            if text and text not in kept[-1:]:
                kept.append(text)
        paths[column] = ">".join(kept)
    return paths


def top_row(region: Region) -> int:
    """The first row of the header: rows above it too where headings merged over some of its columns stand in them.

    A row with a title, or with a label and its value, is no heading.
    """
    top = region.header
    title = re.compile(region.form.recognise.title) if region.form.recognise.title else None
    for above in range(region.header - 1, max(region.header - HEADER_ROWS, region.first - 1), -1):
        texts = [plain(value) for value in region.sheet.rows[above] if is_filled(value)]
        merged = any(first == last == above and right > left > 0 for first, left, last, right in region.sheet.merged)
        if not merged or len(texts) < 2 or any(":" in t or (title and title.search(t)) for t in texts):
            break
        top = above
    return top


def above_all(paths: dict[int, str], labels: set[int]) -> str:
    """The one heading above all columns but those of labels: it says nothing of any of them. '' where there is none."""
    parts = [path.split(">") for column, path in paths.items() if path and column not in labels]
    tops = {found[0] for found in parts if len(found) > 1}
    return tops.pop() if len(tops) == 1 and len(parts) > 1 and all(len(found) > 1 for found in parts) else ""


def _read_row(filling: Filling, layout: _Layout, place: _Place, row: int, index: OrgIndex) -> None:
    region, table = filling.region, filling.table
    cells = region.sheet.rows[row]
    name, code, group = (label(_at(region, layout, row, role)) for role in ("unit_name", "unit_code", "group"))
    name = name or _total_beside(region, layout, row)
    has_figures = any(column < len(cells) and is_filled(cells[column]) for column in (*layout.items, *layout.claims))
    filled = [] if has_figures else [column for column, value in enumerate(cells) if is_filled(value)]
    if not (has_figures or filled) or is_note(cells):
        return
    period = _period(region, layout, row, table.period)
    on = period.end if period else None
    total = _total(region, index, table.org, (name, group), on)
    if total is not None:
        _read_total(filling, layout, place, row, (*total, period))
        return
    place.group = _group(index, table.org, group, on) or place.group
    units = _units(index, table.org, place, name, code, on)
    if len(filled) == 1 and len(units) == 1 and (filled[0] in layout.labels):  # a heading above the rows of its units
        place.group = units[0]
        return
    if len(units) != 1 or period is None:
        told = with_nearest(name, index.nearest_below(table.org, name, on)) if name and not units else name or code
        _set_aside(filling, layout, row, told, units if period else None)
        return
    unit = units[0]
    place.parents.add(unit.parent)
    is_total = unit.code == table.org or (region.form.row_level is not None and unit.level not in (
        region.form.row_level, "institution"))  # fmt: skip
    _read_figures(filling, layout, row, unit.code, period, is_total)


def _at(region: Region, layout: _Layout, row: int, role: str) -> object:
    column = layout.roles.get(role)
    if column is None:
        return ""
    return region.seen(row, column) if role == "group" else region.cell(row, column)


def _total_beside(region: Region, layout: _Layout, row: int) -> str:
    """A word for a total that stands beside the empty column of names: 合计 under 序号, or merged over both."""
    words = tuple(label(word) for word in region.form.total_labels)
    for column in sorted(layout.labels):
        text = label(region.cell(row, column))
        if text.endswith(words):
            return text
    return ""


def _period(region: Region, layout: _Layout, row: int, period: Period | None) -> Period | None:
    """The row's own period, the table's where it names none, None where its text cannot be read."""
    printed = plain(_at(region, layout, row, "period"))
    return read_period(printed, period) if printed else period


def _total(
    region: Region, index: OrgIndex, area: str, names: tuple[str, ...], on: date | None
) -> tuple[str, str] | None:
    """The word for a total in one of the names of a row, and the unit named before it ('': none); None: no total.

    合计; 柳河镇小计: the total of 柳河镇; 全县合计: that of the sender's area.
    """
    own = _names(index.orgs[area])
    for name in filter(None, names):
        for word in map(label, region.form.total_labels):
            whose = label(name.removesuffix(word)) if name.endswith(word) else None
            if whose == "":
                return word, ""
            if whose is not None and (whose in own or (whose.startswith("全") and len(whose) == 2)):
                return word, area
            units = index.below(area, whose, on) if whose else []
            if len(units) == 1:
                return word, units[0].code
    return None


def _group(index: OrgIndex, area: str, printed: str, on: date | None) -> Org | None:
    found = index.below(area, printed, on) if printed else []
    return found[0] if len(found) == 1 else None


def _units(index: OrgIndex, area: str, place: _Place, name: str, code: str, on: date | None) -> list[Org]:
    """The units that a row may be about: by code, else by name below the group, else anywhere below the sender."""
    own = index.orgs[area]
    for printed in (code, name):
        if not printed:
            continue
        if printed in _names(own):
            return [own]
        group = index.below(place.group.code, printed, on) if place.group else []
        found = group or index.below(area, printed, on)
        if found:
            return [_served(index, unit, area) for unit in found]
    return []


def _names(org: Org) -> set[str]:
    return {org.code, *map(label, (org.name, *org.aliases))}


def _served(index: OrgIndex, unit: Org, area: str) -> Org:
    """The village whose clinic a row names; an institution of the sender's own area is itself."""
    return index.orgs[unit.parent] if unit.level == "institution" and unit.parent != area else unit


def _read_total(
    filling: Filling, layout: _Layout, place: _Place, row: int, told: tuple[str, str, Period | None]
) -> None:
    """A row of totals: the area's own figure; a subtotal is the figure of its group, or of the rows' common parent."""
    word, org, period = told
    if not org and word in SUBTOTALS and (layout.has_total or place.group):
        one = min(place.parents) if len(place.parents) == 1 else ""
        org = place.group.code if place.group else one if one != filling.table.org else ""
        place.parents = set()
    elif not org:
        org = filling.table.org
    if org and period is not None:
        _read_figures(filling, layout, row, org, period, True)
        return
    for column in (*layout.items, *layout.claims):
        filling.total(row, column)


def _read_figures(filling: Filling, layout: _Layout, row: int, org: str, period: Period, is_total: bool) -> None:
    filling.plain_figures(row, layout.plain, org, period, is_total)
    for column, claim in layout.claims.items():
        filling.claim(row, column, org, period, claim, layout.paths[column])


def _set_aside(filling: Filling, layout: _Layout, row: int, name: str, units: list[Org] | None) -> None:
    """Quarantines the figures of a row that not just one unit below the sender owns; lone texts are labels."""
    region = filling.region
    held = [column for column in (*layout.items, *layout.claims) if is_filled(region.cell(row, column))]
    if sum(map(is_filled, region.sheet.rows[row])) <= 1:
        return
    reason = "ambiguous_row_unit" if units else "unknown_row_unit" if name else "no_label"
    told = f"{name}: {', '.join(unit.code for unit in units)}" if units else name
    if units is None:
        reason, told = "unknown_period", name
    for column in held:
        filling.quarantine(row, column, reason, told)
