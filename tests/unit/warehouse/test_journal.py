"""The journal: lines follow from each other, a torn one is no line, and a cut one is noticed."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.errors import TaizhangError
from pipelines.warehouse import journal
from pipelines.warehouse.load import Loader
from tests.unit.warehouse.conftest import Desk
from tests.unit.warehouse.sites import library_return, moment


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "journal.jsonl"
    for number in range(3):
        journal.append(path, "note", moment(number), text=f"第{number}行\u2028\n")
    return path


def test_lines_are_read_as_they_were_written(path: Path) -> None:
    found = journal.read(path)
    assert [(e.seq, e.kind, e.at, e.data) for e in found.entries] == [
        (n + 1, "note", moment(n).isoformat(), {"text": f"第{n}行\u2028\n"}) for n in range(3)
    ]
    assert [entry.seq for entry in found.until(2)] == [1, 2]


def test_the_hash_of_a_line_stands_for_all_lines_up_to_it(path: Path) -> None:
    before = journal.read(path)
    journal.append(path, "note", moment(4))
    after = journal.read(path)
    assert after.sha256_at(3) == before.sha256 != after.sha256
    assert after.sha256_at(0) == journal.START
    assert after.sha256_at(5) == ""


@pytest.mark.parametrize("torn", [b"{", b'{"seq": 4, "kind": "no', b'{"seq": 4}', b"\0" * 40])
def test_a_torn_last_line_is_no_line_and_gives_way_to_the_next(path: Path, torn: bytes) -> None:
    whole = path.read_bytes()
    path.write_bytes(whole + torn)
    assert len(journal.read(path).entries) == 3
    assert journal.append(path, "note", moment(4)).seq == 4
    assert path.read_bytes().startswith(whole)
    assert len(journal.read(path).entries) == 4


@pytest.mark.parametrize("line", [0, 1])
def test_a_changed_line_is_told_with_its_number(path: Path, line: int) -> None:
    lines = path.read_bytes().split(b"\n")
    lines[line] = lines[line].replace("第".encode(), "弟".encode())
    path.write_bytes(b"\n".join(lines))
    with pytest.raises(TaizhangError) as caught:
        journal.read(path)
    assert f"第 {line + 2} 行" in caught.value.text("zh")
    assert f"Line {line + 2} " in caught.value.text("en")


def test_a_line_taken_out_is_told(path: Path) -> None:
    path.write_bytes(b"\n".join(path.read_bytes().split(b"\n")[1:]))
    with pytest.raises(TaizhangError, match="Line 1 "):
        journal.read(path)


def test_a_journal_cut_behind_the_warehouse_is_noticed_before_a_new_file_takes_the_number_of_a_lost_one(
    desk: Desk,
) -> None:
    for minutes in (20, 21):
        desk.send(f"{minutes}.csv", library_return(minutes), minutes)
    desk.receive()
    first = desk.home.journal.read_bytes().split(b"\n")[0]
    desk.home.journal.write_bytes(first + b"\n")
    with desk.open() as con, pytest.raises(TaizhangError) as caught:
        Loader(con, desk.home, desk.catalog).check(journal.read(desk.home.journal).entries)
    assert "line 2" in caught.value.text("en")
    assert "从备份恢复 journal/" in caught.value.text("zh")
