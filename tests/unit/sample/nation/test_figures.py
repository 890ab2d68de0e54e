"""What villages count: small, over-dispersed, seasonal; parts of wholes; stocks that move slowly.

Statistics are of 12 thousand villages under a fixed seed; the bounds are several standard errors wide.
"""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl
import pytest

from pipelines.catalog.load import Catalog
from pipelines.catalog.models import Compare
from pipelines.sample.nation.figures import BIRTHS_PER_1000, month_figures, settle
from pipelines.sample.nation.parquet import Province, provinces
from pipelines.sample.nation.returns import Layout
from pipelines.sample.women import SEASON
from tests.unit.sample.nation.conftest import FRACTION, SEED

# Smaller, larger: in every village, apart from what was broken on purpose.
PARTS = [
    ("women_delivered", "live_births"),
    ("women_with_antenatal_care", "women_delivered"),
    ("women_with_5_antenatal_visits", "women_with_antenatal_care"),
    ("early_antenatal_examined", "women_with_antenatal_care"),
    ("early_pregnancy_registrations", "early_antenatal_examined"),
    ("women_with_antenatal_care", "antenatal_visits"),
    ("women_with_postnatal_visit", "women_delivered"),
    ("women_with_postnatal_visit", "postnatal_visits"),
    ("hospital_deliveries", "women_delivered"),
    ("caesarean_sections", "hospital_deliveries"),
    ("maternal_system_managed", "early_antenatal_examined"),
    ("maternal_system_managed", "women_with_5_antenatal_visits"),
    ("maternal_system_managed", "women_with_postnatal_visit"),
    ("maternal_system_managed", "hospital_deliveries"),
    ("high_risk_pregnancies", "women_delivered"),
    ("high_risk_pregnancies_managed", "high_risk_pregnancies"),
    ("high_risk_hospital_deliveries", "high_risk_pregnancies"),
    ("high_risk_hospital_deliveries", "hospital_deliveries"),
    ("maternal_deaths", "high_risk_pregnancies"),
    ("newborns_visited", "live_births"),
    ("households", "resident_population"),
    ("households_visited", "households"),
    ("electronic_health_records_cumulative", "resident_population"),
    ("health_records_new", "electronic_health_records_cumulative"),
    ("elderly_65_registered", "resident_population"),
    ("elderly_65_with_record", "elderly_65_registered"),
    ("elderly_65_examined", "elderly_65_registered"),
    ("hypertension_standard_managed", "hypertension_registered"),
    ("hypertension_followed_up", "hypertension_registered"),
    ("diabetes_standard_managed", "diabetes_registered"),
    ("diabetes_followed_up", "diabetes_registered"),
    ("severe_mental_standard_managed", "severe_mental_registered"),
    ("severe_mental_followed_up", "severe_mental_registered"),
    ("disputes_mediated_successfully", "disputes_mediated"),
    ("survey_responded", "survey_invited"),
    ("survey_satisfied", "survey_responded"),
    ("survey_dissatisfied", "survey_responded"),
    ("vaccination_cards_issued", "children_due_for_vaccination_card"),
    ("live_births", "children_due_for_vaccination_card"),
    ("vaccine_doses_given", "vaccine_doses_due"),
    ("children_0_6y_examined", "children_0_6y_due_for_exam"),
    ("sick_children_detected", "children_0_6y_examined"),
    ("children_u5_haemoglobin_tested", "children_0_6y_examined"),
    ("children_u5_moderate_severe_anaemia", "children_u5_haemoglobin_tested"),
]
STOCKS = [
    "resident_population", "households", "elderly_65_registered", "hypertension_registered", "diabetes_registered",
    "severe_mental_registered", "electronic_health_records_cumulative", "pregnant_women",
]  # fmt: skip


def counts(month: int, villages: int = 4000, year: int = 2026) -> dict[str, np.ndarray]:
    """Figures straight from the generator, nothing broken."""
    rng = np.random.default_rng([SEED, 1, year, month])
    return month_figures(rng, settle(np.random.default_rng([SEED, 1]), villages), year, month)


