"""What a person types and reads: help, languages, formats, exit codes, and errors that say what to do."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from pipelines.cli import main as cli
from pipelines.cli.words import printable
from pipelines.settings import CHECKOUT, Home
from pipelines.warehouse.lock import writer_lock
from tests.unit.cli.conftest import Taizhang
from tests.unit.warehouse.sites import library_return, new_site, plain_night, put

COMMANDS = (
    "bulletin", "check", "correct", "demo", "draw", "export", "init", "register", "run", "sample", "serve", "sign",
    "sql", "template", "verify",
)  # fmt: skip


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A site with one release; nothing here changes it."""
    home = new_site(tmp_path_factory.mktemp("cli") / "site")
    put(home, "a.csv", library_return(20))
    plain_night(home)
    return home


# ---- help and usage


@pytest.mark.parametrize("command", COMMANDS)
def test_the_help_of_a_command_has_an_example_of_it(taizhang: Taizhang, command: str) -> None:
    said = taizhang(command, "--help")
    assert said.code == 0
    assert f"例 / example: taizhang {command}" in " ".join(said.out.split())


def test_every_command_is_tested_for_its_help() -> None:
    assert sorted(COMMANDS) == sorted(c.name or c.callback.__name__ for c in cli.app.registered_commands if c.callback)


@pytest.mark.parametrize(
    "words",
    [
        ("nothing",),
        ("run", "--nothing"),
        ("run", "--lang", "fr"),
        ("sql",),
        ("sql", "select 1", "--format", "xml"),
        ("verify", "--format", "csv"),
    ],
)
def test_wrong_usage_exits_2_and_has_no_traceback(taizhang: Taizhang, words: tuple[str, ...]) -> None:
    said = taizhang(*words)
    assert said.code == 2
    assert "Traceback" not in said.err


# ---- languages


@pytest.mark.parametrize(
    "words", [("--lang", "zh", "--home"), ("--lang=zh", "--home"), ("--lang", "en", "--lang", "zh", "--home")]
)
def test_an_error_is_told_in_the_language_asked_for(taizhang: Taizhang, tmp_path: Path, words: tuple[str, ...]) -> None:
    before, after = taizhang("verify", *words, tmp_path), taizhang("verify", "--home", tmp_path, *words[:-1])
    assert before == after
    assert before.code == 1
    assert before.err.splitlines() == [
        f"错误: {tmp_path} 不是台账站点。",
        f"  → 先运行 taizhang init --home {tmp_path},或用 --home 指出站点所在的文件夹。",
    ]


@pytest.mark.parametrize("command", [("init",), ("catalog", "check")])
def test_the_language_may_stand_before_the_subcommand(
    taizhang: Taizhang, tmp_path: Path, command: tuple[str, ...]
) -> None:
    told = {"init": {"zh": "站点已建好", "en": "The site is ready"}, "catalog": {"zh": "目录", "en": "The catalog"}}
    home = ("--home", tmp_path / "site")
    taizhang("init", *home)
    for lang, other in (("zh", "en"), ("en", "zh")):
        for words in (("--lang", lang, *command, *home), (f"--lang={lang}", *command, *home),
                      ("--lang", other, *command, *home, "--lang", lang)):  # fmt: skip
            said = taizhang(*words)
            assert said.code == 0, said.err
            assert told[command[0]][lang] in said.out
            assert told[command[0]][other] not in said.out
    assert taizhang("--lang", "fr", *command, *home).code == 2


@pytest.mark.parametrize(("name", "value", "word"), [("LANG", "zh_CN.UTF-8", "错误"), ("TAIZHANG_LANG", "zh", "错误"),
                                                    ("LC_ALL", "C.UTF-8", "error")])  # fmt: skip
def test_the_language_follows_the_locale(
    taizhang: Taizhang, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str, word: str
) -> None:
    monkeypatch.setenv(name, value)
    assert taizhang("verify", "--home", tmp_path).err.startswith(f"{word}: ")


@pytest.mark.parametrize("command", ["verify", "run", "sql"])
def test_a_folder_that_is_no_site_is_told_with_the_next_step(taizhang: Taizhang, tmp_path: Path, command: str) -> None:
    words = ("select 1",) if command == "sql" else ()
    said = taizhang(command, *words, "--home", tmp_path / "none")
    assert said.code == 1
    assert f"taizhang init --home {tmp_path / 'none'}" in said.err
    assert not (tmp_path / "none").exists()


# ---- init


