"""A workbook's cells by python-calamine, with the marks that it does not give.

calamine 0.9.1 gives '' for an error value and for a formula without a calculated value (in .ods even 0 for an error):
what the file says of such cells is read beside it and put in their place.
"""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from itertools import chain, repeat

from pipelines.intake.files import refusals
from pipelines.intake.sheet import Place, Sheet


@dataclass
class Marks:
    """What a sheet's own bytes say beside the values.

    Attributes:
        texts: error values and formulas without a value, as they shall be read.
    """

    texts: dict[Place, str] = field(default_factory=dict)
    uncalculated: set[Place] = field(default_factory=set)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    hidden: bool = False

    def formula(self, place: Place, text: str) -> None:
        """Notes a formula that nobody has calculated."""
        self.texts[place] = f"={text}"
        self.uncalculated.add(place)


def read_book(content: bytes, marks: list[Marks]) -> list[Sheet]:
    """The sheets in the workbook's order, `marks` of each in the same order (missing ones: none).

    Raises:
        Refusal: the workbook is damaged or needs a password.
    """
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetVisibleEnum

    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        sheets = []
        for number, (told, mark) in enumerate(zip(book.sheets_metadata, chain(marks, repeat(Marks())), strict=False)):
            found = book.get_sheet_by_index(number)
            merged = [(*first, *last) for first, last in found.merged_cell_ranges or ()] or mark.merged
            hidden = mark.hidden or told.visible != SheetVisibleEnum.Visible
            sheets.append(_sheet(told.name, found.to_python(skip_empty_area=False), tuple(merged), mark, hidden))
        return sheets
    except PasswordError as error:
        raise refusals.encrypted() from error
    except (CalamineError, ValueError, OSError, OverflowError) as error:
        raise refusals.damaged(error) from error
    except BaseException as error:  # a panic of its Rust code is no Exception
        if type(error).__name__ != "PanicException":
            raise
        raise refusals.damaged(error) from error


def _sheet(
    name: str, rows: list[list[object]], merged: tuple[tuple[int, int, int, int], ...], mark: Marks, hidden: bool
) -> Sheet:
    for (row, column), text in mark.texts.items():
        rows.extend([] for _ in range(row + 1 - len(rows)))
        rows[row].extend([""] * (column + 1 - len(rows[row])))
        rows[row][column] = text
    width = max(map(len, rows), default=0)
    unseen_rows = frozenset(row for row in mark.hidden_rows if row < len(rows))
    unseen_columns = frozenset(column for column in mark.hidden_columns if column < width)
    return Sheet(name, rows, merged, "", hidden, unseen_rows, unseen_columns, frozenset(mark.uncalculated))
