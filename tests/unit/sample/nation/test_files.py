"""The nation's files: Parquet in the contract's columns, a catalog that loads, names that survive, marks everywhere."""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pyarrow.parquet as pq
import pytest

from pipelines.catalog.load import Catalog, load_catalog
from pipelines.catalog.roster import owed_returns
from pipelines.intake.orgs import OrgIndex
from pipelines.intake.understand import understand
from pipelines.sample.nation.files import Drawn, Nation, draw, organisations, roster_yaml, write_parquet, write_planted
from pipelines.sample.nation.parquet import provinces, write_province
from pipelines.sample.nation.returns import FORMS, Layout
from pipelines.sample.nation.workbooks import MOST_WORKBOOKS, returns_owed, workbooks
from pipelines.settings import SHIPPED_CATALOG
from tests.unit.catalog.test_register import RARE
from tests.unit.sample.nation.conftest import MONTH, SEED

SMALL = Nation(0.0003, SEED, (MONTH,))


@pytest.fixture(scope="module")
def small() -> Drawn:
    return draw(SMALL)


@pytest.fixture(scope="module")
def written(small: Drawn, tmp_path_factory: pytest.TempPathFactory) -> pl.DataFrame:
    inbox = tmp_path_factory.mktemp("inbox")
    write_parquet(inbox, small)
    return pl.concat(pl.read_parquet(path) for path in sorted(inbox.rglob("*.parquet")))


def test_a_row_is_a_statement_with_the_columns_of_the_contract(written: pl.DataFrame, small: Drawn) -> None:
    assert written.columns == [
        "org_code", "period_code", "element_code", "breakdown_code", "form_code", "reported_by", "value", "state",
        "received_at", "revision",
    ]  # fmt: skip
    assert set(written["period_code"]) == {"2026-10"}
    assert set(written["reported_by"]) <= set(small.villages["township"])
    assert (written["value"].is_null() == (written["state"] != "reported")).all()
    key = ["org_code", "form_code", "element_code", "revision"]
    assert written.select(key).is_duplicated().sum() == 0
    villages = small.villages.filter("drawn").height
    assert written.filter(pl.col("revision") == 1).height == pytest.approx(villages * 60 * 0.96, rel=0.03)


def test_rows_stand_by_form_revision_and_village_and_a_return_has_one_time(written: pl.DataFrame) -> None:
    province = pl.col("org_code").cast(pl.String).str.head(2)
    for _, rows in written.group_by(province, maintain_order=True):  # a file each
        order = rows.select("form_code", "revision", pl.col("org_code").cast(pl.String)).rows()
        assert order == sorted(order)
    returns = written.group_by("reported_by", "form_code", "revision").agg(pl.col("received_at").n_unique())
    assert returns["received_at"].max() == 1


def test_equal_seeds_give_equal_files_and_rows_of_a_smaller_fraction_are_in_the_larger(
    small: Drawn, written: pl.DataFrame, tmp_path: Path
) -> None:
    write_parquet(tmp_path / "again", draw(SMALL))
    write_parquet(tmp_path / "larger", draw(replace(SMALL, fraction=0.0006)))
    read = {
        name: pl.concat(pl.read_parquet(p) for p in sorted((tmp_path / name).rglob("*.parquet")))
        for name in ("again", "larger")
    }
    assert read["again"].equals(written)
    assert written.join(read["larger"], on=written.columns, how="anti", nulls_equal=True).is_empty()


def test_a_file_says_that_it_is_synthetic(small: Drawn, tmp_path: Path) -> None:
    province = next(provinces(small.villages, SEED, small.layout, MONTH))
    rows = write_province(tmp_path / "a.parquet", province, small.layout, MONTH)
    told = pq.read_metadata(tmp_path / "a.parquet")
    assert told.num_rows == rows
    assert b"synthetic" in told.metadata[b"origin"]


def test_the_catalog_of_a_nation_loads_and_every_unit_is_synthetic_by_flag_and_by_name(
    small: Drawn, tmp_path: Path
) -> None:
    organisations(small).write_csv(tmp_path / "orgs.csv")
    (tmp_path / "roster.yaml").write_text(roster_yaml(SMALL), encoding="utf-8")
    catalog = load_catalog(SHIPPED_CATALOG, tmp_path)
    assert all(org.synthetic and org.name.endswith("(合成)") for org in catalog.orgs.values())
    levels = {
        level: sum(org.level == level for org in catalog.orgs.values()) for level in ("nation", "township", "village")
    }
    drawn = small.villages.filter("drawn")
    assert levels == {"nation": 1, "township": small.townships, "village": drawn.height}
    owed = sorted((owed.form, owed.unit) for owed in owed_returns(catalog))
    assert owed == sorted((form, township) for form in FORMS for township in set(drawn["township"]))


