"""Whatever lies in an inbox: it is taken or left, its bytes are kept, and it stops nobody's night."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import threading
import zipfile
from pathlib import Path

import pytest

from pipelines.catalog.load import load_catalog
from pipelines.warehouse import inbox
from tests.unit.warehouse.conftest import Desk
from tests.unit.warehouse.sites import as_csv, as_xlsx, bytes_kept, library_return, library_rows

LONG = "长" * 82 + ".xlsx"  # 251 of the 255 bytes that a name may have


def names(desk: Desk) -> list[str]:
    return [row[0] for row in desk.rows("select filename from intake.receipt order by receipt_number")]


@pytest.mark.parametrize(
    "name",
    [
        ".hidden.csv", "~$a.xlsx", "a.xlsx.part", "a.TMP", "a.csv.crdownload", ".folder/a.csv", "..a.csv",
        "a.xlsx.filepart", "a.xlsx.baiduyun.downloading", "a.xlsx.xltd", "Thumbs.db", "x/thumbs.db", "DESKTOP.INI",
        ".DS_Store", "._a.xlsx", "Icon\r", "$RECYCLE.BIN/a.csv", "@eaDir/a.csv", "__MACOSX/a.csv",
        "x/System Volume Information/a.csv",
    ],
)  # fmt: skip
def test_what_is_hidden_half_copied_or_a_systems_own_stays_in_the_inbox(desk: Desk, name: str) -> None:
    path = desk.send(name, library_return(20))
    assert desk.receive() == 0
    assert path.exists()
    assert not desk.home.journal.exists()


@pytest.mark.parametrize(
    "name",
    [
        "a b.csv",
        "q\"u'ote.csv",
        "new\nline.csv",
        "😀.csv",
        "$(reboot);.csv",
        "%s{x}.csv",
        "end ",
        LONG,
        "a/b/c/deep.csv",
    ],
)
def test_a_strange_name_is_kept_as_it_is(desk: Desk, name: str) -> None:
    desk.send(name, library_return(20))
    desk.receive()
    assert desk.states() == ["accepted"]
    assert names(desk) == [Path(name).name]


@pytest.mark.parametrize("name", ["thumbs.db.xlsx", "desktop.ini.csv", "lost+found.csv", "a.part.csv", "icon.csv"])
def test_a_return_that_is_named_almost_like_a_systems_own_file_is_taken(desk: Desk, name: str) -> None:
    desk.send(name, library_return(20))
    assert desk.receive() == 1


# ---- still being written under its final name


class Copying(threading.Thread):
    """Writes a file piece by piece, as a copy does, until it is told to finish."""

    def __init__(self, path: Path, content: bytes) -> None:
        super().__init__()
        self.path, self.content, self.finish = path, content, threading.Event()
        self.begun = threading.Event()

    def run(self) -> None:
        with self.path.open("wb", buffering=0) as file:
            while not self.finish.wait(0.02):
                file.write(b"\n")
                self.begun.set()
            file.seek(0)
            file.truncate()
            file.write(self.content)


def test_a_file_that_is_still_being_copied_is_taken_the_next_night_and_whole(desk: Desk) -> None:
    copying = Copying(desk.home.inbox / "a.csv", library_return(20))
    copying.start()
    copying.begun.wait()
    desk.send("b.csv", library_return(21))
    taken = desk.receive()
    copying.finish.set()
    copying.join()
    assert taken == 1
    assert names(desk) == ["b.csv"]
    os.utime(copying.path, (0, 0))
    assert desk.receive() == 1
    assert names(desk) == ["b.csv", "a.csv"]
    assert desk.states() == ["accepted", "accepted"]


def test_a_file_that_a_program_has_open_for_writing_is_left_also_while_it_does_not_grow(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"1")
    [told] = inbox.being_written([path]).values()
    if told is None:
        pytest.skip("the system does not tell who writes here")
    assert told is False
    with path.open("ab"):
        assert inbox.being_written([path]) == {path: True}
        assert inbox.ready_files(tmp_path) == []
        assert inbox.signs(tmp_path) == {}
    with path.open("rb"):
        assert inbox.being_written([path]) == {path: False}
    assert inbox.ready_files(tmp_path) == [path]


def test_where_the_system_does_not_tell_a_young_file_is_looked_at_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, still, grows, gone = (tmp_path / name for name in ("old.csv", "still.csv", "grows.csv", "gone.csv"))
    for path in (old, still, grows, gone):
        path.write_bytes(b"1")
    os.utime(old, (0, 0))
    waits = []

    def meanwhile(seconds: float) -> None:
        waits.append(seconds)
        grows.write_bytes(b"12")
        old.write_bytes(b"12")  # not young: nobody looks again
        gone.unlink()

    monkeypatch.setattr(inbox, "LOCAL", frozenset())
    monkeypatch.setattr(inbox.time, "sleep", meanwhile)
    assert inbox.ready_files(tmp_path) == [old, still]
    assert waits == [inbox.AGAIN]


def test_where_no_file_is_young_nobody_waits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inbox, "LOCAL", frozenset())
    monkeypatch.setattr(inbox.time, "sleep", lambda _: pytest.fail("waited"))
    (tmp_path / "a.csv").write_bytes(b"1")
    os.utime(tmp_path / "a.csv", (0, 0))
    assert inbox.ready_files(tmp_path) == [tmp_path / "a.csv"]


def test_names_that_differ_only_in_case_are_two_files(desk: Desk) -> None:
    desk.send("A.csv", library_return(20), 1)
    desk.send("a.csv", library_return(21), 2)
    desk.receive()
    assert names(desk) == ["A.csv", "a.csv"]


@pytest.mark.parametrize("folder", ["", "单位"])
def test_a_name_in_the_encoding_of_older_windows_tools_is_read_as_what_it_says(desk: Desk, folder: str) -> None:
    path = os.fsencode(desk.home.inbox)
    for part in filter(None, (folder, "报表.csv")):
        Path(os.fsdecode(path)).mkdir(exist_ok=True)
        path = os.path.join(path, part.encode("gb18030"))
    Path(os.fsdecode(path)).write_bytes(library_return(20))
    desk.receive()
    assert desk.rows("select filename, sender, state from intake.receipt") == [("报表.csv", folder, "accepted")]


@pytest.mark.parametrize("name", [LONG, "new\nline.csv", "a" * 200 + ".a" + "b" * 40])
def test_a_refused_file_of_any_name_has_its_reason_beside_it(desk: Desk, name: str) -> None:
    desk.send(name, b"nothing")
    desk.receive()
    kept = desk.refused()
    assert sorted(kept.values(), key=len)[0] == b"nothing"
    assert sorted(f"{path}.txt" for path in kept if not path.endswith(".txt")) == [
        path for path in kept if path.endswith(".txt")
    ]


def test_a_name_that_climbs_out_of_the_folder_climbs_nowhere(desk: Desk) -> None:
    desk.send("x/%2e%2e%2f..%2fetc.csv", b"nothing")
    desk.send("x/C:\\..\\..\\etc.csv", b"nothing", 1)
    desk.receive()
    assert len(desk.refused()) == 4
    assert {path.name for path in desk.home.path.parent.iterdir()} == {desk.home.path.name}


def test_links_are_left_alone_and_nothing_behind_them_is_read(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "a.csv").write_bytes(library_return(20))
    links = {
        "file.csv": tmp_path / "secret" / "a.csv",
        "folder": tmp_path / "secret",
        "loop": Path("."),
        "none": Path("no"),
    }
    for name, target in links.items():
        (desk.home.inbox / name).symlink_to(target)
    assert desk.receive() == 0
    assert {path.name for path in desk.home.inbox.iterdir()} == set(links)
    assert list(desk.home.archive.iterdir()) == []


def test_a_pipe_in_the_inbox_is_not_waited_for(desk: Desk) -> None:
    os.mkfifo(desk.home.inbox / "a.csv")
    assert desk.receive() == 0


def test_a_read_only_file_is_taken(desk: Desk) -> None:
    desk.send("a.csv", library_return(20)).chmod(0o400)
    desk.receive()
    assert desk.states() == ["accepted"]
    assert list(desk.home.inbox.iterdir()) == []


def test_what_others_put_into_taking_is_left_alone(desk: Desk) -> None:
    (desk.home.taking / ".DS_Store").write_bytes(b"x")
    (desk.home.taking / "mine").mkdir()
    desk.send("a.csv", library_return(20))
    assert desk.receive() == 1
    assert {path.name for path in desk.home.taking.iterdir()} == {".DS_Store", "mine"}


def _workbook_of(parts: dict[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as packed:
        for name, content in parts.items():
            packed.writestr(name, content)
    return target.getvalue()


REFUSED = {
    "no byte": (b"", "empty_file"),
    "only blanks": (b" \r\n \n", "empty_file"),
    "only commas": (b",,,,\n,,,\n", "empty_file"),
    "a web page named .xls": (b"<html><table><tr><td>1</td></tr></table></html>", "web_page"),
    "an old .xls": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512, "unreadable_file"),
    "a workbook without a sheet": (_workbook_of({"xl/a.txt": b"a"}), "unreadable_file"),
    "a workbook cut short": (_workbook_of({"xl/workbook.xml": b"<workbook>"})[:60], "unreadable_file"),
    "a cell of 200,000 letters": (library_return(20) + b'2,"' + b"x" * 200_000 + b'",,\n', "unreadable_file"),
    "lines ended by CR": (library_return(20).replace(b"\n", b"\r"), "unreadable_file"),
    "neither UTF-8 nor GB18030": (b"a,\xff\xff\n", "unreadable_file"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_file_that_cannot_be_read_is_refused_and_the_others_load(desk: Desk, case: str) -> None:
    content, reason = REFUSED[case]
    desk.send("a.csv", content, 1)
    desk.send("b.csv", library_return(20), 2)
    desk.receive()
    assert desk.rows("select state, reason from intake.receipt order by receipt_number") == [
        ("refused", reason),
        ("accepted", ""),
    ]
    assert desk.refused()["a.csv"] == content
    assert content in bytes_kept(desk.home)


def test_an_error_that_nobody_foresaw_refuses_one_file_and_not_the_night(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pipelines.warehouse import load

    def failing(content: bytes, *rest: object) -> object:
        if b"21" in content:
            raise RuntimeError("the moon is full")
        return understand(content, *rest)

    understand = load.understand
    monkeypatch.setattr(load, "understand", failing)
    desk.home.config.write_text("[limits]\nprocesses = 0\n", encoding="utf-8")  # read here, where it is replaced
    for minute, minutes in enumerate((20, 21, 22)):
        desk.send(f"{minutes}.csv", library_return(minutes), minute)
    desk.receive()
    assert desk.states() == ["accepted", "refused", "accepted"]
    assert desk.rows("select reason from intake.receipt where state = 'refused'") == [("unforeseen_error",)]
    told = desk.refused()["21.csv.txt"].decode()
    assert told.count("RuntimeError: the moon is full") == 2
    assert "另存为新的 .xlsx" in told


def test_a_year_that_no_calendar_has_before_it_refuses_one_file_and_not_the_night(desk: Desk) -> None:
    desk.send("a.csv", library_return(20, period="0001年1月"), 1)
    desk.send("b.csv", library_return(20), 2)
    desk.receive()
    assert desk.states() == ["refused", "accepted"]


def test_an_institution_that_the_register_puts_under_nobody_stops_nobodys_night(desk: Desk, repo_root: Path) -> None:
    with (desk.home.catalog / "orgs.csv").open("a", encoding="utf-8") as file:
        file.write("x-lone,孤零卫生院,institution,,health,,,\n")
    desk.catalog = load_catalog(*desk.home.catalog_folders)
    report = (repo_root / "data" / "reports" / "phs_plan_chenghuang_2010.csv").read_text(encoding="utf-8-sig")
    desk.send("a.csv", report.replace("城隍镇卫生院", "孤零卫生院").encode(), 1)
    desk.send("b.csv", library_return(20), 2)
    desk.receive()
    assert desk.states() == ["refused", "accepted"]


@pytest.mark.parametrize("value", ["1e999999", "9" * 400, "NaN", "inf", "-", "=1+1", "'", "1,2;3", "\x1b[2J"])
def test_a_value_that_is_no_number_stops_nothing(desk: Desk, value: str) -> None:
    desk.send("a.csv", as_csv(library_rows({"步行到馆分钟": value, "社区图书馆": 7})))
    desk.receive()
    assert desk.states() == ["accepted"]
    assert desk.rows("select count(*) from store.fact_history where value = 7") == [(1,)]


CORNER = b'<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"


def _sparse_workbook() -> bytes:
    """1.4 kB that name the first and the last cell of a sheet: 17 thousand million cells between them."""
    sheets = '<sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets>'
    to_book = f'<Relationship Id="r1" Type="{RELATIONS}/officeDocument" Target="xl/workbook.xml"/>'
    to_sheet = f'<Relationship Id="r1" Type="{RELATIONS}/worksheet" Target="worksheets/sheet1.xml"/>'
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"/>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships">{to_book}</Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}">{sheets}</workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">{to_sheet}</Relationships>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{MAIN}"><sheetData>{CORNER.decode()}</sheetData></worksheet>',
    }
    return _workbook_of({name: text.encode() for name, text in parts.items()})


READ = """
import resource, sys
resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30))
resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
from pipelines.intake.reading import read_sheets
from pipelines.intake.tables import Refusal
try:
    read_sheets(sys.stdin.buffer.read())
