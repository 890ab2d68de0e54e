"""The sample county as files: equal seeds give equal bytes; a site's register keeps every letter of its own."""

from __future__ import annotations

import csv
import hashlib
import io
from datetime import UTC, timedelta
from pathlib import Path

import pytest

from pipelines.catalog.load import load_catalog
from pipelines.sample.county import DUE_DAYS, MONTHS, SampleCounty, draw_county
from pipelines.sample.errors import plant
from pipelines.sample.folder import (
    ORG_COLUMNS,
    files_of,
    made_by,
    mark_of,
    merged_orgs,
    roster_yaml,
    write_answers,
    write_catalog,
    write_files,
)
from pipelines.sample.layout import month_end
from pipelines.settings import SHIPPED_CATALOG

COMMAND = "taizhang sample"


@pytest.fixture(scope="module")
def county() -> SampleCounty:
    return draw_county()


def digest(folder: Path) -> str:
    """Over every file's path and bytes, and over the workbooks' times."""
    found = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        time = path.stat().st_mtime_ns if path.suffix == ".xlsx" else 0
        found.update(f"{path.relative_to(folder)} {time}\0".encode() + path.read_bytes())
    return found.hexdigest()


def write(folder: Path) -> None:
    """The county drawn anew, with its errors, into a folder."""
    county = draw_county()
    write_catalog(folder / "catalog", county, COMMAND)
    write_files(folder / "inbox", files_of(county, plant(county)))
    write_answers(folder, county, plant(county))


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("county")
    write(folder)
    return folder


def test_equal_seeds_give_equal_bytes(written: Path, tmp_path: Path) -> None:
    write(tmp_path)
    assert digest(tmp_path) == digest(written)


def test_another_seed_gives_another_county(county: SampleCounty) -> None:
    other = draw_county(1)
    assert [found.total for found in other.returns] != [found.total for found in county.returns]


def test_the_workbooks_lie_in_their_senders_folders(written: Path) -> None:
    catalog = load_catalog(SHIPPED_CATALOG, written / "catalog")
    books = sorted((written / "inbox").rglob("*.xlsx"))
    assert len(books) == 672 + 1 + 2 - 1  # a file sent twice, one sent three times, one never sent
    assert {book.parent.name for book in books} <= catalog.orgs.keys()
    assert (written / "inbox/x-sample-t01-health-centre/妇幼保健工作月报表2013年10月.xlsx") in books
    assert (written / "inbox/x-sample-t14-justice-office/村(居)法律顾问工作月报表2014年9月.xlsx") in books


def test_files_are_modified_after_the_months_end_and_before_they_are_due(county: SampleCounty, tmp_path: Path) -> None:
    for found in county.returns:
        late = found.modified - month_end(found.year, found.month)
        assert timedelta(0) < late < timedelta(days=DUE_DAYS)
    file = next(files_of(county))
    assert write_files(tmp_path, [file]) == 1
    assert (tmp_path / file.sender / file.name).stat().st_mtime == file.modified.astimezone(UTC).timestamp()


def test_the_sites_catalog_is_sound_and_everything_in_it_says_synthetic(county: SampleCounty, tmp_path: Path) -> None:
    write_catalog(tmp_path, county, COMMAND)
    catalog = load_catalog(SHIPPED_CATALOG, tmp_path)
    levels = [org.level for org in catalog.orgs.values()]
    assert {level: levels.count(level) for level in set(levels)} == {
        "county": 1,
        "township": 14,
        "institution": 28,
        "village": 139,
    }
    assert all("(合成)" in org.name and org.code.startswith("x-sample") for org in catalog.orgs.values())
    names = [(org.parent, org.name) for org in catalog.orgs.values()]
    assert len(names) == len(set(names))
    assert catalog.orgs["x-sample-t01-v01"].parent == "x-sample-t01"


def test_the_roster_owes_every_return_and_no_other(county: SampleCounty, tmp_path: Path) -> None:
    write_catalog(tmp_path, county, COMMAND)
    roster = load_catalog(SHIPPED_CATALOG, tmp_path).roster
    owed = {(entry.form, entry.unit, period) for entry in roster.values() for period in entry.periods}
    assert owed == {(found.form, found.township, found.period) for found in county.returns}
    assert (len(roster), len(owed), len(MONTHS)) == (56, 672, 12)


# ---- in a site's catalog

ROWS = '110000000000,北京市,province,\n110101000000,"东城区\n(城区)",county,110000000000\n'
REGISTERS = {
    "none": "",
    "few columns": f"code,name,level,parent\n{ROWS}",
    "all columns": f"{','.join(ORG_COLUMNS)}\n{ROWS}",
    "other order": "name,code,level,parent,note\n北京市,110000000000,province,,\n",
    "Excel": f"\ufeffcode,name,level,parent\n{ROWS}".replace("\n", "\r\n"),
    "no line end": f"code,name,level,parent\n{ROWS}".rstrip("\n"),
}


@pytest.mark.parametrize("case", REGISTERS)
def test_a_sites_register_keeps_its_rows_letter_by_letter(case: str, county: SampleCounty, tmp_path: Path) -> None:
    register = REGISTERS[case]
    merged = merged_orgs(register, county.orgs)
    own = register.split("\n", 1)[1] if register else ""
    assert own in merged
    (tmp_path / "orgs.csv").write_bytes(merged.encode())
    found = load_catalog(SHIPPED_CATALOG, tmp_path).orgs
    assert [found[org.code] for org in county.orgs] == list(county.orgs)
    assert len(found) == len(county.orgs) + sum("0000," in line for line in own.splitlines())


@pytest.mark.parametrize("case", REGISTERS)
def test_merging_again_changes_nothing(case: str, county: SampleCounty) -> None:
    once = merged_orgs(REGISTERS[case], county.orgs)
    assert merged_orgs(once, county.orgs) == once


def test_rows_that_came_after_the_county_stay(county: SampleCounty) -> None:
    once = merged_orgs(REGISTERS["few columns"], county.orgs)
    later = once + "120000000000,天津市,province,\n"
    again = merged_orgs(later, county.orgs)
    rows = list(csv.DictReader(io.StringIO(again, newline="")))
    assert sorted(row["code"] for row in rows) == sorted(
        ["110000000000", "110101000000", "120000000000", *(org.code for org in county.orgs)]
    )


def test_a_roster_says_what_made_it() -> None:
    for errors in (True, False):
        assert mark_of(roster_yaml(draw_county(7), made_by(7, errors))) == made_by(7, errors)
    assert made_by(7, True) != made_by(7, False)
    assert mark_of("mine: {}\n") == ""
