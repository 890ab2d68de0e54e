"""The shipped register is whole, cited, and keeps every character."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

import polars as pl
import pytest
import yaml

from pipelines.catalog.register import DIVISIONS_2021, read_divisions

RARE = {
    "420602006207": "莫\U00021413村委会",
    "420684103229": "高\ue170村委会",
    "450681101201": "\ue08b尾村村委会",
    "451302107210": "那\U00021336村委会",
}


@pytest.fixture(scope="module")
def divisions() -> pl.DataFrame:
    return read_divisions()


def test_the_register_has_its_divisions_of_every_level(divisions: pl.DataFrame) -> None:
    counted = dict(divisions.group_by("level").len().rows())
    assert counted == {"province": 31, "prefecture": 342, "county": 3267, "township": 41355, "village": 618133}
    assert divisions["code"].n_unique() == divisions.height
    assert divisions["code"].str.contains(r"^\d{12}$").all()


def test_every_division_but_a_province_stands_below_another(divisions: pl.DataFrame) -> None:
    without = divisions.filter(pl.col("parent").is_null())
    assert set(without["level"]) == {"province"}
    below = divisions.drop_nulls("parent")
    assert below.join(divisions, left_on="parent", right_on="code", how="anti").is_empty()


def test_rare_characters_survive(divisions: pl.DataFrame, tmp_path: Path) -> None:
    divisions.filter(pl.col("code").is_in(list(RARE))).write_parquet(tmp_path / "rare.parquet")
    again: Mapping[str, str] = dict(pl.read_parquet(tmp_path / "rare.parquet").select("code", "name").rows())
    assert again == RARE


def test_the_file_is_the_one_that_is_cited() -> None:
    cited = yaml.safe_load(DIVISIONS_2021.with_name(f"{DIVISIONS_2021.name}.yaml").read_text(encoding="utf-8"))
    assert cited["sha256"] == hashlib.sha256(DIVISIONS_2021.read_bytes()).hexdigest()
    assert cited["rows"] == 663_128
    assert cited["issuer"]
