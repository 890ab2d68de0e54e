"""Rows for those who take them along: as text for a terminal, CSV, JSON, Parquet, or in the cells of a workbook.

Here: how a value is written, so that no program runs it and no digit is lost. Not here: which rows, which file.
"""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import pyarrow as pa

# A spreadsheet takes a text that begins so for a formula; the full-width forms too, in Chinese and
# Japanese locales (https://owasp.org/www-community/attacks/CSV_Injection).
FORMULA_SIGNS = tuple("=+-@\t\r\n＝＋－＠")
LONGEST_TEXT = 32_767  # characters of a worksheet's cell
DIGITS = 15  # a spreadsheet keeps 15 digits of a number


def as_table(table: pa.Table) -> str:
    """Plain text in columns; a Chinese character takes two places, numbers stand to the right."""
    numeric = [_is_number(field.type) for field in table.schema]
    lines = [[_one_line(name) for name in table.column_names]]
    columns = [_for_eyes(column) for column in zip(*_rows(table), strict=True)]
    lines += [
        ["NULL" if cell is None else _one_line(text_of(cell)) for cell in row] for row in zip(*columns, strict=True)
    ]
    widths = [max(map(_width, column)) for column in zip(*lines, strict=True)]
    lines.insert(1, ["-" * width for width in widths])
    shapes = list(zip(widths, numeric, strict=True))
    padded = ("  ".join(map(_pad, line, shapes)) for line in lines)
    return "".join(f"{line.rstrip()}\n" for line in padded)


def _for_eyes(column: Sequence[Any]) -> Sequence[Any]:
    """A column of decimals that are all whole, as whole numbers: 7414.0000 is read as 7414. Files keep the zeros."""
    whole = all(cell is None or (isinstance(cell, Decimal) and cell == cell.to_integral_value()) for cell in column)
    return [None if cell is None else int(cell) for cell in column] if whole else column


def as_csv(table: pa.Table) -> str:
    r"""RFC 4180 text (CRLF, quotes doubled), NULL as nothing; a spreadsheet runs none of it as a formula.

    >>> as_csv(pa.table({"n": [-1], "who": ["=cmd()"]}))
    "n,who\r\n-1,'=cmd()\r\n"
    """
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([formula_safe(name) for name in table.column_names])
    for row in _rows(table):
        writer.writerow([csv_cell(cell) for cell in row])
    return out.getvalue()


def as_json(table: pa.Table) -> str:
    """A list of objects: decimals as the numbers they are, digit by digit; dates as ISO 8601 text."""
    names = [json.dumps(name, ensure_ascii=False) for name in table.column_names]
    objects = (
        "{" + ", ".join(f"{name}: {_json(cell)}" for name, cell in zip(names, row, strict=True)) + "}"
        for row in _rows(table)
    )
    return "[" + ",\n ".join(objects) + "]\n"


def as_parquet(table: pa.Table) -> bytes:
    """A Parquet file, zstd; a column of a kind that Parquet lacks (intervals, unions) as text."""
    import pyarrow.parquet as pq

    for at, name in enumerate(table.column_names):
        try:
            pq.write_table(table.select([at]).slice(0, 0), io.BytesIO())
        except pa.ArrowNotImplementedError:
            texts = [None if cell is None else text_of(cell) for cell in _values(table.column(at))]
            table = table.set_column(at, name, pa.array(texts, pa.string()))
    out = io.BytesIO()
    pq.write_table(table, out, compression="zstd")
    return out.getvalue()


def formula_safe(text: str) -> str:
    """A text that a spreadsheet shows as text: an apostrophe before what would begin a formula.

    >>> formula_safe("=1+1"), formula_safe("甲村")
    ("'=1+1", '甲村')
    """
    return f"'{text}" if text.startswith(FORMULA_SIGNS) else text


