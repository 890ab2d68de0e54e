"""The sentences about a unit say of what they count."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from dashboards.sentences import sentences
from tests.unit.dashboards.drawn import speaking

RATE = {"indicator_code": "visits", "basis": "own", "value": 50.0, "target_status": "no_target",
        "change_status": "no_clear_change"}  # fmt: skip
NO_RETURNS = pl.DataFrame(schema={"owed_in_all": pl.Int64})
NO_FINDINGS = pl.DataFrame(schema={"severity": pl.String, "findings": pl.Int64})


def told(lang: str, *rates: dict[str, Any]) -> str:
    visit = speaking(lang)
    figures = pl.DataFrame([RATE | rate for rate in rates], infer_schema_length=None)
    return " ".join(sentences(figures, NO_RETURNS, NO_FINDINGS, visit))


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("zh", "算出指标 2 项、3 个数(自报、下级汇总分开计),有目标的 2 个:达到 1 个,未达 1 个。"),
        ("en", "3 figures of 2 indicators (stated and rolled up apart), 2 with a target: 1 met, 1 not met."),
    ],
)
def test_an_indicator_stated_and_rolled_up_is_one_indicator(lang: str, said: str) -> None:
    rates = (
        {"target_status": "met"},
        {"basis": "rolled_up", "target_status": "not_met"},
        {"indicator_code": "records"},
        {"indicator_code": "deaths", "value": None},
    )
    assert said in told(lang, *rates)


def test_changes_are_counted_as_figures() -> None:
    rates = ({"change_status": "up"}, {"basis": "rolled_up", "change_status": "up"})
    assert "上升 2 个,下降 0 个(区间不相交);0 个的差别可能出于偶然。" in told("zh", *rates)


def test_each_indicator_with_one_figure_needs_no_more_words() -> None:
    assert told("zh", {}).startswith("算出指标 1 项,本期没有可与目标比较的。")
    assert told("en", {}).startswith("1 figure; none has a target")
