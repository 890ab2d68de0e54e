"""The figures that the reports print, all of them: what was printed and what follows from it, in the warehouse."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

HERE = Path(__file__).parent
Row = dict[str, str]
FileCells = Callable[[str], dict[str, dict[str, object]]]
Connection = duckdb.DuckDBPyConnection
COUNTY, TOWNSHIP = "x-mch-county", "640502103000"


def published(name: str) -> list[Row]:
    with (HERE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


VALUES, CLAIMS, TOTALS = published("values.csv"), published("claims.csv"), published("totals.csv")
REPORTS = sorted({row["report_id"] for row in VALUES})
CLAIM_REPORTS = sorted({row["report_id"] for row in CLAIMS})
IN_REPORT = "inner join intake.receipt as r using (receipt_id) where split_part(r.filename, '.', 1) = ?"


def name_of(row: Row, *columns: str) -> str:
    return ".".join(row[column] for column in columns)


# ---- figures


def test_the_acceptance_data_hold_408_figures_three_blanks_and_seven_repetitions() -> None:
    blank = [row for row in VALUES if not row["value"]]
    assert (len(VALUES) - len(blank), len(blank)) == (408, 3)
    assert Counter(row["occurrence"] for row in VALUES) == {"1": 404, "2": 7}


@pytest.mark.parametrize("report", REPORTS)
def test_every_printed_figure_is_a_fact(report: str, warehouse: Connection) -> None:
    found = warehouse.execute(
        "select f.org_code, f.period_code, f.element_code, f.occurrence, f.value, f.unit, f.qualifier, f.state "
        f"from core.fact as f inner join intake.submission as s using (submission_id) {IN_REPORT}",
        [report],
    ).fetchall()
    printed = [
        (
            row["org_code"], row["period"], row["element_code"], int(row["occurrence"]),
            Decimal(row["value"]) if row["value"] else None, row["unit"], row["qualifier"],
            "reported" if row["value"] else "blank",
        )
        for row in VALUES
        if row["report_id"] == report
    ]  # fmt: skip
    assert sorted(found, key=str) == sorted(printed, key=lambda row: str((*row[:4], scaled(row[4]), *row[5:])))


def scaled(value: object) -> Decimal | None:
    return value.quantize(Decimal("0.0001")) if isinstance(value, Decimal) else None


POWERS = {"": 1, "百": 100, "千": 1000, "万": 10**4, "亿": 10**8}


def printed_number(cell: object, unit: object) -> Decimal:
    """What a cell and the unit beside it say, read by simpler rules than the project's own."""
    digits = re.search(r"\d+(?:\.\d+)?", str(cell).replace("十", "10"))
    power = re.match(r"[百千万亿]?", str(unit or ""))
    assert digits
    assert power
    return Decimal(digits[0]) * POWERS[power[0]]


@pytest.mark.parametrize("report", REPORTS)
def test_the_cell_of_every_figure_prints_it(report: str, warehouse: Connection, file_cells: FileCells) -> None:
    facts = warehouse.execute(
        "select r.filename, f.sheet, f.cell, f.element_code, f.value, f.state "
        f"from core.fact as f inner join intake.submission as s using (submission_id) {IN_REPORT}",
        [report],
    ).fetchall()
    wrong = []
    for filename, sheet, cell, element, value, state in facts:
        cells = file_cells(filename)[sheet]
        if state == "blank":
            agrees = cell not in cells
        else:
            agrees = cell in cells and printed_number(cells[cell], cells.get(f"C{cell[1:]}")) == value
        if not agrees:
            wrong.append((sheet, cell, cells.get(cell), element, value))
    assert facts
    assert wrong == []


@pytest.mark.parametrize(
    ("element", "words"),
    [
        ("health_education_materials_types", "over"),
        ("township_visits", "over"),
        ("village_clinic_area_min", "at_least"),
        ("floor_area_ratio_before", "at_least"),
        ("disaster_deaths", "about"),
        ("opinions_collected_visits", "about"),
        ("live_births", "exact"),
    ],
)
def test_words_around_a_figure_are_its_qualifier(element: str, words: str, warehouse: Connection) -> None:
    found = warehouse.execute("select distinct qualifier from core.fact where element_code = ?", [element])
    assert found.fetchall() == [(words,)]


# ---- cells


