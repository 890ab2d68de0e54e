"""What the records of an .xls (BIFF5 and BIFF8) say beside the values; after [MS-XLS]."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from pipelines.intake.files import refusals
from pipelines.intake.files.cfb import stream
from pipelines.intake.files.workbook import Marks, read_book
from pipelines.intake.sheet import Sheet
from pipelines.limits import limits

ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}
BOUND_SHEET, FILE_PASS, END = 0x85, 0x2F, 0x0A
BOOL_OR_ERROR, FORMULA, ROW, COLUMNS = 0x205, 0x06, 0x208, 0x7D
IS_ERROR, IS_EMPTY, NO_NUMBER = 2, 3, b"\xff\xff"
HIDDEN_ROW, HIDDEN_COLUMN = 0x20, 0x01
CELLS = (0x201, 0x203, 0x204, 0x205, 0x27E, 0xFD, 0x06, 0xBD, 0xBE)  # records that begin with row and column


def read_xls(content: bytes) -> list[Sheet]:
    """The sheets of an .xls; macros are not even looked at.

    Raises:
        Refusal: damaged, encrypted, or larger than the site allows.
    """
    book = stream(content, "Workbook") or stream(content, "Book")
    try:
        marks = _marks(book)
    except struct.error as error:
        raise refusals.damaged(error) from error
    return read_book(content, marks)


def _marks(book: bytes) -> list[Marks]:
    sheets = []
    for kind, data in _records(book, 0):
        if kind == FILE_PASS:
            raise refusals.encrypted()
        if kind == BOUND_SHEET:
            place, state = struct.unpack_from("<IB", data)
            sheets.append((place, bool(state & 3)))
    read = [_scan(book, place) for place, _ in sheets]
    if not any(calculated for _, calculated in read):  # a program that calculates nothing leaves all formulas empty
        for marks, _ in read:
            for place in marks.uncalculated:
                marks.texts.setdefault(place, "=")
    else:
        for marks, _ in read:
            marks.uncalculated.clear()  # ="" is a value
    for (marks, _), (_, hidden) in zip(read, sheets, strict=True):
        marks.hidden = hidden
    return [marks for marks, _ in read]


def _records(book: bytes, place: int) -> Iterator[tuple[int, bytes]]:
    """Kind and data of the records of one substream."""
    while place + 4 <= len(book):
        kind, size = struct.unpack_from("<HH", book, place)
        yield kind, book[place + 4 : place + 4 + size]
        place += 4 + size
        if kind == END:
            return


def _scan(book: bytes, place: int) -> tuple[Marks, bool]:
    """A sheet's marks, and whether any of its formulas has a value."""
    marks, calculated = Marks(), False
    rows = columns = 0
    for kind, data in _records(book, place):
        if kind in CELLS and len(data) >= 4:
            row, column = struct.unpack_from("<HH", data)
            rows, columns = max(rows, row + 1), max(columns, column + 1)
        if kind == BOOL_OR_ERROR and len(data) >= 8 and data[7] == 1:
            marks.texts[row, column] = ERRORS.get(data[6], "#ERROR!")
        elif kind == FORMULA and len(data) >= 14:
            calculated |= _formula(marks, (row, column), data[6:14])
        elif kind == ROW and len(data) >= 14 and data[12] & HIDDEN_ROW:
            marks.hidden_rows.add(struct.unpack_from("<H", data)[0])
        elif kind == COLUMNS and len(data) >= 10 and data[8] & HIDDEN_COLUMN:
            first, last = struct.unpack_from("<HH", data)
            marks.hidden_columns |= set(range(first, min(last + 1, 256)))
    if rows * columns > limits().cells:
        raise refusals.too_large(f"{rows} × {columns}")
    return marks, calculated


def _formula(marks: Marks, place: tuple[int, int], value: bytes) -> bool:
    """Notes an error or an empty value; returns whether the formula was calculated for certain."""
    if value[6:] == NO_NUMBER and value[0] == IS_ERROR:
        marks.texts[place] = ERRORS.get(value[2], "#ERROR!")
    elif value[6:] == NO_NUMBER and value[0] == IS_EMPTY:
        marks.uncalculated.add(place)
        return False
    return True