def test_init_says_what_was_made_as_json_too(taizhang: Taizhang, tmp_path: Path) -> None:
    orgs = CHECKOUT / "data" / "orgs.csv"
    said = taizhang("init", "--home", tmp_path / "s", "--orgs", orgs, "--format", "json")
    assert (said.code, said.err) == (0, "")
    lines = orgs.read_text(encoding="utf-8").splitlines()
    assert json.loads(said.out) == {"home": str(tmp_path / "s"), "organisations": len(lines) - 1}


HEAD = "code,name,level,parent\n"
BEIJING = "110000000000,北京市,province,\n"
MANY = "".join(f"110{number:09d},北京{number}区,county,\n" for number in range(1, 2000))
REGISTERS: dict[str, tuple[bytes, str, str]] = {
    "no level": (b"code,name,parent\n", "缺少列:level", "lacks the columns level"),
    "an empty file": (b"", "缺少列:code、name、level、parent", "lacks the columns code"),
    "an unknown parent": (f"{HEAD}110000000000,北京市,province,9\n".encode(), "未知机构 '9'", "organisation '9'"),
    "an unknown level": (f"{HEAD}110000000000,北京市,planet,\n".encode(), "'planet' 不在可用的值之中", "is none of"),
    "a code twice": (f"{HEAD}{BEIJING}{BEIJING}".encode(), ":3: 110000000000 出现两次", "stands twice"),
    "GB18030 in the first line": (f"{HEAD}{BEIJING}".encode("gb18030"), "UTF-8", "UTF-8"),
    "GB18030 far down": (f"{HEAD}{MANY}".encode() + BEIJING.encode("gb18030"), "UTF-8", "UTF-8"),
    "a workbook": (b"PK\x03\x04\xff\xfe", "UTF-8", "UTF-8"),
    "an open quote": (f'{HEAD}110000000000,"北京市,province,\n'.encode(), "读不了机构名册", "cannot be read"),
}  # fmt: skip


@pytest.mark.parametrize("case", REGISTERS)
def test_a_wrong_register_is_told_and_the_one_before_stays(taizhang: Taizhang, tmp_path: Path, case: str) -> None:
    content, zh, en = REGISTERS[case]
    home, wrong = new_site(tmp_path / "site"), tmp_path / "wrong.csv"
    former = (home.catalog / "orgs.csv").read_bytes()
    wrong.write_bytes(content)
    for lang, told in (("zh", zh), ("en", en)):
        said = taizhang("init", "--home", home.path, "--orgs", wrong, "--lang", lang)
        assert said.code == 1
        assert told in said.err
        assert str(wrong) in said.err
        assert "  → " in said.err
    assert (home.catalog / "orgs.csv").read_bytes() == former


def test_a_wrong_register_makes_no_site(taizhang: Taizhang, tmp_path: Path) -> None:
    said = taizhang("init", "--home", tmp_path / "site", "--orgs", tmp_path / "none.csv")
    assert said.code == 1
    assert not (tmp_path / "site").exists()


def test_a_new_register_takes_the_place_of_the_one_before(taizhang: Taizhang, tmp_path: Path) -> None:
    home, mine = new_site(tmp_path / "site"), tmp_path / "mine.csv"
    mine.write_bytes(f"\ufeff{HEAD}{BEIJING}".encode())
    said = taizhang("init", "--home", home.path, "--orgs", mine, "--lang", "zh")
    assert said.code == 0
    assert "机构 1 个" in said.out
    assert (home.catalog / "orgs.csv").read_bytes() == mine.read_bytes()


# ---- demo


def test_the_demonstration_leaves_a_foreign_folder_alone(taizhang: Taizhang, tmp_path: Path) -> None:
    (tmp_path / "thesis.docx").write_text("ten years", encoding="utf-8")
    said = taizhang("demo", "--home", tmp_path, "--lang", "zh")
    assert said.code == 1
    assert "用 --home 另选一个空文件夹" in said.err
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.docx"]


def test_the_demonstration_leaves_a_real_site_alone(taizhang: Taizhang, site: Home) -> None:
    before = sorted(path for path in site.path.rglob("*"))
    assert taizhang("demo", "--home", site.path).code == 1
    assert sorted(path for path in site.path.rglob("*")) == before


