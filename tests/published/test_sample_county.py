"""The demonstration as a newcomer runs it: a night with the planted errors, then the corrections and another night.

One run of the real commands for everything that needs the whole county: 674 workbooks take most of a minute.
"""

from __future__ import annotations

import csv
import itertools
import json
import os
import re
import shutil
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pytest

from pipelines.catalog.load import load_catalog
from pipelines.cli.query import render, run_query
from pipelines.sample.county import draw_county
from pipelines.settings import SHIPPED_CATALOG, Home
from pipelines.warehouse.release import current
from tests.unit.warehouse.sites import plain_night, put

MEGABYTES = 6_000_000
THREE = ("household_visit_rate", "newborn_visit_rate", "satisfaction_rate")
YEAR = {  # the real county report of 2014: numerator over live births
    "maternal_system_management_rate": 7414,
    "postnatal_visit_rate": 9568,
    "antenatal_care_rate": 9730,
    "hospital_delivery_rate": 9737,
    "caesarean_rate": 2263,
    "newborn_visit_rate": 9452,
}
ROLLED = """
    select numerator, denominator, units_reported, coverage, state from marts.indicator_value
    where org_code = 'x-sample' and period_code = 'M2014' and basis = 'rolled_up' and is_default_edition
        and indicator_code = ?
"""


@dataclass(frozen=True)
class Night:
    """What a night told programs, how it ended, and its release's database."""

    told: dict[str, Any]
    code: int
    database: Path
    page: Path

    def rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        with duckdb.connect(str(self.database), read_only=True) as con:
            return con.execute(query, list(values)).fetchall()


def taizhang(folder: Path, *words: object) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(folder), "TAIZHANG_LANG": "en"}
    command = [sys.executable, "-c", "from pipelines.cli.main import main; main()", *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, cwd=folder, env=environment, check=False)


def night(home: Home, done: subprocess.CompletedProcess[str]) -> Night:
    assert done.returncode in (0, 3), done.stderr
    release = current(home)
    assert release is not None
    return Night(json.loads(done.stdout), done.returncode, release.database, release.folder / "index.html")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return Home(tmp_path_factory.mktemp("demo") / "site")


@pytest.fixture(scope="module")
def before(home: Home, repo_root: Path) -> Night:
    """The demonstration."""
    return night(home, taizhang(repo_root, "demo", "--home", home.path, "--format", "json"))


@pytest.fixture(scope="module")
def after(home: Home, repo_root: Path, before: Night) -> Night:
    """The night after the corrections were declared."""
    declared = taizhang(repo_root, "correct", "--home", home.path, home.path / "sample" / "corrections.csv")
    assert declared.returncode == 0, declared.stderr
    return night(home, taizhang(repo_root, "run", "--home", home.path, "--strict", "--format", "json"))


