"""`taizhang catalog`: what it says of a clean catalog and of a wrong one, and what a search finds."""

from __future__ import annotations

import csv
import io
import json
import shutil
from pathlib import Path

import pytest

from pipelines.catalog.search import KINDS
from pipelines.cli.catalog import KINDS as CLI_KINDS
from pipelines.settings import CHECKOUT, Home
from pipelines.warehouse import release
from tests.unit.cli.conftest import Taizhang
from tests.unit.warehouse.sites import library_return, new_site, plain_night, put

XIPING = CHECKOUT / "tests" / "unit" / "catalog" / "xiping"


@pytest.fixture
def site(tmp_path: Path) -> Home:
    """A county with a catalog of its own."""
    home = Home(tmp_path / "xiping")
    home.create()
    shutil.copytree(XIPING, home.catalog, dirs_exist_ok=True)
    return home


def plant(home: Home, name: str, good: str, bad: str) -> Path:
    path = home.catalog / name
    text = path.read_text("utf-8")
    assert good in text
    path.write_text(text.replace(good, bad), "utf-8")
    return path


# ---- check


def test_a_clean_catalog_says_what_it_holds(taizhang: Taizhang, site: Home) -> None:
    said = taizhang("catalog", "check", "--home", site.path)
    assert (said.code, said.err) == (0, "")
    assert said.out.startswith("The catalog is clean: ")
    assert "10 orgs" in said.out
    assert str(site.catalog) in said.out
    assert taizhang("catalog", "check", "--home", site.path, "--lang", "zh").out.startswith(
        "目录没有错误:领域 8、数据元 "
    )


