"""A zip archive is one file: its tables are read, what else is in it is refused by itself."""

from __future__ import annotations

import io
import stat
import zipfile

import pytest

from pipelines.intake.reading import MEDIA, media_type, read_sheets
from pipelines.intake.tables import Refusal
from pipelines.limits import Limits, within
from tests.unit.intake.files import made

CSV = "指标,数值\n活产数,12\n".encode()
ROWS: made.Rows = [["指标", "数值"], ["活产数", 3]]


def names_and_reasons(content: bytes) -> dict[str, str]:
    """The reason by the name of each sheet; '' where it was read."""
    return {sheet.name: sheet.refusal.reason if sheet.refusal else "" for sheet in read_sheets(content)}


def test_every_table_of_an_archive_is_read_and_told_by_its_path() -> None:
    members = {"甲/月报.xls": made.xls({"一": ROWS, "二": ROWS}), "乙.ods": made.ods_of(三=ROWS), "丙/丁.csv": CSV}
    content = made.packed(members)
    assert media_type(content) == MEDIA["zip"]
    sheets = read_sheets(content)
    assert [(sheet.name, sheet.file) for sheet in sheets] == [
        ("甲/月报.xls/一", "甲/月报.xls"), ("甲/月报.xls/二", "甲/月报.xls"), ("乙.ods/三", "乙.ods"),
        ("丙/丁.csv", "丙/丁.csv"),
    ]  # fmt: skip
    assert [sheet.rows[1] for sheet in sheets] == [["活产数", 3]] * 3 + [["活产数", "12"]]


@pytest.mark.parametrize("coding", ["utf-8", "gb18030"])
def test_names_of_members_are_read_whatever_program_packed_them(coding: str) -> None:
    placeholder = "x" * len("柳河镇/月报.csv".encode(coding))
    content = made.packed({placeholder: CSV}).replace(placeholder.encode(), "柳河镇/月报.csv".encode(coding))
    assert list(names_and_reasons(content)) == ["柳河镇/月报.csv"]


def test_a_workbook_is_no_archive_of_files() -> None:
    for content in (made.xlsx('<row r="1"><c r="A1"><v>1</v></c></row>'), made.ods_of(S=[[1]])):
        assert [sheet.name for sheet in read_sheets(content)] == ["S"]
        assert media_type(content) != MEDIA["zip"]


def test_what_systems_put_into_an_archive_is_ignored() -> None:
    junk = ("__MACOSX/._a.csv", ".DS_Store", "甲/.DS_Store", "~$a.xlsx", "甲/Thumbs.db", "desktop.ini")
    assert names_and_reasons(made.packed({"a.csv": CSV, "甲/": b"", **dict.fromkeys(junk, b"x")})) == {"a.csv": ""}


def test_each_member_that_is_no_table_is_refused_by_itself() -> None:
    members = {
        "a.csv": CSV, "b.pdf": b"%PDF-1.7\n\xff", "c.png": b"\x89PNG\r\n\x1a\n\0",
        "d.doc": made.compound({"WordDocument": b"x"}),
        "e.zip": made.packed({"a.csv": CSV}), "f.rar": b"Rar!\x1a\x07\0", "g.parquet": b"PAR1", "h.csv": b"",
        "i.xlsx": made.xls({"一": ROWS})[:900], "j.bin": b"\0\1\2", "k.csv": b",,\n",
    }  # fmt: skip
    assert names_and_reasons(made.packed(members)) == {
        "a.csv": "", "b.pdf": "document_file", "c.png": "picture_file", "d.doc": "document_file",
        "e.zip": "nested_archive", "f.rar": "nested_archive", "g.parquet": "nested_archive", "h.csv": "empty_file",
        "i.xlsx": "unreadable_file", "j.bin": "unreadable_file", "k.csv": "empty_file",
    }  # fmt: skip
    refused = [sheet for sheet in read_sheets(made.packed(members)) if sheet.refusal]
    assert all(
        sheet.refusal and sheet.refusal.sheet == sheet.name == sheet.file and not sheet.rows for sheet in refused
    )


@pytest.mark.parametrize("name", ["../a.csv", "甲/../../a.csv", "/etc/a.csv", "C:/a.csv", "C:\\a.csv", "甲\\..\\a.csv"])
def test_a_name_that_leads_out_of_the_archive_is_refused(name: str) -> None:
    assert names_and_reasons(made.packed({name: CSV, "b.csv": CSV})) == {name: "unsafe_member", "b.csv": ""}


def test_a_link_in_an_archive_is_not_followed() -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        link = zipfile.ZipInfo("a.csv")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
    assert names_and_reasons(target.getvalue()) == {"a.csv": "unsafe_member"}


def _flagged(content: bytes, flag: int) -> bytes:
    """Sets a flag of the first member, in its own head and in the directory."""
    changed = bytearray(content)
    changed[6] |= flag
    changed[content.index(b"PK\x01\x02") + 8] |= flag
    return bytes(changed)


def test_a_member_with_a_password_is_refused_and_the_others_are_read() -> None:
    content = _flagged(made.packed({"a.csv": CSV, "b.csv": CSV}), 1)
    assert names_and_reasons(content) == {"a.csv": "encrypted_file", "b.csv": ""}


def test_a_member_that_is_damaged_is_refused_and_the_others_are_read() -> None:
    content = bytearray(made.packed({"a.csv": CSV, "b.csv": CSV}))
    content[35 + len("a.csv")] ^= 0xFF
    assert names_and_reasons(bytes(content)) == {"a.csv": "unreadable_file", "b.csv": ""}


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_members_of_one_name_are_two_tables() -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("a.csv", CSV)
        archive.writestr("a.csv", CSV + "产妇数,1\n".encode())
    assert [(sheet.name, len(sheet.rows)) for sheet in read_sheets(target.getvalue())] == [("a.csv", 2), ("a.csv'", 3)]


def test_control_characters_in_a_members_name_do_not_reach_a_terminal() -> None:
    assert list(names_and_reasons(made.packed({"a\x1b[2J\n.csv": CSV}))) == ["a�[2J�.csv"]


@pytest.mark.parametrize(
    ("members", "most"),
    [
        ({"a.csv": b"\0" * (3 << 20)}, Limits(unpacked_megabytes=2)),
        ({f"{number}.csv": CSV for number in range(11)}, Limits(archive_files=10)),
        ({"a.csv": CSV}, Limits(file_megabytes=0)),
    ],
    ids=["a bomb", "too many files", "too large as it is"],
)
def test_an_archive_above_a_limit_is_refused_as_a_whole(members: dict[str, bytes], most: Limits) -> None:
    content = made.packed(members)
    with within(most), pytest.raises(Refusal) as caught:
        read_sheets(content)
    assert caught.value.reason == "too_large"


@pytest.mark.parametrize("members", [{}, {"甲/": b""}, {".DS_Store": b"x"}])
def test_an_archive_without_any_file_is_refused_as_empty(members: dict[str, bytes]) -> None:
    with pytest.raises(Refusal) as caught:
        read_sheets(made.packed(members))
    assert caught.value.reason == "empty_file"


@pytest.mark.parametrize("share", [0.2, 0.6, 0.95])
def test_an_archive_that_did_not_arrive_whole_is_refused(share: float) -> None:
    content = made.packed({f"{number}.csv": CSV for number in range(20)})
    with pytest.raises(Refusal) as caught:
        read_sheets(content[: int(len(content) * share)])
    assert caught.value.reason == "unreadable_file"
