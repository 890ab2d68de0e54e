"""The page of an indicator: definition, trend, units below, map, own against rolled up; and what is missing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import duckdb
import pytest

from dashboards.address import parse
from dashboards.cards import Card, draw
from dashboards.drawing import BY_KEY, KNOWN
from dashboards.reader import Reader
from dashboards.visit import visit
from pipelines.errors import TaizhangError
from pipelines.settings import Home
from pipelines.warehouse.release import Release
from tests.release_tables import RATE, add, add_rates
from tests.unit.dashboards.drawn import a_release, content, links, said, text
from tests.unit.dashboards.indicator_release import HTML, a_county, figure

RATE_CODE = "postnatal_visit_rate"
PAGE = f"/indicator?indicator={RATE_CODE}&org=c&period=2014-02"


@pytest.fixture
def release(tmp_path: Path) -> Release:
    """A county with four townships, of which three report."""
    return a_county(tmp_path)


def card(release: Release, address: str, key: str) -> Card:
    found = content(release, address)[1].card(key)
    assert found is not None
    return found


def marks(found: Card) -> dict[str, Any]:
    """The first trace of a card's figure that leads somewhere."""
    return next(trace for trace in traces(found) if trace.get("customdata"))


def traces(found: Card) -> list[dict[str, Any]]:
    """What a card's figure draws."""
    assert found.figure is not None
    return list(found.figure["data"])


# ---- definition


def test_the_definition_says_formula_standard_validity_and_evidence(release: Release) -> None:
    told = said(release, PAGE + "&lang=en", "definition")
    for word in ("÷ live births × 100%", "National MCH survey", "卫统41", "near proportion", "higher is better"):
        assert word in told
    assert "No target of this indicator applies" in told


def test_every_edition_is_listed_with_what_sets_it_apart(release: Release) -> None:
    told = said(release, PAGE + "&lang=en", "definition")
    for word in ("this is the one", "another denominator", "not in force"):
        assert word in told


def test_the_edition_that_is_chosen_is_the_one_on_the_spot(release: Release) -> None:
    told = said(release, PAGE + "&standard=women_delivered", "definition")
    assert told.index("产妇数") < told.index("就是所示版本")
    assert "÷ 产妇数" in told.split("标准与版本")[0]


def test_a_standard_that_the_indicator_does_not_have_is_not_asked_for(release: Release) -> None:
    assert "90.00 %" in said(release, PAGE + "&standard=evil&edition=evil")


def test_a_target_is_told_with_scope_days_and_document(release: Release) -> None:
    with duckdb.connect(str(release.database)) as con:
        con.execute("""
            insert into catalog.target by name
            select '目标一' as target_code, indicator_key, indicator_code, '' as scope_code, 0 as scope_key,
                date '2014-01-01' as valid_from, date '2015-01-01' as valid_to, '>=' as comparator, 85 as target_value,
                'percent' as unit, '' as document_code, '不低于85%' as name_zh
            from catalog.indicator where indicator_code = 'postnatal_visit_rate'
        """)
        con.execute("""
            insert into store.indicator_target by name
            select 9000 as org_key, 2 as period_key, indicator_key, 1 as scope_rank, '目标一' as target_code,
                85 as target_value, '>=' as comparator
            from catalog.indicator where indicator_code = 'postnatal_visit_rate'
        """)
    told = said(release, PAGE, "definition")
    for word in (">= 85 %", "所有单位", "2014-01-01 起,2015-01-01 前", "不低于85%"):
        assert word in told


# ---- the sentences


def test_the_figure_is_told_with_interval_counts_and_coverage(release: Release) -> None:
    told = said(release, PAGE + "&lang=en")
    assert "90.00 % (95% interval 82.60–94.50; 90 / 100; rolled up; coverage 100%)" in told


def test_units_are_called_worse_only_where_the_interval_does_not_cover_the_mean(release: Release) -> None:
    told = said(release, PAGE + "&lang=en")
    assert f"Of 3 units below 1 are clearly worse than the mean ({HTML}), 1 clearly better" in told


