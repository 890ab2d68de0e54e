"""From bytes to cells, or to a refusal that says what to do."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

import pytest

from pipelines.intake.reading import address, media_type, read_sheets
from pipelines.intake.tables import Refusal

TABLE = [["指标", "数值"], ["活产数", "12"], ["说明,含逗号", "3"]]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_csv_is_read_whatever_its_encoding_delimiter_and_line_ends(encoding: str, delimiter: str, end: str) -> None:
    lines = [delimiter.join(f'"{cell}"' if "," in cell else cell for cell in row) for row in TABLE]
    [sheet] = read_sheets(end.join(lines).encode(encoding))
    assert sheet.rows == TABLE
    assert len(sheet.filled) == 6


def test_a_workbook_keeps_its_sheets_numbers_and_addresses(workbook: Callable[..., bytes]) -> None:
    content = workbook(甲=[[], [None, "指标", 12], [None, "", 0.5]], 空=[], 乙=[["x"]])
    first, second = read_sheets(content)
    assert (first.name, second.name) == ("甲", "乙")
    assert {address(*place): value for place, value in first.filled.items()} == {"B2": "指标", "C2": 12.0, "C3": 0.5}


def test_a_zero_is_a_filled_cell_and_blanks_are_not(workbook: Callable[..., bytes]) -> None:
    [sheet] = read_sheets(workbook(表=[[0, " ", "\n", None, "a"]]))
    assert [address(*place) for place in sheet.filled] == ["A1", "E1"]


def damaged_workbook() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook>")
    return file.getvalue()


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty_file"),
        (b" \r\n\t ", "empty_file"),
        (b",,,\n,,\n", "empty_file"),
        (b"\xef\xbb\xbf", "empty_file"),
        (b"PK\x03\x04 no workbook", "unreadable_file"),
        (damaged_workbook(), "unreadable_file"),
        (damaged_workbook()[:40], "unreadable_file"),
        ("<html><table><tr><td>活产数</td></tr></table></html>".encode(), "web_page"),
        (b"\n  <?xml version='1.0'?><Workbook/>", "xml_table"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"EncryptedPackage" * 40, "unreadable_file"),
        (b"\x89PNG\r\n\x1a\n\0\0\0", "picture_file"),
        (b"%PDF-1.7\n\xff\xff\xff\xff", "document_file"),
    ],
    ids=[
        "nothing",
        "blanks",
        "commas",
        "mark",
        "no-zip",
        "damaged",
        "cut",
        "web-page",
        "xml",
        "encrypted",
        "picture",
        "pdf",
    ],
)
def test_what_cannot_be_read_is_refused_in_both_languages_with_a_remedy(content: bytes, reason: str) -> None:
    with pytest.raises(Refusal) as caught:
        read_sheets(content)
    refusal = caught.value
    assert refusal.reason == reason
    assert all((refusal.zh, refusal.en, refusal.remedy_zh, refusal.remedy_en))
    assert refusal.en.isascii()


def test_a_workbook_without_any_cell_is_refused_as_empty(workbook: Callable[..., bytes]) -> None:
    with pytest.raises(Refusal) as caught:
        read_sheets(workbook(表=[], 二=[["", None]]))
    assert caught.value.reason == "empty_file"


def test_the_kind_of_a_file_is_told_by_its_bytes(workbook: Callable[..., bytes]) -> None:
    assert media_type(workbook(表=[["x"]])).endswith("spreadsheetml.sheet")
    assert media_type("指标,数值".encode()) == "text/csv"
    assert media_type(b"\0\1\2") == ""


@pytest.mark.parametrize(("place", "name"), [((0, 0), "A1"), ((6, 25), "Z7"), ((0, 26), "AA1"), ((9, 701), "ZZ10")])
def test_an_address_is_the_spreadsheets_own(place: tuple[int, int], name: str) -> None:
    assert address(*place) == name
