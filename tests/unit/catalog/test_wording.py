"""The catalog in words: formulas, definitions, differences of editions, traps."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.catalog import models as m
from pipelines.catalog.load import Catalog, load_catalog
from pipelines.catalog.traps import traps
from pipelines.catalog.wording import definition, differences, formula, validity


@pytest.fixture(scope="module")
def catalog(repo_root: Path) -> Catalog:
    return load_catalog(repo_root / "catalog", repo_root / "tests" / "unit" / "catalog" / "xiping")


def edition(numerator: list[object], denominator: list[object], **more: object) -> m.Edition:
    return m.Edition.model_validate(
        {"standard": "county_plan", "edition": "x", "type": "proportion", "document": "xiping_plan_2023",
         "numerator": numerator, "denominator": denominator, **more}
    )  # fmt: skip


def indicator(unit: str, *editions: m.Edition) -> m.Indicator:
    return m.Indicator.model_validate({"zh": "率", "en": "rate", "domain": "mch", "unit": unit, "editions": editions})


DUE, MEN, WOMEN = "thyroid_due", "thyroid_men", "thyroid_women"
ZH, EN = "甲状腺应筛查人数", "due for thyroid screening"  # of DUE
BOTH = [MEN, {"element": WOMEN, "factor": -1}]
BEFORE, PART = [{"element": MEN, "period": "previous"}], [{"element": DUE, "factor": "0.25", "cite": "x"}]
BELOW = [{"element": MEN, "breakdown": "nodule", "level": "children"}]


@pytest.mark.parametrize(
    ("unit", "above", "below", "zh", "en"),
    [
        ("percent", [MEN], [DUE], f"甲状腺筛查男性 ÷ {ZH} × 100%", f"men screened ÷ {EN} × 100%"),
        ("ratio", [MEN, WOMEN], [DUE], f"(甲状腺筛查男性 + 甲状腺筛查女性) ÷ {ZH}",
         f"(men screened + women screened) ÷ {EN}"),
        ("per_mille", BOTH, [DUE], f"(甲状腺筛查男性 − 甲状腺筛查女性) ÷ {ZH} × 1000‰",
         f"(men screened − women screened) ÷ {EN} × 1000‰"),
        ("per_100k", BEFORE, PART, f"甲状腺筛查男性(上期) ÷ (0.25 × {ZH}) × 10万/10万",
         f"men screened (period before) ÷ (0.25 × {EN}) × 100,000"),
        ("ratio", BELOW, [DUE], f"甲状腺筛查男性(结节、下级之和) ÷ {ZH}",
         f"men screened (nodule, sum of the rows below) ÷ {EN}"),
    ],
)  # fmt: skip
def test_a_formula_has_the_names_of_its_elements(
    catalog: Catalog, unit: str, above: list[object], below: list[object], zh: str, en: str
) -> None:
    one = edition(above, below)
    assert formula(catalog, indicator(unit, one), one) == (zh, en)


def test_a_definition_is_a_sentence(catalog: Catalog) -> None:
    share, rate = edition([MEN], [DUE]), edition([MEN], [DUE], type="rate")
    assert definition(catalog, indicator("percent", share), share) == (
        "甲状腺筛查男性占甲状腺应筛查人数的百分比", "men screened as a percentage of due for thyroid screening",
    )  # fmt: skip
    assert definition(catalog, indicator("per_mille", rate), rate).en == f"men screened per 1,000 {EN}"
    mean = edition([MEN], [DUE], type="mean")
    assert (
        definition(catalog, indicator("visits_per_person", mean), mean).zh
        == "平均每个“甲状腺应筛查人数”的“甲状腺筛查男性”"
    )
    assert definition(catalog, indicator("ratio", rate), rate).zh == "“甲状腺筛查男性”与“甲状腺应筛查人数”之比"


def test_editions_are_told_apart_by_what_they_compute(catalog: Catalog) -> None:
    one, other = edition([MEN], [DUE]), edition([MEN, WOMEN], [DUE], type="rate")
    assert differences(catalog, one, one) == []
    assert [words.en for words in differences(catalog, one, other)] == [
        "its numerator is men screened + women screened, not men screened", "it is a rate, not a proportion",
    ]  # fmt: skip


def test_a_validity_is_told(catalog: Catalog) -> None:
    both = {"valid_from": "2021-01-01", "valid_to": "2023-01-01"}
    assert validity(edition([MEN], [DUE], **both)).en == "from 2021-01-01, before 2023-01-01"
    assert validity(edition([MEN], [DUE], valid_to="2023-01-01")).zh == "2023-01-01 前"
    assert validity(edition([MEN], [DUE])).zh == "不限"


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("maternal_system_management_rate", "各标准的公式不同"),
        ("maternal_system_management_rate", "率可能超过 100%"),
        ("thyroid_awareness_rate", "没有分子分母"),
        ("thyroid_detection_rate", "公式未见印发文本"),
        ("thyroid_detection_rate", "分子分母不在同一张报表"),
        ("thyroid_care_rate", "乘以 0.02 估算:县方案按常住人口2%估算"),
        ("thyroid_screening_rate", "依据 xiping_plan_2021 已于 2022-12-31 失效,后续为 xiping_plan_2023"),
        ("neonatal_mortality_rate", "“新生儿死亡数”:"),
    ],
)
def test_a_trap_is_told(catalog: Catalog, code: str, told: str) -> None:
    found = traps(catalog, code)
    assert any(told in trap.zh for trap in found), found
    assert len(found) == len(set(found))
    assert all(trap.en for trap in found)


def test_a_year_to_date_figure_and_its_steps_are_traps(catalog: Catalog) -> None:
    one = edition(["thyroid_referred_this_year"], ["thyroid_share_nodule"])
    catalog.indicators["new"] = indicator("percent", one)
    told = "\n".join(trap.en for trap in traps(catalog, "new"))
    del catalog.indicators["new"]
    assert "“referred this year” is cumulated from the start of the year." in told
    assert "is defined anew in month 1" in told
    assert "“share of nodules” may not be added up" in told
    assert "no form collects thyroid_share_nodule yet" in told
