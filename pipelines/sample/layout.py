"""A return as a clerk lays it out: merged title and headings, unit, period and tick boxes, rows, 合计, notes.

Rows from 1: 1 title; 2 填报单位 and 报告期, in cells of their own; 3 报送周期 with tick boxes and 计量单位;
4–5 headings; from 6 on a village each; then 合计, 注 and the signatures. Columns: 序号, 村名, the form's elements in
the catalog's order under the first of their labels, 备注.
"""

from __future__ import annotations

import calendar
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from itertools import groupby
from typing import Any

import xlsxwriter

from pipelines.catalog.models import Form
from pipelines.intake.page import formats, put
from pipelines.sample.draws import Cell
from pipelines.sample.places import COUNTY_NAME

CHINA = timezone(timedelta(hours=8))
MADE = datetime(2014, 1, 1)  # the workbooks' own date of creation, so that equal content is equal bytes
Printed = Cell | str  # what a cell shows: a clerk may type a text where a figure belongs
HEADER_ROW, FIRST_ROW, FIRST_COLUMN = 3, 5, 2  # from 0
UNITS = {"mch": "人、次", "public_health": "人、户、份、次", "legal": "天、小时、件、次", "other": "人、条"}


@dataclass(frozen=True)
class Return:
    """What a township sends for one form and month, as printed; `rows` by village code, a figure for each element."""

    form: str
    township: str
    township_name: str
    sender: str
    sender_name: str
    year: int
    month: int
    names: dict[str, str]
    rows: dict[str, dict[str, Printed]]
    total: dict[str, Printed]
    notes: dict[str, str]
    clerk: str
    modified: datetime
    area: str = COUNTY_NAME  # what the title says before the township's name

    @property
    def period(self) -> str:
        """The period's code."""
        return f"{self.year}-{self.month:02d}"

    @property
    def sheet(self) -> str:
        """The name of the sheet."""
        return f"{self.month}月"

    @property
    def month_words(self) -> str:
        """The period as the head prints it."""
        return f"{self.year}年{self.month}月"

    def file_name(self, form: Form, suffix: str = "") -> str:
        """What the clerk calls the file."""
        return f"{form.zh}{self.month_words}{suffix}.xlsx"


def add_up(rows: dict[str, dict[str, Printed]]) -> dict[str, Printed]:
    """The 合计 row as a spreadsheet's SUM gives it: of the numbers that are there, not of texts; else nothing.

    So it understates where a village is blank, as in life.
    """
    elements = next(iter(rows.values())).keys()
    filled = {
        element: [v for row in rows.values() if isinstance(v := row[element], int | float)] for element in elements
    }
    return {element: sum(values) if values else None for element, values in filled.items()}


def amount(printed: Printed) -> int | float:
    """The number of a cell; 0 where it holds none."""
    return printed if isinstance(printed, int | float) else 0


def columns(form: Form) -> dict[str, int]:
    """The column of each element, from 0."""
    return {item.element: column for column, item in enumerate(form.items, FIRST_COLUMN)}


def title(found: Return, form: Form) -> str:
    """The heading of the sheet."""
    return f"{found.area}{found.township_name}{form.zh}({found.month_words})"


def period_column(form: Form) -> int:
    """The column of 报告期 in the second row, from 0."""
    return (FIRST_COLUMN + len(form.items)) // 2 + 1


def village_rows(found: Return) -> dict[str, int]:
    """The row of each village, from 0; the 合计 row follows the last one."""
    return {village: row for row, village in enumerate(found.rows, FIRST_ROW)}


