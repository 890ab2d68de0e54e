"""The text that a rate cell prints where it holds a number: its number format decides (decision 12)."""

from __future__ import annotations

import io
import re
import zipfile
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Any

from pipelines.intake.reading import Sheet, address


@lru_cache(maxsize=1)
def _workbook(content: bytes) -> Any:
    from openpyxl import load_workbook  # 28 times slower than calamine: only where a rate is a number

    return load_workbook(io.BytesIO(content), data_only=True)


def printed_text(content: bytes, sheet: Sheet, place: tuple[int, int], value: object) -> str:
    """What the sheet shows: a text as it is; a number by its format (0.9560 under '0.00%' is '95.60%').

    Only .xlsx tells the format here; elsewhere a number shows all its digits.
    """
    if not isinstance(value, (int, float)) or isinstance(value, bool):
        return str(value).strip()
    if sheet.file or content[:2] != b"PK" or not _is_xlsx(content):
        return shown(value, "General")
    return shown(value, str(_workbook(content)[sheet.name][address(*place)].number_format))


@lru_cache(maxsize=1)
def _is_xlsx(content: bytes) -> bool:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return "xl/workbook.xml" in archive.namelist()


def shown(value: float, number_format: str) -> str:
    """A number under a number format; formats other than plain decimals and percent show all its digits.

    >>> shown(0.956, "0.00%"), shown(8.3, "0.0"), shown(68.0, "General")
    ('95.60%', '8.3', '68')
    """
    exact = Decimal(repr(value))
    match = re.fullmatch(r"[#,]*0(?:\.(0+))?(%)?", number_format.split(";")[0])
    if not match:
        return f"{exact.normalize():f}"
    decimals = len(match[1] or "")
    exact *= 100 if match[2] else 1
    return f"{exact.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP):f}{match[2] or ''}"
