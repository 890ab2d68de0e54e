"""A copy of a return with the bad cells coloured and commented, and a sheet that lists everything."""

from __future__ import annotations

import io
import re
import zipfile
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

from pipelines.intake.explain import place
from pipelines.intake.own_sheets import LISTED
from pipelines.intake.problems import SEVERITIES, Problem
from pipelines.intake.reading import MEDIA, Sheet, media_type

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

COLOURS = {"refused": "FFC7CE", "error": "FFC7CE", "warning": "FFD9A8", "question": "FFF2A8"}
WORDS = {
    "zh": {"refused": "拒收", "error": "错误", "warning": "提醒", "question": "疑问"},
    "en": {"refused": "refused", "error": "error", "warning": "warning", "question": "question"},
}
HEAD = {
    "zh": ("类别", "工作表", "单元格", "问题", "办法", "填的", "应为"),
    "en": ("kind", "sheet", "cells", "problem", "what to do", "given", "expected"),
}
CLEAN = {"zh": "没有发现问题。", "en": "Nothing was found."}
MOST_COMMENTS, MOST_COLOURED, MOST_LISTED = 1_000, 20_000, 100_000
MOST_CELLS = 1_000_000  # of a file that is copied; a larger one gets the list alone
LONGEST = 600  # characters of a comment
UNFIT = re.compile(r"[\[\]:*?/\\\x00-\x1f]")  # not in a sheet's name
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")  # not in a workbook


def mark(content: bytes, sheets: Sequence[Sheet], problems: Sequence[Problem], lang: str) -> bytes:
    """The bytes of an .xlsx file: the return as it was sent, its bad cells coloured and commented, and a list.

    A workbook keeps its looks and its formulas with the values that they had; of any other file the values are copied.

    Args:
        content: the return.
        sheets: its sheets as they were read; none where it could not be read.
        problems: what was found in it.
        lang: 'zh' or 'en'.
    """
    book, names = _copy(content, sheets)
    found = defaultdict[tuple[str, str], list[Problem]](list)
    for problem in problems:
        for cell in problem.cells:
            found[names.get(problem.sheet, ""), cell].append(problem)
    for number, ((name, cell), told) in enumerate(found.items()):
        if name and place(cell) != (0, 0) and place(cell)[1] and number < MOST_COLOURED:
            _mark_cell(book[name], cell, told, lang, comment=number < MOST_COMMENTS)
    _list(book, problems, names, lang)
    target = io.BytesIO()
    book.calculation.fullCalcOnLoad = True
    book.save(target)
    values = {names[sheet.name]: sheet for sheet in sheets if sheet.name in names}
    return _with_values(target.getvalue(), values, [sheet.title for sheet in book.worksheets])


def _copy(content: bytes, sheets: Sequence[Sheet]) -> tuple[Workbook, dict[str, str]]:
    """The workbook to mark, and what each sheet is called in it."""
    import openpyxl

    names: dict[str, str] = {}
    small = sum(len(sheet.filled) for sheet in sheets) <= MOST_CELLS
    if small and media_type(content) == MEDIA["xlsx"]:
        try:
            book = openpyxl.load_workbook(io.BytesIO(content), keep_links=False)
            for ours in [name for name in book.sheetnames if name == LISTED]:
                del book[ours]
            if {sheet.name for sheet in sheets} <= set(book.sheetnames):
                return book, {name: name for name in book.sheetnames}
        except Exception:
            names.clear()  # whatever openpyxl cannot read is copied by its values
    book = openpyxl.Workbook()
    del book[book.sheetnames[0]]
    for sheet in sheets if small else ():
        page = book.create_sheet(UNFIT.sub("_", sheet.name)[-31:] or "1")
        names[sheet.name] = page.title
        for (row, column), value in sheet.filled.items():
            _write(page, row + 1, column + 1, value)
        for top, left, bottom, right in sheet.merged:
            page.merge_cells(start_row=top + 1, start_column=left + 1, end_row=bottom + 1, end_column=right + 1)
    return book, names


def _write(page: Worksheet, row: int, column: int, value: object) -> None:
    """Writes a value; a text stays a text, also one that looks like a formula."""
    cell: Any = page.cell(row, column)
    if isinstance(value, str):
        cell.value = CONTROL.sub("�", value)[:32_000]
        cell.data_type = "s"
        cell.quotePrefix = value[:1] in ("=", "+", "-", "@")
    else:
        cell.value = value


