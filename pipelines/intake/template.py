"""The empty return of a form: its sheet as it will be sent, locked but for the figures, with the form's own checks.

What it prints is read back by the intake before it is given out: a template that would not load is never written.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from pipelines.catalog.load import Catalog
from pipelines.catalog.models import Form, Item, Org
from pipelines.catalog.periods import Period
from pipelines.errors import TaizhangError
from pipelines.intake.orgs import OrgIndex
from pipelines.intake.own_sheets import STAMP, STAMP_VERSION
from pipelines.intake.page import headings, put
from pipelines.intake.reading import address
from pipelines.intake.template_checks import checks
from pipelines.intake.template_page import Column, Page, Template, literal
from pipelines.intake.template_units import check_period, printed_name, rows_of
from pipelines.intake.understand import understand

MADE = datetime(2014, 1, 1)  # of every template, so that equal content is equal bytes
SHEET = "报表"
ROLES: tuple[Literal["number", "item", "unit", "value", "period", "claim_name", "claim", "note"], ...] = (
    "number", "item", "unit", "value", "period", "claim_name", "claim", "note",
)  # fmt: skip
WIDTHS = {"number": 6, "item": 34, "unit": 10, "value": 12, "period": 16, "claim_name": 26, "claim": 10, "note": 18}


def make_template(code: str, catalog: Catalog, index: OrgIndex, sender: Org, period: Period) -> Template:
    """The empty return of a form.

    Args:
        code: the form's.
        catalog: forms, rules and roster.
        index: the organisations.
        sender: who will send it.
        period: what it will be for.

    Raises:
        TaizhangError: the form is not sent for such a period; no unit of its rows stands below the sender; or the
            form cannot be written so that it would be read without a doubt.
    """
    return laid_out(code, catalog, index, sender, period)


def area_of(form: Form, index: OrgIndex, sender: Org, period: Period) -> Org:
    """The unit that a sender's figures are about: itself, or the area that an institution serves."""
    if form.subject == "area" and sender.level == "institution":
        return index.orgs.at(sender.parent, period.end) or index.orgs[sender.parent]
    return sender


def laid_out(
    code: str, catalog: Catalog, index: OrgIndex, sender: Org, period: Period, filling: Filling | None = None
) -> Template:
    """A form's return, empty or filled in; `make_template` says what is raised."""
    import xlsxwriter

    form = catalog.forms[code]
    check_layout(form)
    check_period(form, period)
    area = area_of(form, index, sender, period)
    made, target = Template(code, sender, area, period), io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    book.set_properties({"title": form.zh, "created": MADE})
    sheet = book.add_worksheet(literal(form.recognise.sheet)[:31] or SHEET)
    page = (filling.page if filling else Page)(book, sheet, catalog, form, made, index)
    if form.orientation == "units_in_rows":
        _write_units(page, filling.rows if filling else rows_of(code, catalog, index, area, period))
    else:
        _write_items(page)
    page.finish()
    _stamp(book, made, catalog)
    book.close()
    made.content = target.getvalue()
    _read_back(made, catalog, index)
    return made


@dataclass(frozen=True)
class Filling:
    """How a return is filled in: what writes its cells, and the units of its rows where it has any."""

    page: Callable[..., Page]
    rows: Sequence[Org] = ()


def _write_units(page: Page, units: Sequence[Org]) -> None:
    form, sheet, made = page.form, page.sheet, page.made
    first_column, columns = 1 + ("number" in form.columns), page.columns()
    paths: list[tuple[str, ...]] = [(form.columns["number"][0],)] if "number" in form.columns else []
    paths += [(page.unit_heading(units),), *(column.path for column in columns)]
    paths += [(form.columns["note"][0],)] if "note" in form.columns else []
    last, starts = len(paths) - 1, page.pages(paths)
    seen = (*starts[1:], len(paths))[0] - 1  # the last column of the first page
    top = page.head(seen)
    for place, text in headings(paths, top, starts):
        put(sheet, place, text, page.styles["heading"])
    first = top + max(map(len, paths))
    page.measure(paths, top)
    for row, unit in enumerate(units, first):
        if first_column == 2:
            sheet.write_number(row, 0, row - first + 1, page.styles["label"])
        name = printed_name(unit, page.index, made.period, made.area.code)
        sheet.write_string(row, first_column - 1, name, page.styles["label"])
        _write_row(page, (row, first_column), unit.code, columns)
        if "note" in form.columns:
            sheet.write_blank(row, last, None, page.styles["input"])
    end = first + len(units)
    _guard_rows(page, first_column, (first, end - 1), form.row_level or "")
    if form.total_labels:
        _write_total(page, first_column, first, end, last)
        _guard_rows(page, first_column, (end, end), made.area.level)
    page.foot(end + bool(form.total_labels), seen)
    sheet.freeze_panes(first, first_column)
    sheet.repeat_rows(top, first - 1)


def _write_row(page: Page, place: tuple[int, int], org: str, columns: list[Column]) -> None:
    row, first_column = place
    for column, one in enumerate(columns, first_column):
        if isinstance(one.holds, Item):
            page.figure((row, column), org, one.holds)
        else:
            page.rate((row, column), org, one.holds)


def _guard_rows(page: Page, first_column: int, rows: tuple[int, int], level: str) -> None:
    """Puts the checks of a level on the figures of some rows."""
    found = checks(page.form, page.catalog, level)
    items = {c: one.holds for c, one in enumerate(page.columns(), first_column) if isinstance(one.holds, Item)}
    column_of = {(item.element, item.breakdown): c for c, item in items.items()}
    for column, item in items.items():
        page.guard((rows[0], column, rows[1], column), item, found, lambda key: address(rows[0], column_of[key]))