def test_no_figure_is_told_with_its_reason_and_the_page_is_not_empty(release: Release) -> None:
    figure(release.database, "t4", "2014-02", numerator=None, denominator=None, value=None, lower=None, upper=None,
           state="missing", state_reason="denominator: not_reported")  # fmt: skip
    told = said(release, PAGE.replace("org=c", "org=t4") + "&lang=en")
    assert "The unit has no figure of this indicator for 2014-02" in told
    assert "denominator: not reported" in told
    assert "÷ live births" in told
    assert "There is no unit below" in told


# ---- trend


def test_the_line_breaks_where_a_period_is_missing(release: Release) -> None:
    found = card(release, PAGE, "trend")
    line = marks(found)
    assert line["y"] == [90.0, 90.0, None, 90.0]
    assert line["customdata"][0] == f"/indicator?indicator={RATE_CODE}&org=c&period=2014-01"


def test_compared_units_have_lines_of_their_own_and_can_be_taken_out(release: Release) -> None:
    address = PAGE.replace("org=c", "org=t1") + "&with=t3,c"
    shown, page = content(release, address)
    found = page.card("trend")
    assert found is not None
    assert found.figure is not None
    names = [trace.get("name", "") for trace in found.figure["data"]]
    assert {name.split(" ")[0] for name in names if name} == {"甲镇", "丙镇", "甲县"}
    ways = links(draw(found, shown))
    assert any("with=c" in way and "org=t1" in way for way in ways)
    assert any("with=t3%2Cc%2Ct2" in way for way in ways)


def test_a_unit_that_does_not_exist_is_not_compared(release: Release) -> None:
    assert "90.00" in said(release, PAGE + "&with=nobody,c")


def test_a_change_of_edition_is_marked(release: Release) -> None:
    path = release.database
    figure(path, "t1", "2014-01", standard="mch_survey", edition="卫统41")
    figure(path, "t1", "2014-04", standard="women_delivered", edition="local")
    found = card(release, PAGE.replace("org=c", "org=t1"), "trend")
    assert found.frame["definition_break"].to_list() == [None, None, "edition"]
    assert found.figure is not None
    assert any("换公式" in note["text"] for note in found.figure["layout"]["annotations"])
    assert "换了版本" in said(release, PAGE.replace("org=c", "org=t1"), "trend")


def test_own_and_rolled_up_are_two_lines_and_one_where_one_is_asked_for(release: Release) -> None:
    figure(release.database, "c", "2014-02", basis="own", numerator=88, value=88.0)
    assert len([trace for trace in traces(card(release, PAGE, "trend")) if trace.get("name")]) == 2
    one = card(release, PAGE + "&basis=own", "trend")
    assert set(one.frame["basis"]) == {"own"}


# ---- the units below


@pytest.mark.parametrize(
    ("sort", "first"), [("", "t1"), ("value_up", "t2"), ("coverage", "t2"), ("name", "t2"), ("evil", "t1")]
)
def test_the_ranking_is_ordered_as_asked(release: Release, sort: str, first: str) -> None:
    assert card(release, PAGE + f"&sort={sort}", "ranking").frame["org_code"][0] == first


def test_a_unit_is_judged_against_what_the_units_add_up_to(release: Release) -> None:
    found = card(release, PAGE, "ranking").frame
    assert dict(zip(found["org_code"], found["against_mean"], strict=True)) == {
        "t1": "higher",
        "t2": "lower",
        "t3": "unclear",
    }


def test_a_click_in_the_ranking_leads_to_the_unit_and_so_does_the_table(release: Release) -> None:
    shown, page = content(release, PAGE + "&with=t1&from=0")
    found = page.card("ranking")
    assert found is not None
    way = f"/indicator?indicator={RATE_CODE}&org=t1&period=2014-02"
    assert marks(found)["customdata"][0] == way
    ways = links(draw(found, shown))
    assert way in ways
    assert any(way.startswith("/cells?basis=rolled_up&edition=") for way in ways)


def test_units_without_a_figure_are_counted(release: Release) -> None:
    assert "1 more units below have no such figure" in said(release, PAGE + "&lang=en", "ranking")


