"""The bulletin says what the release says, loads nothing, and lets no name speak HTML."""

from __future__ import annotations

import re
from pathlib import Path

import duckdb
import pytest

from dashboards.bulletin import find_unit, render
from dashboards.figures.strip import axis, strip
from dashboards.reader import Reader
from pipelines.errors import TaizhangError
from pipelines.warehouse.release import Release
from tests.release_tables import RATE, add_rates
from tests.unit.dashboards.drawn import a_release, a_synthetic_county

HTML = "<img src=x onerror=alert(1)>"


@pytest.fixture
def release(tmp_path: Path) -> Release:
    return a_synthetic_county(tmp_path)


def plain(page: str) -> str:
    """The text of a page, without its tags."""
    body = re.sub(r"<(script|style)>.*?</\1>", " ", page, flags=re.S)
    return " ".join(re.sub(r"<[^>]+>", " ", body).split())


def test_it_tells_release_night_standing_and_the_sentences_in_both_languages(release: Release) -> None:
    text = plain(render(release))
    for word in ("20260101T180000Z-abcdef12", "2026-01-02 02:00", "样本县(合成)", "Synthetic data, not a real unit",
                 "算出指标 1 项", "1 figure", "迟报 1 份", "1 of them late",
                 "provisional: 2 of 2 returns not approved"):  # fmt: skip
        assert word in text


def test_a_rate_stands_with_counts_interval_coverage_and_edition(release: Release) -> None:
    text = plain(render(release))
    for word in ("产后访视率", "Postnatal visit rate", "56.25 %", "33.18–76.90", "9 / 16", "100%", "卫统41"):
        assert word in text


def test_a_finding_stands_with_its_remedy(release: Release) -> None:
    text = plain(render(release, ["x-sample-t00"]))
    assert "计数为负:-7。" in text
    assert "Give 0 or more" in text


def test_it_loads_nothing_and_is_small(release: Release) -> None:
    page = render(release)
    assert not re.findall(r"""(?:src|href)\s*=\s*["'](?!#)""", page)
    assert "url(" not in page
    assert len(page.encode()) < 1_500_000


def test_html_in_a_name_is_text(release: Release) -> None:
    with duckdb.connect(str(release.database)) as con:
        con.execute("update core.org_unit set org_name = ?", [HTML])
        con.execute("update quality.finding set message_zh = ?", [HTML])
    page = render(release, ["x-sample-t00"])
    assert "<img" not in page
    assert page.count("&lt;img src=x onerror=alert(1)&gt;") >= 2


def test_it_opens_in_the_language_asked_for(release: Release) -> None:
    assert '<html lang="en">' in render(release, lang="en")
    assert '<html lang="zh-Hans">' in render(release)


def test_units_are_found_by_code_or_name(release: Release) -> None:
    reader = Reader(release)
    assert find_unit(reader, "x-sample-t01") == "x-sample-t01"
    assert find_unit(reader, "样1镇(合成)") == "x-sample-t01"
    assert find_unit(reader, "样1镇") == "x-sample-t01"
    with pytest.raises(TaizhangError, match="fits several units"):
        find_unit(reader, "河村(合成)")
    with pytest.raises(TaizhangError, match="no unit 'nobody'"):
        find_unit(reader, "nobody")


def test_several_units_have_a_section_each(release: Release) -> None:
    page = render(release, ["x-sample-t00", "x-sample-t01"])
    assert page.count("<section ") == 2
    assert '<a href="#unit-2">样1镇(合成)</a>' in page


def test_an_unknown_period_is_told(release: Release) -> None:
    with pytest.raises(TaizhangError, match="no period '1815'"):
        render(release, period="1815")


def test_a_release_without_figures_says_what_to_do(tmp_path: Path) -> None:
    assert "put returns into the inbox" in plain(render(a_release(tmp_path)))


def test_a_change_is_listed(release: Release) -> None:
    changed = {"indicator_code": "newborn_visit_rate"}
    at = {**RATE, **changed, "org_code": "x-sample", "standard": "nbphs", "edition": "2011"}
    before = {"period_code": "2013", "period_start": "2013-01-01", "period_end": "2013-12-31"}
    add_rates(release.database, at, {**at, **before, "value": 20.0, "lower": 10.0, "upper": 30.0})
    with duckdb.connect(str(release.database)) as con:
        con.execute(
            "update core.period set previous_key = (select period_key from core.period where period_code = '2013') "
            "where period_code = '2014'"
        )
    assert "▲ 上升" in plain(render(release, ["x-sample"]))


# ---- strips


def test_every_part_of_a_strip_is_within_its_axis() -> None:
    row = {"value": 56.0, "lower": 33.0, "upper": 76.0, "target": 90.0, "target_status": "not_met"}
    picture = strip(row, axis([row]))
    places = [float(at) for at in re.findall(r'(?:x1|x2|cx)="([\d.]+)"', picture)]
    assert all(8 <= at <= 212 for at in places)
    assert 'class="mark cross"' in picture
    assert 'class="target"' in picture


def test_a_strip_of_one_value_stands_in_the_middle() -> None:
    row = {"value": 5.0, "lower": None, "upper": None, "target": None, "target_status": "met"}
    assert 'cx="110.0"' in strip(row, axis([row]))