@pytest.fixture(scope="module")
def manifest(home: Home, before: Night) -> list[dict[str, str]]:
    with (home.path / "sample" / "manifest.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


# ---- what the command tells


def test_the_demonstration_tells_programs_what_it_did_and_what_it_tells_can_be_found(
    before: Night, repo_root: Path
) -> None:
    cells, files = before.told["cells"], before.told["files"]
    assert cells["read"] == sum(cells[name] for name in cells if name != "read")
    assert files["received"] == files["accepted"] + files["refused"] + files["duplicate"]
    shipped = list((repo_root / "data" / "reports").glob("*.yaml"))
    assert (files["received"], files["duplicate"], files["refused"]) == (len(shipped) + 674, 1, 0)
    assert Path(before.told["release"]["page"]) == before.page
    assert before.page.is_file()
    [(findings,)] = before.rows("select count(*) from quality.finding where org_code like 'x-sample%'")
    assert before.told["synthetic"]["files"] == 674
    assert before.told["synthetic"]["findings"] == findings > 0


def test_a_second_night_takes_nothing_and_counts_the_same_cells(before: Night, after: Night) -> None:
    assert after.told["files"]["received"] == 0
    assert after.told["cells"]["fact"] == before.told["cells"]["fact"]
    assert after.told["synthetic"]["files"] == 0
    assert after.code == (3 if after.told["findings"].get("error") else 0)


# ---- the errors


def test_a_night_sees_of_each_error_what_the_manifest_says(before: Night, manifest: list[dict[str, str]]) -> None:
    """Every finding of a township's month is about the error that was planted there, and there is no other.

    A new rule may see more: what it sees is told in `seen` of the kind in pipelines/sample/errors.py.
    """
    seen: dict[tuple[str, str], set[str]] = defaultdict(set)
    for township, period, rule in before.rows(
        "select distinct regexp_extract(org_code, 'x-sample-t[0-9]+'), period_code, rule_code from quality.finding "
        "where org_code like 'x-sample-t%' and period_code in (select period_code from core.period "
        "where period_kind = 'month')"
    ):
        seen[township, period].add(f"quality.finding:{rule}")
    for township, period, reason in before.rows(
        "select distinct org_code, period_code, quarantine.reason from intake.quarantine inner join intake.submission "
        "using (submission_id) where org_code like 'x-sample%'"
    ):
        seen[township, period].add(f"intake.quarantine:{reason}")
    for township, period, state in before.rows(
        "select org_code, period_code, state from marts.reporting_status "
        "where org_code like 'x-sample%' and state <> 'on_time'"
    ):
        seen[township, period].add(f"marts.reporting_status:{state}")
    for township, period in before.rows(
        "select org_code, period_code from intake.submission where org_code like 'x-sample%' and state = 'duplicate'"
    ):
        seen[township, period].add("intake.receipt:duplicate")
    planted = {(row["org_code"][:12], row["period_code"]): row for row in manifest}
    told = {row["error_id"]: (row["kind"], sorted(filter(None, row["seen_as"].split(";")))) for row in manifest}
    found = {row["error_id"]: (row["kind"], sorted(seen[place])) for place, row in planted.items()}
    assert found == told
    # A return with last year's head is loaded for that month; its name tells.
    astray = {
        (place[0], f"{int(place[1][:4]) - 1}{place[1][4:]}") for place, row in planted.items()
        if row["kind"] == "wrong_year"
    }  # fmt: skip
    assert {place: codes for place, codes in seen.items() if codes and place not in planted} == {
        place: {"quality.finding:period_disagrees"} for place in astray
    }


def test_the_late_are_late_the_missing_missing_and_all_others_on_time(
    before: Night, manifest: list[dict[str, str]]
) -> None:
    kinds = [row["kind"] for row in {row["error_id"]: row for row in manifest}.values()]
    states = dict(
        before.rows("select state, count(*) from marts.reporting_status where org_code like 'x-sample%' group by state")
    )
    assert states == {"late": kinds.count("late"), "missing": 2, "on_time": 672 - kinds.count("late") - 2}


def test_with_the_errors_the_year_is_not_the_real_countys(before: Night) -> None:
    found = {indicator: before.rows(ROLLED, indicator)[0][:2] for indicator in YEAR}
    assert all(found[indicator] != (numerator, 9887) for indicator, numerator in YEAR.items())


def test_every_correction_applies(after: Night, home: Home) -> None:
    with (home.path / "sample" / "corrections.csv").open(encoding="utf-8-sig", newline="") as file:
        declared = len(list(csv.DictReader(file)))
    assert after.told["corrections"] == {"applied": declared}
    assert after.rows("select count(*) from quality.finding where rule_code = 'correction_not_matching'") == [(0,)]


@pytest.mark.parametrize("indicator", YEAR)
def test_with_the_corrections_the_year_is_the_real_countys(indicator: str, after: Night) -> None:
    assert after.rows(ROLLED, indicator) == [(YEAR[indicator], 9887, 139, 1.0, "ok")]


def truth() -> dict[tuple[str, str, str], tuple[Decimal, int]]:
    """By township, month and element: the sum over the villages and how many of them know it, before any error."""
    sums: dict[tuple[str, str, str], tuple[Decimal, int]] = {}
    for found in draw_county().returns:
        for element in found.total:
            known = [Decimal(str(row[element])) for row in found.rows.values() if row[element] is not None]
            sums[found.township, found.period, element] = sum(known, Decimal(0)), len(known)
    return sums


def test_every_elements_roll_up_is_that_of_the_county_without_errors(before: Night, after: Night) -> None:
    query = """
        select unit.parent_code, chosen.period_code, chosen.element_code,
            coalesce(sum(chosen.value), 0), count(chosen.value)
        from core.fact_chosen as chosen inner join core.org_unit as unit using (org_code)
        where unit.is_synthetic and unit.org_level = 'village' group by 1, 2, 3
    """
    found = [{row[:3]: (row[3], row[4]) for row in night.rows(query)} for night in (before, after)]
    assert found[0] != truth()
    assert found[1] == truth()


def test_every_townships_own_total_is_that_of_the_county_without_errors(after: Night) -> None:
    found = {
        row[:3]: row[3]
        for row in after.rows(
            "select org_code, period_code, element_code, value from core.fact_chosen inner join core.org_unit "
            "using (org_code) where is_synthetic and org_level = 'township'"
        )
    }
    wanted = {
        (county.township, county.period, element): None if value is None else Decimal(str(value))
        for county in draw_county().returns
        for element, value in county.total.items()
    }
    assert found == wanted


def test_what_was_sent_stays_as_it_was_sent(before: Night, after: Night) -> None:
    query = "select * from core.fact where org_code like 'x-sample%' order by all"
    assert before.rows(query) == after.rows(query)
    assert {
        rule for (rule,) in after.rows("select distinct rule_code from quality.finding where org_code like 'x-sample%'")
    } == {"approved_revised", "cell_quarantined", "stated_twice"}


# ---- what goes up


def test_form_41_of_the_county_goes_up_and_is_received_as_equal_facts(
    after: Night, home: Home, repo_root: Path, tmp_path: Path
) -> None:
    path = tmp_path / "up.xlsx"
    asked = ("maternal_health_year", "--org", "x-sample", "--period", "M2014", "--home", home.path, "-o", path)
    said = taizhang(repo_root, "export", *asked)
    assert said.returncode == 0, said.stderr
    site = Home(tmp_path / "site")
    site.create()
    shutil.copytree(home.catalog, site.catalog, dirs_exist_ok=True)
    put(site, path.name, path.read_bytes())
    release = plain_night(site)
    known = ("select org_code, element_code, breakdown_code, value from {} where period_code = 'M2014' "
             "and value is not null and {} order by all")  # fmt: skip
    with duckdb.connect(str(release.database), read_only=True) as con:
        received = con.execute(known.format("core.fact", "true")).fetchall()
        rates = con.execute(
            "select claim.indicator_code, claim.reported_text, verdict.verdict from core.claim as claim inner join "
            "marts.claim_verdict as verdict using (claim_id) where claim.org_code = 'x-sample'"
        ).fetchall()
    rolled = "basis = 'rolled_up' and (org_code = 'x-sample' or parent_code = 'x-sample')"
    carried = {item.element for item in load_catalog(SHIPPED_CATALOG).forms["maternal_health_year"].items}
    sent = [row for row in after.rows(known.format("marts.element_value", rolled)) if row[1] in carried]
    assert received == sent
    county = {element: int(value) for org, element, _, value in received if org == "x-sample"}
    truth = {"live_births": 9887, "maternal_system_managed": 7414, "women_with_postnatal_visit": 9568}
    assert {name: county[name] for name in truth} == truth
    assert ("maternal_system_management_rate", "74.99", "reproduced") in rates
    assert {verdict for _, _, verdict in rates} == {"reproduced"}
    cover = openpyxl.load_workbook(path)["_taizhang汇总说明"]
    texts = [[cell for cell in row if cell is not None] for row in cover.iter_rows(values_only=True)]
    nobody = next(number for number, row in enumerate(texts) if row and str(row[0]).startswith("无人填报的项目"))
    listed = {row[1] for row in itertools.takewhile(bool, texts[nobody + 2 :])}
    assert "maternal_cards_issued" in listed  # no monthly form asks for it
    assert "live_births" not in listed


# ---- what a newcomer sees


def queries(repo_root: Path, *pages: str) -> Iterator[str]:
    """The queries on the county that the pages tell a newcomer to type."""
    for page in pages:
        text = (repo_root / page).read_text(encoding="utf-8")
        yield from (found for found in re.findall(r'taizhang sql "(select .*?)"\n', text, re.S) if "x-sample" in found)


@pytest.mark.parametrize("page", ["README.md", "docs/guide/sample.md"])
def test_the_queries_of_the_pages_lead_from_county_to_township_to_village(
    page: str, before: Night, repo_root: Path
) -> None:
    levels = []
    for query in queries(repo_root, page):
        with duckdb.connect(str(before.database), read_only=True) as con:
            result = con.execute(query)
            names = [column[0] for column in result.description]
            rows = [dict(zip(names, row, strict=True)) for row in result.fetchall()]
        assert rows
        for row in rows:
            assert row["denominator"] > 0
            assert row["numerator"] is not None
            assert 0 < row["coverage"] <= 1
        levels.append(len(rows))
    assert len(levels) >= 3


def test_the_readme_shows_what_its_queries_on_the_county_give(before: Night, repo_root: Path) -> None:
    page = (repo_root / "README.md").read_text(encoding="utf-8")
    asked = list(queries(repo_root, "README.md"))
    assert len(asked) == 3
    for query in asked:
        shown = page.partition(f'"{query}"\n')[2].split("\n\n")[0].split("\n```")[0]
        given = render(run_query(before.database, query), "table")
        assert sorted(shown.splitlines()) == sorted(line.rstrip() for line in str(given).splitlines())


@pytest.mark.parametrize(
    ("where", "units"),
    [
        ("org_code = 'x-sample' and basis = 'rolled_up'", 1),
        ("parent_code = 'x-sample' and basis = 'rolled_up'", 14),
        ("parent_code like 'x-sample-t%' and org_level = 'village' and basis = 'own'", 139),
    ],
)
@pytest.mark.parametrize("indicator", THREE)
def test_the_three_rates_have_counts_and_coverage_at_every_level(
    where: str, units: int, indicator: str, after: Night
) -> None:
    rows = after.rows(
        "select org_name, numerator, denominator, value, coverage from marts.indicator_value "
        f"where {where} and period_code = 'M2014' and is_default_edition and indicator_code = ?",
        indicator,
    )
    assert len(rows) == units
    for name, numerator, denominator, value, coverage in rows:
        assert "(合成)" in name
        assert 0 < numerator <= denominator
        assert float(numerator) / float(denominator) * 100 == pytest.approx(value)
        assert coverage == 1


def test_no_mart_names_a_synthetic_unit_without_saying_so(before: Night) -> None:
    """Where a table names organisations, a synthetic one is told by its name or its code."""
    tables = before.rows(
        "select table_schema || '.' || table_name, column_name from information_schema.columns "
        "where table_schema in ('core', 'intake', 'marts', 'quality') and column_name in ('org_name', 'org_code')"
    )
    assert len(tables) > 10
    synthetic = "select org_code, org_name from core.org_unit where is_synthetic"
    for table, column in tables:
        mark = "like '%(合成)%'" if column == "org_name" else "like 'x-sample%'"
        counts = f"select count(*), count(*) filter (where {column} {mark})"
        [(rows, marked)] = before.rows(f"{counts} from {table} semi join ({synthetic}) using ({column})")
        assert rows == marked, table


def test_the_page_keeps_the_synthetic_county_apart_and_small(before: Night) -> None:
    page = before.page.read_text(encoding="utf-8")
    assert len(page.encode()) < MEGABYTES
    own = re.sub(r"<script.*?</script>", "", page, flags=re.S)
    notice, _, rest = own.partition("<main>")
    real, _, synthetic = rest.partition('<section id="synthetic"')
    assert "合成示例数据" in notice
    assert "Synthetic sample data" in notice
    assert "(合成)" not in real
    assert "柔远镇" in real
    assert "柔远镇" not in synthetic
    assert "样本县(合成)" in synthetic
    assert synthetic.count("青山镇(合成)") > 3
    assert not re.findall("[^<>]村\\(合成\\)</th>", synthetic.partition("<details>")[0])