def text_of(value: Any) -> str:
    """One value as text: ISO 8601 for dates, all digits of a decimal, JSON for lists and structs.

    >>> text_of(Decimal("1E+3")), text_of(date(2014, 9, 30)), text_of(True)
    ('1000', '2014-09-30', 'true')
    """
    if isinstance(value, str):
        return value
    if isinstance(value, float):
        return repr(value)
    written = _json(value)
    return json.loads(written) if written.startswith('"') else written


def _json(value: Any) -> str:
    """One value as JSON; NaN and infinity, which JSON lacks, as null."""
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, float) and not math.isfinite(value):
        return "null"
    if value is None or isinstance(value, bool | int | float):
        return json.dumps(value)
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(str(k))}: {_json(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_json, value)) + "]"
    return json.dumps(_plain_text(value), ensure_ascii=False)


def _plain_text(value: Any) -> str:
    """The text of a value that is neither number nor container."""
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, pa.MonthDayNano):
        return f"{value.months} months {value.days} days {value.nanoseconds / 1e9:g} seconds"
    return str(value)


def _rows(table: pa.Table) -> Iterator[tuple[Any, ...]]:
    """The rows as Python values."""
    return zip(*(_values(column) for column in table.columns), strict=True)


def _values(column: pa.ChunkedArray) -> list[Any]:
    """A column as Python values; nanoseconds are cut to microseconds, what Python cannot hold is named so."""
    kind = column.type
    if pa.types.is_timestamp(kind) and kind.unit == "ns":
        column = column.cast(pa.timestamp("us", kind.tz), safe=False)
    if pa.types.is_time64(kind) and kind.unit == "ns":
        column = column.cast(pa.time64("us"), safe=False)
    try:
        return column.to_pylist()
    except (ValueError, OverflowError):  # infinite dates, years beyond 9999
        return [_value(cell) for cell in column]


def _value(cell: pa.Scalar) -> Any:
    try:
        return cell.as_py()
    except (ValueError, OverflowError):
        return f"<{cell.type} out of range>"


def csv_cell(cell: Any) -> str:
    """One value as CSV writes it: nothing for NULL, a text that would begin a formula behind an apostrophe."""
    if cell is None:
        return ""
    text = text_of(cell)
    return text if isinstance(cell, bool | int | float | Decimal | date | time) else formula_safe(text)


def _one_line(text: str) -> str:
    """The text with control characters (line breaks, a terminal's escapes) made visible."""
    return "".join(repr(sign)[1:-1] if ord(sign) < 32 or 127 <= ord(sign) < 160 else sign for sign in text)


def _width(text: str) -> int:
    from rich.cells import cell_len

    return cell_len(text)


def _pad(text: str, shape: tuple[int, bool]) -> str:
    width, right = shape
    room = " " * (width - _width(text))
    return room + text if right else text + room


def _is_number(kind: pa.DataType) -> bool:
    return pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind)


def cell_writer(book: Any) -> Callable[[Any, int, int, Any], None]:
    """Writes a value as what it is: numbers, days and times as such, every text as a text."""
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})

    def write(sheet: Any, row: int, column: int, value: Any) -> None:
        if value is None:
            return
        if isinstance(value, bool):
            sheet.write_boolean(row, column, value)
        elif isinstance(value, datetime) and value.tzinfo is None and value.year >= 1900:
            sheet.write_datetime(row, column, value, moment)
        elif isinstance(value, date) and not isinstance(value, datetime) and value.year >= 1900:
            sheet.write_datetime(row, column, value, day)
        elif _is_plain(value):
            sheet.write_number(row, column, value)
        else:
            sheet.write_string(row, column, text_of(value)[:LONGEST_TEXT])

    return write


def _is_plain(value: Any) -> bool:
    """Whether a spreadsheet holds a value as the number that it is.

    >>> _is_plain(12), _is_plain(Decimal("1.5000")), _is_plain(float("nan")), _is_plain(12345678901234567)
    (True, True, False, False)
    """
    if isinstance(value, float):
        return math.isfinite(value)
    if isinstance(value, int):
        return abs(value) < 10**DIGITS
    return isinstance(value, Decimal) and value.is_finite() and len(value.normalize().as_tuple().digits) <= DIGITS
