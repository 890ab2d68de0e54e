"""Who owes what: named units and periods, or all units of a level and all periods of a frequency."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from pipelines.catalog.load import load_catalog
from pipelines.catalog.roster import owed_returns
from tests.unit.catalog.test_load import GOOD, mistakes_of, write

ORGS = """code,name,level,parent,kind
x-a,甲县,county,,
x-b,乙镇,township,x-a,town
x-c,丙乡,township,x-a,township
x-d,丁场,township,x-a,farm
x-v,一村,village,x-b,
x-z,他县,county,,
x-y,他镇,township,x-z,
"""


def owed(folder: Path, entry: str, form: str = "") -> list[tuple[str, str, date | None]]:
    forms = GOOD["forms/monthly.yaml"].replace("  domain: other\n", f"  domain: other\n{form}", 1)
    roster = f"all: {{form: monthly, {entry}}}\n"
    files = {**GOOD, "orgs.csv": ORGS, "roster.yaml": roster, "forms/monthly.yaml": forms}
    return [(o.unit, o.period.code, o.due) for o in owed_returns(load_catalog(write(folder, files)))]


def test_every_unit_of_a_level_below_an_organisation_owes_but_those_left_out(tmp_path: Path) -> None:
    found = owed(tmp_path, "scope: x-a, level: township, without: [x-c], periods: ['2014']")
    assert [unit for unit, *_ in found] == ["x-b", "x-d"]


def test_kinds_narrow_a_level_and_an_empty_scope_is_everywhere(tmp_path: Path) -> None:
    assert [u for u, *_ in owed(tmp_path, "level: township, kinds: [town, township], periods: ['2014']")] == [
        "x-b",
        "x-c",
    ]
    assert [u for u, *_ in owed(tmp_path, "level: township, periods: ['2014']")] == ["x-b", "x-c", "x-d", "x-y"]


def test_a_frequency_gives_the_periods_that_end_while_the_entry_is_valid(tmp_path: Path) -> None:
    entry = "unit: x-b, frequency: month, valid_from: 2013-12-31, valid_to: 2014-03-31"
    assert [period for _, period, _ in owed(tmp_path, entry)] == ["2013-12", "2014-01", "2014-02"]
    entry = "unit: x-b, frequency: ten_days, valid_from: 2014-02-01, valid_to: 2014-03-01"
    assert [p for _, p, _ in owed(tmp_path, entry)] == ["2014-02-T1", "2014-02-T2", "2014-02-T3"]


@pytest.mark.parametrize(
    ("frequency", "periods"),
    [("quarter", ["2013Q4", "2014Q1", "2014Q2", "2014Q3"]), ("half_year", ["M2014H1", "M2014H2"]), ("year", ["M2014"])],
)
def test_periods_of_a_form_that_goes_by_the_mch_year(tmp_path: Path, frequency: str, periods: list[str]) -> None:
    form = f"  frequency: {frequency}\n  calendar: mch_year\n  due: {{date: '10-12'}}\n"
    found = owed(tmp_path, "unit: x-b, valid_from: 2013-10-01, valid_to: 2014-10-01", form)
    assert [period for _, period, _ in found] == periods
    assert found[-1][2] == date(2014, 10, 12)


def test_the_rosters_due_rule_goes_before_the_forms(tmp_path: Path) -> None:
    form = "  due: {days: 3}\n"
    [(_, _, day)] = owed(tmp_path, "unit: x-b, periods: ['2014-05'], due: {days: 1}", form)
    assert day == date(2014, 6, 1)
    [(_, _, day)] = owed(tmp_path, "unit: x-b, periods: ['2014-05']", form)
    assert day == date(2014, 6, 3)


@pytest.mark.parametrize(
    ("entry", "told"),
    [
        ("unit: x-b, level: township, periods: ['2014']", "give unit, or scope and level"),
        ("periods: ['2014']", "give unit, or scope and level"),
        ("unit: x-b", "give periods, or valid_from and valid_to"),
        ("unit: x-b, valid_from: 2014-01-01, valid_to: 2015-01-01", "has no frequency"),
        ("scope: x-nowhere, level: township, periods: ['2014']", "unknown organisation 'x-nowhere'"),
        ("unit: x-b, periods: [soon]", "no period code 'soon'"),
        ("unit: x-b, valid_from: 2015-01-01, valid_to: 2014-01-01", "valid_from is not before valid_to"),
    ],
)
def test_what_is_wrong_with_an_entry_is_told(tmp_path: Path, entry: str, told: str) -> None:
    files = {**GOOD, "orgs.csv": ORGS, "roster.yaml": f"all: {{form: monthly, {entry}}}\n"}
    [mistake] = mistakes_of(write(tmp_path, files))
    assert told in mistake
    assert "roster.yaml:1" in mistake
