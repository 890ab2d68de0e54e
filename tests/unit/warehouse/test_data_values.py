"""Figures leave one site as data values and come back into another: the same figures."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from pipelines.catalog.load import load_catalog
from pipelines.cli.export import ExportFormat
from pipelines.cli.export_values import written
from pipelines.settings import CHECKOUT, Home
from pipelines.warehouse.data_values import Wanted, period_of
from tests.unit.warehouse.sites import JAPAN, library_return, new_site, plain_night, put

REPORTS = CHECKOUT / "data" / "reports"
FORM = "county_mch_summary"


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> tuple[Home, Path]:
    home = new_site(tmp_path_factory.mktemp("first") / "site")
    put(home, "a.xlsx", (REPORTS / "mch_county_2014.xlsx").read_bytes())
    put(home, "b.xlsx", (REPORTS / "rouyuan_2011.xlsx").read_bytes(), 1)
    put(home, "c.csv", library_return("约20"), 2)
    return home, plain_night(home).database


def again(content: str, name: str, folder: Path) -> Path:
    home = new_site(folder / "again")
    put(home, name, content.encode())
    return plain_night(home).database


def figures(database: Path, where: str = "true") -> list[tuple[object, ...]]:
    with duckdb.connect(str(database), read_only=True) as con:
        return con.execute(
            "select form_code, reported_by, org_code, period_code, element_code, breakdown_code, occurrence, value, "
            f"qualifier, state from core.fact where {where} order by all"
        ).fetchall()


def written_of(first: tuple[Home, Path], wanted: Wanted, form: ExportFormat) -> tuple[str, int, int]:
    home, database = first
    return written(database, load_catalog(*home.catalog_folders), wanted, form)


def test_tidy_brings_every_figure_back_as_it_was(first: tuple[Home, Path], tmp_path: Path) -> None:
    text, count, left_out = written_of(first, Wanted(), ExportFormat.tidy)
    before = figures(first[1])
    assert (count, left_out) == (len(before), 0)
    assert {row[8] for row in before} >= {"about", "exact", "at_least"}
    assert {row[9] for row in before} >= {"reported", "blank"}
    assert figures(again(text, "anything.txt", tmp_path)) == before


@pytest.mark.parametrize("form", [ExportFormat.dhis2_json, ExportFormat.dhis2_csv])
def test_dhis2_brings_back_what_it_can_hold(first: tuple[Home, Path], tmp_path: Path, form: ExportFormat) -> None:
    text, count, left_out = written_of(first, Wanted(form=FORM), form)
    reported = "value is not null and occurrence = 1 and period_code not like '%/%'"
    before = figures(first[1], f"form_code = '{FORM}' and {reported}")
    assert count == len(before) > 50
    assert left_out > 0
    after = figures(again(text, "values", tmp_path))
    # Who reported it DHIS2 does not say, and its CSV no data set either.
    assert sorted(map(str, (row[2:] for row in after))) == sorted(map(str, (row[2:] for row in before)))
    assert {row[0] for row in after} == {"data_values" if form is ExportFormat.dhis2_csv else FORM}


@pytest.mark.parametrize(
    ("wanted", "kept"),
    [
        (Wanted(org="640500000000"), lambda row: str(row[2]).startswith("640502")),
        (Wanted(period=period_of("2016")), lambda row: str(row[3]).startswith("2016")),
        (Wanted(form="library_summary"), lambda row: row[0] == "library_summary"),
    ],
    ids=["unit and all below", "periods inside", "form"],
)
def test_an_export_may_be_of_a_part(
    first: tuple[Home, Path], wanted: Wanted, kept: Callable[[tuple[object, ...]], bool]
) -> None:
    before = [row for row in figures(first[1]) if kept(row)]
    text, count, _ = written_of(first, wanted, ExportFormat.tidy)
    assert count == len(before) == text.count("\n") - 1 > 0


def test_the_identifiers_of_a_system_are_written_and_what_it_does_not_know_is_left_out(
    first: tuple[Home, Path], tmp_path: Path
) -> None:
    home, database = first
    folder = tmp_path / "catalog"
    (folder / "exchange").mkdir(parents=True)
    (folder / "exchange" / "province.yaml").write_text(
        "province:\n  {zh: 省, en: province, elements: {minutesXXXX: walking_minutes_to_library}, "
        "orgs: {japanXXXXXX: x-japan}}\n",
        "utf-8",
    )
    catalog = load_catalog(*home.catalog_folders, folder)
    text, count, left_out = written(database, catalog, Wanted(), ExportFormat.dhis2_csv, "province")
    assert text.splitlines()[1:] == ["minutesXXXX,2016,japanXXXXXX,HllvX50cXC0,HllvX50cXC0,20,,,taizhang:about,"]
    assert count == 1
    assert left_out > 100
    assert JAPAN  # whose figure it is