def test_a_name_cannot_bring_markup_into_a_figure(release: Release) -> None:
    _, page = content(release, PAGE)
    for part in page.parts:
        if isinstance(part, Card) and part.figure:
            assert "<img" not in json.dumps(part.figure, default=str)


def test_a_long_ranking_is_shown_in_parts(release: Release) -> None:
    path = release.database
    with duckdb.connect(str(path)) as con:
        con.execute(
            "insert into core.org_unit by name select unit.* replace "
            "(10000 + number as org_key, 'v' || number as org_code, '村' || number as org_name) "
            "from core.org_unit as unit, range(97) as numbers (number) where org_code = 't1'"
        )
        con.execute(
            "insert into store.indicator_figure by name select figure.* replace "
            "(10000 + number as org_key, 50 + number * 0.5 as value) "
            "from store.indicator_figure as figure, range(97) as numbers (number) "
            "where org_key = (select org_key from core.org_unit where org_code = 't1')"
        )
    first, second = said(release, PAGE + "&lang=en", "ranking"), said(release, PAGE + "&from=80&lang=en", "ranking")
    assert "Units 1–40 of 100; 60 more" in first
    assert "Units 81–100 of 100; 80 more" in second
    assert "Units 1–40 of 100" in said(release, PAGE + "&from=evil&lang=en", "ranking")


@pytest.mark.parametrize("key", ["ranking", "distribution", "editions"])
def test_marks_at_the_edge_of_an_axis_are_whole(release: Release, key: str) -> None:
    drawn = [trace for trace in traces(card(release, PAGE, key)) if trace.get("mode") == "markers"]
    assert drawn
    assert all(trace["cliponaxis"] is False for trace in drawn)


def test_few_units_get_no_quantiles_and_small_numbers_a_warning(release: Release) -> None:
    told = said(release, PAGE + "&lang=en", "distribution")
    assert "Only 3 units have a figure, from 40.00 to 100.00 %" in told
    assert "the median denominator is only 20" in told


def test_the_classes_of_the_distribution_hold_every_unit(release: Release) -> None:
    found = card(release, PAGE, "distribution").frame
    assert found["units_in_class"].sum() == 3
    assert found["class_from"][0] == 40.0
    assert found["class_to"][-1] == 100.0


# ---- the map


def at_home(release: Release, home: Home, address: str) -> Any:
    path, _, search = address.partition("?")
    shown = visit(parse(path, search, KNOWN), Reader(release, home))
    found = BY_KEY["indicator"].content(shown).card("map")
    assert found is not None
    return found, text(draw(found, shown))


def square(x: int) -> list[list[list[float]]]:
    return [[[x, 0], [x + 1, 0], [x + 1, 1], [x, 1], [x, 0]]]


def test_without_outlines_the_units_are_tiles_that_lead_on(release: Release, tmp_path: Path) -> None:
    found, told = at_home(release, Home(tmp_path), PAGE)
    assert found.figure["data"][0]["type"] == "treemap"
    assert "90.00 ≈" in found.figure["data"][0]["text"]
    assert found.figure["data"][0]["customdata"][0].startswith("/indicator?")
    assert "catalog/boundaries.geojson" in told


