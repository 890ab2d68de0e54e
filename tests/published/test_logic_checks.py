"""The 25 printed checks of 卫统42, and every other shipped rule: a planted breach is found, what holds is not."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from pipelines.catalog.load import Catalog, load_catalog
from pipelines.catalog.models import Rule
from pipelines.catalog.models.rules import Comparison, comparisons
from pipelines.settings import SHIPPED_CATALOG
from pipelines.warehouse.catalog_tables import Keys
from pipelines.warehouse.writer import open_warehouse
from tests.sql.conftest import CLOCK, Tiny

Row = dict[str, str]
HERE = Path(__file__).parent
LEVELS = ("nation", "province", "prefecture", "county", "township", "village")
ABOVE_TOWNSHIPS = LEVELS[:4]
ORGS = "code,name,level,parent\n" + "".join(
    f"x-{level},{level},{level},{'x-' + LEVELS[number - 1] if number else ''}\n" for number, level in enumerate(LEVELS)
)
FORM, ROWS_FORM = "county_mch_summary", "mch_village_month"
VILLAGES = "x-village2,二村,village,x-township\n"
ROSTER = f"owed: {{form: {ROWS_FORM}, unit: x-township, periods: ['2014-05', '2014-06', '2014-07']}}\n"


def published(name: str) -> list[Row]:
    with (HERE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


CHECKS = published("logic_checks.csv")
FIELDS = {row["field"]: (row["element_code"], row["breakdown_code"]) for row in published("child_survey_fields.csv")}
# A return of a county that no check fails: equal where equality is allowed.
HOLDING = {
    "A1": 90, "A2": 60, "A3": 30, "A4": 9, "A5": 4, "A6": 3, "A7": 2, "A8": 9, "A9": 4, "A10": 3, "A11": 2, "A12": 9,
    "A13": 4, "A14": 3, "A15": 2, "A16": 30, "A17": 30, "A18": 30, "A20": 90, "A21": 30, "A22": 60, "A23": 60,
    "A24": 60, "A25": 60,
}  # fmt: skip
CODE = {row["rule_id"]: row["rule_id"].replace("-", "_") for row in CHECKS}


@dataclass
class Cases:
    """Many small returns in one warehouse, each in a period of its own; judged once."""

    tiny: Tiny
    year: int = 1600
    findings: dict[tuple[str, str], dict[str, str]] = field(default_factory=dict)

    def year_of_its_own(self) -> str:
        self.year += 1
        return str(self.year)

    def judge(self) -> None:
        rows = self.tiny.rows("select org_code, period_code, rule_code, severity from quality.finding")
        for org, period, rule, severity in rows:
            self.findings.setdefault((org, period), {})[rule] = severity


@pytest.fixture(scope="module")
def catalog(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    site = tmp_path_factory.mktemp("site")
    (site / "orgs.csv").write_text(ORGS + VILLAGES, encoding="utf-8")
    (site / "roster.yaml").write_text(ROSTER, encoding="utf-8")
    return load_catalog(SHIPPED_CATALOG, site)


@pytest.fixture(scope="module")
def cases(catalog: Catalog, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cases]:
    with open_warehouse(tmp_path_factory.mktemp("checks") / "checks.duckdb", catalog, "tests") as con:
        con.execute("insert into run.night values (?)", [CLOCK])
        yield Cases(Tiny(con, Keys(catalog)))


# ---- the printed checks


def planted(check: Row, *, holds: bool) -> dict[str, int]:
    """The holding return, changed in the left field so that the check just holds, or just fails."""
    figures = dict(HOLDING)
    right = sum(figures[name] for name in check["fails_rhs"].split("+")) if check["fails_rhs"] != "0" else 0
    just_fails = {"<=": right, "<": right - 1, "!=": right + 1}[check["fails_op"]]
    just_holds = {"<=": right + 1, "<": right, "!=": right}[check["fails_op"]]
    figures[check["fails_lhs"]] = just_holds if holds else just_fails
    return figures


@pytest.fixture(scope="module")
def returns(cases: Cases) -> Mapping[tuple[str, str, bool], Mapping[str, str]]:
    """What is found in each return: by check, level and whether it holds."""
    sent: dict[tuple[str, str, bool], str] = {}
    for number, check in enumerate(CHECKS):
        for holds in (True, False):
            year = cases.year_of_its_own()
            figures = planted(check, holds=holds)
            for level in LEVELS:
                sent[check["rule_id"], level, holds] = year
                for name, value in figures.items():
                    element, breakdown = FIELDS[name]
                    cases.tiny.say(
                        element, value, breakdown=breakdown, org=f"x-{level}", period=year, form=FORM,
                        submission=1000 * (number + 1) + 100 * holds + LEVELS.index(level),
                    )  # fmt: skip
    cases.judge()
    return {key: cases.findings.get((f"x-{key[1]}", year), {}) for key, year in sent.items()}


def severity_at(check: Row, level: str) -> str:
    if check["level"] == "county_and_above" and level not in ABOVE_TOWNSHIPS:
        return "question"  # a village may truly have no children
    return "question" if check["severity_printed"] == "explain" else "error"


def test_the_source_shows_25_checks_and_each_has_its_rule(catalog: Catalog) -> None:
    assert len(CHECKS) == 25
    assert [code for code in catalog.rules if code.startswith("u7_")] == list(CODE.values())
    assert {catalog.rules[code].document for code in CODE.values()} == {"mch_child_checks_2012"}


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("check", CHECKS, ids=CODE.values())
def test_a_figure_that_fails_a_printed_check_is_found(
    check: Row, level: str, returns: Mapping[tuple[str, str, bool], Mapping[str, str]]
) -> None:
    found = returns[check["rule_id"], level, False]
    assert found.get(CODE[check["rule_id"]]) == severity_at(check, level)


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("check", CHECKS, ids=CODE.values())
def test_a_figure_that_just_passes_a_printed_check_is_not_found(
    check: Row, level: str, returns: Mapping[tuple[str, str, bool], Mapping[str, str]]
) -> None:
    assert CODE[check["rule_id"]] not in returns[check["rule_id"], level, True]


# ---- every other comparison

Planted = dict[tuple[str, str, str], Decimal]


def lifted(found: Comparison, tolerance: Decimal, *, holds: bool) -> Planted:
    """Figures of all terms, by element, breakdown and period, under which a comparison holds, or does not.

    All begin at 1,000; then the terms of the left side are moved together until the comparison is as it should be.
    """
    figures: Planted = {(t.element, t.breakdown, t.period): Decimal(1000) for t in (*found.left, *found.right)}
    left: Planted = {(t.element, t.breakdown, t.period): Decimal(0) for t in found.left}
    equal = -difference(found, figures | left) / sum(t.factor for t in found.left)
    for value in (Decimal(1000), equal, *map(Decimal, (0, 1, 100_000))):
        figures |= dict.fromkeys(left, value)
        if value >= 0 and judged(found, figures, tolerance) == holds:
            return figures
    raise AssertionError(f"{found.left_text} {found.op} {found.right_text}: nothing makes it {holds}")


def difference(found: Comparison, figures: Planted) -> Decimal:
    left = sum((t.factor * figures[t.element, t.breakdown, t.period] for t in found.left), Decimal(0))
    right = sum((t.factor * figures[t.element, t.breakdown, t.period] for t in found.right), found.constant)
    return left - right


def judged(found: Comparison, figures: Planted, tolerance: Decimal) -> bool:
    more = difference(found, figures)
    return {
        ">=": more >= -tolerance, ">": more > -tolerance, "<=": more <= tolerance, "<": more < tolerance,
        "=": abs(more) <= tolerance,
    }[found.op]  # fmt: skip


def shipped_comparisons() -> Iterator[tuple[str, Rule, int, Comparison]]:
    catalog = load_catalog(SHIPPED_CATALOG)
    for code, rule in catalog.rules.items():
        for number, found in enumerate(comparisons(rule, catalog.breakdown_codes)):
            if rule.kind != "level":
                yield code, rule, number, found


SHIPPED = list(shipped_comparisons())
SHIPPED_IDS = [f"{code}-{number}" for code, _, number, _ in SHIPPED]


@pytest.fixture(scope="module")
def judgements(cases: Cases) -> Mapping[tuple[str, int, bool], str]:
    """The severity found for each comparison in a county, planted to hold and not to hold; '' where none is."""
    sent: dict[tuple[str, int, bool], str] = {}
    for number, (code, rule, which, found) in enumerate(SHIPPED):
        for holds in (True, False):
            figures = lifted(found, rule.tolerance, holds=holds)
            sent[code, which, holds] = months = cases.year_of_its_own()
            for (element, breakdown, when), value in figures.items():
                period = f"{months}-{'01' if when == 'previous' else '02'}"
                cases.tiny.say(
                    element, value, breakdown=breakdown, org="x-county", period=period, form=FORM,
                    submission=100_000 + 10 * number + 2 * holds + (when == "previous"),
                )  # fmt: skip
    cases.judge()
    return {key: cases.findings.get(("x-county", f"{year}-02"), {}).get(key[0], "") for key, year in sent.items()}


@pytest.mark.parametrize(("code", "rule", "which", "found"), SHIPPED, ids=SHIPPED_IDS)
def test_every_shipped_rule_finds_a_breach_and_passes_what_holds(
    code: str, rule: Rule, which: int, found: Comparison, judgements: Mapping[tuple[str, int, bool], str]
) -> None:
    assert judgements[code, which, False] == rule.severity_at("county")
    assert judgements[code, which, True] == "", found


# ---- levels, and what is known in general only


def test_a_township_states_what_its_villages_add_up_to(cases: Cases) -> None:
    for month, own in (("2014-05", 7), ("2014-06", 8), ("2014-07", 8)):
        number = 900_000 + int(month[-2:])
        cases.tiny.say("live_births", own, org="x-township", period=month, form=ROWS_FORM, submission=number)
        cases.tiny.say(
            "live_births", 4, org="x-village", by="x-township", period=month, form=ROWS_FORM, submission=number
        )
        if month != "2014-07":  # a village that is owed and missing: nothing is judged
            cases.tiny.say(
                "live_births", 3, org="x-village2", by="x-township", period=month, form=ROWS_FORM, submission=number
            )
    cases.judge()
    found = {p: f.get("villages_add_up") for (org, p), f in cases.findings.items() if org == "x-township"}
    assert {month: found.get(month) for month in ("2014-05", "2014-06", "2014-07")} == {
        "2014-05": None, "2014-06": "warning", "2014-07": None,
    }  # fmt: skip


def test_general_knowledge_only_asks(catalog: Catalog) -> None:
    loud = [
        code
        for code, rule in catalog.rules.items()
        if rule.document in ("common_practice", "village_month_returns")
        and any(rule.severity_at(level) not in ("", "question") for level in LEVELS)
    ]
    assert loud == []


def test_every_class_of_rules_that_real_forms_need_is_said(catalog: Catalog, repo_root: Path) -> None:
    """The table of docs/design/catalog.md: 13 classes, each said by entries that exist."""
    text = (repo_root / "docs" / "design" / "catalog.md").read_text(encoding="utf-8")
    table = text.partition("## What rules say")[2].partition("\n## ")[0]
    rows = [line.split("|")[2] for line in table.splitlines() if line.startswith("| ")][1:]
    known = {*catalog.rules, *catalog.indicators, *catalog.forms, *catalog.elements, "missing", "when_missing", "by_kind"}
    assert len(rows) == 13
    assert {code for row in rows for code in re.findall(r"`(\w+)`", row)} <= known
    assert all("`" in row for row in rows)


def test_mothers_may_be_more_or_fewer_than_live_births(catalog: Catalog) -> None:
    """No rule compares the two alone: real tables go both ways."""
    sides = {
        (found.left_text, found.right_text) for r in catalog.rules.values() for found in comparisons(r, {}) if found
    }
    assert not {("women_delivered", "live_births"), ("live_births", "women_delivered")} & sides


def test_an_estimated_number_of_patients_with_two_digits_changed_places_is_asked_about(cases: Cases) -> None:
    wanted = {}
    for patients, asked in (("8384", False), ("8348", True)):
        year = cases.year_of_its_own()
        for element, value in {"population_18_plus": "33269", "hypertension_patients_estimated": patients}.items():
            cases.tiny.say(element, value, org="x-county", period=year, form=FORM, submission=950_000 + int(patients))
        wanted[year] = "question" if asked else None
    cases.judge()
    found = {year: cases.findings.get(("x-county", year), {}).get("hypertension_estimate_of_adults") for year in wanted}
    assert found == wanted


def test_a_type_of_dispute_that_was_nothing_last_year_has_no_change(cases: Cases) -> None:
    for year, count in (("2020", 0), ("2021", 1)):
        for breakdown, value in (("tourism", count), ("contract", 10 + count)):
            cases.tiny.say(
                "mediation_mediated", value, breakdown=breakdown, org="x-county", period=f"{year}-04", form=FORM,
                submission=960_000 + int(year),
            )  # fmt: skip
    found = cases.tiny.rows(
        "select breakdown_code, round(value, 2), state, interval_method from marts.indicator_value "
        "where indicator_code = 'mediation_change_on_year' and period_code = '2021-04' order by 1"
    )
    assert found == [("contract", 10.0, "ok", None), ("tourism", None, "not_computable", None)]


def test_the_rate_of_an_estimate_counts_the_population_times_its_factor(cases: Cases, catalog: Catalog) -> None:
    cases.tiny.say("population_18_plus", 33_269, org="x-county", period="2013", form=FORM, submission=970_000)
    cases.tiny.say("hypertension_registered", 4_192, org="x-county", period="2013", form=FORM, submission=970_000)
    found: list[tuple[object, ...]] = cases.tiny.rows(
        "select standard, denominator, round(value, 2) from marts.indicator_value "
        "where indicator_code = 'hypertension_management_rate' and period_code = '2013' and state = 'ok'"
    )
    assert isinstance(cases.tiny.con, duckdb.DuckDBPyConnection)
    assert found == [("prevalence_estimate", Decimal("8383.7880"), 50.0)]