def test_rare_characters_survive_in_the_register_of_a_nation(
    register: pl.DataFrame, layout: Layout, tmp_path: Path
) -> None:
    villages = register.filter(pl.col("code").is_in(list(RARE))).select(
        "code", pl.col("parent").alias("township"), county=pl.lit(""), province=pl.lit(""), drawn=True
    )
    organisations(Drawn(SMALL, villages, layout)).write_csv(tmp_path / "orgs.csv")
    catalog = load_catalog(SHIPPED_CATALOG, tmp_path)
    assert {code: catalog.orgs[code].name for code in RARE} == {code: f"{name}(合成)" for code, name in RARE.items()}
    index = OrgIndex(catalog.orgs)
    for code, name in RARE.items():
        found = index.child(catalog.orgs[code].parent, f"{name}(合成)")
        assert found is not None
        assert found.code == code


def test_what_was_broken_is_listed_in_the_layout_of_corrections(tmp_path: Path) -> None:
    nation = Nation(0.004, SEED, (MONTH,))
    drawn = draw(nation)
    files, rows, planted = write_parquet(tmp_path / "inbox", drawn)
    write_planted(tmp_path / "planted.csv", planted)
    assert files == len(set(drawn.villages["province"]))
    with (tmp_path / "planted.csv").open(encoding="utf-8") as file:
        told = list(csv.DictReader(file))
    assert 1 <= len(told) <= 15
    everything = pl.concat(pl.read_parquet(path) for path in (tmp_path / "inbox").rglob("*.parquet"))
    assert everything.height == rows
    for row in told:
        stated = everything.filter(
            (pl.col("org_code") == row["org_code"]) & (pl.col("element_code") == row["element_code"])
        ).sort("revision")
        assert str(stated["value"][-1]) == row["found"]
        assert int(row["value"]) < int(row["found"])


# ---- workbooks


@pytest.fixture(scope="module")
def tiny() -> Drawn:
    return draw(replace(SMALL, fraction=0.00003, months=(MONTH, MONTH + timedelta(days=31))))


def test_workbooks_say_what_the_parquet_says(tiny: Drawn, shipped: Catalog, tmp_path: Path) -> None:
    write_parquet(tmp_path / "inbox", tiny)
    rows = pl.concat(pl.read_parquet(path) for path in (tmp_path / "inbox").rglob("*.parquet"))
    wanted = {
        (row["org_code"], row["period_code"], row["element_code"], row["revision"]): (row["value"], row["state"])
        for row in rows.iter_rows(named=True)
    }
    organisations(tiny).write_csv(tmp_path / "orgs.csv")
    catalog = load_catalog(SHIPPED_CATALOG, tmp_path)
    index, found = OrgIndex(catalog.orgs), {}
    for file in workbooks(tiny, shipped.forms):
        [table] = understand(file.content, catalog, index, file.sender)
        assert table.refusal is None
        assert table.account.quarantined == 0
        assert table.reported_by == file.sender
        revision = 2 if "更正" in file.name else 1
        for fact in table.facts:
            if not fact.is_total:
                value = None if fact.value is None else int(fact.value)
                found[fact.org, fact.period.code, fact.element, revision] = (value, fact.state)
    assert found == wanted


def test_a_workbook_says_that_it_is_synthetic_and_when_it_was_sent(tiny: Drawn, shipped: Catalog) -> None:
    import io

    from python_calamine import CalamineWorkbook

    file = next(workbooks(tiny, shipped.forms))
    rows = CalamineWorkbook.from_filelike(io.BytesIO(file.content)).get_sheet_by_index(0).to_python()
    assert rows[0][0].count("(合成)") == 2
    assert "合成的示例数据" in rows[-2][0]
    assert date(2026, 11, 1) <= file.modified.date() <= date(2026, 12, 10)


def test_a_year_of_a_hundredth_would_be_too_many_workbooks(villages: pl.DataFrame, layout: Layout) -> None:
    assert returns_owed(Drawn(replace(SMALL, fraction=0.02), villages, layout)) > MOST_WORKBOOKS
    assert len(FORMS) == 5