def workbook(found: Return, form: Form) -> bytes:
    """The bytes of the return's .xlsx file; the same for the same return."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    book.set_properties({"title": form.zh, "comments": "合成示例数据 / synthetic sample data", "created": MADE})
    styles = formats(book)
    sheet = book.add_worksheet(found.sheet)
    last = FIRST_COLUMN + len(form.items)  # 备注
    sheet.set_column(0, 0, 5)
    sheet.set_column(1, 1, 17)
    sheet.set_column(FIRST_COLUMN, last - 1, 9)
    sheet.set_column(last, last, 16)
    _write_head(sheet, styles, found, form, last)
    for top, left, bottom, right, text in _headings(form, last):
        put(sheet, (top, left, bottom, right), text, styles["heading"])
    row = _write_rows(sheet, styles, found, form, last)
    _write_foot(sheet, styles, found, row, last)
    sheet.freeze_panes(FIRST_ROW, FIRST_COLUMN)
    book.close()
    return target.getvalue()


def _write_head(sheet: Any, styles: dict[str, Any], found: Return, form: Form, last: int) -> None:
    half = period_column(form) - 1
    put(sheet, (0, 0, 0, last), title(found, form), styles["title"])
    sheet.set_row(0, 26)
    put(sheet, (1, 0, 1, half), f"填报单位:{found.sender_name}", styles["head"])
    put(sheet, (1, half + 1, 1, last), f"报告期:{found.month_words}", styles["head"])
    put(sheet, (2, 0, 2, half), "报送周期: 年□ 季□ 月☑", styles["head"])
    put(sheet, (2, half + 1, 2, last), f"计量单位:{UNITS[form.domain]}", styles["head"])


def _headings(form: Form, last: int) -> Iterator[tuple[int, int, int, int, str]]:
    """The cells of the two header rows: a merged heading over its elements, or one heading over both rows."""
    top, below = HEADER_ROW, HEADER_ROW + 1
    for column, text in ((0, "序号"), (1, "村名"), (last, "备注")):
        yield top, column, below, column, text
    heads = [(column, item.labels[0].split(" > ")) for column, item in enumerate(form.items, FIRST_COLUMN)]
    for name, group in groupby(heads, key=lambda head: head[1][0]):
        children = [(column, words[1]) for column, words in group if len(words) == 2]
        if children:
            yield top, children[0][0], top, children[-1][0], name
            yield from ((below, column, below, column, text) for column, text in children)
    for column, words in heads:
        if len(words) == 1:
            yield top, column, below, column, words[0]


def _write_rows(sheet: Any, styles: dict[str, Any], found: Return, form: Form, last: int) -> int:
    """Writes villages and 合计; gives the row after them."""
    where = columns(form)
    for number, (village, row) in enumerate(village_rows(found).items(), 1):
        sheet.write_number(row, 0, number, styles["cell"])
        sheet.write_string(row, 1, found.names[village], styles["cell"])
        sheet.write(row, last, found.notes.get(village), styles["cell"])
        for element, value in found.rows[village].items():
            sheet.write(row, where[element], value, styles["cell"])
    row = FIRST_ROW + len(found.rows)
    sheet.write_blank(row, 0, None, styles["total"])
    sheet.write_string(row, 1, "合计", styles["total"])
    for element, value in found.total.items():
        sheet.write(row, where[element], value, styles["total"])
    sheet.write_blank(row, last, None, styles["total"])
    return row + 1


def _write_foot(sheet: Any, styles: dict[str, Any], found: Return, row: int, last: int) -> None:
    note = "注:1.本表为合成的示例数据,不代表任何真实的村。2.空格表示该项未统计,合计为已统计各村之和。"
    put(sheet, (row, 0, row, last), note, styles["head"])
    day = found.modified.astimezone(CHINA)
    signed = f"审核人:合成某    填表人:{found.clerk}    填报日期:{day.year}年{day.month}月{day.day}日"
    put(sheet, (row + 1, 0, row + 1, last), signed, styles["head"])


def month_end(year: int, month: int) -> datetime:
    """Midnight at the end of a month's last day, in China."""
    return datetime(year, month, calendar.monthrange(year, month)[1], tzinfo=CHINA) + timedelta(days=1)
