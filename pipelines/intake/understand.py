"""A file's bytes understood: which forms, which unit, which period, and what every cell says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import compress, groupby

from rapidfuzz import fuzz

from pipelines.catalog.load import Catalog
from pipelines.catalog.models import Form
from pipelines.intake.data_values import holds_values, read_json, read_sheet
from pipelines.intake.facts import Times
from pipelines.intake.feet import read_signatures
from pipelines.intake.filling import Filling
from pipelines.intake.heads import Head, Sent, ask_about, period_of, read_head, reporter_of, subject_of
from pipelines.intake.one_unit import read_one_unit
from pipelines.intake.orgs import OrgIndex
from pipelines.intake.own_sheets import returns_of
from pipelines.intake.period_text import read_period
from pipelines.intake.reading import Sheet, address, read_sheets
from pipelines.intake.recount import holds_recount, read_recount
from pipelines.intake.regions import FormFinder, Region, finder_of, is_filled, repeated
from pipelines.intake.tables import Account, Quarantined, Refusal, Remark, Table
from pipelines.intake.text import plain, shown
from pipelines.intake.units_in_columns import read_units_in_columns
from pipelines.intake.units_in_rows import read_units_in_rows

ALIKE = 60  # of 100: a title that holds so much of a form's name may mean that form


def understand(content: bytes, catalog: Catalog, index: OrgIndex, sender: str = "", filename: str = "") -> list[Table]:
    """Every table of a file; a sheet that is not understood is a table with a `refusal`.

    Args:
        content: the file's bytes.
        catalog: forms and what they hold.
        index: the organisations.
        sender: the code of the organisation whose folder the file lay in.
        filename: what the sender called it, with the folders below the inbox; where the sheet names no unit or
            period, it may.

    Raises:
        Refusal: where the file as a whole cannot be read.
    """
    stated = read_json(content, catalog, index, sender)
    if stated is not None:
        return stated
    tables: list[Table] = []
    for file, group in groupby(
        returns_of(read_sheets(content)), key=lambda sheet: sheet.file
    ):  # the files of an archive
        sheets = list(group)
        sent = Sent(sender, f"{filename}/{file}" if file else filename)
        readable = [sheet for sheet in sheets if sheet.refusal is None]
        tables += [read_recount(sheet, catalog, index) for sheet in readable if holds_recount(sheet)]
        readable = [sheet for sheet in readable if not holds_recount(sheet)]
        values = [holds_values(sheet) for sheet in readable]
        for sheet in compress(readable, values):
            tables += read_sheet(sheet, catalog, index, sender)
        others = [sheet for sheet, holds in zip(readable, values, strict=True) if not holds]
        tables += _File(content, catalog, index, sent).tables(others)
        tables += [_refused(sheet, sheet.refusal) for sheet in sheets if sheet.refusal]
    return tables


@dataclass
class _File:
    """One file while it is understood; a table may need what the sheets before it said."""

    content: bytes
    catalog: Catalog
    index: OrgIndex
    sent: Sent
    before: Head = field(default_factory=Head)
    codes: set[str] = field(default_factory=set)  # the forms of the tables before
    notes: list[str] = field(default_factory=list)
    times: dict[tuple[str, ...], Times] = field(default_factory=dict)

    def tables(self, sheets: list[Sheet]) -> list[Table]:
        """The tables of the file's sheets; a sheet of notes is accounted with the first table that is accepted."""
        forms = self.catalog.forms
        finder = finder_of(forms)
        found = [(sheet, *finder.tables(sheet)) for sheet in sheets]
        known = {region.code for _, regions, _ in found for region in regions}
        beside = [forms[code].recognise.beside for code in sorted(known) if forms[code].recognise.beside]
        notes = [
            sheet
            for sheet, regions, several in found
            if known
            and not regions
            and not several
            and _is_notes(sheet, beside)
            and not _continues(finder, sheet, known)
        ]
        self.notes = [plain(value) for sheet in notes for row in sheet.rows for value in row if is_filled(value)]
        tables = list[Table]()
        set_apart = set(map(id, notes))
        for sheet, regions, several in found:
            if id(sheet) not in set_apart:
                tables += self._of_sheet(sheet, regions, several, finder, known)
        accepted = next((table for table in tables if table.refusal is None), None)
        if accepted is None and notes:
            tables += [_refused(sheet, unknown_form(sheet, self.catalog)) for sheet in notes]
        elif accepted:
            accepted.account.read += len(self.notes)
            accepted.account.label += len(self.notes)
        return tables

    def _of_sheet(
        self, sheet: Sheet, regions: list[Region], several: list[str], finder: FormFinder, known: set[str]
    ) -> Iterator[Table]:
        if several:
            yield _refused(sheet, _ambiguous_form(sheet, several))
            return
        if not regions:
            continued = finder.untitled(sheet, known)
            if continued is None:
                yield _refused(sheet, unknown_form(sheet, self.catalog))
                return
            regions = [continued]
        for region in _joined(regions):
            yield self._table(region)

    def _table(self, region: Region) -> Table:
        table = Table(sheet=region.sheet.name, form=region.code)
        try:
            own = read_head(region)
            # A second table of a form, under a title of its own, is somebody else's or for another month.
            head = own if region.title and region.code in self.codes else own.after(self.before)
            self.codes.add(region.code)
            told = read_period(head.period)
            reporter = reporter_of(head, region, self.index, self.sent, told.end if told else None)
            table.reported_by, table.org = reporter.code, subject_of(region.form, reporter)
            table.period = period_of(head, region, self.notes, self.sent)
            times = self.times.setdefault((region.code, table.org, table.period.code, reporter.code), Times())
            self._fill(Filling(region, table, self.catalog, self.content, times))
            ask_about(table, own, region, self.index, self.sent)
            _ask_about_hidden(table, region)
            table.signatures = read_signatures(region)
            self.before = head
        except Refusal as refusal:
            refusal.sheet = refusal.sheet or region.sheet.name
            table.refusal = refusal
            _quarantine_all(table, region.sheet, refusal.reason, region.first, region.last)
        return table

    def _fill(self, filling: Filling) -> None:
        match filling.region.form.orientation:
            case "units_in_rows":
                read_units_in_rows(filling, self.index)
            case "units_in_columns":
                read_units_in_columns(filling, self.index)
            case _:
                read_one_unit(filling)


