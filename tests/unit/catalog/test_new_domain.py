"""A field of work that the shipped catalog does not know, added by a site with YAML and CSV only (`water/`)."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path, PurePosixPath
from typing import Any

import duckdb
import pytest

from pipelines.catalog.load import Catalog, load_catalog
from pipelines.settings import CHECKOUT, SHIPPED_CATALOG, Home
from pipelines.warehouse import release
from tests.unit.warehouse.sites import Rows, as_xlsx
from tools.catalog_pages import catalog_pages

WATER = Path(__file__).parent / "water"
CLOCK = datetime(2024, 3, 12, 20, tzinfo=UTC)
RECEIVED = datetime(2024, 2, 9, 3, tzinfo=UTC)


def january(township: str, *villages: list[object]) -> bytes:
    """A township's return for January 2024: points in use, samples tested, samples passed."""
    head: Rows = [
        ["农村饮水水质监测月报表"],
        [f"填报单位:{township}", "", "", "报告期:2024年1月"],
        ["序号", "村名", "在用供水点", "水样", "水样"],
        ["", "", "", "检测份数", "合格份数"],
    ]
    return as_xlsx(月报=[*head, *([number, *row] for number, row in enumerate(villages, 1))])


def taizhang(home: Home, *words: str) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own, as a site's night is."""
    env = {**os.environ, "TAIZHANG_CLOCK": CLOCK.isoformat(), "TAIZHANG_LANG": "en"}
    command = [sys.executable, "-m", "pipelines.cli", *words, "--home", str(home.path)]
    return subprocess.run(command, capture_output=True, text=True, cwd=CHECKOUT, env=env, check=False, timeout=300)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A county after the night in which its first returns came: one of them breaks the county's own rule."""
    home = Home(tmp_path_factory.mktemp("new_domain") / "site")
    home.create()
    shutil.copytree(WATER, home.catalog, dirs_exist_ok=True)
    home.config.write_text(home.config.read_text("utf-8") + '\nreceipt_time = "modified"\n', "utf-8")
    returns = {
        "上河镇.xlsx": january("上河镇", ["河东村", 4, 20, 19], ["河西村", 2, 10, 8]),
        "下河乡.xlsx": january("下河乡", ["河南村", 3, 12, 21], ["河北村", 1, 10, 10]),
    }
    for name, content in returns.items():
        (home.inbox / name).write_bytes(content)
        os.utime(home.inbox / name, (RECEIVED.timestamp(), RECEIVED.timestamp()))
    night = taizhang(home, "run")
    assert night.returncode == 0, night.stdout + night.stderr
    return home


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load_catalog(SHIPPED_CATALOG, WATER)


def newest(home: Home) -> Path:
    last = release.current(home)
    assert last is not None
    return home.releases / last.id


def rows(home: Home, query: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(newest(home) / "internal.duckdb"), read_only=True) as con:
        return con.execute(query).fetchall()


def test_it_is_no_part_of_the_shipped_catalog(catalog: Catalog) -> None:
    shipped = load_catalog(SHIPPED_CATALOG)
    assert set(catalog.domains) - set(shipped.domains) == {"rural_water"}
    assert not [code for code in shipped.elements if code.startswith("water_")]


def test_its_rate_is_computed_for_villages_townships_and_the_county(site: Home) -> None:
    found = rows(
        site,
        "select org_code, basis, numerator, denominator, domain, target, target_status from marts.indicator_value "
        "where indicator_code = 'water_pass_rate' and period_code = '2024-01' order by org_code, basis",
    )
    values = {(org, basis): (int(n), int(d)) for org, basis, n, d, *_ in found}
    assert values["x-water-t1-v1", "own"] == (19, 20)
    assert values["x-water-t1-v2", "own"] == (8, 10)
    assert values["x-water-t1", "rolled_up"] == (27, 30)
    assert values["x-water", "rolled_up"] == (19 + 8 + 21 + 10, 20 + 10 + 12 + 10)
    assert {row[4] for row in found} == {"rural_water"}
    assert {row[5] for row in found} == {90}
    status = {(row[0], row[1]): row[6] for row in found}
    assert status["x-water-t1-v1", "own"] == "met_uncertain"
    assert status["x-water-t1-v2", "own"] == "not_met_uncertain"


def test_its_rule_finds_the_village_that_breaks_it_and_says_where(site: Home) -> None:
    [found] = rows(
        site,
        "select org_code, period_code, severity, message_zh, message_en, cells from quality.finding "
        "where rule_code = 'water_tested_at_least_passed'",
    )
    assert found[:3] == ("x-water-t2-v1", "2024-01", "error")
    assert "检测份数 ≥ 合格份数" in found[3]
    assert "Tested ≥ passed" in found[4]
    assert {"D5", "E5"} <= set(found[5].replace(",", " ").split())


def test_who_owes_it_is_told_with_its_due_day(site: Home) -> None:
    found = rows(
        site,
        "select org_code, period_code, due_on, state from marts.reporting_status where form_code = 'water_month' "
        "order by period_code, org_code",
    )
    assert found == [
        ("x-water-t1", "2024-01", date(2024, 2, 10), "on_time"),
        ("x-water-t2", "2024-01", date(2024, 2, 10), "on_time"),
        ("x-water-t1", "2024-02", date(2024, 3, 10), "missing"),
        ("x-water-t2", "2024-02", date(2024, 3, 10), "missing"),
    ]


@pytest.mark.parametrize(
    ("table", "column", "code"),
    [
        ("domain", "domain", "rural_water"),
        ("element", "element_code", "water_points_in_use"),
        ("indicator", "indicator_code", "water_pass_rate"),
        ("form", "form_code", "water_month"),
        ("rule", "rule_code", "water_tested_at_least_passed"),
        ("target", "target_code", "water_2024_pass_rate"),
        ("obligation", "obligation_code", "water_2024_each_month"),
        ("document", "document_code", "water_plan_2024"),
    ],
)
def test_every_entry_has_its_row_in_the_release(site: Home, table: str, column: str, code: str) -> None:
    assert rows(site, f"select count(*) from catalog.{table} where {column} = '{code}'") == [(1,)]


def test_the_releases_page_has_its_heading_and_its_rate(site: Home) -> None:
    page = (newest(site) / "index.html").read_text("utf-8")
    for text in ("农村饮水", "Rural drinking water", "水样合格率", "Water samples that passed"):
        assert text in page


def test_it_is_found_by_its_name_in_pinyin(site: Home) -> None:
    said = taizhang(site, "catalog", "list", "nongcunyinshui", "--format", "json")
    assert said.returncode == 0
    found = {(entry["kind"], entry["code"]): entry for entry in json.loads(said.stdout)}
    assert {("domain", "rural_water"), ("form", "water_month"), ("document", "water_plan_2024")} <= found.keys()
    assert found["form", "water_month"]["file"] == str(site.catalog / "forms" / "water_month.yaml")


def test_its_pages_say_formula_target_rule_and_form(catalog: Catalog) -> None:
    pages = catalog_pages(catalog)
    page = pages[PurePosixPath("indicators/water_pass_rate.md")]
    for text in (
        "水样合格份数 ÷ 水样检测份数 × 100%",
        "农村饮水",
        ">= 90%",
        "water_tested_at_least_passed",
        "water_month",
    ):
        assert text in page
    assert "水样 > 检测份数" in pages[PurePosixPath("forms/water_month.md")]
    assert "每村每月检测水样不少于10份" in pages[PurePosixPath("catalog/obligations.md")]
