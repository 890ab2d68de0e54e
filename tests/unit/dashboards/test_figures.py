"""What the figures of rates draw, and what they refuse to draw."""

from __future__ import annotations

import polars as pl
import pytest

from dashboards.figures.distribution import distribution
from dashboards.figures.rates import LOOKS, rates_with_intervals, row_layout, tooltip
from tests.release_tables import RATE

ROW = {
    **RATE,
    "breakdown_name_zh": "",
    "breakdown_name_en": "",
    "standard_zh": "全国妇幼卫生调查制度",
    "standard_en": "National MCH survey",
    "state_reason": None,
    "target": None,
    "target_comparator": None,
}


def frame(*changes: dict[str, object]) -> pl.DataFrame:
    return pl.DataFrame([{**ROW, **change} for change in changes], infer_schema_length=None)


def test_the_dot_stands_at_the_rate_and_the_bar_reaches_both_limits() -> None:
    dots = rates_with_intervals(frame({})).data[0]
    assert dots.x == (56.25,)
    assert dots.x[0] - dots.error_x.arrayminus[0] == pytest.approx(33.18)
    assert dots.x[0] + dots.error_x.array[0] == pytest.approx(76.9)


@pytest.mark.parametrize("change", [{"is_default_edition": False}, {"state": "partial"}, {"state": "missing"}])
def test_other_editions_and_incomplete_figures_are_not_drawn(change: dict[str, object]) -> None:
    assert rates_with_intervals(frame({}, change)).data[0].x == (56.25,)


def test_percent_and_per_mille_never_share_an_axis() -> None:
    with pytest.raises(ValueError, match="per_mille"):
        rates_with_intervals(frame({}, {"unit": "per_mille"}))


def test_a_target_is_a_line_in_its_own_row_only() -> None:
    target = {"target": 80.0, "target_comparator": ">=", "target_status": "not_met"}
    figure = rates_with_intervals(frame({}, target))
    assert [trace.x for trace in figure.data[1:]] == [(80.0, 80.0)]
    assert min(figure.data[1].y) > 0.5
    assert "✗" in figure.layout.annotations[1].text
    assert figure.layout.xaxis.range[1] > 80


def test_every_target_status_has_a_marker_of_its_own_shape() -> None:
    shapes = [symbol for _, symbol in LOOKS.values()]
    assert len(set(shapes)) == len(shapes)


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        (
            "zh",
            [
                "甲村",
                "2014",
                "56.25 %",
                "9 / 16",
                "33.18–76.90",
                "Wilson",
                "全国妇幼卫生调查制度",
                "卫统41",
                "覆盖 100%",
            ],
        ),
        (
            "en",
            ["甲村", "56.25 %", "9 / 16", "95% interval 33.18–76.90", "National MCH survey", "coverage 100%"],
        ),
    ],
)
def test_a_rate_is_never_told_without_its_counts_interval_standard_and_coverage(lang: str, words: list[str]) -> None:
    text = tooltip(ROW, lang)
    assert [word for word in words if word not in text] == []


def test_a_rate_without_an_interval_says_so() -> None:
    row = {**ROW, "lower": None, "upper": None, "interval_method": None, "state_reason": "printed as: over"}
    text = tooltip(row, "en")
    assert "no interval" in text
    assert "printed as “over”" in text
    assert rates_with_intervals(frame(row)).data[0].error_x.array == (0.0,)


def test_a_name_cannot_bring_markup_into_a_chart() -> None:
    figure = rates_with_intervals(frame({"org_name": "<a href=x>村"}))
    assert figure.layout.yaxis.ticktext[0].startswith("&lt;a href=x&gt;村")
    assert "<a" not in figure.data[0].hovertext[0]


def test_the_numbers_of_the_axis_lie_flat_and_are_few_enough_for_a_telephone() -> None:
    axis = rates_with_intervals(frame({})).layout.xaxis
    assert (axis.nticks, axis.tickangle) == (3, 0)


def test_a_mark_at_the_edge_of_the_axis_is_whole_and_clear_of_its_label() -> None:
    figure = rates_with_intervals(frame({"value": 0.0, "lower": 0.0, "upper": 0.4}))
    assert figure.layout.xaxis.range[0] == figure.data[0].x[0] == 0.0
    assert figure.data[0].cliponaxis is False
    assert figure.layout.yaxis.ticklabelstandoff * 2 > figure.data[0].marker.size


def test_rows_are_as_high_as_their_highest_label() -> None:
    def height(label: str) -> int:
        return row_layout([ROW, ROW], "%", ["x", label], [])["height"]

    assert height("a<br>b") == height("a")
    assert height("a<br>b<br>c") >= height("a") + 2 * 10


def test_no_rows_give_an_empty_figure() -> None:
    assert rates_with_intervals(frame({}).clear()).data[0].x == ()


def test_what_lines_of_the_distribution_say_never_stands_in_one_place() -> None:
    same = dict.fromkeys(("lowest", "p10", "p25", "median", "p75", "p90", "highest"), 100.0)
    classes = [{**same, "class_from": 99.0, "class_to": 100.0, "units_in_class": 12, "units": 12, "unit": "percent"}]
    units = [{**ROW, "mean_value": 100.0}]
    told = distribution(classes, units, "zh", lambda row: "/")["layout"]["annotations"]
    assert [label["text"] for label in told] == ["中位 100.00", "10% 100.00", "90% 100.00", "平均 100.00"]
    assert len({(label["x"], label["yshift"]) for label in told}) == 4
