"""`taizhang check`: what a sender types and reads before the return is sent."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import duckdb
import openpyxl
import pytest

from pipelines.settings import CHECKOUT, Home
from tests.unit.cli.conftest import Taizhang
from tests.unit.warehouse.sites import as_csv, library_return, library_rows, new_site

BAD = as_csv(library_rows({"步行到馆分钟": "十二个", "没有这一项": 3}))


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return new_site(tmp_path / "site")


@pytest.fixture
def write(tmp_path: Path) -> object:
    def written(name: str, content: bytes) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        return path

    return written


def listing(folder: Path) -> dict[str, int]:
    return {str(path): path.stat().st_mtime_ns for path in sorted(folder.rglob("*"))}


def test_a_good_file_has_nothing_to_tell_and_the_site_stays_as_it_is(
    taizhang: Taizhang, home: Home, write: object
) -> None:
    before = listing(home.path)
    said = taizhang("check", write("a.csv", library_return(20)), "--home", home.path, "--strict")  # type: ignore[operator]
    assert (said.code, said.err) == (0, "")
    assert said.out.splitlines()[-2:] == [
        "1 file(s): 1 would be accepted; 0 refused, 0 error(s), 0 warning(s), 0 question(s).",
        "Only these files were judged, nothing was compared with what the site holds; nothing was loaded.",
    ]
    assert listing(home.path) == before


def test_what_is_set_aside_is_told_with_cell_reason_and_remedy(taizhang: Taizhang, home: Home, write: object) -> None:
    said = taizhang("check", write("a.csv", BAD), "--home", home.path, "--lang", "zh")  # type: ignore[operator]
    assert said.code == 0
    assert "  ! 提醒  D4: “十二个”没有载入:不是数。\n    " in said.out
    assert "      → 这一格只写数;" in said.out
    assert "  ! 提醒  D5: “3”没有载入:报表中没有“没有这一项”这一项。" in said.out


def test_strict_ends_with_3_where_something_is_refused(taizhang: Taizhang, home: Home, write: object) -> None:
    path = write("b.csv", b"a,b\n")  # type: ignore[operator]
    assert taizhang("check", path, "--home", home.path).code == 0
    said = taizhang("check", path, "--home", home.path, "--strict")
    assert said.code == 3
    assert "✗ refused  A1: No known form has this title" in said.out


def test_strict_ends_with_3_where_a_count_is_wrong(taizhang: Taizhang) -> None:
    said = taizhang("check", CHECKOUT / "data" / "reports" / "mch_county_2014.xlsx", "--strict")
    assert said.code == 3
    assert "D26, D27, D28, D29: " in said.out
    assert "(given 34, expected = 32)" in said.out


def test_a_program_reads_tables_problems_and_cells(taizhang: Taizhang, home: Home, write: object) -> None:
    path = write("a.csv", BAD)  # type: ignore[operator]
    said = taizhang("check", path, "--home", home.path, "--format", "json", "--explain")
    told = json.loads(said.out)
    assert (told["refused"], told["findings"], told["compared_with_site"]) == (
        0,
        {"error": 0, "warning": 2, "question": 0},
        False,
    )
    [file] = told["files"]
    assert file["tables"][0]["form"] == "library_summary"
    assert file["tables"][0]["cells"]["quarantined"] == 2
    assert {(p["rule"], tuple(p["cells"])) for p in file["problems"]} == {
        ("cell_quarantined", ("D4",)),
        ("cell_quarantined", ("D5",)),
    }
    assert all(p["zh"] and p["en"] and p["remedy_zh"] and p["remedy_en"] for p in file["problems"])
    assert len(file["cells"]) == file["tables"][0]["cells"]["read"]


def test_explain_says_how_each_cell_was_understood(taizhang: Taizhang, home: Home, write: object) -> None:
    path = write("a.csv", library_return("约20"))  # type: ignore[operator]
    said = taizhang("check", path, "--home", home.path, "--explain", "--lang", "zh")
    line = next(line for line in said.out.splitlines() if line.startswith("  D4"))
    assert line.split("  ", 1)[1].split() == [
        "D4", "数", "“约20”", "日本", "2016", "walking_minutes_to_library", "步行到馆分钟数", "=", "≈20",
    ]  # fmt: skip


def test_copies_are_marked_one_for_each_file(taizhang: Taizhang, home: Home, write: object, tmp_path: Path) -> None:
    one, two = write("x/a.csv", BAD), write("y/a.csv", b"a,b\n")  # type: ignore[operator]
    folder = tmp_path / "marked"
    said = taizhang("check", one, two, "--home", home.path, "--marked", folder)
    assert sorted(path.name for path in folder.iterdir()) == ["a.checked.xlsx", "a.checked2.xlsx"]
    assert f"marked copy: {folder / 'a.checked2.xlsx'}" in said.out
    book = openpyxl.load_workbook(folder / "a.checked.xlsx")
    assert "it is no number" in book.worksheets[0]["D4"].comment.text


def test_the_folder_of_the_inbox_or_the_sender_tells_whose_return_it_is(
    taizhang: Taizhang, home: Home, write: object
) -> None:
    rows = library_rows({"步行到馆分钟": 20})
    rows[1] = ["报告期:2016年"]
    content = as_csv(rows)
    outside, inside = write("a.csv", content), write("site/inbox/x-japan/a.csv", content)  # type: ignore[operator]
    assert "the sheet's head (填报单位)" in taizhang("check", outside, "--home", home.path).out
    assert "1 would be accepted" in taizhang("check", inside, "--home", home.path).out
    assert "1 would be accepted" in taizhang("check", outside, "--home", home.path, "--sender", "日本").out
    said = taizhang("check", outside, "--home", home.path, "--sender", "nobody")
    assert said.code == 1
    assert "'nobody' is not in the register" in said.err


def test_a_register_stands_in_for_a_site(
    taizhang: Taizhang, write: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    register = write("register.csv", b"code,name,level,parent\nx-here,Here,county,\n")  # type: ignore[operator]
    path = write("a.csv", as_csv(library_rows({"步行到馆分钟": 20}, unit="Here")))  # type: ignore[operator]
    assert "0 would be accepted" in taizhang("check", path).out
    assert "1 would be accepted" in taizhang("check", path, "--orgs", register).out


def test_wrong_usage_ends_with_2(taizhang: Taizhang, tmp_path: Path, write: object) -> None:
    path = write("a.csv", BAD)  # type: ignore[operator]
    assert taizhang("check").code == 2
    assert taizhang("check", tmp_path / "none.csv").code == 2
    assert taizhang("check", path, "--orgs", path, "--home", tmp_path).code == 2


def test_a_home_that_is_none_is_told(taizhang: Taizhang, tmp_path: Path, write: object) -> None:
    said = taizhang("check", write("a.csv", BAD), "--home", tmp_path / "nowhere")  # type: ignore[operator]
    assert said.code == 1
    assert "is no taizhang site" in said.err


def test_parquet_is_judged_as_a_night_would_take_it(taizhang: Taizhang, home: Home, tmp_path: Path) -> None:
    path, bad = tmp_path / "a.parquet", tmp_path / "b.parquet"
    row = (
        "select 'x-japan' as org_code, '2016' as period_code, 'walking_minutes_to_library' as element_code, "
        "'library_summary' as form_code, 'x-japan' as reported_by, {} as value"
    )
    for name, value in ((path, "-1.5"), (bad, "'x'")):
        duckdb.sql(f"copy ({row.format(value)}) to '{name}' (format parquet)")
    said = taizhang("check", path, bad, "--home", home.path)
    assert "2 file(s): 1 would be accepted; 1 refused" in said.out
    assert f"{bad}\n  ✗ refused  " in said.out


def test_the_files_of_an_archive_are_told_apart(taizhang: Taizhang, home: Home, tmp_path: Path) -> None:
    path = tmp_path / "all.zip"
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("good.csv", library_return(20))
        packed.writestr("bad.csv", BAD)
    said = taizhang("check", path, "--home", home.path, "--marked", tmp_path / "marked")
    assert "  ! warning  bad.csv D4: " in said.out
    book = openpyxl.load_workbook(tmp_path / "marked" / "all.checked.xlsx")
    assert book["bad.csv"]["D4"].comment is not None
    assert book["good.csv"]["D4"].comment is None


def test_a_name_or_folder_counts_as_it_does_at_night(taizhang: Taizhang, home: Home, write: object) -> None:
    rows = library_rows({"步行到馆分钟": 20})
    rows[1] = ["填报单位:日本公共图书馆"]
    path = write("公共图书馆2016年.csv", as_csv(rows))  # type: ignore[operator]
    said = taizhang("check", path, "--home", home.path, "--format", "json")
    assert json.loads(said.out)["files"][0]["tables"][0]["period"] == "2016"


def test_limits_of_the_site_hold(taizhang: Taizhang, home: Home, write: object) -> None:
    path = write("a.csv", library_return(20) + b",\n" * 700_000)  # type: ignore[operator]
    with home.config.open("a") as settings:
        settings.write("[limits]\nfile_megabytes = 1\n")
    assert "0 would be accepted; 1 refused" in taizhang("check", path, "--home", home.path).out


def test_of_very_many_problems_the_first_are_told(taizhang: Taizhang, home: Home, write: object) -> None:
    path = write("a.csv", as_csv(library_rows({f"没有第{n}项": n for n in range(130)})))  # type: ignore[operator]
    said = taizhang("check", path, "--home", home.path)
    assert said.out.count("! warning") == 100
    assert "… and 30 more; --marked or --format json gives all." in said.out
    assert "130 warning(s)" in said.out