def test_with_outlines_the_units_are_areas(release: Release, tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.catalog.mkdir(parents=True)
    features = [
        {"type": "Feature", "properties": {"code": code}, "geometry": {"type": "Polygon", "coordinates": square(at)}}
        for at, code in enumerate(("t1", "t2"))
    ]
    (home.catalog / "boundaries.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    found, told = at_home(release, home, PAGE)
    areas = [trace for trace in found.figure["data"] if trace.get("fill") == "toself"]
    assert [area["customdata"] for area in areas] == [
        [f"/indicator?indicator={RATE_CODE}&org=t1&period=2014-02"],
        [f"/indicator?indicator={RATE_CODE}&org=t2&period=2014-02"],
    ]
    assert {trace["name"] for trace in found.figure["data"] if trace.get("name")} == {
        "✓ 明显好于平均",
        "✗ 明显差于平均",
    }
    assert "1 个单位没有边界" in told
    assert not {"geo", "map", "mapbox"} & set(found.figure["layout"])


def test_a_broken_file_is_told_and_the_tiles_are_drawn(release: Release, tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.catalog.mkdir(parents=True)
    (home.catalog / "boundaries.geojson").write_text('{"type": "Feature')
    found, told = at_home(release, home, PAGE + "&lang=en")
    assert found.figure["data"][0]["type"] == "treemap"
    assert "is no readable GeoJSON" in told
    assert "docs/guide/dashboards-map.md" in told


# ---- own against rolled up, breakdowns


def test_own_and_rolled_up_stand_side_by_side(release: Release) -> None:
    figure(release.database, "c", "2014-02", basis="own", numerator=88, denominator=100, value=88.0)
    told = said(release, PAGE + "&lang=en", "editions")
    assert "The unit states 88.00 (88 / 100), the units below add up to 90.00 (90 / 100, coverage 100%)" in told


def test_one_basis_alone_is_told(release: Release) -> None:
    assert "There is only the figure “rolled up”" in said(release, PAGE + "&lang=en", "editions")


def test_the_terms_of_the_formula_are_compared_between_levels(release: Release) -> None:
    add(release.database, "marts.level_consistency",
        {"org_code": "c", "period_code": "2014-02", "element_code": "live_births", "breakdown_code": "",
         "period_basis": "stated", "own_value": 100, "rolled_up_value": 98, "difference": 2, "coverage": 0.75,
         "verdict": "explained", "reason": "coverage", "units_expected": 4, "units_reported": 3, "sheet": "表一",
         "cell": "C12"})  # fmt: skip
    told = said(release, PAGE + "&lang=en", "levels")
    for word in ("live births", "100", "98", "3 / 4", "explained by units that did not report", "表一 C12"):
        assert word in told


def test_nothing_to_compare_between_levels_is_said(release: Release) -> None:
    assert "没有可核对的" in said(release, PAGE, "levels")


def test_breakdowns_have_a_card_only_where_there_are_some(release: Release) -> None:
    assert content(release, PAGE)[1].card("breakdowns") is None
    with duckdb.connect(str(release.database)) as con:
        code, name = con.execute(
            "select breakdown_code, name_en from catalog.breakdown where breakdown_code <> '' order by 1 limit 1"
        ).fetchone() or ("", "")
    place = {"org_code": "c", "period_code": "2014-02", "period_kind": "month"}
    add_rates(release.database, {**RATE, **place, "breakdown_code": code, "basis": "rolled_up"})
    assert str(name) in said(release, PAGE + "&lang=en", "breakdowns")


# ---- what can be chosen


def test_the_page_begins_with_an_indicator_that_the_unit_has(release: Release) -> None:
    _, page = content(release, "/indicator?org=c&period=2014-02")
    assert page.title.en == "Postnatal visit rate"


def test_indicators_are_offered_by_field_and_only_those_with_figures(release: Release) -> None:
    shown, _ = content(release, PAGE)
    choices = {choice.name: choice for choice in BY_KEY["indicator"].choices}
    assert choices["indicator"].options(shown) == [(RATE_CODE, "产后访视率", "妇幼健康")]
    assert ("women_delivered", "以产妇数为分母") in choices["standard"].options(shown) or len(
        choices["standard"].options(shown)
    ) > 2


def test_each_option_of_the_comparison_adds_one_unit(release: Release) -> None:
    shown, _ = content(release, PAGE.replace("org=c", "org=t1") + "&with=t3")
    choice = next(choice for choice in BY_KEY["indicator"].choices if choice.name == "with")
    offered = choice.options(shown)
    assert offered[0] == ("t3", "丙镇")
    assert ("t3,t4", "+ 没报的镇") in offered


def test_an_unknown_indicator_is_a_clear_page(release: Release) -> None:
    with pytest.raises(TaizhangError, match="evil"):
        content(release, "/indicator?indicator=evil&org=c")


def test_a_release_without_a_figure_says_so(tmp_path: Path) -> None:
    with pytest.raises(TaizhangError, match="还没有算出任何指标"):
        content(a_release(tmp_path), "/indicator")
