"""What a file may ask of the machine: one that asks for more is refused with the reason, and no other suffers."""

from __future__ import annotations

import io
import os
import signal
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipelines.catalog.load import Catalog
from pipelines.errors import TaizhangError
from pipelines.intake.orgs import OrgIndex
from pipelines.limits import Limits
from pipelines.warehouse import archive, readers
from pipelines.warehouse.understood import Reader, Said, Sent
from tests.unit.intake.files import made
from tests.unit.warehouse.conftest import Desk
from tests.unit.warehouse.sites import as_xlsx, library_return, library_rows

ROW = '<row r="{0}"><c r="A{0}"><v>1</v></c></row>'
FIRST = ROW.format(1)


def limit(desk: Desk, **limits: int) -> None:
    said = "".join(f"{name} = {value}\n" for name, value in limits.items())
    desk.home.config.write_text(f"[limits]\n{said}", encoding="utf-8")


def reasons(desk: Desk) -> list[str]:
    """The reason by file, '' where it was accepted."""
    return [row[0] for row in desk.rows("select reason from intake.receipt order by receipt_number")]


def among_others(desk: Desk, content: bytes) -> str:
    """Sends a file between two good ones; returns the reason of its refusal."""
    desk.send("a.csv", library_return(20), 1)
    desk.send("b.xlsx", content, 2)
    desk.send("c.csv", library_return(21), 3)
    desk.receive()
    assert desk.states()[::2] == ["accepted", "accepted"]
    told = desk.refused()
    if "b.xlsx" in told:
        assert "办法:" in told["b.xlsx.txt"].decode()
        assert "Remedy:" in told["b.xlsx.txt"].decode()
    return reasons(desk)[1]


def bomb(size: int) -> bytes:
    """A workbook that is small as it lies and large unpacked."""
    return made.xlsx(FIRST, after="<!--" + " " * size + "-->")


LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
LOL = f'<!DOCTYPE x [<!ENTITY l0 "ha">{LAUGHS}]>'


def ods_laughs() -> bytes:
    """The same joke in an .ods, which is read by another parser."""
    body = '<table:table table:name="S"><table:table-row><table:table-cell office:value-type="string"><text:p>&l9;'
    body += '</text:p></table:table-cell><table:table-cell table:formula="of:=1"/></table:table-row></table:table>'
    parts = {"mimetype": made.ODS, "META-INF/manifest.xml": "<manifest/>"}
    with zipfile.ZipFile(io.BytesIO(made.ods(body))) as packed:
        return made.packed({**parts, "content.xml": LOL + packed.read("content.xml").decode()})


@pytest.mark.parametrize(
    ("content", "limits", "reason"),
    [
        (lambda: made.xlsx('<row r="1"><c r="A1" t="str"><v>&l9;</v></c></row>', head=LOL), {}, "unreadable_file"),
        (ods_laughs, {}, "unreadable_file"),
        (lambda: bomb(3 << 20), {"unpacked_megabytes": 2}, "too_large"),
        (lambda: made.packed({"a.csv": b"1," * (2 << 20)}), {"unpacked_megabytes": 2}, "too_large"),
        (lambda: made.xlsx(FIRST + '<row s="1" customFormat="1"/>' * 10_000_000), {}, "unknown_form"),
        (lambda: made.xlsx(FIRST + '<row s="1" customFormat="1"/>' * 10_000_000), {"seconds": 1}, "too_slow"),
        (lambda: made.xlsx("".join(map(ROW.format, range(1, 9001)))), {"cells": 8000}, "too_large"),
        (lambda: made.xls({"S": [[1] * 100] * 100}), {"cells": 8000}, "too_large"),
        (lambda: made.ods_of(S=[[1] * 100] * 100), {"cells": 8000}, "too_large"),
        (lambda: b"1," * 9000, {"cells": 8000}, "too_large"),
        (lambda: os.urandom(2 << 20), {"file_megabytes": 1}, "too_large"),
    ],
    ids=[
        "laughs in an xlsx", "laughs in an ods", "a zip bomb", "a zip bomb of tables", "ten million formatted rows",
        "ten million in a second", "too many cells", "too many in an xls", "too many in an ods", "too many in a csv",
        "too many bytes",
    ],
)  # fmt: skip
def test_a_file_that_asks_for_too_much_is_refused_alone(desk: Desk, content: object, limits: dict, reason: str) -> None:
    limit(desk, **limits)
    assert among_others(desk, content()) == reason  # type: ignore[operator]


