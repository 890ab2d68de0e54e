"""Every kind of file that units send: what is read of it, and what is never read as something else."""

from __future__ import annotations

import io
import struct
import zipfile
from datetime import date, datetime

import openpyxl
import pytest
import xlsxwriter

from pipelines.intake.reading import MEDIA, address, media_type, read_sheets
from pipelines.intake.tables import Refusal
from tests.unit.intake.files import made

ROWS: list[list[object]] = [["妇幼月报", "", ""], ["指标", "数值", "说明"], ["活产数", 12, "甲\n乙"], ["", 0.5, "１２"]]
EMPTY_TEXT = bytes([3, 0, 0, 0, 0, 0, 255, 255])


def cells(content: bytes) -> dict[str, object]:
    """The filled cells of the first sheet by their addresses."""
    return {address(*place): value for place, value in read_sheets(content)[0].filled.items()}


def openpyxl_of(**sheets: made.Rows) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append([None if value == "" else value for value in row])
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


FORMATS = {
    "xlsx": openpyxl_of(月报=ROWS),
    "xls": made.xls({"月报": ROWS}),
    "ods": made.ods_of(月报=ROWS),
}


@pytest.mark.parametrize("kind", FORMATS)
def test_a_workbook_gives_the_same_cells_whatever_its_format(kind: str) -> None:
    [sheet] = read_sheets(FORMATS[kind])
    assert media_type(FORMATS[kind]) == MEDIA[kind]
    assert sheet.name == "月报"
    assert not any((sheet.hidden, sheet.hidden_rows, sheet.hidden_columns, sheet.uncalculated, sheet.file))
    assert [[*row, "", ""][:3] for row in sheet.rows] == ROWS


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
@pytest.mark.parametrize("coding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_text_gives_the_same_cells_whatever_its_encoding_and_marks(coding: str, delimiter: str, end: str) -> None:
    table = [["指标", "数值"], ["说明,含逗号;和分号\t及制表", "3"], ["第一行" + end + "第二行", "“引”"]]
    text = end.join(delimiter.join(f'"{cell}"' for cell in row) for row in table)
    content = text.encode(coding)
    assert media_type(content) == MEDIA["csv"]
    assert [sheet.rows for sheet in read_sheets(content)] == [table]


def test_big_endian_unicode_text_is_read() -> None:
    assert cells("﻿指标\t数值\n".encode("utf-16-be")) == {"A1": "指标", "B1": "数值"}


def test_commas_inside_quotes_do_not_make_the_delimiter() -> None:
    assert cells(b'"a,b,c,d,e";1\n"f,g,h";2\n') == {"A1": "a,b,c,d,e", "B1": "1", "A2": "f,g,h", "B2": "2"}


# ---- errors and formulas: never empty, never 0


def test_an_error_value_of_an_xlsx_is_its_text() -> None:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        sheet = book.add_worksheet("表")
        for row, told in enumerate(("#DIV/0!", "#REF!", "#N/A", "#VALUE!", "#NAME?", "#NUM!", "#NULL!")):
            sheet.write_formula(row, 1, "=1/0", None, told)
    assert list(cells(target.getvalue()).values()) == [
        "#DIV/0!", "#REF!", "#N/A", "#VALUE!", "#NAME?", "#NUM!", "#NULL!",
    ]  # fmt: skip


def test_an_error_value_of_an_xls_is_its_text() -> None:
    error = bytes([2, 0, 23, 0, 0, 0, 255, 255])
    extra = made.error(4, 0, 7) + made.formula(5, 1, error)
    found = cells(made.xls({"表": ROWS}, extra={"表": extra}))
    assert (found["A5"], found["B6"]) == ("#DIV/0!", "#REF!")


@pytest.mark.parametrize("stated", ['office:value-type="float" office:value="0"', 'office:value-type="string"', ""])
def test_an_error_value_of_an_ods_is_its_text_and_not_the_0_that_stands_beside_it(stated: str) -> None:
    error = f'<table:table-cell table:formula="of:=1/0" {stated} calcext:value-type="error"><text:p>#DIV/0!</text:p>'
    row = f"<table:table-row><table:table-cell/>{error}</table:table-cell></table:table-row>"
    assert cells(made.ods(f'<table:table table:name="S">{row * 2}</table:table>')) == {"B1": "#DIV/0!", "B2": "#DIV/0!"}


UNCALCULATED = {
    "openpyxl": openpyxl_of(表=[[1, "=A1+1"]]),
    "no value": made.xlsx('<row r="1"><c r="A1"><v>1</v></c><c r="B1"><f>A1+1</f></c></row>'),
    "an empty value": made.xlsx('<row r="1"><c r="A1"><v>1</v></c><c r="B1"><f>A1+1</f><v></v></c></row>'),
    "a 0 that is to be calculated": made.xlsx(
        '<row r="1"><c r="A1"><v>1</v></c><c r="B1"><f>A1+1</f><v>0</v></c></row>',
        book='<calcPr calcId="1" fullCalcOnLoad="1"/>',
    ),
    "ods": made.ods(
        '<table:table table:name="S"><table:table-row><table:table-cell office:value-type="float" office:value="1"/>'
        '<table:table-cell table:formula="of:=A1+1"/></table:table-row></table:table>'
    ),
}


@pytest.mark.parametrize("case", UNCALCULATED)
def test_a_formula_that_nobody_calculated_is_neither_empty_nor_a_number(case: str) -> None:
    [sheet] = read_sheets(UNCALCULATED[case])
    assert sheet.uncalculated == {(0, 1)}
    assert sheet.rows[0] == [1, "=A1+1"]


def test_formulas_of_an_xls_that_no_program_calculated_are_told() -> None:
    [sheet] = read_sheets(made.xls({"表": ROWS}, extra={"表": made.formula(4, 1, EMPTY_TEXT)}))
    assert sheet.uncalculated == {(4, 1)}
    assert sheet.filled[4, 1] == "="


def test_a_formula_that_gives_an_empty_text_is_an_empty_cell() -> None:
    number = b"\0\0\0\0\0\0\x08\x40"
    extra = made.formula(4, 1, EMPTY_TEXT) + made.formula(4, 2, number)
    [sheet] = read_sheets(made.xls({"表": ROWS}, extra={"表": extra}))
    assert sheet.uncalculated == frozenset()
    assert (4, 1) not in sheet.filled
    assert sheet.filled[4, 2] == 3
    [sheet] = read_sheets(made.xlsx('<row r="1"><c r="A1"><v>1</v></c><c r="B1" t="str"><f>""</f><v></v></c></row>'))
    assert (sheet.uncalculated, len(sheet.filled)) == (frozenset(), 1)


def test_a_calculated_value_counts_also_the_0_of_a_program_that_calculates() -> None:
    [sheet] = read_sheets(made.xlsx('<row r="1"><c r="A1"><f>0</f><v>0</v></c><c r="B1"><f>A1</f><v>7</v></c></row>'))
    assert sheet.rows == [[0, 7]]
    assert sheet.uncalculated == frozenset()


def test_the_parts_of_a_sheet_may_have_a_prefix_and_cells_stand_on_lines_of_their_own() -> None:
    rows = (
        '<x:row r="1" hidden="1">\n<x:c r="A1" t="e">\n<x:f>1/0</x:f>\n<x:v>#DIV/0!</x:v></x:c>'
        '<x:c r="B1"><x:f>A1</x:f></x:c></x:row>'
    )
    part = f'<x:worksheet xmlns:x="{made.MAIN}"><x:sheetData>{rows}</x:sheetData></x:worksheet>'
    [sheet] = read_sheets(_with(made.xlsx(""), {"xl/worksheets/sheet1.xml": part}))
    assert sheet.filled == {(0, 0): "#DIV/0!", (0, 1): "=A1"}
    assert sheet.hidden_rows == {0}


def _with(content: bytes, parts: dict[str, str]) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return made.packed({**{name: archive.read(name) for name in archive.namelist()}, **parts})


# ---- hidden, merged, dates


def test_what_is_hidden_in_an_xlsx_is_read_and_told() -> None:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        for name, hide in (("看", None), ("藏", "hide"), ("深", "very_hidden")):
            sheet = book.add_worksheet(name)
            sheet.write_row(0, 0, [1, 2, 3])
            sheet.write_row(1, 0, [4, 5, 6])
            getattr(sheet, hide or "activate")()
        sheet.set_row(1, None, None, {"hidden": True})
        sheet.set_column("B:XFD", None, None, {"hidden": True})
    seen, hidden, very = read_sheets(target.getvalue())
    assert [seen.hidden, hidden.hidden, very.hidden] == [False, True, True]
    assert very.rows == seen.rows == [[1, 2, 3], [4, 5, 6]]
    assert (very.hidden_rows, very.hidden_columns) == ({1}, {1, 2})
    assert (seen.hidden_rows, seen.hidden_columns) == (frozenset(), frozenset())


def test_what_is_hidden_in_an_xls_is_read_and_told() -> None:
    row = made.record(0x208, struct.pack("<HHHHHHHH", 2, 0, 3, 0, 0, 0, 0x20, 0))
    column = made.record(0x7D, struct.pack("<HHHHHH", 1, 300, 0, 0, 1, 0))
    seen, hidden = read_sheets(made.xls({"看": ROWS, "~藏": ROWS}, extra={"~藏": row + column}))
    assert (seen.name, hidden.name, seen.hidden, hidden.hidden) == ("看", "藏", False, True)
    assert (hidden.hidden_rows, hidden.hidden_columns) == ({2}, {1, 2})
    assert seen.hidden_rows == frozenset()


def test_what_is_hidden_or_merged_in_an_ods_is_read_and_told() -> None:
    cell = '<table:table-cell office:value-type="float" office:value="1"/>'
    body = (
        '<table:table table:name="S"><table:table-column/><table:table-column table:visibility="collapse" '
        'table:number-columns-repeated="1000"/><table:table-row><table:table-cell table:number-columns-spanned="2" '
        'table:number-rows-spanned="3" office:value-type="string"><text:p>题</text:p></table:table-cell>'
        "</table:table-row>"
        '<table:table-row table:number-rows-repeated="2"><table:table-cell/></table:table-row>'
        f'<table:table-row table:visibility="filter" table:number-rows-repeated="2">{cell * 2}</table:table-row>'
        '<table:table-row table:visibility="collapse" table:number-rows-repeated="1000000"><table:table-cell/>'
        "</table:table-row></table:table>"
    )
    [sheet] = read_sheets(made.ods(body))
    assert sheet.merged == ((0, 0, 2, 1),)
    assert (sheet.hidden_rows, sheet.hidden_columns) == ({3, 4}, {1})
    assert len(sheet.filled) == 5


def test_dates_are_dates_and_codes_that_are_text_stay_text() -> None:
    book = openpyxl.Workbook()
    book.active.append([date(2014, 9, 30), datetime(2014, 9, 30, 8, 5), "110101001002", "007"])
    target = io.BytesIO()
    book.save(target)
    assert read_sheets(target.getvalue())[0].rows == [
        [date(2014, 9, 30), datetime(2014, 9, 30, 8, 5), "110101001002", "007"]
    ]


def test_control_characters_in_a_sheets_name_do_not_reach_a_terminal() -> None:
    assert [sheet.name for sheet in read_sheets(made.xls({"\x1b[2J\r\n表": ROWS}))] == ["�[2J��表"]


# ---- what is refused, each with its own reason


PICTURE = b"\x89PNG\r\n\x1a\n\0\0\0"
CASES: dict[str, tuple[bytes, str, str]] = {
    "a web page": ("<html><table><tr><td>活产数</td></tr></table></html>".encode(), "web_page", "html"),
    "a web page of Excel's": (b'\xef\xbb\xbf<?xml version="1.0"?><html xmlns:x="x">', "web_page", "html"),
    "XML Spreadsheet 2003": (b"\n <?xml version='1.0'?><Workbook/>", "xml_table", "xml"),
    "a PDF": (b"%PDF-1.7\n\xff\xff", "document_file", "pdf"),
    "RTF": (b"{\\rtf1\\ansi", "document_file", "rtf"),
    "a Word document": (made.packed({"[Content_Types].xml": "x", "word/document.xml": "x"}), "document_file", "word"),
    "an old Word document": (made.compound({"WordDocument": b"x"}), "document_file", "word"),
    "slides": (made.packed({"[Content_Types].xml": "x", "ppt/presentation.xml": "x"}), "document_file", "slides"),
    "an OpenDocument text": (
        made.packed({"mimetype": "application/vnd.oasis.opendocument.text"}), "document_file", "opendocument",
    ),
    "a sheet of Apple's": (made.packed({"Index/Document.iwa": "x"}), "document_file", "numbers"),
    "a binary workbook": (made.packed({"[Content_Types].xml": "x", "xl/workbook.bin": "x"}), "binary_workbook", "xlsb"),
    "a picture": (PICTURE, "picture_file", "picture"),
    "a photograph": (b"\xff\xd8\xff\xe0\0", "picture_file", "picture"),
    "a RAR": (b"Rar!\x1a\x07\0", "foreign_archive", "rar"),
    "a 7z": (b"7z\xbc\xaf\x27\x1c\0", "foreign_archive", "7z"),
    "gzip": (b"\x1f\x8b\x08\0", "foreign_archive", "gzip"),
    "WPS's own": (made.compound({"ETWorkbookData": b"x"}), "wps_file", "wps"),
    "an encrypted workbook": (
        made.compound({"EncryptionInfo": b"x", "EncryptedPackage": b"x"}), "encrypted_file", "encrypted",
    ),
    "an .xls with a password": (made.xls({"表": ROWS}, book=made.record(0x2F, bytes(6))), "encrypted_file", "xls"),
    "an .ods with a password": (
        made.ods("", manifest="<manifest:encryption-data/>"), "encrypted_file", "ods",
    ),
    "bytes": (b"\0\1\2", "unreadable_file", ""),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_another_kind_of_file_is_refused_with_what_it_is(case: str) -> None:
    content, reason, kind = CASES[case]
    with pytest.raises(Refusal) as caught:
        read_sheets(content)
    told = caught.value
    assert (told.reason, media_type(content)) == (reason, MEDIA.get(kind, ""))
    assert all((told.zh, told.en, told.remedy_zh, told.remedy_en))
    assert told.en.isascii()
    assert told.remedy_en.isascii()


def _cut(content: bytes, share: float) -> bytes:
    return content[: int(len(content) * share)]


@pytest.mark.parametrize("share", [0.1, 0.3, 0.6, 0.9, 0.99])
@pytest.mark.parametrize("kind", FORMATS)
def test_a_file_that_did_not_arrive_whole_is_refused(kind: str, share: float) -> None:
    with pytest.raises(Refusal) as caught:
        read_sheets(_cut(FORMATS[kind], share))
    assert caught.value.reason == "unreadable_file"


def test_a_ring_in_an_old_container_ends() -> None:
    content = bytearray(made.xls({"表": ROWS * 100}))
    table = content.rindex(b"\xfd\xff\xff\xff")  # where the allocation table speaks of itself
    start = table // 512 * 512
    content[start : start + 4] = b"\0\0\0\0"
    with pytest.raises(Refusal):
        read_sheets(bytes(content))
