"""The page of a unit: who it is, what it owes, its rates beside plan and peers, what is wrong, the units below."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from dashboards.cards import Card, draw
from dashboards.figures.peers import beside_peers
from dashboards.figures.spark import spark
from pipelines.errors import TaizhangError
from pipelines.warehouse.release import Release
from tests.release_tables import RATE, add_rates
from tests.unit.dashboards.drawn import a_synthetic_county, content, links, said

HTML = "<img src=x onerror=alert(1)>"
TOWN = "/unit?org=x-sample-t00&period=2014"


@pytest.fixture
def release(tmp_path: Path) -> Release:
    """A synthetic county with two townships of a village each, both townships with a rate; period 2013, too."""
    found = a_synthetic_county(tmp_path)
    with duckdb.connect(str(found.database)) as con:
        con.execute("""
            insert into core.period (period_key, period_code, period_start, period_end, period_kind, is_as_at, aliases)
            values (4, '2013', '2013-01-01', '2013-12-31', 'year', false, '')
        """)
        con.execute(
            "update store.indicator_figure set value = 40 "
            "where org_key = (select org_key from core.org_unit where org_code = 'x-sample-t01')"
        )
    return found


def test_a_unit_is_named_with_its_level_and_the_unit_above(release: Release) -> None:
    text = said(release, f"{TOWN}&lang=en", "who")
    for word in ("样0镇(合成)", "x-sample-t00", "township", "样本县(合成)", "always", "does not exist"):
        assert word in text


def test_every_return_stands_with_its_sign(release: Release) -> None:
    text = said(release, TOWN, "record")
    assert "2: ✓1 !1" in text
    assert text.index("2014-02") < text.index("2014-01")  # the newest first


def test_a_unit_that_owes_nothing_is_told_so(release: Release) -> None:
    assert "没有应报的报表" in said(release, "/unit?org=x-sample-t01&period=2014", "record")


def test_the_county_counts_the_returns_of_its_units(release: Release) -> None:
    text = said(release, "/unit?org=x-sample&period=2014&lang=en", "record")
    assert "!1" in text
    assert "✓1" in text


def test_a_rate_stands_with_counts_interval_coverage_and_the_way_to_its_cells(release: Release) -> None:
    shown, page = content(release, TOWN)
    card = page.card("domain-mch")
    assert card is not None
    drawn = draw(card, shown)
    ways = links(drawn)
    assert any(way.startswith("/cells?basis=rolled_up&edition=") and "postnatal_visit_rate" in way for way in ways)
    assert any(way.startswith("/indicator?indicator=postnatal_visit_rate") for way in ways)
    for word in ("56.25 %", "9 / 16", "33.18–76.90", "100%"):
        assert word in said(release, TOWN, "domain-mch")


@pytest.mark.parametrize("page", ["", "unit"])
@pytest.mark.parametrize(
    ("lang", "name", "told"),
    [
        ("en", "Women with five or more antenatal <visits>", "Women with five or more<br>antenatal &lt;visits&gt;"),
        ("zh", "五岁以下儿童中重度贫血患病率", "五岁以下儿童中重度贫血患<br>病率"),
    ],
)
def test_a_long_name_stands_whole_on_two_lines_beside_a_chart(
    release: Release, page: str, lang: str, name: str, told: str
) -> None:
    with duckdb.connect(str(release.database)) as con:
        con.execute(f"update store.edition_label set indicator_name_{lang} = ?", [name])
    _, found = content(release, f"/{page}?org=x-sample-t00&period=2014&lang={lang}")
    card = found.card("domain-mch")
    assert card is not None
    assert card.figure is not None
    [label] = card.figure["layout"]["yaxis"]["ticktext"]
    assert label.startswith(told)
    assert ("rolled up" in label or "下级汇总" in label) is (page == "unit")


def test_peers_are_the_units_with_the_same_parent(release: Release) -> None:
    text = said(release, f"{TOWN}&lang=en", "domain-mch")
    assert "2 peers: median 48.13 %, 40.00–56.25" in text


def test_findings_come_with_place_and_remedy(release: Release) -> None:
    text = said(release, TOWN, "findings")
    assert "计数为负" in text
    assert "填 0 或正整数" in text
    assert "河村(合成)" in text


def test_the_units_below_are_links_with_what_is_wrong_there(release: Release) -> None:
    shown, page = content(release, "/unit?org=x-sample&period=2014")
    card = page.card("below")
    assert card is not None
    assert card.shown is not None
    assert card.shown["org_code"].to_list() == ["x-sample-t00", "x-sample-t01"]
    assert card.shown["late"].to_list() == [1, 0]
    assert card.shown["findings"].to_list() == [1, 0]
    assert "/unit?org=x-sample-t00&period=2014" in links(draw(card, shown))
    assert "56.25 %" in said(release, "/unit?org=x-sample&period=2014", "below")


def test_html_in_a_name_is_text(release: Release) -> None:
    with duckdb.connect(str(release.database)) as con:
        con.execute("update core.org_unit set org_name = ? where org_code = 'x-sample-t00'", [HTML])
    shown, page = content(release, TOWN)
    drawn = [draw(part, shown) for part in page.parts if isinstance(part, Card)]
    assert HTML in said(release, TOWN, "who")
    assert "dangerously_allow_html" not in str(drawn)
    figures = [part.figure for part in page.parts if isinstance(part, Card) and part.figure]
    assert figures
    assert "<img" not in str(figures)


def test_an_empty_period_tells_why_and_shows_no_chart(release: Release) -> None:
    text = said(release, "/unit?org=x-sample-t00&period=2013")
    assert "没有算出的率" in text
    assert "没有适用于该单位" in text
    assert "至少有两期" in text


def test_an_unknown_unit_is_told(release: Release) -> None:
    with pytest.raises(TaizhangError, match="no-such"):
        content(release, "/unit?org=no-such")


def test_two_periods_make_a_line(release: Release) -> None:
    year = {"period_code": "2013", "period_start": "2013-01-01", "period_end": "2013-12-31"}
    add_rates(release.database, {**RATE, **year, "org_code": "x-sample-t00", "basis": "rolled_up", "value": 50.0})
    assert "2 periods, from 50.00 in 2013 to 56.25 in 2014" in said(release, f"{TOWN}&lang=en", "trends")


# ---- figures

PEERS = {"peer_units": 3, "peer_low": 40.0, "peer_median": 50.0, "peer_high": 90.0, "rank_in_parent": 2, "peers": 3}
ROW = {**RATE, "standard_zh": "s", "standard_en": "s", "breakdown_name_zh": "", "breakdown_name_en": "",
       "state_reason": None, "target": None, "target_comparator": None}  # fmt: skip


def test_the_range_of_the_peers_lies_within_the_axis() -> None:
    figure = beside_peers([{**ROW, **PEERS}], "en", lambda row, _: "x", lambda row: "/a")
    low, high = figure["layout"]["xaxis"]["range"]
    assert low < 33.18
    assert high > 90
    assert [trace["type"] for trace in figure["data"]] == ["bar", "scatter", "scatter"]
    assert [trace["cliponaxis"] for trace in figure["data"][1:]] == [False, False]
    assert "3 peers: median 50.00 %, 40.00–90.00; rank 2 of 3" in str(figure["data"][0]["hovertext"])


def test_a_unit_alone_has_no_peers() -> None:
    alone = {**PEERS, "peer_units": 1}
    figure = beside_peers([{**ROW, **alone}], "en", lambda row, _: "x", lambda row: "/a")
    assert [trace["type"] for trace in figure["data"]] == ["scatter"]


def test_a_line_keeps_within_its_picture() -> None:
    rows = [{"value": v, "lower": v - 1, "upper": v + 1, "target": 3.0} for v in (1.0, 5.0, 2.0)]
    picture = spark(rows)
    numbers = [float(n) for pair in picture.split('points="')[2].split('"')[0].split() for n in pair.split(",")]
    assert all(0 <= x <= 160 for x in numbers[::2])
    assert all(0 <= y <= 40 for y in numbers[1::2])
    assert "stroke-dasharray" in picture
    assert "polygon" in picture


def test_a_line_of_one_value_is_a_dot() -> None:
    assert "polyline" not in spark([{"value": 1.0, "lower": None, "upper": None, "target": None}])
