"""Reading a table of orientation `units_in_rows`: a row for each unit, elements under merged headings."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import TypeVar

from pipelines.catalog.models import ClaimItem, Item, Org
from pipelines.catalog.periods import Period
from pipelines.intake.figures import Columns, Line, columns_of, plain_column, read_figures
from pipelines.intake.filling import Filling, are_note
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
    figures: Columns = field(default_factory=lambda: columns_of([]))

    @cached_property
    def is_plain(self) -> bool:
        """Whether a row tells its unit by its name alone, and no period."""
        return self.roles.keys().isdisjoint(("unit_code", "group", "period"))


@dataclass
class _Place:
    """Which unit a row is about, while the rows are read: the sender, and the group of the rows before it."""

    own: Org
    names: set[str]  # of the sender
    totals: tuple[str, ...]  # words for a total
    figures: tuple[int, ...]  # columns of figures and rates
    group: Org | None = None
    parents: set[str] = field(default_factory=set)
    has_total: bool = False
    lines: list[Line] = field(default_factory=list)  # rows with figures


def read_units_in_rows(filling: Filling, index: OrgIndex) -> None:
    """Fills the table with the facts, rates, quarantine and cell account of its region.

    Raises:
        Refusal: none of the form's elements and rates stands in the header.
    """
    layout, own = _layout(filling.region), index.orgs[filling.table.org]
    words = tuple(map(label, filling.region.form.total_labels))
    place, totals = _Place(own, _names(own), words, (*layout.items, *layout.claims)), {*words} - SUBTOTALS
    names = [layout.roles[role] for role in ("unit_name", "group") if role in layout.roles]
    place.has_total = any(
        label(filling.region.cell(row, column)) in totals
        for row in filling.region.rows(layout.first_row)
        for column in names
    )
    for row in filling.region.rows(layout.first_row):
        _read_row(filling, layout, place, row, index)
    read_figures(filling, place.lines, layout.figures)
    filling.account_rest(
        headings=lambda row: row < layout.first_row,
        labels=layout.labels,
        header=lambda column: near_label(layout.paths.get(column, ""), filling.region),
    )


def near_label(printed: str, region: Region) -> str:
    """A label that the form does not know, with those of the form that it may mean."""
    names = [path(name) for item in region.form.items for name in item.labels]
    names += [path(name) for claim in region.form.claims for name in claim.labels]
    return with_nearest(printed, alike(printed, names, LABEL_ALIKE)) if printed else ""


def _layout(region: Region) -> _Layout:
    head = tuple(region.sheet.rows[region.header])
    found = region.known.get((head, region.width)) or columns(region)
    region.known[head, region.width] = found
    roles = {role: places[0] for role, places in found.items()}
    key = roles.get("unit_name", roles.get("unit_code", 0))
    first = first_row(region, key)
    rows = range(top_row(region), first)
    printed = (rows, region.header, region.width, region.sheet.merged, *(tuple(region.sheet.rows[row]) for row in rows))
    layout = region.known.get(printed)
    if layout is None:
        layout = region.known[printed] = _read_layout(region, found, first, key)
    return layout


def _read_layout(region: Region, found: dict[str, list[int]], first: int, key: int) -> _Layout:
    roles = {role: places[0] for role, places in found.items()}
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
    plain = [plain_column(at, item, paths[at], unit, region.form) for at, (item, unit) in layout.items.items()]
    layout.figures = columns_of(plain)
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


def _plain_unit(filling: Filling, layout: _Layout, place: _Place, row: int, index: OrgIndex) -> Org | None:
    """The unit of a row with a figure that names one directly below the sender, as nearly all do; None: look closer."""
    texts, cells = filling.region.sheet.texts[row], filling.region.sheet.rows[row]
    at, first, period = layout.roles.get("unit_name", 0), place.figures[0], filling.table.period
    if place.group or not layout.is_plain or period is None or len(cells) <= max(at, first):
        return None
    name = label(cells[at])
    if type(cells[first]) is not float or name.endswith(place.totals) or name in place.names or are_note(texts):
        return None
    return index.only_child(place.own.code, name, period.end)


def _read_row(filling: Filling, layout: _Layout, place: _Place, row: int, index: OrgIndex) -> None:
    region, table = filling.region, filling.table
    unit = _plain_unit(filling, layout, place, row, index)
    if unit is not None and table.period is not None:
        _read_unit(filling, layout, place, (row, unit, table.period))
        return
    cells = region.sheet.rows[row]
    roles = layout.roles
    name = label(_at(region, layout, row, "unit_name"))
    code = label(_at(region, layout, row, "unit_code")) if "unit_code" in roles else ""
    group = label(_at(region, layout, row, "group")) if "group" in roles else ""
    name = name or _total_beside(region, layout, place, row)
    has_figures = any(is_filled(cells[column]) for column in place.figures if column < len(cells))
    filled = [] if has_figures else [column for column, value in enumerate(cells) if is_filled(value)]
    if not (has_figures or filled) or are_note(region.sheet.texts[row]):
        return
    period = _period(region, layout, row, table.period) if "period" in roles else table.period
    on = period.end if period else None
    total = _total(index, place, (name, group), on)
    if total is not None:
        _read_total(filling, layout, place, row, (*total, period))
        return
    place.group = _group(index, table.org, group, on) or place.group
    units = _units(index, place, name, code, on)
    if len(filled) == 1 and len(units) == 1 and (filled[0] in layout.labels):  # a heading above the rows of its units
        place.group = units[0]
        return
    if len(units) != 1 or period is None:
        told = with_nearest(name, index.nearest_below(table.org, name, on)) if name and not units else name or code
        _set_aside(filling, layout, row, told, units if period else None)
        return
    _read_unit(filling, layout, place, (row, units[0], period))


def _read_unit(filling: Filling, layout: _Layout, place: _Place, told: tuple[int, Org, Period]) -> None:
    """A row of figures of one unit; that of a level above the form's rows is a total."""
    row, unit, period = told
    place.parents.add(unit.parent)
    level = filling.region.form.row_level
    is_total = unit.code == place.own.code or (level is not None and unit.level not in (level, "institution"))
    _read_figures(filling, layout, place, Line(row, unit.code, period, is_total))


