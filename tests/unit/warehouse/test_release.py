"""A release: published whole or not at all, following from what was sent, and no change of it stays hidden."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from pipelines.errors import TaizhangError, TryAgain
from pipelines.settings import Home
from pipelines.warehouse import release, verify
from pipelines.warehouse.lock import writer_lock
from pipelines.warehouse.night import open_night
from pipelines.warehouse.recover import finish_publishing
from tests.unit.warehouse.sites import copy_site, library_return, new_site, plain_night, put


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A site after two nights: a return, then its correction and a file that is refused."""
    home = new_site(tmp_path_factory.mktemp("published") / "site")
    put(home, "a.csv", library_return(20))
    plain_night(home, 1)
    put(home, "b.csv", library_return(21), 1)
    put(home, "junk.csv", b"nothing", 2)
    plain_night(home, 2)
    return home


@pytest.fixture
def home(published: Home, tmp_path: Path) -> Home:
    return copy_site(published, tmp_path / "site")


def newest(home: Home) -> release.Release:
    found = release.current(home)
    assert found is not None
    return found


def problems(home: Home) -> list[tuple[str, str]]:
    """What verify tells of the newest release, in Chinese and English."""
    try:
        return verify.verify(home, newest(home)).problems
    except TaizhangError as error:
        return [(error.text("zh"), error.text("en"))]


# ---- following from what was sent


def test_nights_one_after_another_give_what_one_rebuild_gives(home: Home) -> None:
    put(home, "c.csv", library_return(22), 3)
    put(home, "d.csv", library_return(7, period="2017年"), 4)
    plain_night(home, 3)
    put(home, "a.csv", library_return(20), 5)
    plain_night(home, 4)
    assert problems(home) == []


def test_a_release_verifies_after_the_sites_catalog_has_changed(home: Home) -> None:
    (home.catalog / "orgs.csv").write_text("code,name,level,parent\n110000000000,北京市,province,\n", encoding="utf-8")
    assert problems(home) == []


