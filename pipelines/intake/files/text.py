"""Tables as text: comma, tab or semicolon; UTF-8, UTF-16 or GB18030."""

from __future__ import annotations

import csv
import io

from pipelines.intake.files import refusals
from pipelines.intake.tables import Refusal
from pipelines.limits import limits

MARKS16 = (b"\xff\xfe", b"\xfe\xff")
DELIMITERS = ",\t;"


def read_text(content: bytes) -> list[list[object]]:
    """The rows of a text table.

    Raises:
        Refusal: no known encoding, or not well formed.
    """
    text = _decoded(content)
    delimiter = _delimiter(text)
    rows, cells = list[list[object]](), 0
    try:
        for row in csv.reader(io.StringIO(text), delimiter=delimiter):
            cells += len(row)
            if cells > limits().cells:
                raise refusals.too_large(f"> {limits().cells}")
            rows.append(list(row))
    except csv.Error as error:
        raise Refusal(
            "unreadable_file",
            f"CSV 的写法不对({error})。",
            f"The CSV is not well formed ({error}).",
            "请在 Excel 或 WPS 中打开,另存为新的 .xlsx 后再报。",
            "Open it in Excel or WPS, save it as a new .xlsx and send it again.",
        ) from error
    return rows


def _decoded(content: bytes) -> str:
    codings = ("utf-16",) if content[:2] in MARKS16 else ("utf-8-sig", "gb18030")
    for coding in codings:
        try:
            return content.decode(coding)
        except UnicodeDecodeError:
            continue
    raise Refusal(
        "unreadable_file",
        "CSV 的文字编码既不是 UTF-8、UTF-16 也不是 GB18030。",
        "The CSV is neither UTF-8 nor UTF-16 nor GB18030.",
        "请另存为“CSV UTF-8”后再报。",
        "Save it as 'CSV UTF-8'.",
    )


def _delimiter(text: str) -> str:
    """The mark that stands most often outside quotes in the first lines."""
    outside = "".join("".join(text[:20_000].split('"')[::2]).split("\n", 20)[:20])
    return max(DELIMITERS, key=outside.count)