def test_the_account_of_cells_is_what_the_files_hold(warehouse: Connection, file_cells: FileCells) -> None:
    submissions = warehouse.execute(
        "select r.filename, s.sheet, s.cells_read, s.cells_fact + s.cells_claim + s.cells_total + s.cells_entry "
        "+ s.cells_label + s.cells_quarantined, count(f.cell) filter (where f.state = 'blank') "
        "from intake.submission as s inner join intake.receipt as r using (receipt_id) "
        "left join core.fact as f using (submission_id) group by all"
    ).fetchall()
    wrong = [
        (filename, sheet)
        for filename, sheet, read, explained, blank in submissions
        if not read == explained == len(file_cells(filename)[sheet]) + blank
    ]
    assert (len(submissions), wrong) == (29, [])


def test_no_cell_of_the_shipped_reports_is_left_out(warehouse: Connection) -> None:
    assert warehouse.sql("from intake.quarantine").fetchall() == []
    assert warehouse.sql("select distinct state from intake.receipt").fetchall() == [("accepted",)]


# ---- printed rates


@pytest.mark.parametrize("report", CLAIM_REPORTS)
def test_every_printed_rate_is_a_claim(report: str, warehouse: Connection) -> None:
    found = warehouse.execute(
        "select c.org_code, c.period_code, c.indicator_code, c.breakdown_code, c.unit, c.qualifier, c.reported_value "
        f"from core.claim as c inner join intake.submission as s using (submission_id) {IN_REPORT}",
        [report],
    ).fetchall()
    rows = {row["claim_id"]: row for row in CLAIMS if row["report_id"] == report}
    printed = [
        (
            row["org_code"], row["period"], row["indicator_code"], row["breakdown_code"], row["unit"],
            row["qualifier"], rounded(Decimal(row["reported_value"])),
        )
        for row in rows.values()
    ]  # fmt: skip
    assert sorted((*row[:6], rounded(row[6])) for row in found) == sorted(printed)


def rounded(value: Decimal) -> Decimal:
    """Four digits: 三分之二 is 0.6667 in the acceptance data."""
    return value.quantize(Decimal("0.0001"))


def test_the_acceptance_data_hold_92_printed_rates() -> None:
    assert len({row["claim_id"] for row in CLAIMS}) == 92


def test_every_claim_keeps_the_text_of_its_cell(warehouse: Connection, file_cells: FileCells) -> None:
    claims = warehouse.sql(
        "select r.filename, c.sheet, c.cell, c.reported_text, c.decimals, c.reported_value from core.claim as c "
        "inner join intake.submission as s using (submission_id) inner join intake.receipt as r using (receipt_id)"
    ).fetchall()
    assert len(claims) == 92
    for filename, sheet, cell, text, decimals, value in claims:
        assert file_cells(filename)[sheet][cell] == text
        digits = re.search(r"\d+(?:\.(\d+))?", text)
        assert (decimals, value) == (
            (len(digits[1] or ""), Decimal(digits[0])) if digits else (None, Decimal("0.666667"))
        )


CHECKED = [row for row in CLAIMS if row["numerator"] and row["denominator"]]


def test_the_acceptance_data_hold_56_comparisons() -> None:
    assert Counter(row["row_check"] for row in CHECKED) == {"reproduced": 34, "truncated": 5, "inconsistent": 17}


@pytest.mark.parametrize("row", CHECKED, ids=[name_of(row, "claim_id", "numerator", "denominator") for row in CHECKED])
def test_a_printed_rate_is_checked_against_its_counts(row: Row, warehouse: Connection) -> None:
    found = warehouse.execute(
        "select verdict, recomputed from marts.claim_check where org_code = ? and period_code = ? "
        "and indicator_code = ? and reported_value = ? and numerator = ? and denominator = ?",
        [
            row["org_code"], row["period"], row["indicator_code"],
            *(Decimal(row[name]) for name in ("reported_value", "numerator", "denominator")),
        ],
    ).fetchall()  # fmt: skip
    assert {verdict for verdict, _ in found} == {row["row_check"]}
    assert {f"{recomputed:.6g}" for _, recomputed in found} == {f"{float(row['recomputed']):.6g}"}


CLAIM_ROWS = {row["claim_id"]: row for row in CLAIMS}