def _mark_cell(page: Worksheet, cell: str, told: Sequence[Problem], lang: str, *, comment: bool) -> None:
    from openpyxl.comments import Comment
    from openpyxl.styles import PatternFill

    row, column = place(cell)
    for merged in page.merged_cells.ranges:
        if merged.min_row <= row <= merged.max_row and merged.min_col <= column <= merged.max_col:
            row, column = merged.min_row, merged.min_col
    marked: Any = page.cell(row, column)
    worst = min((problem.severity for problem in told), key=SEVERITIES.index)
    marked.fill = PatternFill("solid", start_color=COLOURS[worst])
    if not comment:
        return
    texts = [f"{WORDS[lang][p.severity]}:{p.told(lang)[0]}\n→ {p.told(lang)[1]}" for p in told]
    before = [marked.comment.text] if marked.comment else []
    text = CONTROL.sub("�", "\n\n".join(dict.fromkeys([*before, *texts])))
    marked.comment = Comment(text[:LONGEST] + "…" * (len(text) > LONGEST), "taizhang", height=140, width=320)


def _list(book: Workbook, problems: Sequence[Problem], names: Mapping[str, str], lang: str) -> None:
    """The sheet that lists everything, the worst first, each with a link to its cell."""
    from openpyxl.styles import Font, PatternFill

    page = book.create_sheet(LISTED)
    book.active = page
    for other in book.worksheets:
        other.sheet_view.tabSelected = other is page
    for column, (text, width) in enumerate(zip(HEAD[lang], (8, 14, 16, 60, 60, 20, 20), strict=True), 1):
        _write(page, 1, column, text)
        page.cell(1, column).font = Font(bold=True)
        page.column_dimensions[page.cell(1, column).column_letter].width = width
    page.freeze_panes = "A2"
    if not problems:
        _write(page, 2, 4, CLEAN[lang])
    worst_first = sorted(problems, key=lambda problem: SEVERITIES.index(problem.severity))
    for row, problem in enumerate(worst_first[:MOST_LISTED], 2):
        expected = "" if problem.rule == "cell_quarantined" else problem.expected
        said = (*problem.told(lang), problem.observed, expected)
        cells = ",".join(problem.cells)
        for column, text in enumerate((WORDS[lang][problem.severity], problem.sheet, cells, *said), 1):
            _write(page, row, column, text)
        page.cell(row, 1).fill = PatternFill("solid", start_color=COLOURS[problem.severity])
        name = names.get(problem.sheet, "")
        if name and problem.cells and place(problem.cells[0])[1]:
            quoted = name.replace("'", "''")
            page.cell(row, 3).hyperlink = f"#'{quoted}'!{problem.cells[0]}"


def _with_values(content: bytes, sheets: Mapping[str, Sheet], order: Sequence[str]) -> bytes:
    """A workbook of openpyxl with the values that its formulas had.

    Without them a program that does not calculate, the intake among them, would take each of these cells for empty.

    Args:
        content: the workbook; openpyxl writes its sheets as sheet1.xml, sheet2.xml … in their order.
        sheets: the sheets as they were read, by name.
        order: the names of the workbook's sheets.
    """
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            match, data = re.fullmatch(r"xl/worksheets/sheet(\d+)\.xml", part.filename), old.read(part)
            sheet = sheets.get(order[int(match[1]) - 1]) if match else None
            new.writestr(part.filename, _filled_in(data.decode(), sheet).encode() if sheet else data)
    return target.getvalue()


def _filled_in(xml: str, sheet: Sheet) -> str:
    def with_value(match: re.Match[str]) -> str:
        row, column = place(match[1])
        value = sheet.filled.get((row - 1, column - 1))
        if value is None:
            return match[0]
        kind = "" if isinstance(value, int | float) and not isinstance(value, bool) else ' t="str"'
        return f'<c r="{match[1]}"{match[2]}{kind}>{match[3]}<v>{escape(CONTROL.sub("�", str(value)))}</v></c>'

    return re.sub(r'<c r="([A-Z]+\d+)"([^>]*)>(<f\b[^>]*>[^<]*</f>)<v\s*/?>(?:</v>)?</c>', with_value, xml)
