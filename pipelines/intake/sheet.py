"""A sheet as it was read: cells by row and column, and what can be seen of their state."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property

from pipelines.intake.tables import Refusal

Place = tuple[int, int]  # row and column, both from 0


@dataclass(frozen=True)
class Sheet:
    """The cells of one sheet, from A1 on; `rows[r][c]` is text, number, date or '' (empty).

    An error value stands as its text (`#DIV/0!`), a formula that was never calculated as its formula (`=A1+A2`):
    neither is a number.

    Attributes:
        name: as the workbook calls it; of a file in an archive with the file's path before it.
        rows: from A1 on; all cells of a row up to its last.
        merged: first row, first column, last row, last column.
        file: the path inside the archive, where the sheet came in one.
        hidden: whether the sheet is hidden; its cells count all the same.
        hidden_rows: rows that are not shown, where the format tells.
        hidden_columns: columns that are not shown, where the format tells.
        uncalculated: formulas without a calculated value.
        refusal: why this file of an archive could not be read; then there are no rows.
    """

    name: str
    rows: list[list[object]]
    merged: tuple[tuple[int, int, int, int], ...] = ()
    file: str = ""
    hidden: bool = False
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    uncalculated: frozenset[Place] = frozenset()
    refusal: Refusal | None = None

    @cached_property
    def filled(self) -> dict[Place, object]:
        """The non-empty cells by (row, column), both from 0."""
        return {
            (r, c): value
            for r, row in enumerate(self.rows)
            for c, value in enumerate(row)
            if value is not None and str(value).strip() != ""
        }

    @cached_property
    def texts(self) -> list[list[str]]:
        """The texts of each row."""
        return [[value for value in row if type(value) is str and value] for row in self.rows]

    @property
    def holds_anything(self) -> bool:
        """Whether any cell is filled."""
        return any(value not in ("", None) and str(value).strip() for row in self.rows for value in row)

    def anchor(self, row: int, column: int) -> Place:
        """The cell that holds what is seen at a place: the first one of its merged range, or itself."""
        for top, left, bottom, right in self.merged:
            if top <= row <= bottom and left <= column <= right:
                return top, left
        return row, column


def address(row: int, column: int) -> str:
    """The spreadsheet's own address of a cell given by row and column from 0.

    >>> address(6, 27)
    'AB7'
    """
    return f"{column_letters(column)}{row + 1}"


@cache
def column_letters(column: int) -> str:
    """The name of a column given from 0.

    >>> column_letters(27)
    'AB'
    """
    letters, number = "", column + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def column_number(letters: str) -> int:
    """The number of a column from 1.

    >>> column_number("A"), column_number("AB")
    (1, 28)
    """
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def place_of(cell: str) -> Place:
    """Row and column from 0 of an address.

    >>> place_of("AB7")
    (6, 27)
    """
    letters = cell.rstrip("0123456789")
    return int(cell[len(letters) :]) - 1, column_number(letters) - 1