def test_a_demonstration_is_made_anew_also_behind_a_link(tmp_path: Path) -> None:
    from pipelines.cli.night import make_demo

    home, link = Home(tmp_path / "demo"), Home(tmp_path / "link")
    home.create(demo=True)
    (home.archive / "old").write_bytes(b"old")
    link.path.symlink_to(home.path)
    make_demo(link, county=False)
    assert list(home.archive.iterdir()) == []
    assert len(list(home.inbox.iterdir())) > 20


def test_a_demonstration_is_not_taken_from_under_a_night(taizhang: Taizhang, tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.create(demo=True)
    (home.archive / "old").write_bytes(b"old")
    with writer_lock(home.path):
        said = taizhang("demo", "--home", home.path)
    assert said.code == 1
    assert "is writing to this site" in said.err
    assert (home.archive / "old").exists()


# ---- sql

QUERY = "select element_code, value from core.fact"


def test_sql_writes_every_format_into_a_file(taizhang: Taizhang, site: Home, tmp_path: Path) -> None:
    for form in ("csv", "json", "parquet", "table"):
        target = tmp_path / "new folder" / f"事实.{form}"
        said = taizhang("sql", QUERY, "--home", site.path, "--format", form, "-o", target)
        assert (said.code, said.out, said.err) == (0, "", "")
    folder = tmp_path / "new folder"
    with (folder / "事实.csv").open(encoding="utf-8-sig", newline="") as file:
        assert list(csv.reader(file)) == [["element_code", "value"], ["walking_minutes_to_library", "20.0000"]]
    assert json.loads((folder / "事实.json").read_bytes()) == [
        {"element_code": "walking_minutes_to_library", "value": 20}
    ]
    assert pq.read_table(folder / "事实.parquet").num_rows == 1
    assert "walking_minutes_to_library" in (folder / "事实.table").read_text(encoding="utf-8")
    assert sorted(path.suffix for path in folder.iterdir()) == [".csv", ".json", ".parquet", ".table"]


def test_sql_that_fails_leaves_the_file_that_was_there(taizhang: Taizhang, site: Home, tmp_path: Path) -> None:
    target = tmp_path / "a.csv"
    target.write_bytes(b"mine")
    said = taizhang("sql", "select nothing", "--home", site.path, "--format", "csv", "-o", target, "--lang", "zh")
    assert said.code == 1
    assert "SQL 有误" in said.err
    assert target.read_bytes() == b"mine"


def test_sql_that_cannot_write_leaves_nothing_behind(taizhang: Taizhang, site: Home, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    assert taizhang("sql", QUERY, "--home", site.path, "-o", tmp_path / "folder").code == 1
    assert [path.name for path in tmp_path.iterdir()] == ["folder"]


def test_sql_and_verify_on_a_site_without_a_release_name_the_next_step(taizhang: Taizhang, tmp_path: Path) -> None:
    home = new_site(tmp_path)
    for words in (("sql", "select 1"), ("verify",)):
        said = taizhang(*words, "--home", home.path, "--lang", "zh")
        assert said.code == 1
        assert said.err == f"错误: {home.path} 还没有发布。\n  → 先运行 taizhang run --home {home.path}。\n"


@pytest.mark.parametrize("name", ["nothing", "../site", "", "."])
def test_a_release_that_is_none_is_told_with_those_that_are(taizhang: Taizhang, site: Home, name: str) -> None:
    said = taizhang("sql", "select 1", "--home", site.path, "--release", f"x{name}")
    assert said.code == 1
    assert "releases: 2024" in said.err


# ---- verify


def test_verify_tells_programs_what_it_compared(taizhang: Taizhang, site: Home) -> None:
    said = taizhang("verify", "--home", site.path, "--format", "json")
    assert said.code == 0
    told = json.loads(said.out)
    assert told["problems"] == []
    assert told["tables"] > 40
    assert told["same_code"] is True


def test_verify_of_a_changed_page_exits_1_in_either_language(taizhang: Taizhang, tmp_path: Path, site: Home) -> None:
    from tests.unit.warehouse.sites import copy_site

    home = copy_site(site, tmp_path / "copy")
    page = next(home.releases.glob("*/index.html"))
    page.write_bytes(page.read_bytes() + b"<!-- -->")
    for lang, told in (("zh", "没有通过核验"), ("en", " fails:")):
        said = taizhang("verify", "--home", home.path, "--lang", lang)
        assert said.code == 1
        assert told in said.out
        assert str(page) in said.out


def test_a_senders_text_cannot_move_the_cursor() -> None:
    assert printable("a\r\n\x1b[2J表\u202e") == "a\\r\\n\\x1b[2J表\\u202e"
