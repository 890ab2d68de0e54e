"""`taizhang register`: the national register, or a county of it, as files of a catalog that has no mistakes."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from pipelines.catalog.load import load_catalog
from pipelines.cli.main import app
from pipelines.errors import TaizhangError


def run(*words: str) -> str:
    result = CliRunner().invoke(app, ["register", *words], catch_exceptions=False)
    assert result.exit_code == 0
    return result.output


def test_a_county_comes_with_all_below_and_above_it(tmp_path: Path) -> None:
    said = run(str(tmp_path / "xiping"), "--under", "411721000000", "--lang", "en")
    orgs = load_catalog(tmp_path / "xiping").orgs
    assert said.startswith(f"{len(orgs)} units written")
    assert {org.code for org in orgs.values() if org.level in ("province", "prefecture", "county")} == {
        "410000000000", "411700000000", "411721000000",
    }  # fmt: skip
    assert all(org.code.startswith("411721") for org in orgs.values() if org.level in ("township", "village"))


def test_a_prefecture_comes_with_its_new_codes_and_the_changes_to_them(tmp_path: Path) -> None:
    run(str(tmp_path / "suzhou"), "--under", "320500000000")
    catalog = load_catalog(tmp_path / "suzhou")
    assert ("320571000000", "320576000000") in {(change.old, change.new) for change in catalog.changes}
    assert catalog.orgs["320576000000"].name == catalog.orgs["320571000000"].name == "苏州工业园区"
    assert str(catalog.orgs["320571000000"].valid_to) == str(catalog.orgs["320576000000"].valid_from) == "2023-01-01"


def test_what_is_there_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "orgs.csv").write_text("mine", encoding="utf-8")
    with pytest.raises(TaizhangError, match="left alone"):
        run(str(tmp_path))
    assert (tmp_path / "orgs.csv").read_text(encoding="utf-8") == "mine"


def test_an_unknown_unit_is_told(tmp_path: Path) -> None:
    with pytest.raises(TaizhangError, match="999999000000"):
        run(str(tmp_path), "--under", "999999000000")
