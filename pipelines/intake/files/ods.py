"""What the XML of an .ods says beside the values: errors, uncalculated formulas, merged cells, hidden rows, columns."""

from __future__ import annotations

import zipfile
from typing import Any
from xml.parsers import expat

from pipelines.intake.files import refusals
from pipelines.intake.files.parts import opened, pieces
from pipelines.intake.files.workbook import Marks, read_book
from pipelines.intake.sheet import Sheet
from pipelines.limits import limits

CONTENT, MANIFEST = "content.xml", "META-INF/manifest.xml"
TABLE = "urn:oasis:names:tc:opendocument:xmlns:table:1.0 "
OFFICE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0 "
CALC = "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0 "

CELLS = (TABLE + "table-cell", TABLE + "covered-table-cell")

FAR = 1 << 21  # more rows or columns than any program has


def read_ods(content: bytes) -> list[Sheet]:
    """The sheets of an .ods.

    Raises:
        Refusal: damaged, encrypted, or larger than the site allows.
    """
    with opened(content) as packed:
        names = packed.namelist()
        if MANIFEST in names and b"encryption-data" in packed.read(MANIFEST):
            raise refusals.encrypted()
        if CONTENT not in names:
            raise refusals.damaged("content.xml is missing")
        marks = _Reader().read(packed)
    return read_book(content, marks)


class _Reader:
    """Follows rows and columns through content.xml; repeated empty ones cost nothing."""

    def __init__(self) -> None:
        self.sheets: list[Marks] = []
        self.row = self.column = self.depth = 0
        self.rows = self.columns = 0  # up to the last cell that holds something
        self.repeated = 1
        self.cell: dict[str, str] | None = None
        self.words: list[str] = []

    def read(self, packed: zipfile.ZipFile) -> list[Marks]:
        """Raises Refusal where the XML is broken or a cell lies too far out."""
        parser: Any = expat.ParserCreate(namespace_separator=" ")
        parser.StartElementHandler, parser.EndElementHandler = self.start, self.end
        parser.CharacterDataHandler = self.text
        try:
            for piece in pieces(packed, CONTENT, b">"):
                parser.Parse(piece)
            parser.Parse(b"", True)
        except expat.ExpatError as error:
            raise refusals.damaged(error) from error
        return self.sheets

    def start(self, name: str, told: dict[str, str]) -> None:
        """An element begins."""
        if name == TABLE + "table":
            self.depth += 1
            if self.depth == 1:
                self.sheets.append(Marks())
                self.row = self.column = self.rows = self.columns = 0
        elif not self.sheets or self.depth != 1:
            return
        elif name == TABLE + "table-column":
            self._column(told)
        elif name == TABLE + "table-row":
            self.column, self.repeated = 0, _count(told, "number-rows-repeated")
            if told.get(TABLE + "visibility") in ("collapse", "filter"):
                self.sheets[-1].hidden_rows |= set(range(self.row, min(self.row + self.repeated, self.row + 10_000)))
        elif name in CELLS:
            self.cell, self.words = told, []

    def _column(self, told: dict[str, str]) -> None:
        count = _count(told, "number-columns-repeated")
        if told.get(TABLE + "visibility") in ("collapse", "filter"):
            self.sheets[-1].hidden_columns |= set(range(self.column, min(self.column + count, self.column + 1024)))
        self.column += count

    def text(self, words: str) -> None:
        """What is printed in a cell."""
        if self.cell is not None:
            self.words.append(words)

    def end(self, name: str) -> None:
        """An element ends."""
        if name == TABLE + "table":
            self.depth -= 1
        elif self.depth == 1 and name == TABLE + "table-row":
            self.row += self.repeated
        elif self.cell is not None and name in CELLS:
            self._cell(self.cell, "".join(self.words).strip())
            self.cell = None

    def _cell(self, told: dict[str, str], printed: str) -> None:
        marks, place, count = self.sheets[-1], (self.row, self.column), _count(told, "number-columns-repeated")
        down, across = _count(told, "number-rows-spanned"), _count(told, "number-columns-spanned")
        if down * across > 1:
            marks.merged.append((*place, self.row + down - 1, self.column + across - 1))
        valued = OFFICE + "value-type" in told or bool(printed)
        formula = told.get(TABLE + "formula")
        if valued or formula is not None:
            self._measure(count)
            if told.get(CALC + "value-type") == "error":
                self._every(count, printed or "#ERROR!")
            elif formula is not None and not valued:
                self._every(count, "=" + formula.removeprefix("of:").lstrip("="))
                marks.uncalculated |= set(marks.texts) & set(self._places(count))
        self.column += count

    def _places(self, count: int) -> list[tuple[int, int]]:
        rows = range(self.row, self.row + self.repeated)
        return [(row, column) for row in rows for column in range(self.column, self.column + count)]

    def _every(self, count: int, text: str) -> None:
        self.sheets[-1].texts.update(dict.fromkeys(self._places(count), text))

    def _measure(self, count: int) -> None:
        self.rows, self.columns = max(self.rows, self.row + self.repeated), max(self.columns, self.column + count)
        if self.rows * self.columns > limits().cells:
            raise refusals.too_large(f"{self.rows} × {self.columns}")


def _count(told: dict[str, str], name: str) -> int:
    said = told.get(TABLE + name, "1")
    return min(int(said), FAR) if said.isascii() and said.isdecimal() and len(said) < 12 else 1