def _at(region: Region, layout: _Layout, row: int, role: str) -> object:
    column = layout.roles.get(role)
    if column is None:
        return ""
    return region.seen(row, column) if role == "group" else region.cell(row, column)


def _total_beside(region: Region, layout: _Layout, place: _Place, row: int) -> str:
    """A word for a total that stands beside the empty column of names: 合计 under 序号, or merged over both."""
    for column in sorted(layout.labels):
        text = label(region.cell(row, column))
        if text.endswith(place.totals):
            return text
    return ""


def _period(region: Region, layout: _Layout, row: int, period: Period | None) -> Period | None:
    """The row's own period, the table's where it names none, None where its text cannot be read."""
    printed = plain(_at(region, layout, row, "period"))
    return read_period(printed, period) if printed else period


def _total(index: OrgIndex, place: _Place, names: tuple[str, ...], on: date | None) -> tuple[str, str] | None:
    """The word for a total in one of the names of a row, and the unit named before it ('': none); None: no total.

    合计; 柳河镇小计: the total of 柳河镇; 全县合计: that of the sender's area.
    """
    area = place.own.code
    for name in names:
        for word in place.totals if name.endswith(place.totals) else ():
            whose = label(name.removesuffix(word)) if name.endswith(word) else None
            if whose == "":
                return word, ""
            if whose is not None and (whose in place.names or (whose.startswith("全") and len(whose) == 2)):
                return word, area
            units = index.below(area, whose, on) if whose else []
            if len(units) == 1:
                return word, units[0].code
    return None


def _group(index: OrgIndex, area: str, printed: str, on: date | None) -> Org | None:
    found = index.below(area, printed, on) if printed else []
    return found[0] if len(found) == 1 else None


def _units(index: OrgIndex, place: _Place, name: str, code: str, on: date | None) -> list[Org]:
    """The units that a row may be about: by code, else by name below the group, else anywhere below the sender."""
    area = place.own.code
    for printed in (code, name):
        if not printed:
            continue
        if printed in place.names:
            return [place.own]
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
    if not org and word in SUBTOTALS and (place.has_total or place.group):
        one = min(place.parents) if len(place.parents) == 1 else ""
        org = place.group.code if place.group else one if one != filling.table.org else ""
        place.parents = set()
    elif not org:
        org = filling.table.org
    if org and period is not None:
        _read_figures(filling, layout, place, Line(row, org, period, True))
        return
    for column in (*layout.items, *layout.claims):
        filling.total(row, column)


def _read_figures(filling: Filling, layout: _Layout, place: _Place, line: Line) -> None:
    place.lines.append(line)
    for column, claim in layout.claims.items():
        filling.claim(line.row, column, line.org, line.period, claim, layout.paths[column])


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
