"""The page of a release says what its tables say, loads nothing, and lets no name speak HTML."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import duckdb
import pytest

from dashboards.release_page import render
from dashboards.release_queries import rates
from dashboards.release_sections import FIRST, rate_groups
from tests.release_tables import RATE, RELEASE, add, add_claims, add_rates, empty_release

MEGABYTES = 6


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return empty_release(tmp_path / "internal.duckdb")


@pytest.fixture(scope="module")
def shipped(published_warehouse: Path) -> str:
    """The page of the shipped reports."""
    return render(published_warehouse, RELEASE)


class Reader(HTMLParser):
    """Collects the text outside scripts and styles, and everything that would be loaded."""

    def __init__(self) -> None:
        super().__init__()
        self.text: list[str] = []
        self.loads: list[str] = []
        self.tags: list[str] = []
        self.inside = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.inside = tag
        for name, value in attrs:
            loading = name in ("src", "srcset", "poster", "data", "action") or (name, tag) == ("href", "link")
            if loading or (name == "href" and not str(value).startswith("#")):
                self.loads.append(f"{tag} {name}={value}")

    def handle_endtag(self, tag: str) -> None:
        self.inside = ""

    def handle_data(self, data: str) -> None:
        if self.inside not in ("script", "style"):
            self.text.append(data)


def read(page: str) -> Reader:
    reader = Reader()
    reader.feed(page)
    return reader


def words(page: str) -> str:
    return " ".join(" ".join(read(page).text).split())


def test_an_empty_release_says_that_there_is_nothing(database: Path) -> None:
    text = words(render(database, RELEASE))
    for zh, en in [
        ("没有可以计算的率。", "There are no rates to show."),
        ("没有上报率。", "There are no printed rates."),
        ("没有上报的合计。", "There are no stated totals."),
        ("没有发现问题。", "There are no findings."),
    ]:
        assert zh in text
        assert en in text


def test_the_head_says_which_night_it_was_in_beijing(database: Path) -> None:
    text = words(render(database, RELEASE))
    assert "20260101T180000Z-abcdef12" in text
    assert "2026-01-02 02:00" in text
    assert "c0de" * 16 in text
    assert "ca7a" * 16 in text


def test_the_numbers_shown_are_those_of_the_tables(database: Path) -> None:
    add_rates(database, RATE)
    add_claims(database)
    text = words(render(database, RELEASE))
    for shown in ("9 / 16", "56.25", "33.18–76.90", "甲县.xlsx › 报表 › C4"):
        assert shown in text
    assert "3 printed rates: 0 not checkable, 1 reproduced, 1 truncated, 1 inconsistent; unattainable: 1 (" in text
    assert "表中印出 3 个上报率" in text
    assert "✓ both sides are equal" in text


def test_what_a_finding_expects_stands_in_each_language_alone(database: Path) -> None:
    told = {"rule_code": "count_not_whole", "severity": "error", "status": "open", "message_zh": "", "message_en": ""}
    add(database, "quality.finding", {**told, "finding_id": "f1", "expected": "整数 / a whole number"},
        {**told, "finding_id": "f2", "rule_code": "total_by_kind", "expected": "= 670.0000"})  # fmt: skip
    page = render(database, RELEASE)
    assert "整数 / a whole number" not in page
    assert "a whole number" in words(page)
    assert page.count("= 670<") == 1


def test_a_cell_that_went_missing_is_told(database: Path) -> None:
    add_claims(database)
    with duckdb.connect(str(database)) as con:
        con.execute("update intake.submission set cells_read = 12")
    assert "✗ 2 cell(s) not accounted for" in words(render(database, RELEASE))


def test_a_name_with_html_is_text(database: Path) -> None:
    add_rates(database, {**RATE, "org_name": "<script>alert(1)</script>&村"})
    page = render(database, RELEASE)
    assert "<script>alert(1)" not in page
    assert "<script>alert(1)</script>&村" in " ".join(read(page).text)


def test_a_name_cannot_close_the_script_that_holds_the_figures(database: Path) -> None:
    add_rates(database, {**RATE, "org_name": "</script><img src=x onerror=alert(1)>"})
    assert "img" not in read(render(database, RELEASE)).tags


def test_rates_that_could_not_be_computed_are_listed_with_the_reason(database: Path) -> None:
    gap = {"value": None, "lower": None, "upper": None, "denominator": None, "state": "missing"}
    add_rates(database, {**RATE, **gap, "state_reason": "denominator: not_reported"})
    text = words(render(database, RELEASE))
    assert "Rates without a value, and why (1)" in text
    assert "denominator: not reported" in text
    assert "分母:没有上报" in text


def test_partial_figures_stand_in_the_table_with_their_coverage(database: Path) -> None:
    add_rates(database, {**RATE, "state": "partial", "coverage": 0.5})
    assert "50%" in words(render(database, RELEASE))


def test_a_long_list_is_cut_and_says_so(database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dashboards.release_sections.LONGEST_TABLE", 2)
    add_claims(database)
    assert "The first 2 of 3 rows are listed" in words(render(database, RELEASE))


@pytest.mark.parametrize("text", [r"\bsrc=", r"@import", r"url\(", r"<link", r"<iframe", r"<base"])
def test_the_page_loads_nothing(shipped: str, text: str) -> None:
    page = shipped
    own = re.sub(r"<script>/\*\*.*?</script>", "", page, count=1, flags=re.DOTALL)
    assert len(own) < len(page) / 2, "plotly.js was not found"
    assert re.search(text, own) is None


def test_the_sentence_on_printed_rates_counts_what_the_verdicts_say(published_warehouse: Path, shipped: str) -> None:
    with duckdb.connect(str(published_warehouse), read_only=True) as con:
        told = dict(con.execute("select verdict, count(*) from marts.claim_verdict group by 1").fetchall())
        unattainable = con.execute("select count(*) from marts.claim_verdict where not attainable").fetchone()
    page = shipped
    assert (
        f"{sum(told.values())} printed rates: {told['not_checkable']} not checkable, "
        f"{told['reproduced']} reproduced, {told['truncated']} truncated, {told['inconsistent']} inconsistent; "
        f"unattainable: {unattainable[0]} (" in words(page)
    )
    assert page.count("<tr data-verdict=") == sum(told.values())


def test_the_shipped_reports_make_a_small_page_without_an_address(shipped: str) -> None:
    page = shipped
    reader, text = read(page), words(page)
    assert reader.loads == []
    assert "://" not in text
    assert "7,414 / 9,887" in text
    assert len(page.encode()) < MEGABYTES * 1024 * 1024
    assert page.count("plotly.js v") == 1


def test_every_table_has_a_caption_and_every_head_its_scope(shipped: str) -> None:
    page = shipped
    own = re.sub(r"<script.*?</script>", "", page, flags=re.DOTALL)
    assert own.count("<table") == own.count("<caption")
    assert re.findall(r"<th(?! scope=)(?!ead)[^>]*>", own) == []


def test_systematic_management_and_visits_come_first(published_warehouse: Path) -> None:
    with duckdb.connect(str(published_warehouse), read_only=True) as con:
        groups = rate_groups(rates(con))
    names = [panel.name.zh for panel in groups[0].panels]
    assert names[:2] == ["孕产妇系统管理率", "产后访视率"]
    assert all(re.search("|".join(FIRST[:3]), name) for name in names)


def test_another_editions_gap_is_listed_too(database: Path) -> None:
    gap = {
        "value": None,
        "state": "not_computable",
        "state_reason": "denominator: zero",
        "standard": "nbphs",
        "edition": "2017",
    }
    add_rates(database, RATE, {**RATE, **gap, "is_default_edition": False})
    text = words(render(database, RELEASE))
    assert "Rates without a value, and why (1)" in text
    assert "2017 (其他口径)" in text


def test_many_units_are_cut_to_the_highest_levels_and_it_says_so(database: Path) -> None:
    villages = [{**RATE, "org_code": f"v{n}", "org_name": f"{n}村"} for n in range(450)]
    add_rates(database, *villages, {**RATE, "org_level": "county", "org_name": "乙县"})
    text = words(render(database, RELEASE))
    assert "51 more rows: query them with taizhang sql" in text
    assert "乙县" in text