def test_a_village_has_sixty_figures_a_month_and_each_belongs_to_one_form(shipped: Catalog, layout: Layout) -> None:
    assert len(layout.elements) == 60
    assert set(counts(10, 3)) == set(layout.elements)
    for form in layout.forms:
        asked = [item.element for item in shipped.forms[form].items]
        assert list(layout.elements[layout.columns(form)]) == asked


@pytest.mark.parametrize("month", range(1, 13))
def test_parts_never_exceed_their_wholes(month: int) -> None:
    found = counts(month)
    assert [(part, whole) for part, whole in PARTS if (found[part] > found[whole]).any()] == []
    assert (found["survey_satisfied"] + found["survey_dissatisfied"] <= found["survey_responded"]).all()
    assert all((values >= 0).all() for values in found.values())


def test_every_rule_of_the_catalog_between_these_figures_holds(shipped: Catalog) -> None:
    found, judged = counts(10), 0
    for code, rule in shipped.rules.items():
        if not isinstance(rule, Compare):
            continue
        terms = (*rule.left, *rule.right)
        if all(term.element in found for term in terms):
            left, right = (
                sum(found[term.element] * float(term.factor) for term in side) for side in (rule.left, rule.right)
            )
            assert rule.op == ">="
            assert (left >= right).all(), code
            judged += 1
    assert judged == 22


def test_births_are_ten_a_thousand_residents_and_year(figures: pl.DataFrame) -> None:
    births = figures["women_delivered"].sum() / SEASON[0] * 12
    assert births / figures["resident_population"].sum() * 1000 == pytest.approx(BIRTHS_PER_1000, rel=0.05)


def test_residents_add_up_to_the_nations(figures: pl.DataFrame) -> None:
    assert figures["resident_population"].sum() / FRACTION == pytest.approx(1.39e9, rel=0.04)


def test_births_are_over_dispersed_given_the_size_of_the_village(figures: pl.DataFrame) -> None:
    sized = figures.filter(pl.col("resident_population").is_between(1800, 2200))["women_delivered"]
    mean, variance = float(sized.mean()), float(sized.var())  # type: ignore[arg-type]
    assert 1 < mean < 3
    assert variance > 1.4 * mean  # a Poisson count has 1.0; its standard error here is 0.03


def test_births_follow_the_season() -> None:
    months = {month: counts(month, 20_000)["women_delivered"].sum() for month in (10, 3, 4)}
    expected = {month: SEASON[(month - 10) % 12] for month in months}
    assert months[10] / months[4] == pytest.approx(expected[10] / expected[4], rel=0.04)
    assert months[10] > 1.15 * months[3]


def test_health_checks_of_the_elderly_come_in_spring() -> None:
    assert counts(5)["elderly_65_examined"].sum() > 5 * counts(10)["elderly_65_examined"].sum()


@pytest.mark.parametrize("stock", STOCKS)
def test_stocks_move_slowly(stock: str, villages: pl.DataFrame, layout: Layout) -> None:
    some = villages.filter(pl.col("province") == "370000000000")
    october, november = (
        next(provinces(some, SEED, layout, date(2026, month, 1))).returns.figures[:, layout.elements.index(stock)]
        for month in (10, 11)
    )
    large = october > 50
    assert (np.abs(november - october)[large] <= np.maximum(3, 0.1 * october[large])).all()


def test_a_month_is_the_same_whatever_is_drawn_with_it(
    villages: pl.DataFrame, layout: Layout, drawn: list[Province]
) -> None:
    month = date(2026, 10, 1)
    alone = next(provinces(villages.filter(pl.col("province") == drawn[3].code), SEED, layout, month))
    assert alone.villages == drawn[3].villages
    assert (alone.returns.figures == drawn[3].returns.figures).all()
    assert (alone.returns.states == drawn[3].returns.states).all()
