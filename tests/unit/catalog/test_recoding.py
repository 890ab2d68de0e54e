"""Codes of 2021 to codes of 2023: by unique name within the parent, and what is left is told."""

from __future__ import annotations

import hashlib

import polars as pl
import pytest
import yaml

from pipelines.catalog.changes import check_changes, read_changes
from pipelines.catalog.org_file import check_orgs, read_orgs
from pipelines.catalog.orgs import Register
from pipelines.catalog.recoding import DIFFERENCES_2023, Recoding, orgs_and_changes, read_differences, recode
from pipelines.catalog.register import read_divisions
from pipelines.errors import Mistake


@pytest.fixture(scope="module")
def found() -> Recoding:
    return recode(read_differences())


def by_level(rows: pl.DataFrame) -> dict[str, int]:
    return dict(rows.group_by("level").len().rows())


def test_so_many_codes_of_2021_have_a_counterpart_in_2023(found: Recoding) -> None:
    differences = read_differences()
    assert differences.height == 1758
    assert by_level(found.mapped) == {"county": 7, "township": 86}
    assert by_level(found.renamed) == {"county": 7, "township": 300}
    assert by_level(found.gone) == {"county": 295, "township": 485}
    assert by_level(found.added) == {"county": 3, "township": 482}
    assert found.ambiguous.is_empty()
    removed = differences.filter(pl.col("change") == "removed")
    assert found.mapped.height + found.gone.height + found.ambiguous.height == removed.height == 873


def test_a_mapped_code_has_its_name_and_its_parent_in_both_lists(found: Recoding) -> None:
    """Checked against the differences themselves, not by the way in which they were found."""
    differences = read_differences()
    old = dict(differences.filter(pl.col("change") == "removed").select("code", "name_2021").iter_rows())
    new = dict(differences.filter(pl.col("change") == "added").select("code", "name_2023").iter_rows())
    pairs = dict(found.mapped.select("old_code", "new_code").iter_rows())
    assert len(set(pairs.values())) == len(pairs)
    for before, after in pairs.items():
        assert old[before] == new[after]
        county = f"{before[:6]}000000"
        assert after[:6] == pairs.get(county, county)[:6] or before.endswith("000000")
        assert before[:4] == after[:4]
    assert pairs["320571000000"] == "320576000000", "苏州工业园区"
    assert pairs["320571050000"] == "320576050000", "娄葑街道, below it"


def test_what_has_no_unique_name_is_told_and_not_mapped() -> None:
    rows = [
        ("township", "removed", "110101001000", "东街道", ""), ("township", "removed", "110101002000", "东街道", ""),
        ("township", "added", "110101009000", "", "东街道"), ("township", "removed", "110101003000", "西街道", ""),
        ("township", "added", "110102003000", "", "西街道"),
    ]  # fmt: skip
    columns = ["level", "change", "code", "name_2021", "name_2023"]
    found = recode(pl.DataFrame(rows, schema=columns, orient="row"))
    assert found.mapped.is_empty()
    assert found.ambiguous["code"].to_list() == ["110101001000", "110101002000"]
    assert found.gone["code"].to_list() == ["110101003000"], "a name in another county is another unit"


def test_the_register_with_its_changes_is_a_catalog_without_mistakes(
    found: Recoding, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder, faults = tmp_path_factory.mktemp("national"), list[Mistake]()
    divisions = read_divisions().with_columns(pl.col("parent").fill_null(""))
    orgs, changes = orgs_and_changes(divisions, found)
    orgs.write_csv(folder / "orgs.csv")
    changes.write_csv(folder / "changes.csv")
    register = Register.laid_over([read_orgs(folder / "orgs.csv", faults)])
    read = read_changes(folder / "changes.csv", faults)
    assert [*faults, *check_orgs(register), *check_changes(read, register)] == []
    assert len(register) == 663_128 + 578 - 1
    assert len(read) == 93
    assert [org.name for org in register.versions("441900000000")] == ["东莞市"]
    assert [org.name for org in register.versions("371471000000")] == ["德州经济技术开发区", "德州天衢新区"]


def test_the_file_is_the_one_that_is_cited() -> None:
    cited = yaml.safe_load(DIFFERENCES_2023.with_name(f"{DIFFERENCES_2023.name}.yaml").read_text(encoding="utf-8"))
    assert cited["sha256"] == hashlib.sha256(DIFFERENCES_2023.read_bytes()).hexdigest()
    assert cited["rows"] == read_differences().height