def test_the_best_verdicts_are_53_29_5_and_5(warehouse: Connection) -> None:
    found = warehouse.sql("select verdict, count(*) from marts.claim_verdict group by verdict").fetchall()
    wanted = {"not_checkable": 53, "reproduced": 29, "truncated": 5, "inconsistent": 5}
    assert dict(found) == wanted == Counter(row["verdict"] for row in CLAIM_ROWS.values())


@pytest.mark.parametrize("claim_id", CLAIM_ROWS)
def test_a_claims_verdict_is_the_best_of_its_editions(claim_id: str, warehouse: Connection) -> None:
    row = CLAIM_ROWS[claim_id]
    found = warehouse.execute(
        "select distinct verdict from marts.claim_verdict as v inner join core.claim as c using (claim_id) "
        "where v.org_code = ? and v.period_code = ? and v.indicator_code = ? and v.breakdown_code = ? "
        "and round(c.reported_value, 4) = ?",
        [
            row["org_code"], row["period"], row["indicator_code"], row["breakdown_code"],
            rounded(Decimal(row["reported_value"])),
        ],
    ).fetchall()  # fmt: skip
    assert found == [(row["verdict"],)]


@pytest.mark.parametrize(
    ("org", "indicator", "explaining", "habit"),
    [
        (COUNTY, "antenatal_care_rate", "women_with_antenatal_care/live_births", "live_births"),
        (COUNTY, "early_antenatal_rate", "early_antenatal_examined/live_births", "live_births"),
        (COUNTY, "postnatal_visit_rate", "women_with_postnatal_visit/live_births", "live_births"),
        (COUNTY, "hospital_delivery_rate", "hospital_deliveries/live_births", "live_births"),
        (COUNTY, "caesarean_rate", None, "live_births"),
        (COUNTY, "maternal_system_management_rate", None, "live_births"),
        (TOWNSHIP, "maternal_card_rate", "maternal_cards_issued/women_delivered", "women_delivered"),
        (
            TOWNSHIP, "early_pregnancy_registration_rate",
            "early_pregnancy_registrations/women_delivered", "women_delivered",
        ),
        (TOWNSHIP, "antenatal_visits_per_woman", "antenatal_visits/women_delivered", "women_delivered"),
        (
            TOWNSHIP, "maternal_system_management_rate",
            "maternal_system_managed/women_delivered", "women_delivered",
        ),
        (TOWNSHIP, "postnatal_visits_per_woman", None, "women_delivered"),
    ],
)  # fmt: skip
def test_the_report_explains_which_denominator_it_used(
    org: str, indicator: str, explaining: str | None, habit: str, warehouse: Connection
) -> None:
    found = warehouse.execute(
        "select explaining_formula, split_part(habit_formula, '/', 2) from marts.claim_verdict "
        "where org_code = ? and indicator_code = ?",
        [org, indicator],
    ).fetchall()
    assert found == [(explaining, habit)]


@pytest.mark.parametrize("indicator", ["caesarean_rate", "maternal_system_management_rate"])
def test_where_several_formulas_reproduce_none_of_them_is_called_explaining(
    indicator: str, warehouse: Connection
) -> None:
    found = warehouse.execute(
        "select verdict, is_explaining_edition from marts.claim_check where org_code = ? and indicator_code = ?",
        [COUNTY, indicator],
    ).fetchall()
    assert {flag for verdict, flag in found if verdict == "reproduced"} == {None}
    assert {flag for verdict, flag in found if verdict not in ("reproduced", "not_checkable")} <= {False}


def test_exactly_five_printed_rates_cannot_come_from_whole_numbers(warehouse: Connection) -> None:
    found = warehouse.sql(
        "select indicator_code, reported_text from marts.claim_verdict where not attainable order by 1"
    ).fetchall()
    assert found == [
        ("early_completion_rate", "95.60%"),
        ("high_risk_hospital_delivery_rate", "99.99%"),
        ("high_risk_management_rate", "99.99%"),
        ("licensed_premises_rate", "99℅"),
        ("members_home_excellent_rate", "48.43%"),
    ]


def test_a_rate_without_its_numerator_can_still_be_attainable(warehouse: Connection) -> None:
    found = warehouse.sql(
        "select verdict, attainable from marts.claim_verdict where indicator_code = 'members_home_standard_rate'"
    ).fetchall()
    assert found == [("not_checkable", True)]


