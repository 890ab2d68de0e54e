"""What a file is by its bytes, whatever its name says."""

from __future__ import annotations

import re
from functools import lru_cache

from pipelines.intake.files.cfb import MAGIC as CFB
from pipelines.intake.files.cfb import streams
from pipelines.intake.files.parts import BROKEN, unzipped
from pipelines.intake.tables import Refusal

MEDIA = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "xls": "application/vnd.ms-excel",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "csv": "text/csv",
    "json": "application/json",
    "zip": "application/zip",
    "parquet": "application/vnd.apache.parquet",
    "html": "text/html",
    "xml": "application/xml",
    "pdf": "application/pdf",
    "rtf": "application/rtf",
    "word": "application/msword",
    "slides": "application/vnd.ms-powerpoint",
    "picture": "image/*",
    "xlsb": "application/vnd.ms-excel.sheet.binary.macroEnabled.12",
    "rar": "application/vnd.rar",
    "7z": "application/x-7z-compressed",
    "gzip": "application/gzip",
    "encrypted": "application/x-ole-storage",
    "wps": "application/vnd.ms-works",
    "numbers": "application/vnd.apple.numbers",
    "opendocument": "application/vnd.oasis.opendocument",
}
SIGNS = {
    b"PAR1": "parquet", b"%PDF": "pdf", b"{\\rtf": "rtf", b"\x89PNG": "picture", b"\xff\xd8\xff": "picture",
    b"GIF8": "picture", b"BM": "picture", b"II*\0": "picture", b"MM\0*": "picture", b"Rar!": "rar",
    b"7z\xbc\xaf\x27\x1c": "7z", b"\x1f\x8b": "gzip",
}  # fmt: skip
PARTS = (("xl/workbook.bin", "xlsb"), ("xl/", "xlsx"), ("word/", "word"), ("ppt/", "slides"), ("Index/", "numbers"))
STREAMS = (("EncryptedPackage", "encrypted"), ("Workbook", "xls"), ("Book", "xls"), ("WordDocument", "word"),
           ("PowerPoint Document", "slides"))  # fmt: skip
BOM16 = (b"\xff\xfe", b"\xfe\xff")


def media_type(content: bytes) -> str:
    """The media type of a file; '' if unknown."""
    return MEDIA.get(kind_of(content), "")


@lru_cache(maxsize=1)
def kind_of(content: bytes) -> str:
    """A key of MEDIA; '' if unknown. The last answer is kept, as each reader of a file asks.

    >>> kind_of("指标,数值".encode()), kind_of(b"%PDF-1.7"), kind_of(b"<html>"), kind_of(b"BMI,1"), kind_of(b'{"a":1}')
    ('csv', 'pdf', 'html', 'csv', 'json')
    """
    if content[:4] == b"PK\x03\x04" or content[:4] == b"PK\x05\x06":
        return _packed(content)
    if content[:8] == CFB:
        return _compound(content)
    signed = next((kind for sign, kind in SIGNS.items() if content.startswith(sign)), "")
    if signed and not (content.startswith(b"BM") and _is_text(content)):
        return signed
    return _text(content)


def _packed(content: bytes) -> str:
    """What a zip holds: a workbook, a document, or files."""
    try:
        packed = unzipped(content)
        names = packed.namelist()
        if "mimetype" in names:
            with packed.open("mimetype") as part:
                said = part.read(100).decode("latin-1")
            return "ods" if said.startswith(MEDIA["ods"]) else "opendocument"
    except BROKEN:
        return "xlsx" if b"xl/" in content else "zip"
    if not any(name.startswith("[Content_Types]") for name in names) and not any(
        name.startswith(("xl/", "Index/")) for name in names
    ):
        return "zip"
    return next((kind for part, kind in PARTS if any(name.startswith(part) for name in names)), "zip")


def _compound(content: bytes) -> str:
    """What an old Office container holds; one without a workbook of Excel's is of WPS or something else."""
    try:
        names = streams(content)
    except Refusal:
        return "xls"
    return next((kind for name, kind in STREAMS if name in names), "wps")


def _text(content: bytes) -> str:
    if content[:2] in BOM16:
        return "csv"
    head = content[:4096].removeprefix(b"\xef\xbb\xbf").lstrip()
    if head[:1] == b"<":
        return "xml" if re.match(rb"<\?xml|<Workbook", head) and b"<html" not in head.lower() else "html"
    if head[:1] == b"{":
        return "json"
    return "csv" if content.strip() and _is_text(content) else ""


def _is_text(content: bytes) -> bool:
    return b"\0" not in content[:4096]