def sheet_of(megabytes: int) -> bytes:
    """A workbook whose one sheet is so large unpacked, of numbers in 26 columns."""
    cells = "".join(f'<c r="{letter}{{0}}"><v>123456</v></c>' for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    row = f'<row r="{{0}}">{cells}</row>'
    count = (megabytes << 20) // len(row.format(100_000))
    return made.xlsx("".join(row.format(number) for number in range(1, count + 1)))


def test_a_sheet_of_200_megabytes_is_refused_within_the_memory_that_it_may_take(desk: Desk) -> None:
    limit(desk, memory_megabytes=200)
    assert among_others(desk, sheet_of(200)) == "too_much_memory"


def test_a_workbook_with_macros_is_read_and_they_are_not(desk: Desk) -> None:
    with zipfile.ZipFile(io.BytesIO(as_xlsx(表=library_rows({"步行到馆分钟": 7})))) as packed:
        parts = {name: packed.read(name) for name in packed.namelist()}
    macro = made.compound({"VBA": b"Sub Auto_Open()\nKill *.*\nEnd Sub", "dir": b"\xff" * 200})
    assert among_others(desk, made.packed({**parts, "xl/vbaProject.bin": macro})) == ""
    assert desk.rows("select count(*) from store.fact_history where value = 7") == [(1,)]


def test_a_link_to_another_workbook_is_not_followed(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "other.csv").write_text("999")
    with zipfile.ZipFile(io.BytesIO(as_xlsx(表=library_rows({"步行到馆分钟": 7})))) as packed:
        parts = {name: packed.read(name).decode() for name in packed.namelist()}
    sheet = parts["xl/worksheets/sheet1.xml"]
    linked = sheet.replace("<v>7</v>", f"<f>'[file://{tmp_path}/other.csv]S'!A1</f><v>7</v>")
    assert linked != sheet
    assert among_others(desk, made.packed({**parts, "xl/worksheets/sheet1.xml": linked})) == ""
    assert desk.rows("select count(*) from store.fact_history where value = 7") == [(1,)]


def test_control_characters_in_a_sheets_name_and_formulas_in_names_are_only_names(desk: Desk) -> None:
    desk.send("=cmd|' C calc'!A1.xls", made.xls({"\x1b]0;x\x07": [["=1+1"]]}))
    desk.receive()
    assert reasons(desk) == ["unknown_form"]
    assert desk.rows("select sheet from intake.submission") == [("�]0;x�",)]
    assert b"\x1b" not in desk.refused()["=cmd|' C calc'!A1.xls.txt"]


# ---- the processes themselves


@pytest.fixture
def reader(catalog: Catalog) -> Iterator[Reader]:
    yield Reader(catalog, OrgIndex(catalog.orgs), Limits(processes=2))
    readers.close()


def sent(folder: Path, *contents: bytes) -> list[Sent]:
    return [Sent(folder, archive.put(folder, content), f"{n}.csv", "") for n, content in enumerate(contents)]


def outcome(said: Said) -> str:
    [table] = said.tables or ()
    return table.refusal.reason if table.refusal else str(table.facts[0].value)


def test_the_order_of_the_answers_is_the_order_of_the_files_whichever_is_read_first(
    reader: Reader, tmp_path: Path
) -> None:
    slow = made.xlsx(FIRST + '<row s="1" customFormat="1"/>' * 1_000_000)
    contents = [slow, *(library_return(number) for number in range(150)), slow, library_return(7)]
    found = [outcome(said) for said in readers.readers_for(reader).read(sent(tmp_path, *contents))]
    assert found == ["unknown_form", *map(str, range(150)), "unknown_form", "7"]


def test_what_other_processes_read_is_what_this_one_reads(reader: Reader, tmp_path: Path) -> None:
    contents = [
        library_return("约20"),
        library_return(20, period="?"),
        as_xlsx(甲=[[1]], 乙=library_rows({"x": 1})),
        b"",
    ]
    files = sent(tmp_path, *contents)
    for there, here in zip(readers.readers_for(reader).read(files), map(reader.read, files), strict=True):
        assert (there.bytes, there.media) == (here.bytes, here.media)
        for one, other in zip(there.tables or (), here.tables or (), strict=True):
            assert _plain(one) == _plain(other)


def _plain(table: object) -> dict[str, object]:
    told = dict(vars(table))
    refusal = told.pop("refusal")
    told["facts"] = list(told["facts"])  # type: ignore[call-overload]
    return {**told, "refusal": vars(refusal) if refusal else None}


def test_a_process_that_is_killed_is_replaced_and_no_file_is_lost(reader: Reader, tmp_path: Path) -> None:
    pool = readers.readers_for(reader)
    answers = pool.read(sent(tmp_path, *(library_return(number) for number in range(90))))
    found = [outcome(next(answers))]
    for process in pool.processes:
        os.kill(process.run.pid, signal.SIGKILL)
    found += map(outcome, answers)
    lost = [number for number, reason in enumerate(found) if reason == "too_much_memory"]
    assert len(lost) <= 2  # at most what each of them had in hand
    assert [told for n, told in enumerate(found) if n not in lost] == [str(n) for n in range(90) if n not in lost]


def test_processes_that_have_ended_for_want_of_work_are_started_again(
    reader: Reader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pool = readers.readers_for(reader)
    [first] = pool.read(sent(tmp_path, library_return(1)))
    assert pool.processes[0].run.stdin is not None
    pool.processes[0].run.stdin.close()  # as when it waits in vain
    pool.processes[0].run.wait()
    pool.processes[0].run.stdin = open(os.devnull, "wb", buffering=0)  # noqa: SIM115 -- what is sent there is lost
    [second] = pool.read(sent(tmp_path, library_return(2)))
    assert [outcome(first), outcome(second)] == ["1", "2"]


def test_where_no_process_can_be_started_the_night_says_so(
    reader: Reader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(readers.sys, "executable", "/bin/false")
    with pytest.raises(TaizhangError, match="processes = 0"):
        list(readers.readers_for(reader).read(sent(tmp_path, library_return(1))))


def test_a_file_that_the_archive_lost_ends_the_night_and_not_the_file(reader: Reader, tmp_path: Path) -> None:
    [file] = sent(tmp_path, library_return(1))
    (tmp_path / file.file_id).chmod(0o644)
    (tmp_path / file.file_id).write_bytes(b"changed")
    with pytest.raises(TaizhangError, match="was changed"):
        list(readers.readers_for(reader).read([file]))


def test_nothing_is_left_behind_when_the_processes_are_closed(reader: Reader, tmp_path: Path) -> None:
    pool = readers.readers_for(reader)
    answers = pool.read(sent(tmp_path, *(library_return(number) for number in range(40))))
    next(answers)
    runs = [process.run for process in pool.processes]
    answers.close()  # type: ignore[attr-defined]
    readers.close()
    assert runs
    assert all(run.poll() is not None for run in runs)
    assert not pool.folder.exists()


# ---- the settings


@pytest.mark.parametrize(
    "said", ["cells = 0", "cells = -1", 'cells = "x"', "cells = true", "cels = 5", "seconds = 1.5"]
)
def test_a_limit_that_is_no_limit_is_told_with_its_name(desk: Desk, said: str) -> None:
    desk.home.config.write_text(f"[limits]\n{said}\n", encoding="utf-8")
    with pytest.raises(TaizhangError) as caught:
        _ = desk.home.limits
    assert said.split(" ", maxsplit=1)[0] in caught.value.en


def test_limits_that_are_no_table_are_told(desk: Desk) -> None:
    desk.home.config.write_text("limits = 5\n", encoding="utf-8")
    with pytest.raises(TaizhangError):
        _ = desk.home.limits


def test_what_a_site_does_not_say_is_the_default(desk: Desk) -> None:
    limit(desk, seconds=7)
    assert desk.home.limits == Limits(seconds=7)


def test_without_processes_the_night_itself_reads(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readers.Readers, "_start", lambda *_: pytest.fail("started"))
    limit(desk, processes=0)
    assert among_others(desk, library_return(22)) == ""