@pytest.mark.parametrize(
    "indicator", ["staff_satisfaction_rate", "patient_satisfaction_rate", "public_satisfaction_rate"]
)
def test_a_satisfaction_without_counts_cannot_be_checked(indicator: str, warehouse: Connection) -> None:
    found = warehouse.execute(
        "select distinct verdict, attainable from marts.claim_verdict where indicator_code = ?", [indicator]
    ).fetchall()
    assert found == [("not_checkable", None)]


# ---- totals

# Which of the stated totals keep the relation that their form declares, though they do not add up exactly, or
# not, by organisation, total and partition. All others of the acceptance data hold.
RELATIONS = {
    (TOWNSHIP, "gynae_cases_total", "by_disease"): ("at_most", True),  # 635 diseases of 632 patients
    (TOWNSHIP, "infectious_cases_reported_timely", "by_class"): ("equal", False),  # 83 over 9 + 70
    (COUNTY, "health_institutions", "by_kind"): ("at_least", True),  # 286 over 43: the list is open
    (COUNTY, "mch_hospital_staff", "by_education"): ("equal", False),  # 34 over 32
    (COUNTY, "matching_fund_total", "projects_together"): ("equal", True),  # the other reading holds
    (COUNTY, "gynae_cases_total", "by_disease"): ("at_most", False),  # 1,554 patients over 1,550 diseases
    ("330282000000", "items_accepted", "by_kind"): ("equal", False),  # 595 under 670
}


@pytest.mark.parametrize("row", TOTALS, ids=[name_of(r, "org_code", "total_element", "partition") for r in TOTALS])
def test_a_stated_total_is_compared_with_its_parts(row: Row, warehouse: Connection) -> None:
    key = (row["org_code"], row["total_element"], row["partition"])
    found = warehouse.execute(
        "select verdict, stated_total, sum_of_parts, difference, within_relation from marts.total_check "
        "where org_code = ? and total_element = ? and partition = ? and period_code = ?",
        [*key, row["period"]],
    ).fetchall()
    numbers = [Decimal(row[name]) for name in ("stated_total", "sum_of_parts", "difference")]
    within = RELATIONS[key][1] if key in RELATIONS else row["verdict"] == "holds"
    assert found == [(row["verdict"], *numbers, within)]


@pytest.mark.parametrize(("key", "relation"), [(key, value[0]) for key, value in RELATIONS.items()], ids=str)
def test_a_total_declares_how_its_parts_relate(key: tuple[str, str, str], relation: str, warehouse: Connection) -> None:
    found = warehouse.execute(
        "select relation from marts.total_check where org_code = ? and total_element = ? and partition = ?", key
    )
    assert found.fetchall() == [(relation,)]


def test_no_total_is_checked_that_the_acceptance_data_do_not_know(warehouse: Connection) -> None:
    found = warehouse.sql("select org_code, period_code, total_element, partition from marts.total_check").fetchall()
    assert sorted(found) == sorted(
        (row["org_code"], row["period"], row["total_element"], row["partition"]) for row in TOTALS
    )


# ---- computed rates


@pytest.mark.parametrize(
    ("org", "period", "edition", "numbers", "shown"),
    [
        (COUNTY, "2014", ("mch_survey", "wilson_near"), (7414, 9887), ("74.99", "74.12", "75.83")),
        (TOWNSHIP, "2011", ("women_delivered", "wilson"), (214, 221), ("96.83", "93.61", "98.46")),
    ],
)
def test_the_default_edition_of_the_maternal_system_management_rate(
    org: str,
    period: str,
    edition: tuple[str, str],
    numbers: tuple[int, int],
    shown: tuple[str, ...],
    warehouse: Connection,
) -> None:
    found = warehouse.execute(
        "select standard, interval_method, numerator, denominator, value, lower, upper, unit, state "
        "from marts.indicator_value where org_code = ? and period_code = ? and is_default_edition "
        "and indicator_code = 'maternal_system_management_rate'",
        [org, period],
    ).fetchall()
    assert len(found) == 1
    assert found[0][:4] == (*edition, *numbers)
    assert tuple(f"{number:.2f}" for number in found[0][4:7]) == shown
    assert found[0][7:] == ("percent", "ok")


def test_every_figure_has_one_default_edition(warehouse: Connection) -> None:
    wrong = warehouse.sql(
        "select org_code, period_code, indicator_code, breakdown_code from marts.indicator_value "
        "group by all having count(*) filter (where is_default_edition) <> 1"
    )
    assert wrong.fetchall() == []
