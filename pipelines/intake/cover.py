"""The cover of a return that goes up (汇总说明): what its figures rest on, in a sheet of ours that is never a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from pipelines.intake.own_sheets import COVER

Cell = str | int | float | Decimal | date | None
MOST_ROWS = 500  # of a list; what is left out is told
NARROWEST, WIDEST, LINE = 11, 30, 13.5  # of columns in characters; of a line in points


@dataclass(frozen=True)
class Section:
    """A list of the cover: its title, its columns, its rows, and what is said where there is no row."""

    title: str
    columns: tuple[str, ...]
    rows: Sequence[Sequence[Cell]]
    nothing: str = "无 none"


@dataclass(frozen=True)
class Cover:
    """What a return rests on: facts by their name, then lists."""

    title: str
    facts: Sequence[tuple[str, Cell]] = ()
    sections: Sequence[Section] = ()


def write_cover(book: Any, cover: Cover) -> None:
    """Adds the sheet to a workbook of xlsxwriter."""
    sheet, font = book.add_worksheet(COVER), {"font_name": "宋体", "font_size": 10, "valign": "top"}
    boxed = book.add_format({**font, "text_wrap": True, "border": 1})
    head = book.add_format({**font, "bold": True, "border": 1, "bg_color": "#E2EFDA", "text_wrap": True})
    plain, bold = book.add_format(font), book.add_format({**font, "bold": True})
    sheet.write_string(0, 0, cover.title, book.add_format({**font, "font_size": 14, "bold": True}))
    row, widths = 2, _widths(cover)
    for name, value in cover.facts:
        sheet.write_string(row, 0, name, bold)
        _write(sheet, row, 1, value, plain)
        row += 1
    for section in cover.sections:
        row = _write_section(sheet, row + 1, section, (bold, head, boxed), widths)
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.set_footer("&C第 &P 页,共 &N 页")
    sheet.protect("", dict.fromkeys(("format_columns", "format_rows", "select_locked_cells"), True))


def _write_section(sheet: Any, row: int, section: Section, styles: tuple[Any, Any, Any], widths: Sequence[int]) -> int:
    """Writes a list from a row on; gives the row after it."""
    bold, head, boxed = styles
    sheet.write_string(row, 0, f"{section.title}({len(section.rows)})", bold)
    if not section.rows:
        sheet.write_string(row + 1, 0, section.nothing)
        return row + 2
    shown = section.rows[:MOST_ROWS]
    for below, values in enumerate((section.columns, *shown), 1):
        for column, value in enumerate(values):
            _write(sheet, row + below, column, value, head if below == 1 else boxed)
        lines = max(-(-_room(value) // (width - 1)) for value, width in zip(values, widths, strict=False))
        sheet.set_row(row + below, LINE * max(lines, 1) + 2)
    row += 1 + len(shown)
    left = len(section.rows) - len(shown)
    if left:
        row += 1
        sheet.write_string(row, 0, f"另有 {left} 行未列出 / {left} more rows are not listed")
    return row + 1


def _write(sheet: Any, row: int, column: int, value: Cell, style: Any) -> None:
    if value is None:
        sheet.write_blank(row, column, None, style)
    elif isinstance(value, Decimal | int | float):
        sheet.write_number(row, column, float(value), style)
    else:
        sheet.write_string(row, column, str(value), style)


def _room(value: Cell) -> int:
    """The width of what a cell shows, in characters; a Chinese one takes two."""
    text = "" if value is None else f"{value:f}" if isinstance(value, Decimal) else str(value)
    return sum(2 if ord(sign) > 255 else 1 for sign in text)


def _widths(cover: Cover) -> list[int]:
    """Widths by what the columns hold; headings and long texts wrap."""
    most = max((len(section.columns) for section in cover.sections), default=2)
    widths = [NARROWEST] * max(most, 2)
    for section in cover.sections:
        for values in section.rows[:MOST_ROWS]:
            for column, value in enumerate(values):
                widths[column] = max(widths[column], min(_room(value) + 2, WIDEST))
    widths[0] = max([widths[0], *(_room(name) + 2 for name, _ in cover.facts)])
    return widths
