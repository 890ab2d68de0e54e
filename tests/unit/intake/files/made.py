"""Files as units send them, made byte by byte: what a kept library would not write (errors, hidden parts, damage)."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Mapping, Sequence

Rows = Sequence[Sequence[object]]
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
SPACES = (
    " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "table", "text", "style")
    )
    + ' xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'
)
ODS = "application/vnd.oasis.opendocument.spreadsheet"


def packed(parts: Mapping[str, bytes | str]) -> bytes:
    """A zip of these parts."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return target.getvalue()


def xlsx(rows: str, *, before: str = "", after: str = "", book: str = "", head: str = "", name: str = "S") -> bytes:
    """A workbook of one sheet from the XML of its rows.

    Args:
        rows: what stands in sheetData.
        before: what stands between the head of the sheet and its rows.
        after: what follows the rows.
        book: what stands in the workbook's part beside its sheets.
        head: what stands before the root of the sheet.
        name: of the sheet, as XML.
    """
    relation = (
        '<Relationships xmlns="{}/relationships"><Relationship Id="r1" Type="{}/{}" Target="{}"/></Relationships>'
    )
    return packed(
        {
            "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"/>',
            "_rels/.rels": relation.format(PACKAGE, RELATIONS, "officeDocument", "xl/workbook.xml"),
            "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}"><sheets>'
            f'<sheet name="{name}" sheetId="1" r:id="r1"/></sheets>{book}</workbook>',
            "xl/_rels/workbook.xml.rels": relation.format(PACKAGE, RELATIONS, "worksheet", "worksheets/sheet1.xml"),
            "xl/worksheets/sheet1.xml": f'{head}<worksheet xmlns="{MAIN}">{before}<sheetData>{rows}</sheetData>{after}'
            "</worksheet>",
        }
    )


def ods(body: str, *, manifest: str = "") -> bytes:
    """An .ods from the XML of its tables."""
    return packed(
        {
            "mimetype": ODS,
            "META-INF/manifest.xml": f"<manifest>{manifest}</manifest>",
            "content.xml": f"<office:document-content {SPACES}><office:body><office:spreadsheet>{body}"
            "</office:spreadsheet></office:body></office:document-content>",
        }
    )


def ods_of(**sheets: Rows) -> bytes:
    """An .ods of plain cells."""

    def cell(value: object) -> str:
        if isinstance(value, int | float):
            return f'<table:table-cell office:value-type="float" office:value="{value}"/>'
        told = str(value).replace("&", "&amp;").replace("<", "&lt;")
        return f'<table:table-cell office:value-type="string"><text:p>{told}</text:p></table:table-cell>'

    def row(cells: Sequence[object]) -> str:
        empty = "<table:table-cell/>"
        return f"<table:table-row>{''.join(empty if c in ('', None) else cell(c) for c in cells)}</table:table-row>"

    tables = (
        f'<table:table table:name="{name}">{"".join(map(row, rows))}</table:table>' for name, rows in sheets.items()
    )
    return ods("".join(tables))


def record(kind: int, data: bytes = b"") -> bytes:
    """A record of BIFF."""
    return struct.pack("<HH", kind, len(data)) + data


def _words(text: str, width: str = "<H") -> bytes:
    return struct.pack(width, len(text)) + b"\x01" + text.encode("utf-16-le")


def xls(sheets: Mapping[str, Rows], *, extra: Mapping[str, bytes] | None = None, book: bytes = b"") -> bytes:
    """An .xls (BIFF8) of plain cells.

    Args:
        sheets: rows by name; a name that begins with '~' is hidden.
        extra: more records by sheet.
        book: more records among the workbook's own.
    """
    begin = struct.pack("<HHHHII", 0x600, 5, 0x1A2B, 1997, 0, 6)
    front = record(0x809, begin) + book
    bound = {name: struct.pack("<BB", name.startswith("~"), 0) + _words(name.lstrip("~"), "<B") for name in sheets}
    place = len(front) + sum(8 + len(data) for data in bound.values()) + 4
    parts = {}
    for name, rows in sheets.items():
        cells = b"".join(_cell(r, c, v) for r, row in enumerate(rows) for c, v in enumerate(row) if v not in ("", None))
        size = struct.pack("<IIHHH", 0, len(rows), 0, max(map(len, rows), default=0), 0)
        sheet_begin = struct.pack("<HHHHII", 0x600, 0x10, 0x1A2B, 1997, 0, 6)
        more = (extra or {}).get(name, b"")
        parts[name] = record(0x809, sheet_begin) + record(0x200, size) + more + cells + record(0x0A)
    listed = b""
    for name, data in bound.items():
        listed += record(0x85, struct.pack("<I", place) + data)
        place += len(parts[name])
    return compound({"Workbook": front + listed + record(0x0A) + b"".join(parts.values())})


def _cell(row: int, column: int, value: object) -> bytes:
    place = struct.pack("<HHH", row, column, 0)
    if isinstance(value, int | float):
        return record(0x203, place + struct.pack("<d", value))
    return record(0x204, place + _words(str(value)))


def formula(row: int, column: int, value: bytes) -> bytes:
    """A formula's record with the eight bytes of its calculated value."""
    return record(0x06, struct.pack("<HHH", row, column, 0) + value + struct.pack("<HIH", 0, 0, 0))


def error(row: int, column: int, code: int) -> bytes:
    """The record of a cell that holds an error value."""
    return record(0x205, struct.pack("<HHHBB", row, column, 0, code, 1))


def compound(streams: Mapping[str, bytes]) -> bytes:
    """A compound file of these streams, each long enough to have sectors of its own."""
    sector, mark, end = 512, 0xFFFFFFFD, 0xFFFFFFFE
    data, chain, starts = b"", list[int](), {}
    for name, content in streams.items():
        whole = content.ljust(max(4096, -(-len(content) // sector) * sector), b"\0")
        starts[name] = (len(chain), len(whole))
        chain += [*range(len(chain) + 1, len(chain) + len(whole) // sector), end]
        data += whole
    entries = [("Root Entry", 5, end, 0), *((name, 2, *starts[name]) for name in streams)]
    entries += [("", 0, 0, 0)] * (-len(entries) % 4)
    directory = len(chain)
    chain += [*range(directory + 1, directory + len(entries) // 4), end]
    tables = -(-(len(chain) + 1) // (sector // 4 - 1))
    first = len(chain)
    chain += [mark] * tables
    chain += [0xFFFFFFFF] * (tables * sector // 4 - len(chain))
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    head += struct.pack("<IIIIIIIII", 0, tables, directory, 0, 4096, end, 0, end, 0)
    head += b"".join(struct.pack("<I", first + n if n < tables else 0xFFFFFFFF) for n in range(109))
    listed = b"".join(_entry(number, *entry, len(streams)) for number, entry in enumerate(entries))
    return head + data + listed + struct.pack(f"<{len(chain)}I", *chain)


def _entry(number: int, name: str, kind: int, start: int, size: int, count: int) -> bytes:
    """A directory entry; the entries hang on each other by their right side."""
    none = 0xFFFFFFFF
    right = number + 1 if 0 < number < count else none
    raw = name.encode("utf-16-le")
    child = 1 if number == 0 and count else none
    told = struct.pack("<HBBIII", len(raw) + 2 if name else 0, kind, 1, none, right, child)
    return raw.ljust(64, b"\0") + told + bytes(36) + struct.pack("<IQ", start, size)
