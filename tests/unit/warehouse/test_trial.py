"""What a check says of files is what a night says of them, where they are all that a site received."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from pipelines.catalog.load import Catalog, load_catalog
from pipelines.catalog.org_file import read_orgs
from pipelines.catalog.orgs import Register
from pipelines.intake.orgs import OrgIndex
from pipelines.intake.problems import BY_RULE, REMEDIES, remedy
from pipelines.intake.understand import understand
from pipelines.settings import CHECKOUT, SHIPPED_CATALOG
from pipelines.sql import read_select
from pipelines.warehouse.trial import findings, narrowed
from tests.unit.warehouse.sites import JAPAN, as_csv, library_rows, moment, new_site, plain_night, put

REPORTS = CHECKOUT / "data" / "reports"
FILES = ["mch_county_2014.xlsx", "rouyuan_2011.xlsx"]


def shipped() -> Catalog:
    """The shipped catalog with the units of the shipped reports."""
    orgs = Register.laid_over([read_orgs(CHECKOUT / "data" / "orgs.csv", [], {})])
    return replace(load_catalog(SHIPPED_CATALOG), orgs=orgs)


@pytest.mark.parametrize("names", [[FILES[0]], FILES], ids=["one", "two together"])
def test_it_finds_what_a_night_finds(names: list[str], tmp_path: Path) -> None:
    home = new_site(tmp_path / "site")
    for minute, name in enumerate(names):
        put(home, name, (REPORTS / name).read_bytes(), minute)
    night = plain_night(home)
    with duckdb.connect(str(night.database), read_only=True) as con:
        told = con.execute(
            "select receipt.filename, found.rule_code, found.severity, found.sheet, found.message_zh, "
            "found.message_en, found.org_code, found.period_code from quality.finding as found "
            "inner join intake.submission as sent on found.submission_id = sent.submission_id "
            "inner join intake.receipt as receipt on sent.receipt_id = receipt.receipt_id"
        ).fetchall()
    catalog = load_catalog(*home.catalog_folders)
    index = OrgIndex(catalog.orgs)
    tables = [understand((REPORTS / name).read_bytes(), catalog, index) for name in names]
    found = [
        (name, p.rule, p.severity, p.sheet, p.zh, p.en, p.org, p.period)
        for name, problems in zip(names, findings(tables, catalog, moment(1)), strict=True)
        for p in problems
    ]
    assert len(found) >= 8
    assert sorted(found) == sorted(told)


def test_it_holds_only_the_units_around_those_that_the_files_name() -> None:
    catalog = shipped()
    index = OrgIndex(catalog.orgs)
    tables = understand(as_csv(library_rows({"步行到馆分钟": 20})), catalog, index)
    small = narrowed(catalog, tables)
    code = index.resolve(JAPAN).code
    path = index.path(code)
    assert set(path) <= set(small.orgs)
    assert len(small.orgs) < len(catalog.orgs)
    assert all(code in small.orgs.path(other) or other in path for other in small.orgs)  # type: ignore[attr-defined]


def test_nothing_that_is_refused_is_judged() -> None:
    catalog = shipped()
    tables = understand(b"nothing,that,anybody,knows", catalog, OrgIndex(catalog.orgs))
    assert findings([tables, tables], catalog, moment(1)) == [[], []]


def test_every_reason_that_a_night_has_words_for_has_a_remedy() -> None:
    reasons, rules = (
        {word.split("'")[1] for word in read_select(name).text.split("when ")[1:] if word.startswith("'")}
        for name in ("quality.quarantine_finding", "quality.remark_finding")
    )
    assert {"not_a_number", "unknown_column"} <= reasons
    assert {"unit_mismatch", "count_negative"} <= rules
    assert reasons | rules <= REMEDIES.keys()
    assert remedy("cell_quarantined", "unknown_column") == REMEDIES["unknown_column"]
    assert remedy("births_at_least_managed") == BY_RULE


def test_every_reason_that_the_intake_gives_has_words_and_a_remedy() -> None:
    """Also those that are new: what is quarantined says why in words, not by a code."""
    source = "".join(path.read_text("utf-8") for path in (CHECKOUT / "pipelines" / "intake").glob("*.py"))
    given = {reason for call in re.findall(r"quarantine\(([^\n]+)", source) for reason in re.findall(r'"(\w+)"', call)}
    given -= {"value", "claim", "item"}  # roles of columns
    words = read_select("quality.quarantine_finding").text
    assert {"not_a_number", "unknown_label", "unknown_column"} <= given
    assert {reason for reason in given if f"'{reason}'" not in words or reason not in REMEDIES} == set()