except Refusal as refusal:
    print(refusal.reason)
"""


def test_a_sheet_whose_last_cell_is_far_away_is_refused_and_kills_no_process(repo_root: Path) -> None:
    done = subprocess.run([sys.executable, "-c", READ], input=_sparse_workbook(), capture_output=True, cwd=repo_root)
    assert done.returncode == 0, done.stderr.decode()[-300:]
    assert done.stdout.strip()


def test_an_archive_is_one_receipt_whose_tables_load_and_whose_other_files_are_refused_by_themselves(
    desk: Desk,
) -> None:
    members = {
        "甲/一.csv": library_return(20),
        "乙.xlsx": as_xlsx(表=library_rows({"步行到馆分钟": 21}, period="2017年")),
        "丙.pdf": b"%PDF-1.7",
        "../丁.csv": library_return(22, period="2018年"),
    }
    desk.send("九月.zip", _workbook_of(members))
    desk.receive()
    assert desk.states() == ["accepted"]
    assert desk.rows("select media_type from intake.file") == [("application/zip",)]
    assert desk.rows("select sheet, state, reason from intake.submission order by submission_key") == [
        ("甲/一.csv", "accepted", ""), ("乙.xlsx/表", "accepted", ""), ("丙.pdf", "refused", "document_file"),
        ("../丁.csv", "refused", "unsafe_member"),
    ]  # fmt: skip
    told = desk.refused()["九月.zip.txt"].decode()
    assert "工作表“丙.pdf”" in told
    assert "甲" not in told
    assert desk.rows("select value from store.fact_history order by value") == [(20,), (21,)]


def test_an_error_value_is_set_aside_with_its_text_and_is_never_0(desk: Desk) -> None:
    rows = library_rows({"步行到馆分钟": "ERROR", "社区图书馆": 7})
    with zipfile.ZipFile(io.BytesIO(as_xlsx(表=rows))) as packed:
        parts = {name: packed.read(name).decode() for name in packed.namelist()}
    sheet = parts["xl/worksheets/sheet1.xml"]
    cell = next(cell for cell in sheet.split("<c ") if cell.startswith('r="D4"'))
    parts["xl/worksheets/sheet1.xml"] = sheet.replace(cell, 'r="D4" t="e"><f>1/0</f><v>#DIV/0!</v></c>')
    desk.send("a.xlsx", _workbook_of({name: text.encode() for name, text in parts.items()}))
    desk.receive()
    assert desk.rows("select cell, printed from intake.quarantine") == [("D4", "#DIV/0!")]
    assert desk.rows("select value from store.fact_history") == [(7,)]
