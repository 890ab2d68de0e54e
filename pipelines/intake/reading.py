"""From bytes to cells: .xlsx, .xls and .ods by python-calamine, text tables, and zip archives of these."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from pipelines.intake.files import refusals
from pipelines.intake.files.kinds import MEDIA, kind_of, media_type
from pipelines.intake.files.names import printable
from pipelines.intake.files.ods import read_ods
from pipelines.intake.files.packed import read_packed
from pipelines.intake.files.text import read_text
from pipelines.intake.files.xls import read_xls
from pipelines.intake.files.xlsx import read_xlsx
from pipelines.intake.sheet import Sheet, address, column_number
from pipelines.limits import limits

__all__ = ["MEDIA", "Sheet", "address", "column_number", "media_type", "read_sheets"]


def read_sheets(content: bytes) -> list[Sheet]:
    """The sheets of a workbook, a text table or an archive of these, without those that hold nothing.

    Raises:
        Refusal: where the file as a whole cannot be read, with what to do.
    """
    if len(content) > limits().file_megabytes << 20:
        raise refusals.too_many_bytes(limits().file_megabytes, "file_megabytes")
    kind = kind_of(content)
    return read_packed(content, _read_one) if kind == "zip" else _read(content, kind)


def _read_one(content: bytes) -> list[Sheet]:
    return _read(content, kind_of(content))


def _read(content: bytes, kind: str) -> list[Sheet]:
    if not content.strip():
        raise refusals.empty(whole=True)
    if kind == "encrypted":
        raise refusals.encrypted()
    if kind in refusals.FOREIGN:
        raise refusals.foreign(kind)
    if kind not in READERS:
        raise refusals.unknown()
    filled = [_named(sheet) for sheet in READERS[kind](content) if sheet.holds_anything]
    if not filled:
        raise refusals.empty(whole=False)
    return filled


def _named(sheet: Sheet) -> Sheet:
    name = printable(sheet.name)
    return sheet if name == sheet.name else replace(sheet, name=name)


READERS: dict[str, Callable[[bytes], list[Sheet]]] = {
    "xlsx": read_xlsx,
    "xls": read_xls,
    "ods": read_ods,
    "csv": lambda content: [Sheet("", read_text(content))],
}
