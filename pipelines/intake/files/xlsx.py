"""What the XML of an .xlsx says beside the values: error values, uncalculated formulas, hidden rows and columns.

Also looks how large a sheet is before it is unpacked: calamine allocates every cell up to the last one that holds
something, and aborts where there are too many.
"""

from __future__ import annotations

import html
import posixpath
import re
import zipfile
from functools import cache, lru_cache
from typing import NamedTuple

from pipelines.intake.files import refusals
from pipelines.intake.files.parts import opened, pieces
from pipelines.intake.files.workbook import Marks, read_book
from pipelines.intake.sheet import Sheet, column_number, place_of
from pipelines.limits import limits

BOOK, RELATIONS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
MOST_COLUMNS = 16_384
COLUMNS = ((3, MOST_COLUMNS), (2, 702), (1, 26))  # letters of a column's name, most columns with so many


class _Patterns(NamedTuple):
    row: re.Pattern[bytes]
    hidden_row: re.Pattern[bytes]
    column: re.Pattern[bytes]
    cell: re.Pattern[bytes]
    error: re.Pattern[bytes]
    formula: re.Pattern[bytes]


def read_xlsx(content: bytes) -> list[Sheet]:
    """The sheets of an .xlsx or .xlsm; macros are not even looked at.

    Raises:
        Refusal: damaged, encrypted, or larger than the site allows.
    """
    return read_book(content, _marks(content))


def _marks(content: bytes) -> list[Marks]:
    with opened(content) as packed:
        names, found = set(packed.namelist()), []
        if BOOK not in names:
            return []
        book = packed.read(BOOK)
        recalculated = bool(re.search(rb'fullCalcOnLoad="(?:1|true)"', book))
        for part in _parts(book, packed.read(RELATIONS) if RELATIONS in names else b""):
            found.append(_scan(packed, part, recalculated) if part in names else Marks())
        return found


@lru_cache(maxsize=64)
def _parts(book: bytes, relations: bytes) -> list[str]:
    """The path of each sheet's part, in the workbook's order."""
    targets = {}
    for tag in re.findall(r"<(?:\w+:)?Relationship\b[^>]*>", relations.decode("utf-8", "replace")):
        target = html.unescape(_attribute(tag, "Target"))
        path = target[1:] if target.startswith("/") else posixpath.normpath(posixpath.join("xl", target))
        targets[_attribute(tag, "Id")] = path
    sheets = re.findall(r"<(?:\w+:)?sheet\b[^>]*>", book.decode("utf-8", "replace"))
    return [targets.get(_attribute(tag, r"\w+:id"), "") for tag in sheets]


def _attribute(tag: str, name: str) -> str:
    found = re.search(rf"""\s{name}\s*=\s*(?:"([^"]*)"|'([^']*)')""", tag)
    return (found[1] or found[2] or "") if found else ""


@cache
def _patterns(prefix: bytes) -> _Patterns:
    """The patterns for a namespace prefix (b'' or b'x:')."""
    p = re.escape(prefix)
    place = rb'r="([A-Z]{1,3})(\d{1,7})"'
    told = rb"\s*<" + p + rb"v>([^<]*)</"
    stated = rb"<" + p + rb"f\b[^>]*?(?:/>|>([^<]*)</" + p + rb"f>)"
    return _Patterns(
        row=re.compile(rb"<" + p + rb'row\b[^>]*?\br="(\d{1,9})"'),
        hidden_row=re.compile(rb"<" + p + rb'row\b(?=[^>]*?\bhidden="(?:1|true)")[^>]*?\br="(\d{1,9})"'),
        column=re.compile(rb"<" + p + rb'col\b(?=[^>]*?\bhidden="(?:1|true)")[^>]*>'),
        cell=re.compile(rb"<" + p + rb"c\b[^>]*?\b" + place + rb"(?:[^>]*[^>/])?>\s*<(?!/)"),
        error=re.compile(rb"<" + p + rb'c\b(?=[^>]*\bt="e")([^>]*)>\s*(?:' + stated + rb")?" + told),
        formula=re.compile(rb"<" + p + rb"c\b([^>]*)>\s*" + stated + rb"(?:" + told + rb")?"),
    )


