"""`taizhang correct`: what a statistician types and reads, and what the next night says of it."""

from __future__ import annotations

import json
from pathlib import Path

from pipelines.cli.summary import as_text, summarise
from pipelines.cli.words import Lang
from tests.unit.cli.conftest import Taizhang
from tests.unit.warehouse.sites import library_return, new_site, plain_night, put
from tests.unit.warehouse.test_corrections import MINUTES, PLACES, one, table


def test_corrections_are_declared_and_the_next_night_tells_what_became_of_them(
    taizhang: Taizhang,
    tmp_path: Path,
) -> None:
    home = new_site(tmp_path / "site")
    put(home, "a.csv", library_return(20))
    path = tmp_path / "corrections.csv"
    path.write_bytes(table(one(MINUTES, 20, 12), one(PLACES, 6, 7)))
    said = taizhang("correct", path, "--home", home.path)
    assert (said.code, said.err) == (0, "")
    assert said.out.startswith("2 correction(s) declared; they count from the next taizhang run")
    figures = summarise(plain_night(home), 1, [], 1.0)
    assert figures["corrections"] == {"applied": 1, "not_matching": 1}
    assert figures["files"]["received"] == 1
    assert "\n更正    生效 1,对不上 1\n" in as_text(figures, Lang.zh)
    assert "\ncorrected applied 1, not matching 1\n" in as_text(figures, Lang.en)


def test_a_table_with_mistakes_is_told_with_cells_and_declares_nothing(
    taizhang: Taizhang,
    tmp_path: Path,
) -> None:
    home = new_site(tmp_path / "site")
    path = tmp_path / "corrections.csv"
    path.write_bytes(table(one("births", "many", 12)))
    said = taizhang("correct", path, "--home", home.path, "--lang", "zh")
    assert said.code == 1
    assert said.err.splitlines() == [
        f"错误: {path} 没有登记,有 2 处错误:",
        "  D2 “births”:报表 library_summary 没有“births”这一项。",
        "  F2 “many”:“many”既不是数(至多四位小数),也不是 blank, not_collected, not_carried_out, suppressed, "
        "not_applicable, nothing, * 之一。",
        "  → 改正后再登记一次;每列的写法见 docs/guide/corrections.md。",
    ]
    assert not home.journal.exists()


def test_a_program_reads_how_many_were_declared(taizhang: Taizhang, tmp_path: Path) -> None:
    home = new_site(tmp_path / "site")
    path = tmp_path / "corrections.csv"
    path.write_bytes(table(one(MINUTES, 20, 12, who="")))
    said = taizhang("correct", path, "--home", home.path, "--who", "李四", "--format", "json")
    assert json.loads(said.out) == {"declared": 1}
