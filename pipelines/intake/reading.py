"""From bytes to cells: .xlsx by python-calamine, .csv in UTF-8 or GB18030."""

from __future__ import annotations

import csv
import io
import re
import zipfile
import zlib
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from pipelines.intake.tables import Refusal

if TYPE_CHECKING:
    from python_calamine import CalamineSheet

MEDIA = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv",
    "parquet": "application/vnd.apache.parquet",
}
MOST_CELLS = 20_000_000  # of one sheet, up to its last cell
MOST_BYTES = 1 << 30


@dataclass(frozen=True)
class Sheet:
    """The cells of one sheet, from A1 on; `rows[r][c]` is text, number, date or '' (empty)."""

    name: str
    rows: list[list[object]]
    merged: tuple[tuple[int, int, int, int], ...] = ()  # first row, first column, last row, last column
    file: str = ""  # the member's path inside an archive
    hidden: bool = False
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    uncalculated: frozenset[tuple[int, int]] = frozenset()  # cells with a formula and no value

    @cached_property
    def filled(self) -> dict[tuple[int, int], object]:
        """The non-empty cells by (row, column), both from 0."""
        return {
            (r, c): value
            for r, row in enumerate(self.rows)
            for c, value in enumerate(row)
            if value is not None and str(value).strip() != ""
        }

    def anchor(self, row: int, column: int) -> tuple[int, int]:
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
    letters, number = "", column + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row + 1}"


def media_type(content: bytes) -> str:
    """What the bytes are by their first bytes, whatever the name says; '' if unknown."""
    if content[:4] == b"PK\x03\x04":
        return MEDIA["xlsx"]
    if content[:4] == b"PAR1":
        return MEDIA["parquet"]
    head = content[:4096]
    if b"\0" in head or not content.strip() or head.lstrip()[:1] in (b"<",) or head[:4] == b"\xd0\xcf\x11\xe0":
        return ""
    return MEDIA["csv"]


def read_sheets(content: bytes) -> list[Sheet]:
    """The sheets of a workbook or the one table of a CSV file, without those that hold nothing.

    Raises:
        Refusal: where the bytes are neither, with what to do.
    """
    kind = media_type(content)
    if not content.strip():
        raise Refusal("empty_file", "文件是空的。", "The file is empty.", "请重新导出后再报。", "Export it again.")
    if kind == MEDIA["xlsx"]:
        sheets = _read_xlsx(content)
    elif kind == MEDIA["csv"]:
        sheets = [Sheet("", _read_csv(content))]
    else:
        raise Refusal(
            "unreadable_file",
            "文件既不是 .xlsx 工作簿,也不是 .csv 文本,无法读取。",
            "The file is neither an .xlsx workbook nor .csv text and cannot be read.",
            "请在 Excel 或 WPS 中打开,另存为 .xlsx 后重新上报(网页改名成 .xls 的文件也要这样做)。",
            "Open it in Excel or WPS, save it as .xlsx and send it again (also where a web page was renamed .xls).",
        )
    filled = [sheet for sheet in sheets if sheet.filled]
    if not filled:
        raise Refusal("empty_file", "文件中没有任何数据。", "No cell holds anything.", "请填好后重报。", "Fill it in.")
    return filled


def _read_xlsx(content: bytes) -> list[Sheet]:
    from python_calamine import CalamineError, CalamineWorkbook

    _measure(content)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        return [_sheet(name, book.get_sheet_by_name(name)) for name in book.sheet_names]
    except (CalamineError, ValueError, OSError) as error:
        raise _damaged(error) from error


def _measure(content: bytes) -> None:
    """Looks at a workbook before it is unpacked: calamine allocates every cell up to the last one, and aborts.

    Raises:
        Refusal: a cell far away from all others, or more than can be unpacked.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            if sum(part.file_size for part in parts) > MOST_BYTES:
                raise _too_large(f"{MOST_BYTES >> 20} MiB", "")
            for part in parts:
                if re.fullmatch(r"xl/worksheets/[^/]+\.xml", part.filename):
                    _measure_sheet(archive.read(part))
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError, zlib.error) as error:
        raise _damaged(error) from error


def _measure_sheet(xml: bytes) -> None:
    rows, columns, last = 0, 0, ""
    for match in re.finditer(rb'<c\b[^>]*?\br="([A-Z]{1,3})(\d{1,7})"', xml):
        row, column = int(match[2]), column_number(match[1].decode())
        if row > rows or column > columns:
            rows, columns, last = max(row, rows), max(column, columns), f"{match[1].decode()}{row}"
    if rows * columns > MOST_CELLS:
        raise _too_large(f"{rows} × {columns}", last)


def column_number(letters: str) -> int:
    """The number of a column from 1.

    >>> column_number("A"), column_number("AB")
    (1, 28)
    """
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def _too_large(size: str, cell: str) -> Refusal:
    return Refusal(
        "too_large",
        f"工作表太大({size}),多半是很远的地方误填了一个单元格。",
        f"The sheet is too large ({size}); most likely a cell far away was filled by mistake.",
        "请删去表格以外的单元格(选中多余的行和列,右键删除),另存后再报。",
        "Delete what stands outside the table (select the extra rows and columns, delete), save and send it again.",
        cell=cell,
    )


def _damaged(error: Exception) -> Refusal:
    return Refusal(
        "unreadable_file",
        f"工作簿已损坏或加了密码,无法读取({error})。",
        f"The workbook is damaged or password-protected ({error}).",
        "请去掉密码,或重新另存为 .xlsx 后再报。",
        "Remove the password or save it again as .xlsx.",
    )


def _sheet(name: str, found: CalamineSheet) -> Sheet:
    merged = tuple((*first, *last) for first, last in found.merged_cell_ranges or ())
    return Sheet(name, found.to_python(skip_empty_area=False), merged)


def _read_csv(content: bytes) -> list[list[object]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = content.decode("gb18030")
        except UnicodeDecodeError as error:
            raise Refusal(
                "unreadable_file",
                "CSV 的文字编码既不是 UTF-8 也不是 GB18030。",
                "The CSV is neither UTF-8 nor GB18030.",
                "请另存为“CSV UTF-8”后再报。",
                "Save it as 'CSV UTF-8'.",
            ) from error
    first = text.split("\n", 5)[:5]
    delimiter = max(",\t;", key=lambda mark: sum(line.count(mark) for line in first))
    try:
        return [list(row) for row in csv.reader(io.StringIO(text), delimiter=delimiter)]
    except csv.Error as error:
        raise Refusal(
            "unreadable_file",
            f"CSV 的写法不对({error})。",
            f"The CSV is not well formed ({error}).",
            "请在 Excel 或 WPS 中打开,另存为新的 .xlsx 后再报。",
            "Open it in Excel or WPS, save it as a new .xlsx and send it again.",
        ) from error