def _scan(packed: zipfile.ZipFile, part: str, recalculated: bool) -> Marks:
    marks, patterns = Marks(), None
    rows, width = 0, 1
    for piece in pieces(packed, part, b"row>"):
        if patterns is None:
            sheet_data = re.search(rb"<(\w+:)sheetData\b", piece) if b":sheetData" in piece else None
            patterns = _patterns(sheet_data[1] if sheet_data else b"")
        rows = max(rows, max(map(int, patterns.row.findall(piece)), default=0))
        small = rows * MOST_COLUMNS <= limits().cells  # however wide it is
        width = max(width, MOST_COLUMNS if small else _width(piece))
        if b"hidden=" in piece:
            _hidden(piece, patterns, marks)
        if b't="e"' in piece:
            _errors(piece, patterns, marks)
        if b"f>" in piece or b"f t=" in piece:
            _formulas(piece, patterns, marks, recalculated)
    if patterns is not None and rows * width > limits().cells:  # at most so many: the cells themselves tell
        _measure(packed, part, patterns)
    return marks


def _width(piece: bytes) -> int:
    """At most so many columns: by how many letters the longest name of a column has."""
    return next((most for letters, most in COLUMNS if re.search(rb' r="[A-Z]{%d}' % letters, piece)), 1)


def _measure(packed: zipfile.ZipFile, part: str, patterns: _Patterns) -> None:
    """Raises Refusal where a cell that holds something lies too far out."""
    rows, columns, last = 0, 0, ""
    for piece in pieces(packed, part, b"row>"):
        for letters, digits in patterns.cell.findall(piece):
            row, column = int(digits), column_number(letters.decode())
            if row > rows or column > columns:
                rows, columns, last = max(row, rows), max(column, columns), f"{letters.decode()}{row}"
    if rows * columns > limits().cells:
        raise refusals.too_large(f"{rows} × {columns}", last)


def _hidden(piece: bytes, patterns: _Patterns, marks: Marks) -> None:
    marks.hidden_rows |= {int(row) - 1 for row in patterns.hidden_row.findall(piece)}
    for tag in patterns.column.findall(piece):
        text = tag.decode("utf-8", "replace")
        first, last = _attribute(text, "min"), _attribute(text, "max")
        if first.isdecimal() and last.isdecimal():
            marks.hidden_columns |= set(range(int(first[:5]) - 1, min(int(last[:6]), MOST_COLUMNS)))


def _errors(piece: bytes, patterns: _Patterns, marks: Marks) -> None:
    for match in patterns.error.finditer(piece):
        marks.texts[_place(match[1])] = _text(match[3]).strip() or "#ERROR!"


def _formulas(piece: bytes, patterns: _Patterns, marks: Marks, recalculated: bool) -> None:
    """Formulas without a value; or with 0 in a book that asks to be calculated first: so do programs that cannot."""
    for match in patterns.formula.finditer(piece):
        kind, value = re.search(rb'\bt="(\w+)"', match[1]), match[3]
        bare = not value and (kind is None or kind[1] != b"str" or value is None)
        if bare or (recalculated and kind is None and value == b"0"):
            marks.formula(_place(match[1]), _text(match[2] or b""))


def _place(attributes: bytes) -> tuple[int, int]:
    found = re.search(rb'\br="([A-Z]{1,3}[1-9]\d{0,6})"', attributes)
    if not found:
        raise refusals.damaged("a cell without its address")
    return place_of(found[1].decode())


def _text(raw: bytes) -> str:
    return html.unescape(raw.decode("utf-8", "replace"))
