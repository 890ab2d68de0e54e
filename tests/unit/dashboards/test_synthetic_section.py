"""Synthetic data stands apart on the page: told at the top, in a section of its own, without its villages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from dashboards.release_page import render
from tests.release_tables import RATE, RELEASE, add_claims, add_rates, add_synthetic, empty_release


@pytest.fixture
def database(tmp_path: Path) -> Path:
    path = empty_release(tmp_path / "internal.duckdb")
    add_rates(path, RATE)
    add_claims(path)
    return path


def parts(database: Path) -> tuple[str, str, str]:
    """The page before its sections, the sections on real reports, and the synthetic one, without scripts."""
    page = re.sub(r"<script.*?</script>", "", render(database, RELEASE), flags=re.DOTALL)
    top, _, rest = page.partition("<main>")
    real, _, synthetic = rest.partition('<section id="synthetic"')
    return top, real, synthetic.partition("</main>")[0]


def test_a_release_without_synthetic_units_says_nothing_of_them(database: Path) -> None:
    assert "合成" not in "".join(parts(database)).replace('class="synthetic"', "")


def test_the_top_of_the_page_tells_it_in_both_languages(database: Path) -> None:
    add_synthetic(database)
    top = parts(database)[0]
    for told in (
        "样本县(合成)等 5 个单位",
        "The figures of 样本县(合成) and the units below it, 5 in all",
        'href="#synthetic"',
    ):
        assert told in top


def test_real_and_synthetic_units_do_not_share_a_section(database: Path) -> None:
    add_synthetic(database)
    _, real, synthetic = parts(database)
    assert "(合成)" not in real
    assert "A count is negative" not in real
    assert "甲村" in real
    assert "甲村" not in synthetic
    for shown in (
        "样本县(合成)",
        "样0镇(合成)",
        "样1镇(合成)",
        "A count is negative: -7.",
        "9 / 16",
        "Late and missing returns",
    ):
        assert shown in synthetic
    assert "其中合成 1" in real  # of the findings counted at the top


def test_villages_are_reached_by_sql_not_listed(database: Path) -> None:
    add_synthetic(database)
    synthetic = parts(database)[2]
    assert "河村" not in synthetic.partition("合成数据中的问题")[0]
    assert "parent_code = &#39;x-sample-t00&#39; and basis = &#39;own&#39;" in synthetic
    assert synthetic.count("<pre>") == 3


def test_the_period_shown_is_the_one_over_which_most_was_counted(database: Path) -> None:
    add_synthetic(database)
    month = {"period_code": "2014-09", "period_kind": "month", "basis": "rolled_up", "denominator": 2, "numerator": 1}
    add_rates(database, {**RATE, **month, "org_code": "x-sample", "org_name": "样本县(合成)"})
    synthetic = parts(database)[2]
    assert "一个时期(2014)" in synthetic
    assert "2014-09" not in synthetic


def test_units_without_a_figure_yet_are_told(tmp_path: Path) -> None:
    import duckdb

    path = empty_release(tmp_path / "internal.duckdb")
    add_synthetic(path, townships=0)
    with duckdb.connect(str(path)) as con:
        con.execute("delete from store.indicator_figure")
    synthetic = parts(path)[2]
    assert "There are no synthetic rates yet." in synthetic
    assert "<pre>" not in synthetic


def test_it_is_one_page_with_captions_and_scopes(database: Path) -> None:
    add_synthetic(database)
    page = "".join(parts(database))
    assert page.count("<table") == page.count("<caption")
    assert re.findall(r"<th(?! scope=)(?!ead)[^>]*>", page) == []
    ids = re.findall(r' id="([^"]+)"', page)
    assert len(ids) == len(set(ids))
