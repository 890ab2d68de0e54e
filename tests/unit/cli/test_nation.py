"""`taizhang sample --nation`: where a fraction of the nation goes, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pipelines.catalog.load import load_catalog
from pipelines.settings import Home
from tests.unit.cli.conftest import Taizhang
from tests.unit.cli.test_sample import files_below
from tests.unit.warehouse.sites import new_site

FRACTION = ("--nation", "0.0001")


def test_a_folder_gets_returns_a_catalog_and_what_was_broken(taizhang: Taizhang, tmp_path: Path) -> None:
    folder = tmp_path / "nation"
    said = taizhang("sample", folder, *FRACTION, "--months", "2", "--month", "2025-12", "--format", "json")
    assert said.code == 0, said.err
    told = json.loads(said.out)
    assert (told["fraction"], told["seed"], told["files"]) == (
        0.0001,
        2014,
        2 * len(list((folder / "inbox").iterdir())),
    )
    names = {path.name for path in (folder / "inbox").rglob("*.parquet")}
    assert names == {"village_returns_2025-12.parquet", "village_returns_2026-01.parquet"}
    assert (folder / "planted.csv").read_text(encoding="utf-8").startswith("org_code,period_code,form_code")
    before = files_below(folder)
    assert taizhang("sample", folder, *FRACTION, "--months", "2", "--month", "2025-12").code == 0
    assert files_below(folder) == before
    other = taizhang("sample", folder, *FRACTION, "--seed", "7")
    assert other.code == 1
    assert "holds something else" in other.err


def test_a_site_without_units_gets_them_and_one_that_has_some_is_left_alone(taizhang: Taizhang, tmp_path: Path) -> None:
    home = Home(tmp_path / "site")
    home.create()
    for _ in range(2):
        said = taizhang("sample", "--home", home.path, *FRACTION)
        assert said.code == 0, said.err
        assert "synthetic: real names, made-up figures" in said.out
        assert f"run --home {home.path}" in said.out
    catalog = load_catalog(*home.catalog_folders)
    assert {org.synthetic for org in catalog.orgs.values()} == {True}
    assert list(home.inbox.rglob("*.parquet"))
    real = new_site(tmp_path / "real")
    before = files_below(real.path)
    refused = taizhang("sample", "--home", real.path, *FRACTION, "--lang", "zh")
    assert refused.code == 1
    assert "已有机构名册" in refused.err
    assert {name: content for name, content in files_below(real.path).items() if name != ".lock"} == before


def test_workbooks_of_a_small_fraction_and_a_clear_word_where_they_would_be_too_many(
    taizhang: Taizhang, tmp_path: Path
) -> None:
    said = taizhang("sample", tmp_path / "small", "--nation", "0.00003", "--as", "xlsx", "--format", "json")
    assert said.code == 0, said.err
    assert json.loads(said.out)["files"] == len(list((tmp_path / "small" / "inbox").rglob("*.xlsx"))) > 0
    refused = taizhang("sample", tmp_path / "large", "--nation", "0.02", "--as", "xlsx")
    assert refused.code == 1
    assert "3000 is the most" in refused.err
    assert "--as parquet" in refused.err
    assert not (tmp_path / "large").exists()


@pytest.mark.parametrize(
    "words",
    [
        ("--nation", "0"),
        ("--nation", "1.5"),
        (*FRACTION, "--month", "2026-13"),
        (*FRACTION, "--month", "october"),
        (*FRACTION, "--months", "0"),
        (*FRACTION, "--as", "csv"),
        ("--months", "2"),
        ("--as", "xlsx"),
    ],
)
def test_what_makes_no_sense_is_wrong_usage(words: tuple[str, ...], taizhang: Taizhang, tmp_path: Path) -> None:
    assert taizhang("sample", tmp_path / "nation", *words).code == 2
    assert not (tmp_path / "nation").exists()
