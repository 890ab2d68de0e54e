"""The 55 attested formulas: each has its edition in the catalog, term by term, and no two of a standard overlap."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from pipelines.catalog.load import Catalog, load_catalog
from pipelines.catalog.models import Edition, Term
from pipelines.settings import SHIPPED_CATALOG

Row = dict[str, str]
HERE = Path(__file__).parent


def published(name: str) -> list[Row]:
    with (HERE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


FORMULAS = published("formulas.csv")
NAMES = [f"{row['row']}-{row['indicator_code']}-{row['standard']}-{row['edition']}" for row in FORMULAS]
# Numerators that are a part of their denominator but may be more: why they are not `proportion` (decision 7).
MAY_EXCEED = {
    ("hypertension_management_rate", "nbphs"): "the denominator is an estimate",
    ("mediation_success_rate", "mediation_accepted"): "a dispute may have been accepted in an earlier period",
}


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load_catalog(SHIPPED_CATALOG)


def edition_of(catalog: Catalog, row: Row) -> Edition:
    indicator = catalog.indicators[row["indicator_code"]]
    [found] = [e for e in indicator.editions if (e.standard, e.edition) == (row["standard"], row["edition"])]
    return found


def test_all_55_rows_are_there() -> None:
    assert {int(row["row"]) for row in FORMULAS} == set(range(1, 56))
    assert Counter(row["evidence"] for row in {row["row"]: row for row in FORMULAS}.values()) == {
        "found": 37, "partly_found": 16, "own_knowledge": 2,
    }  # fmt: skip


@pytest.mark.parametrize("row", FORMULAS, ids=NAMES)
def test_a_formula_is_in_the_catalog_term_by_term(row: Row, catalog: Catalog) -> None:
    found = edition_of(catalog, row)
    sides = ["+".join(sorted(term.text for term in side)) for side in (found.numerator, found.denominator)]
    assert sides == [row["numerator"], row["denominator"]]
    assert {term.breakdown for term in (*found.numerator, *found.denominator)} == {""}
    assert catalog.indicators[row["indicator_code"]].per == int(row["per"])
    assert (found.type, found.evidence) == (row["type"], row["evidence"])


@pytest.mark.parametrize("row", FORMULAS, ids=NAMES)
def test_a_formula_holds_from_and_to_the_printed_days(row: Row, catalog: Catalog) -> None:
    found = edition_of(catalog, row)
    days = [day.isoformat() if day else "" for day in (found.valid_from, found.valid_to)]
    assert days == [row["valid_from"], row["valid_to"]]


@pytest.mark.parametrize("row", FORMULAS, ids=NAMES)
def test_the_type_says_whether_the_numerator_is_a_part_of_the_denominator(row: Row) -> None:
    nested = row["nested"] == "yes" and (row["indicator_code"], row["standard"]) not in MAY_EXCEED
    assert (row["type"] == "proportion") == nested


@pytest.mark.parametrize("row", FORMULAS, ids=NAMES)
def test_what_is_not_printed_says_so(row: Row, catalog: Catalog) -> None:
    found = edition_of(catalog, row)
    told = found.note + catalog.documents[found.document].cite + catalog.documents[found.document].title
    assert row["evidence"] != "own_knowledge" or "not seen" in told or "own knowledge" in told


def all_editions(catalog: Catalog) -> Iterator[tuple[str, Edition]]:
    for code, indicator in catalog.indicators.items():
        for edition in indicator.editions:
            yield code, edition


def test_a_local_way_of_computing_is_a_standard_of_its_own(catalog: Catalog) -> None:
    """The national standards hold nothing but what is attested of them."""
    attested = {(r["indicator_code"], r["standard"], r["edition"]) for r in FORMULAS}
    national = [(code, e) for code, e in all_editions(catalog) if e.standard in ("nbphs", "mch_survey")]
    beyond = {(code, e.edition, e.evidence) for code, e in national if (code, e.standard, e.edition) not in attested}
    assert {evidence for _, _, evidence in beyond} <= {"found", "partly_found", "own_knowledge"}
    assert {edition for _, edition, _ in beyond} <= {"2011", "2017", "卫统42"}


def test_what_rests_on_a_reports_own_figures_is_not_called_printed(catalog: Catalog) -> None:
    called = {e.evidence for _, e in all_editions(catalog) if e.document.startswith("report_mch")}
    assert called == {"derived"}


# ---- estimates

ESTIMATES = {
    ("hypertension_management_rate", "prevalence_estimate"): ("population_18_plus", "0.252"),
    ("diabetes_management_rate", "prevalence_estimate"): ("population_18_plus", "0.097"),
    ("elderly_management_rate", "prevalence_estimate"): ("resident_population", "0.108"),
    ("severe_mental_registration_rate", "prevalence_estimate"): ("population_15_plus", "0.01"),
    ("elderly_exam_task_rate", "prevalence_estimate"): ("elderly_65_resident", "0.6"),
    ("hypertension_management_rate", "guangdong_chronic"): ("population_35_plus", "0.209"),
    ("diabetes_management_rate", "guangdong_chronic"): ("population_35_plus", "0.073"),
}


def test_an_estimate_is_a_population_times_a_cited_factor_and_may_be_exceeded(catalog: Catalog) -> None:
    factors = {
        (code, e.standard): (term.element, str(term.factor))
        for code, e in all_editions(catalog)
        for term in e.denominator
        if term.factor not in (1, -1)
    }
    assert factors == ESTIMATES
    for code, edition in all_editions(catalog):
        if (code, edition.standard) in ESTIMATES:
            assert edition.type == "near_proportion"
            assert {term.cite for term in edition.denominator} <= catalog.documents.keys()


@pytest.mark.parametrize(
    ("population", "factor", "printed"),
    [(33_269, "0.252", 8_384), (33_269, "0.097", 3_227), (44_453, "0.108", 4_801), (34_869, "0.01", Decimal("348.69"))],
)
def test_the_factors_give_the_printed_estimates(population: int, factor: str, printed: Decimal) -> None:
    assert factor in {factor for _, factor in ESTIMATES.values()}
    assert abs(population * Decimal(factor) - printed) < 1


def test_every_factor_of_a_term_is_cited(catalog: Catalog) -> None:
    def terms() -> Iterator[Term]:
        for _, edition in all_editions(catalog):
            yield from (*edition.numerator, *edition.denominator)
        for rule in catalog.rules.values():
            for name in ("left", "right", "parts"):
                yield from getattr(rule, name, ())

    assert [term.text for term in terms() if term.factor not in (1, -1) and not term.cite] == []


# ---- figures that step or run up


def test_year_to_date_figures_of_the_chronic_disease_report_step_in_the_months_of_the_rule(catalog: Catalog) -> None:
    for disease in ("hypertension", "diabetes"):
        element = catalog.elements[f"{disease}_standard_managed_to_date"]
        assert (element.kind, element.steps_in) == ("year_to_date", (3, 6, 9, 12))


def test_the_hotline_formulas_give_the_published_rates() -> None:
    """Counts in 万 with two decimals: the rate lies between what the rounded counts allow."""
    step = Decimal("0.005")
    for numerator, denominator, printed in (("28.29", "29.52", "95.81"), ("16.17", "28.29", "57.16")):
        x, n = Decimal(numerator), Decimal(denominator)
        assert (x - step) / (n + step) * 100 <= Decimal(printed) <= (x + step) / (n - step) * 100