def test_a_release_verifies_after_the_shipped_catalog_has_changed(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pipelines import settings

    shipped = tmp_path / "catalog"
    shutil.copytree(settings.SHIPPED_CATALOG, shipped)
    (shipped / "forms" / "library_summary.yaml").unlink()
    monkeypatch.setattr(settings, "SHIPPED_CATALOG", shipped)
    assert home.catalog_folders[0] == shipped
    assert problems(Home(home.path)) == []


def test_an_older_release_verifies_too(home: Home) -> None:
    first = release.read(home, release.released(home)[0])
    assert verify.verify(home, first).problems == []


# ---- tampering


def archived(home: Home, content: bytes) -> Path:
    path = next(path for path in home.archive.iterdir() if path.read_bytes() == content)
    path.chmod(0o644)
    return path


def change(path: Path, old: bytes, new: bytes) -> None:
    content = path.read_bytes()
    assert old in content
    path.chmod(0o644)
    path.write_bytes(content.replace(old, new))


def change_a_row(home: Home) -> None:
    database = newest(home).database
    database.chmod(0o644)
    with duckdb.connect(str(database)) as con:
        con.execute("update store.fact_history set value = 99 where known_to is null")


def first_manifest(home: Home) -> Path:
    return home.releases / release.released(home)[0] / "manifest.json"


def cut_journal(home: Home) -> None:
    lines = home.journal.read_bytes().split(b"\n")
    home.journal.write_bytes(b"\n".join(lines[:-2]) + b"\n")


def cut_file(home: Home) -> None:
    database = newest(home).database
    change(database, database.read_bytes()[4096:], b"")


TAMPERING: dict[str, tuple[Callable[[Home], object], str, str]] = {
    "a byte in the archive": (
        lambda home: archived(home, b"nothing").write_bytes(b"notHing"),
        "被改动过",
        "was changed",
    ),
    "a file of the archive deleted": (lambda home: archived(home, b"nothing").unlink(), "不见了", "is gone"),
    "the archived catalog deleted": (
        lambda home: (home.archive / newest(home).manifest["catalog_file"]).unlink(),
        "不见了",
        "is gone",
    ),
    "a line of the journal": (
        lambda home: change(home.journal, b"a.csv", b"z.csv"),
        "日志",
        "Line 2 of the journal",
    ),
    "the last line of the journal": (
        lambda home: change(home.journal, b'"00000003"', b'"00000009"'),
        "前 3 行已不是发布",
        "the first 3 lines of",
    ),
    "the journal cut": (cut_journal, "前 3 行已不是发布", "the first 3 lines of"),
    "a row of the released file": (change_a_row, "core.fact:发布文件中的内容与清单不符", "core.fact: the file is not"),
    "the released file cut": (cut_file, "打不开", "cannot be opened"),
    "the released file deleted": (lambda home: newest(home).database.unlink(), "不见了", "is gone"),
    "the page": (
        lambda home: change(newest(home).folder / "index.html", b"</body>", b"99.9 %</body>"),
        "被改动过",
        "was changed",
    ),
    "the manifest of an older release": (
        lambda home: change(first_manifest(home), b'"rows": 0', b'"rows": 1'),
        "发布之后被改动过",
        "was changed after",
    ),
    "an older release deleted": (
        lambda home: shutil.rmtree(first_manifest(home).parent),
        "是接着它发布的",
        "follows, is gone",
    ),
    "the newest release deleted": (
        lambda home: shutil.rmtree(newest(home).folder),
        "它的文件夹或 manifest.json 已不在",
        "whose folder or manifest.json is gone",
    ),
    "a manifest without its tables": (
        lambda home: first_manifest(home).write_bytes(
            first_manifest(home).read_bytes().replace(b'"tables"', b'"tablez"')
        ),
        "已损坏",
        "is damaged",
    ),
    "a manifest cut": (lambda home: first_manifest(home).write_bytes(b'{"release_id'), "已损坏", "is damaged"),
}


@pytest.mark.parametrize("case", TAMPERING)
def test_tampering_is_found_and_told_in_two_languages_with_what_to_do(home: Home, case: str) -> None:
    tamper, zh, en = TAMPERING[case]
    tamper(home)
    told = problems(home)
    assert [pair for pair in told if zh in pair[0] and en in pair[1]]
    assert "从备份恢复" in " ".join(pair[0] for pair in told)
    assert "from a backup" in " ".join(pair[1] for pair in told)
    assert "/taizhang-verify-" not in str(told)  # no scratch folder of ours, the site's own files


# ---- publishing


def test_a_night_without_the_release_that_it_follows_tells_what_to_do_and_does_it(home: Home) -> None:
    first, second = release.released(home)
    shutil.rmtree(home.releases / second)
    with pytest.raises(TaizhangError) as caught:
        plain_night(home, 3)
    assert f"releases/{second}" in caught.value.text("zh")
    assert f"write {first} into that file" in caught.value.text("en")
    (home.releases / "current").write_text(f"{first}\n")
    assert plain_night(home, 3).manifest["previous"]["release_id"] == first
    assert problems(home) == []


def test_where_the_pointer_is_gone_the_newest_release_is_the_current_one_again(home: Home) -> None:
    last = newest(home).id
    (home.releases / "current").unlink()
    assert finish_publishing(home) == last == newest(home).id
    assert finish_publishing(home) == ""


def test_a_night_repeated_by_the_same_clock_keeps_its_release_and_its_place_in_the_chain(home: Home) -> None:
    before = newest(home)
    manifest = (before.folder / "manifest.json").read_bytes()
    inode = before.database.stat().st_ino
    assert plain_night(home, 2).id == before.id
    assert (before.folder / "manifest.json").read_bytes() == manifest
    assert before.database.stat().st_ino == inode
    assert newest(home).manifest["previous"]["release_id"] == release.released(home)[0]
    assert not list(home.releases.glob(".tmp-*"))


def test_a_night_repeated_by_the_same_clock_replaces_a_release_that_was_damaged(home: Home) -> None:
    change_a_row(home)
    plain_night(home, 2)
    assert problems(home) == []


@pytest.mark.parametrize("name", [".tmp-{}", ".tmp-damaged-{}", ".", ".."])
def test_what_a_night_is_making_or_has_put_aside_is_no_release(home: Home, name: str) -> None:
    found = newest(home)
    asked = name.format(found.id)
    shutil.copytree(found.folder, home.releases / asked, dirs_exist_ok=True)
    with pytest.raises(TaizhangError, match="There is no release"):
        release.read(home, asked)


def test_a_rebuild_by_the_same_clock_gives_the_same_release(home: Home) -> None:
    before = newest(home)
    rebuilt = plain_night(home, 2, full=True)
    assert (rebuilt.id, rebuilt.manifest["tables"]) == (before.id, before.manifest["tables"])


def test_a_copy_that_reads_back_differently_is_not_published(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    def wrong(source: Path, target: Path) -> None:
        copyfile(source, target)
        with duckdb.connect(str(target)) as con:
            con.execute("update intake.file set bytes = bytes + 1")

    copyfile = shutil.copyfile
    monkeypatch.setattr(release.shutil, "copyfile", wrong)
    before = newest(home)
    with pytest.raises(TaizhangError) as caught:
        plain_night(home, 3)
    assert "intake.file" in caught.value.text("zh")
    assert "taizhang run --full" in caught.value.text("en")
    monkeypatch.undo()
    assert newest(home).id == before.id
    plain_night(home, 3)
    assert not list(home.releases.glob(".tmp-*"))


def test_a_second_writer_is_told_to_try_again(home: Home) -> None:
    with writer_lock(home.path), pytest.raises(TryAgain, match="is writing to this site") as caught:
        plain_night(home, 3)
    assert "等它结束后再运行" in caught.value.text("zh")


READER = """
import duckdb, sys
con = duckdb.connect(sys.argv[1], read_only=True)
print("open", flush=True)
sys.stdin.read()
"""


def test_a_warehouse_that_a_reader_holds_open_is_told_with_what_to_do(home: Home) -> None:
    command = [sys.executable, "-c", READER, str(home.warehouse)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as reader:
        assert reader.stdout is not None
        assert reader.stdout.readline() == b"open\n"
        with pytest.raises(TryAgain) as caught:
            plain_night(home, 3)
        reader.communicate(b"")
    assert "不要打开仓库文件" in caught.value.text("zh")
    assert "open a release" in caught.value.text("en")
    assert plain_night(home, 3).id == newest(home).id


def test_a_damaged_warehouse_is_told_and_rebuilt_with_full(home: Home) -> None:
    tables = newest(home).manifest["tables"]
    home.warehouse.write_bytes(b"no database" * 1000)
    with pytest.raises(TaizhangError, match="cannot be opened") as caught:
        plain_night(home, 2)
    assert "taizhang run --full" in caught.value.text("zh")
    assert plain_night(home, 2, full=True).manifest["tables"] == tables


def test_a_damaged_manifest_of_an_older_release_does_not_stop_the_next_night(home: Home) -> None:
    (home.releases / release.released(home)[0] / "manifest.json").write_bytes(b'{"release_id')
    assert plain_night(home, 3).manifest["previous"]["release_id"] == release.released(home)[1]


def test_a_long_query_of_a_night_draws_nothing_on_the_terminal(tmp_path: Path) -> None:
    home = new_site(tmp_path / "site")
    with open_night(home) as night:
        assert night.con.execute("select current_setting('enable_progress_bar')").fetchall() == [(False,)]
