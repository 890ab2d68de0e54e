"""`taizhang template`: an empty return, filled in and found good by `taizhang check`."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pytest

from tests.unit.cli.conftest import Taizhang

REGISTER = """code,name,level,parent,aliases
x-county,甲县,county,,
x-town,柳河镇,township,x-county,
x-v1,前村,village,x-town,
x-v2,后村,village,x-town,
"""


@pytest.fixture
def register(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "orgs.csv"
    path.write_text(REGISTER, "utf-8")
    return path


def test_a_template_is_filled_checked_and_found_good(taizhang: Taizhang, register: Path, tmp_path: Path) -> None:
    path = tmp_path / "empty.xlsx"
    asked = (
        "template",
        "妇幼保健工作月报表",
        "--org",
        "柳河镇",
        "--period",
        "2026年10月",
        "--orgs",
        register,
        "-o",
        path,
    )
    said = taizhang(*asked, "--format", "json")
    assert (said.code, said.err) == (0, "")
    told = json.loads(said.out)
    assert told == {"file": str(path), "form": "mch_village_month", "reported_by": "x-town", "org": "x-town",
                    "period": "2026-10", "units": 2, "figures": 54}  # fmt: skip
    book = openpyxl.load_workbook(path)
    assert (book["报表"]["B5"].value, book["报表"]["B6"].value) == ("前村", "后村")
    for row in book["报表"]["C5:T6"]:
        for cell in row:
            cell.value = 3
    book["报表"]["K6"] = 4
    book.save(tmp_path / "full.xlsx")
    checked = json.loads(
        taizhang("check", tmp_path / "full.xlsx", "--orgs", register, "--format", "json", "--strict").out
    )
    assert checked["files"][0]["tables"][0]["period"] == "2026-10"
    assert checked["files"][0]["tables"][0]["cells"]["fact"] == 36
    assert checked["refused"] == 0


def test_into_a_folder_it_is_named_and_nothing_is_written_over(
    taizhang: Taizhang, register: Path, tmp_path: Path
) -> None:
    asked = (
        "template",
        "mch_village_month",
        "--org",
        "x-town",
        "--period",
        "2026-10",
        "--orgs",
        register,
        "-o",
        tmp_path,
    )
    said = taizhang(*asked)
    path = tmp_path / "妇幼保健工作月报表_柳河镇_2026-10.xlsx"
    assert said.out.startswith(f"{path}: Maternal and child health, month by village, 柳河镇, 2026-10, 2 unit(s)")
    before = path.read_bytes()
    said = taizhang(*asked, "--lang", "zh")
    assert (said.code, path.read_bytes()) == (1, before)
    assert "已经存在,没有动它。\n  → 换一个文件名。" in said.err


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("妇幼保健月报", "--org", "x-town", "--period", "2026-10"), "did you mean mch_village_month"),
        (("mch_village_month", "--org", "柳湖镇", "--period", "2026-10"), "'柳湖镇' is not in the register"),
        (("mch_village_month", "--org", "x-town", "--period", "十月吧"), "'十月吧' is no period"),
        (("mch_village_month", "--org", "x-county", "--period", "2026-10"), "has no village below"),
    ],
)
def test_what_is_not_known_is_told_with_a_remedy(
    taizhang: Taizhang, register: Path, tmp_path: Path, words: tuple[str, ...], told: str
) -> None:
    said = taizhang("template", *words, "--orgs", register, "-o", tmp_path / "a.xlsx")
    assert said.code == 1
    assert told in said.err
    assert "\n  → " in said.err
    assert not (tmp_path / "a.xlsx").exists()
