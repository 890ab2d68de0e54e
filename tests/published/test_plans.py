"""What plans make units do and reach: every obligation and target of the sources, in the catalog and the warehouse."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from pipelines.catalog.load import Catalog, load_catalog
from pipelines.settings import CHECKOUT
from pipelines.warehouse.writer import open_warehouse

HERE, DATA = Path(__file__).parent, CHECKOUT / "data"
Row = dict[str, str]
Connection = duckdb.DuckDBPyConnection


def published(name: str) -> list[Row]:
    with (HERE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


OBLIGATIONS, TARGETS = published("obligations.csv"), published("targets.csv")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The catalog of the demonstration: organisations and targets beside the shipped entries."""
    folder = tmp_path_factory.mktemp("site")
    for name in ("orgs.csv", "roster.yaml", "targets.yaml"):
        (folder / name).write_bytes((DATA / name).read_bytes())
    return folder


@pytest.fixture(scope="module")
def catalog(site: Path) -> Catalog:
    return load_catalog(CHECKOUT / "catalog", site)


@pytest.fixture(scope="module")
def plans(catalog: Catalog, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Connection]:
    """A warehouse with the catalog only."""
    con = open_warehouse(tmp_path_factory.mktemp("plans") / "warehouse.duckdb", catalog, "tests")
    yield con
    con.close()


def number(text: str) -> Decimal | None:
    return Decimal(text) if text else None


def day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def years(row: Row) -> tuple[int, int]:
    """First and last year of a target: '2018' or '2016-2020'."""
    first, _, last = row["year"].partition("-")
    return int(first), int(last or first)


# ---- obligations


def test_the_sources_hold_184_obligations_and_63_targets() -> None:
    assert len({row["obligation_code"] for row in OBLIGATIONS}) == len(OBLIGATIONS) == 184
    assert len({row["target_code"] for row in TARGETS}) == len(TARGETS) == 63


@pytest.mark.parametrize("row", OBLIGATIONS, ids=[row["obligation_code"] for row in OBLIGATIONS])
def test_an_obligation_is_in_the_catalog_as_its_source_has_it(row: Row, catalog: Catalog) -> None:
    entry = catalog.obligations[row["obligation_code"]]
    assert (entry.domain, entry.every, entry.comparator) == (row["domain"], row["every"], row["comparator"])
    assert (entry.value, entry.unit) == (number(row["value"]), row["unit"])
    assert (entry.valid_from, entry.valid_to) == (day(row["valid_from"]), day(row["valid_to"]))
    assert entry.deadline == row["deadline"]
    assert entry.document == f"report_{row['report_id']}"
    assert catalog.documents[entry.document].title == row["citation"]


def test_no_obligation_of_the_shipped_catalog_is_without_its_source(catalog: Catalog) -> None:
    assert sorted(catalog.obligations) == sorted(row["obligation_code"] for row in OBLIGATIONS)


def test_every_obligation_binds_a_unit_that_the_demonstration_knows(catalog: Catalog) -> None:
    assert {entry.scope for entry in catalog.obligations.values()} - set(catalog.orgs) == {""}


def test_every_obligation_has_its_row_in_the_warehouse(plans: Connection) -> None:
    found = plans.sql(
        "select obligation_code, domain, every, comparator, required_value, unit, valid_from, valid_to, deadline "
        "from catalog.obligation order by obligation_code"
    ).fetchall()
    assert found == sorted(
        (
            row["obligation_code"], row["domain"], row["every"], row["comparator"], number(row["value"]), row["unit"],
            day(row["valid_from"]), day(row["valid_to"]), row["deadline"],
        )
        for row in OBLIGATIONS
    )  # fmt: skip


# ---- targets


@pytest.mark.parametrize("row", TARGETS, ids=[row["target_code"] for row in TARGETS])
def test_a_target_is_in_the_catalog_as_its_source_has_it(row: Row, catalog: Catalog) -> None:
    entry = catalog.targets[row["target_code"]]
    assert (entry.scope, entry.indicator) == (row["scope"], row["indicator_code"])
    assert (entry.comparator, entry.value, entry.unit) == (row["comparator"], Decimal(row["value"]), row["unit"])
    last = entry.valid_to - timedelta(days=1)
    assert (entry.valid_from.year, last.year) == years(row)
    assert (last.month, last.day) == (12, 31)
    indicator = catalog.indicators[entry.indicator]
    assert (indicator.domain, indicator.unit) == (row["domain"], entry.unit)
    assert catalog.documents[f"report_{row['report_id']}"].title == row["citation"]


@pytest.mark.parametrize("row", TARGETS, ids=[row["target_code"] for row in TARGETS])
def test_a_target_measures_nothing_before_its_deadline(row: Row, catalog: Catalog) -> None:
    begins = day(row["deadline"]) or date(years(row)[0], 1, 1)
    assert catalog.targets[row["target_code"]].valid_from == begins


def test_the_sites_targets_are_those_of_the_sources(site: Path) -> None:
    own = load_catalog(CHECKOUT / "catalog", site).targets.keys() - load_catalog(CHECKOUT / "catalog").targets.keys()
    assert sorted(own) == sorted(row["target_code"] for row in TARGETS)


def test_every_target_has_its_row_in_the_warehouse(plans: Connection) -> None:
    found = plans.sql(
        "select t.target_code, t.scope_code, t.indicator_code, t.comparator, t.target_value, t.unit, o.org_code "
        "from catalog.target as t left join core.org_unit as o on t.scope_key = o.org_key"
    ).fetchall()
    rows = {code: rest for code, *rest in found}
    assert {row["target_code"]: rows.get(row["target_code"]) for row in TARGETS} == {
        row["target_code"]: [
            row["scope"], row["indicator_code"], row["comparator"], Decimal(row["value"]), row["unit"],
            row["scope"] or None,
        ]
        for row in TARGETS
    }  # fmt: skip


# ---- causes


def test_every_cause_of_bad_data_has_its_row_in_the_warehouse(catalog: Catalog, plans: Connection) -> None:
    found = plans.sql("select cause_code, name_zh, name_en from catalog.cause").fetchall()
    assert sorted(found) == sorted((code, cause.zh, cause.en) for code, cause in catalog.causes.items())
    assert len(found) == len({zh for _, zh, _ in found}) == len({en for _, _, en in found}) > 0


def test_a_cause_names_documents_that_the_catalog_knows(catalog: Catalog) -> None:
    words = {word.strip(",;()") for cause in catalog.causes.values() for word in cause.note.split()}
    named = {word for word in words if word.startswith("report_")}
    assert named
    assert named <= set(catalog.documents)