def test_without_a_site_the_shipped_catalog_is_checked(
    taizhang: Taizhang, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    said = taizhang("catalog", "check", "--format", "json")
    assert said.code == 0
    told = json.loads(said.out)
    assert told["mistakes"] == []
    assert told["folders"] == [str(CHECKOUT / "catalog")]
    assert told["entries"]["element"] > 300


def test_a_site_that_is_none_is_told_with_the_next_step(taizhang: Taizhang, tmp_path: Path) -> None:
    for words in (("check",), ("list",)):
        said = taizhang("catalog", *words, "--home", tmp_path / "none")
        assert said.code == 1
        assert "taizhang init" in said.err


def test_every_mistake_is_told_at_once_in_either_language_and_for_programs(taizhang: Taizhang, site: Home) -> None:
    elements = plant(site, "elements/public_health.yaml", "unit: millilitres", "unit: millilitre")
    targets = plant(site, "targets.yaml", "value: 60", "value: 六成")
    words = ("catalog", "check", "--home", site.path)
    zh, en, program = (taizhang(*words, *more) for more in (("--lang", "zh"), ("--lang", "en"), ("--format", "json")))
    assert [zh.code, en.code, program.code] == [1, 1, 1]
    assert zh.out.startswith("目录中有 2 处错误:\n")
    assert f"{elements}:10: thyroid_reagent:未知计量单位 'millilitre'\n" in zh.out
    assert "→ 是不是 millilitres(毫升)?若是新的,加到 units.yaml\n" in zh.out
    assert f"{targets}:4: xiping_2023_care.value: '六成' is no number\n" in en.out
    assert "unknown" not in zh.out
    assert "未知" not in en.out
    told = json.loads(program.out)["mistakes"]
    assert [(Path(m["file"]).name, m["line"]) for m in told] == [("public_health.yaml", 10), ("targets.yaml", 4)]
    assert all(m[text] for m in told for text in ("zh", "en", "remedy_zh", "remedy_en"))


def every_byte(home: Home) -> dict[str, bytes]:
    """What is in a home, but for what its folders are named."""
    files = (path for path in home.path.rglob("*") if path.is_file() and not path.is_symlink())
    return {str(path.relative_to(home.path)): path.read_bytes() for path in files}


def test_a_wrong_catalog_stops_the_night_before_anything_is_written(taizhang: Taizhang, tmp_path: Path) -> None:
    home = new_site(tmp_path / "site")
    put(home, "a.csv", library_return(20))
    last = plain_night(home)
    put(home, "b.csv", library_return(25))
    (home.catalog / "rules.yaml").write_text("late: {kind: compare}\n", encoding="utf-8")
    (home.catalog / "roster.yaml").write_text(
        "a: {form: nothing, unit: x-japan, periods: ['2016']}\n", encoding="utf-8"
    )
    before = every_byte(home)
    said = taizhang("run", "--home", home.path, "--lang", "zh")
    assert said.code == 1
    assert f"{home.catalog / 'rules.yaml'}:1: late." in said.err
    assert f"{home.catalog / 'roster.yaml'}:1: a:未知报表 'nothing'" in said.err
    assert "taizhang catalog check" in said.err
    assert "Traceback" not in said.err
    assert every_byte(home) == before
    newest = release.current(home)
    assert newest is not None
    assert newest.id == last.id
    (home.catalog / "rules.yaml").unlink()
    (home.catalog / "roster.yaml").unlink()
    assert plain_night(home, 2).id != last.id
    assert list(home.inbox.iterdir()) == []


# ---- list


def found_by(taizhang: Taizhang, *words: object) -> list[dict[str, object]]:
    said = taizhang("catalog", "list", *words, "--format", "json")
    assert said.code == 0
    return json.loads(said.out)


@pytest.mark.parametrize(
    "word",
    ["孕产妇系统管理率", "系统管理", "yunchanfu", "ycfxtgl", "ycfxitong", "systematic", "maternal_system_management"],
)
def test_an_indicator_is_found_in_chinese_pinyin_and_english(taizhang: Taizhang, site: Home, word: str) -> None:
    codes = [entry["code"] for entry in found_by(taizhang, word, "--kind", "indicator", "--home", site.path)]
    assert "maternal_system_management_rate" in codes


def test_a_sites_own_entries_are_found_with_where_they_stand(taizhang: Taizhang, site: Home) -> None:
    [entry] = found_by(taizhang, "jzxscl", "--kind", "indicator", "--home", site.path)
    assert entry == {
        "kind": "indicator", "code": "thyroid_screening_rate", "name_zh": "甲状腺筛查率",
        "name_en": "Thyroid screening rate",
        "formulas_zh": "county_plan 2021: 甲状腺筛查人数 ÷ 甲状腺应筛查人数 × 100%; "
                       "county_plan 2023: 甲状腺筛查人数 ÷ 甲状腺应筛查人数 × 100%",
        "formulas_en": "county_plan 2021: screened for thyroid disease ÷ due for thyroid screening × 100%; "
                       "county_plan 2023: screened for thyroid disease ÷ due for thyroid screening × 100%",
        "file": str(site.catalog / "indicators/public_health.yaml"), "line": 1,
    }  # fmt: skip


def test_a_table_has_a_line_for_each_formula_and_names_shipped_files_shortly(taizhang: Taizhang, site: Home) -> None:
    said = taizhang("catalog", "list", "孕产妇系统管理率", "--home", site.path, "--lang", "zh")
    lines = said.out.splitlines()
    assert lines[0].split() == ["类", "编码", "名称", "公式", "位置"]
    assert lines[2].split()[:4] == ["指标", "maternal_system_management_rate", "孕产妇系统管理率", "mch_survey"]
    assert "孕产妇系统管理人数 ÷ 活产数 × 100%" in lines[2]
    assert "  catalog/indicators/mch.yaml:" in lines[2]
    assert "孕产妇系统管理人数 ÷ 产妇数 × 100%" in said.out


def test_a_csv_opens_in_a_spreadsheet(taizhang: Taizhang, site: Home, tmp_path: Path) -> None:
    target = tmp_path / "文件.csv"
    said = taizhang("catalog", "list", "--kind", "document", "--home", site.path, "--format", "csv", "-o", target)
    assert (said.code, said.out) == (0, "")
    assert target.read_bytes().startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(target.read_text("utf-8-sig"))))
    assert {"xiping_plan_2023", "nbphs_2017"} <= {row["code"] for row in rows}
    assert {row["kind"] for row in rows} == {"document"}


def test_every_kind_is_listed(taizhang: Taizhang, site: Home) -> None:
    assert tuple(CLI_KINDS) == tuple(KINDS)
    entries = found_by(taizhang, "--home", site.path)
    assert {entry["kind"] for entry in entries} == set(KINDS)
    assert all(entry["name_zh"] for entry in entries)
    assert all(entry["line"] for entry in entries)


def test_what_is_not_there_is_told(taizhang: Taizhang, site: Home) -> None:
    said = taizhang("catalog", "list", "没有这个", "--home", site.path, "--lang", "zh")
    assert (said.code, said.out) == (0, "")
    assert said.err.startswith("什么也没找到")


def test_a_wrong_catalog_is_not_listed_but_told(taizhang: Taizhang, site: Home) -> None:
    plant(site, "targets.yaml", "value: 60", "value: 六成")
    said = taizhang("catalog", "list", "--home", site.path)
    assert said.code == 1
    assert "is no number" in said.err