def _write_total(page: Page, first_column: int, first: int, row: int, last: int) -> None:
    """The row of totals."""
    form, sheet, made = page.form, page.sheet, page.made
    if first_column == 2:
        sheet.write_blank(row, 0, None, page.styles["label"])
    sheet.write_string(row, first_column - 1, form.total_labels[0], page.styles["label"])
    for column, one in enumerate(page.columns(), first_column):
        if isinstance(one.holds, Item):
            page.total((row, column), one.holds, first)
        else:
            page.rate((row, column), made.area.code, one.holds)
    if "note" in form.columns:
        sheet.write_blank(row, last, None, page.styles["input"])


def _write_items(page: Page) -> None:
    form, sheet, made = page.form, page.sheet, page.made
    roles = [role for role in ROLES if role in form.columns]
    where: dict[str, int] = {role: column for column, role in enumerate(roles)}
    last = len(roles) - 1
    top = page.head(last)
    for column, role in enumerate(roles):
        sheet.write_string(top, column, form.columns[role][0], page.styles["heading"])
        sheet.set_column(column, column, WIDTHS[role])
    total = {total.total for total in form.totals}
    rows = {(item.element, item.breakdown): row for row, item in enumerate(form.items, top + 1)}
    found = checks(form, page.catalog, made.area.level)
    for number, item in enumerate(form.items, 1):
        row = top + number
        unit = next(iter(page.catalog.units[page.catalog.elements[item.element].unit].labels), "")
        _write_labels(page, where, row, {"number": str(number), "item": item.labels[0], "unit": unit})
        is_total = item.element in total and not item.breakdown
        page.figure((row, where["value"]), made.area.code, item, is_total=is_total)
        page.guard((row, where["value"]) * 2, item, found, lambda key: address(rows[key], where["value"]))
    end = top + 1 + len(form.items)
    for number, claim in enumerate(form.claims if "claim" in where else (), len(form.items) + 1):
        _write_labels(page, where, end, {"number": str(number), "claim_name": claim.labels[0]})
        page.rate((end, where["claim"]), made.area.code, claim)
        end += 1
    page.foot(end, last)
    sheet.freeze_panes(top + 1, 0)
    sheet.repeat_rows(top)


def _write_labels(page: Page, where: dict[str, int], row: int, texts: dict[str, str]) -> None:
    """The labels of a row; period and note are open, everything else is locked."""
    for role, column in where.items():
        if role in texts:
            page.sheet.write_string(row, column, texts[role], page.styles["label"])
        else:
            page.sheet.write_blank(row, column, None, page.styles["input" if role in ("period", "note") else "label"])


def _stamp(book: Any, made: Template, catalog: Catalog) -> None:
    """The hidden sheet that says what the template is."""
    sheet = book.add_worksheet(STAMP)
    said = {"taizhang": STAMP_VERSION, "form": made.form, "reported_by": made.sender.code, "org": made.area.code,
            "period": made.period.code, "catalog": catalog.sha256}  # fmt: skip
    for row, (name, text) in enumerate(said.items()):
        sheet.write_string(row, 0, name)
        sheet.write_string(row, 1, text)
    sheet.protect()
    sheet.hide()


def _read_back(made: Template, catalog: Catalog, index: OrgIndex) -> None:
    """Makes sure that the intake takes the template for what it is, every one of its cells."""
    tables = understand(made.content, catalog, index)
    wanted = made.form, made.area.code, made.sender.code, made.period
    doubts = [table.refusal.en for table in tables if table.refusal]
    doubts += [f"{held.cell}: {held.reason} {held.label}" for table in tables for held in table.quarantine]
    doubts += [
        str(said) for table in tables if (said := (table.form, table.org, table.reported_by, table.period)) != wanted
    ]
    read = {fact.cell: (fact.org, fact.element, fact.breakdown) for table in tables for fact in table.facts}
    meant = {cell: (one.org, one.item.element, one.item.breakdown) for cell, one in made.inputs.items()}
    doubts += [f"{cell}: {read.get(cell)}" for cell in meant if read.get(cell) != meant[cell]]
    told = {fact.cell: (fact.value, fact.state, fact.qualifier) for table in tables for fact in table.facts}
    doubts += [
        f"{cell}: {told.get(cell)}, not {one.said}"
        for cell, one in made.inputs.items()
        if one.said and told.get(cell) != one.said
    ]
    if doubts:
        raise TaizhangError(
            f"报表 {made.form} 的表写好后读不回来:{doubts[0]}。",
            f"The return of {made.form} is not read as what it is: {doubts[0]}.",
            remedy_zh="改正 catalog/forms/ 中这种报表的 recognise.title、columns 和 labels。",
            remedy_en="mend recognise.title, columns and labels of the form in catalog/forms/.",
        )


def check_layout(form: Form) -> None:
    """Makes sure that a form has a table that can be written.

    Raises:
        TaizhangError: it has none.
    """
    if form.orientation in ("one_unit", "units_in_rows") and form.columns:
        return
    zh, en = (f"{form.orientation} 式的表", f"Tables of the layout {form.orientation}") if form.columns else (
        "这种没有表式的报表", "Forms without a table")  # fmt: skip
    raise TaizhangError(
        f"{zh}没有写得出的表,空的和填好的都没有。",
        f"{en} cannot be written, neither empty nor filled in.",
        remedy_zh="用发下来的表(或数据值)填报,用 taizhang check 核对;数据值用 taizhang export data-values 导出,"
        "复核抽查表用 taizhang draw 写出。",
        remedy_en="fill in what was handed out, or send data values, and look at it with taizhang check; taizhang "
        "export data-values writes data values, taizhang draw the recount sheet.",
    )