def _joined(regions: list[Region]) -> list[Region]:
    """The tables of a sheet; one that a page break has cut, with title and head repeated, is one."""
    joined: list[Region] = []
    for region in regions:
        before = joined[-1] if joined else None
        if before is not None and before.code == region.code and _same_head(read_head(before), read_head(region)):
            before.repeats |= {*range(region.first, region.header)} | repeated(before, region.header) | region.repeats
            before.last = region.last
        else:
            joined.append(region)
    return joined


def _same_head(first: Head, second: Head) -> bool:
    return second.unit in ("", first.unit) and second.period in ("", first.period)


def _continues(finder: FormFinder, sheet: Sheet, known: set[str]) -> bool:
    return finder.untitled(sheet, known) is not None


def _is_notes(sheet: Sheet, beside: list[str]) -> bool:
    """Whether a sheet without a table holds notes: a form says so, or no cell of it is a number."""
    if any(re.search(pattern, sheet.name) for pattern in beside):
        return True
    return not any(isinstance(value, (int, float)) for row in sheet.rows for value in row)


def _ask_about_hidden(table: Table, region: Region) -> None:
    """Tells that rows, columns or the sheet were hidden; they are data all the same."""
    sheet = region.sheet
    rows = [row + 1 for row in sorted(sheet.hidden_rows) if region.first <= row <= region.last]
    letters = [address(0, column)[:-1] for column in sorted(sheet.hidden_columns) if column < region.width]
    told = [f"行 {', '.join(map(str, rows[:20]))}"] if rows else []
    told += [f"列 {', '.join(letters[:20])}"] if letters else []
    told += [f"工作表 {sheet.name}"] if sheet.hidden else []
    if told and table.period:
        cell = address(rows[0] - 1, 0) if rows else f"{letters[0]}1" if letters else ""
        table.remarks.append(Remark("hidden_cells", table.org, table.period, cell, "", "; ".join(told), ""))


def unknown_form(sheet: Sheet, catalog: Catalog) -> Refusal:
    """Why a sheet whose form is not known is refused, with the forms that its title is like."""
    place, printed = _first_cell(sheet)
    nearest = nearest_forms(printed, catalog)
    return Refusal(
        "unknown_form",
        f"认不出这是哪种报表(首个单元格为“{printed}”)。"
        + (f"名称最接近的:{'、'.join(form.zh for form in nearest.values())}。" if nearest else ""),
        f"No known form has this title and these column labels (the first cell says {printed!r})."
        + (f" Nearest by name: {', '.join(nearest)}." if nearest else ""),
        "请使用规定的报表格式,不要改动标题和表头;各种报表见 taizhang catalog list --kind form,"
        "新报表请先在 catalog/forms/ 中登记。",
        "Use the prescribed layout with its title and column labels; taizhang catalog list --kind form lists the "
        "forms; describe a new one in catalog/forms/ first.",
        sheet=sheet.name,
        cell=place,
    )


def _ambiguous_form(sheet: Sheet, several: list[str]) -> Refusal:
    return Refusal(
        "ambiguous_form",
        f"标题同时符合几种报表:{'、'.join(several)}。",
        f"The title fits several forms: {', '.join(several)}.",
        "请在 catalog/forms/ 中把 recognise.title 写得更具体。",
        "Make recognise.title in catalog/forms/ more specific.",
        sheet=sheet.name,
        cell=_first_cell(sheet)[0],
    )


def _first_cell(sheet: Sheet) -> tuple[str, str]:
    place = next(iter(sheet.filled), (0, 0))
    return address(*place), plain(sheet.filled.get(place))[:60]


def nearest_forms(printed: str, catalog: Catalog) -> dict[str, Form]:
    """The three forms at most whose names stand nearly whole in a title, which also names a unit and a period."""
    like = {code: fuzz.partial_ratio(form.zh, printed) for code, form in catalog.forms.items()} if printed else {}
    best = sorted((code for code in like if like[code] >= ALIKE), key=lambda code: -like[code])
    return {code: catalog.forms[code] for code in best[:3]}


def _refused(sheet: Sheet, refusal: Refusal) -> Table:
    table = Table(sheet=sheet.name, refusal=refusal)
    _quarantine_all(table, sheet, refusal.reason, 0, len(sheet.rows) - 1)
    return table


def _quarantine_all(table: Table, sheet: Sheet, reason: str, first: int, last: int) -> None:
    table.facts.clear()
    table.claims.clear()
    table.remarks.clear()
    table.quarantine = [
        Quarantined(address(row, column), shown(value), reason, "")
        for row in range(first, last + 1)
        for column, value in enumerate(sheet.rows[row])
        if is_filled(value)
    ]
    count = len(table.quarantine)
    table.account = Account(read=count, quarantined=count)
