"""Series within other boundaries: splits, merges, chains and moves, their totals, and what cannot be carried."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.unit.catalog.chains import Chain, chains

VILLAGE_FORM = """
villages:
  zh: 村表
  en: villages
  domain: other
  orientation: units_in_rows
  row_level: village
  recognise: {title: 村表}
  columns: {unit_name: [村名]}
  items:
    - {element: births, labels: [活产数]}
    - {element: managed, labels: [管理数]}
"""
ORGS = """code,name,level,parent,valid_from,valid_to
x-county,甲县,county,,,
x-town,甲镇,township,x-county,,
x-town2,乙镇,township,x-county,,
x-a,甲村,village,x-town,,
x-b,乙村,village,x-town,,
x-c,丙村,village,x-town,,
x-d,丁村,village,x-town2,,
x-e,戊村,village,x-town2,,
x-f,己村,village,x-town2,,
x-g,庚村,village,x-town2,,
"""
HEAD = "old_code,new_code,date,kind,weight\n"
FILES = {"forms/villages.yaml": VILLAGE_FORM, "orgs.csv": ORGS}


@pytest.fixture
def site(make_tiny: Callable[..., Any]) -> Callable[[str], Any]:
    """A warehouse of two towns with villages, and changes."""
    return lambda changes, orgs=ORGS: make_tiny({**FILES, "orgs.csv": orgs, "changes.csv": HEAD + changes})


def says(site: Any, org: str, period: str, births: float, managed: float) -> None:
    for element, value in (("births", births), ("managed", managed)):
        site.say(element, value, org=org, period=period, form="villages", by="x-town")


def figures(site: Any, year: int, period: str, basis: str = "own") -> dict[str, tuple[Any, ...]]:
    """Numerator, denominator and state of the first standard's rate, by unit."""
    found = site.rows(
        "select org_code, numerator, denominator, boundary_state from marts.indicator_value_boundary "
        "where boundary_year = ? and period_code = ? and standard = 'first' and basis = ? order by org_code",
        year, period, basis,
    )  # fmt: skip
    return {org: tuple(rest) for org, *rest in found}


def test_a_split_in_two_divides_counts_and_marks_them_as_estimated(site: Any) -> None:
    split = site("x-a,x-b,2014-07-01,split,0.6\nx-a,x-c,2014-07-01,split,0.4\n")
    says(split, "x-a", "2014-01", 101, 33)
    assert figures(split, 2013, "2014-01") == {"x-a": (33, 101, "carried")}
    assert figures(split, 2014, "2014-01") == {
        "x-b": (Decimal("19.8"), Decimal("60.6"), "estimated"),
        "x-c": (Decimal("13.2"), Decimal("40.4"), "estimated"),
    }
    assert figures(split, 2014, "2014-01", "rolled_up") == {
        "x-county": (33, 101, "carried"), "x-town": (33, 101, "carried"),
    }  # fmt: skip


def test_a_merge_of_three_adds_counts_up_and_the_rate_is_theirs(site: Any) -> None:
    merged = site("".join(f"x-{old},x-d,2014-07-01,merge,1\n" for old in "abc"))
    for org, births, managed in (("x-a", 10, 5), ("x-b", 20, 20), ("x-c", 30, 3)):
        says(merged, org, "2014-01", births, managed)
    says(merged, "x-d", "2014-01", 40, 40)
    assert figures(merged, 2014, "2014-01") == {"x-d": (68, 100, "carried")}
    [(value, lower, method)] = merged.rows(
        "select value, lower, interval_method from marts.indicator_value_boundary where boundary_year = 2014 "
        "and org_code = 'x-d' and standard = 'first' and period_code = '2014-01'"
    )
    assert (value, method) == (68, "wilson")
    assert 58 < lower < 60
    assert figures(merged, 2014, "2014-01", "rolled_up") == {
        "x-county": (68, 100, "carried"), "x-town2": (68, 100, "carried"),
    }  # fmt: skip
    assert figures(merged, 2013, "2014-01", "rolled_up") == {
        "x-county": (68, 100, "unchanged"), "x-town": (28, 60, "unchanged"), "x-town2": (40, 40, "unchanged"),
    }  # fmt: skip


def test_a_chain_of_a_split_and_a_merge_is_carried_step_by_step(site: Any) -> None:
    chain = site(
        "x-a,x-b,2013-07-01,split,1/3\nx-a,x-c,2013-07-01,split,2/3\n"
        "x-b,x-d,2014-07-01,merge,1\nx-c,x-d,2014-07-01,merge,1\n"
    )
    says(chain, "x-a", "2013-01", 100, 10)
    says(chain, "x-b", "2014-01", 40, 4)
    says(chain, "x-c", "2014-01", 60, 60)
    assert figures(chain, 2013, "2013-01") == {
        "x-b": (Decimal("3.3333"), Decimal("33.3333"), "estimated"),
        "x-c": (Decimal("6.6667"), Decimal("66.6667"), "estimated"),
    }
    assert figures(chain, 2014, "2013-01") == {"x-d": (10, 100, "carried")}, "all its parts came together again"
    assert figures(chain, 2014, "2014-01") == {"x-d": (64, 100, "carried")}
    assert figures(chain, 2013, "2014-01") == {"x-b": (4, 40, "carried"), "x-c": (60, 60, "carried")}


def test_a_move_of_one_code_changes_only_where_it_is_added_up(site: Any) -> None:
    both = "x-a,甲村,village,x-town,,2014-07-01\nx-a,甲村,village,x-town2,2014-07-01,"
    orgs = ORGS.replace("x-a,甲村,village,x-town,,", both)
    moved = site("", orgs)
    for period in ("2014-01", "2014-08"):
        says(moved, "x-a", period, 10, 5)
        says(moved, "x-b", period, 20, 4)
        says(moved, "x-d", period, 40, 40)
    reported = (
        "select org_code, numerator, denominator from marts.indicator_value where basis = 'rolled_up' "
        "and standard = 'first' and period_code = ? and org_level = 'township' order by 1"
    )
    assert moved.rows(reported, "2014-01") == [("x-town", 9, 30), ("x-town2", 40, 40)]
    assert moved.rows(reported, "2014-08") == [("x-town", 4, 20), ("x-town2", 45, 50)]
    for period in ("2014-01", "2014-08"):
        before, after = ("unchanged", "carried") if period == "2014-01" else ("carried", "unchanged")
        assert figures(moved, 2013, period, "rolled_up") == {
            "x-county": (49, 70, "unchanged"), "x-town": (9, 30, before), "x-town2": (40, 40, before),
        }  # fmt: skip
        assert figures(moved, 2014, period, "rolled_up") == {
            "x-county": (49, 70, "unchanged"), "x-town": (4, 20, after), "x-town2": (45, 50, after),
        }  # fmt: skip
        assert figures(moved, 2014, period)["x-a"] == (5, 10, "carried")
        assert figures(moved, 2014, period)["x-b"] == (4, 20, "unchanged")


def test_what_came_from_several_is_not_divided_again_without_weights_back(site: Any) -> None:
    merged = site("x-a,x-d,2014-07-01,merge,1\nx-b,x-d,2014-07-01,merge,1\n")
    says(merged, "x-d", "2014-08", 100, 50)
    [row] = merged.rows(
        "select org_code, value, state, state_reason, boundary_state from marts.indicator_value_boundary "
        "where boundary_year = 2013 and period_code = '2014-08' and standard = 'first' and basis = 'own'"
    )
    assert row == ("x-d", None, "missing", "numerator: no_weight_back", "not_carried")


def test_what_cannot_be_divided_again_still_counts_above_all_that_it_may_belong_to(site: Any) -> None:
    """x-a and x-b of one town, and x-e of another, went into x-d: nobody knows whose of its figures are whose."""
    merged = site("".join(f"x-{old},x-d,2014-07-01,merge,1\n" for old in "ab") + "x-e,x-f,2014-07-01,merge,1\n")
    says(merged, "x-d", "2014-08", 100, 50)
    says(merged, "x-f", "2014-08", 10, 5)
    assert figures(merged, 2013, "2014-08", "rolled_up") == {
        "x-county": (55, 110, "unchanged"),
        "x-town2": (5, 10, "carried"),
    }
    [(state, coverage)] = merged.rows(
        "select state, coverage from marts.indicator_value_boundary where boundary_year = 2013 and standard = 'first' "
        "and org_code = 'x-town2' and basis = 'rolled_up' and period_code = '2014-08'"
    )
    assert (state, coverage) == ("partial", 0.5)
    assert figures(merged, 2014, "2014-08", "rolled_up")["x-town2"] == (55, 110, "unchanged")


def test_weights_back_divide_what_came_from_several(site: Any, make_tiny: Callable[..., Any]) -> None:
    changes = "old_code,new_code,date,kind,weight,weight_back\nx-a,x-d,2014-07-01,merge,1,0.2\n"
    known = make_tiny({**FILES, "changes.csv": changes})
    says(known, "x-d", "2014-08", 100, 50)
    assert figures(known, 2013, "2014-08") == {"x-a": (10, 20, "estimated"), "x-d": (40, 80, "estimated")}
    assert figures(known, 2014, "2014-08") == {"x-d": (50, 100, "carried")}


def test_months_before_and_after_a_merge_make_one_year_and_a_stock_counts_once(make_tiny: Callable[..., Any]) -> None:
    per_head = """
share: {zh: 人均, en: per head, unit: ratio, editions: [
  {standard: first, edition: e1, type: ratio, numerator: [managed], denominator: [staff], document: paper}]}
"""
    form = VILLAGE_FORM + "    - {element: staff, labels: [人员]}\n"
    changes = {"changes.csv": HEAD + "x-a,x-d,2014-07-01,recode,1\n"}
    site = make_tiny({**FILES, **changes, "forms/villages.yaml": form, "indicators/other.yaml": per_head})
    for org, period, managed, staff in (
        ("x-a", "2014-05", 10, 4),
        ("x-a", "2014-06", 20, 5),
        ("x-d", "2014-07", 40, 6),
    ):
        site.say("managed", managed, org=org, period=period, form="villages", by="x-town")
        site.say("staff", staff, org=org, period=period, form="villages", by="x-town")
    site.periods.add("2014")
    assert figures(site, 2014, "2014")["x-d"] == (70, 6, "carried")
    assert figures(site, 2014, "2014", "rolled_up")["x-town2"] == (70, 6, "carried")
    assert figures(site, 2013, "2014")["x-a"] == (70, 6, "carried")


def test_a_unit_below_one_with_a_new_code_is_added_up_to_the_new_code(site: Any) -> None:
    recoded = site("x-town,x-town3,2014-07-01,recode,1\n", ORGS + "x-town3,新镇,township,x-county,,\n")
    says(recoded, "x-a", "2014-01", 10, 5)
    county = {"x-county": (5, 10, "unchanged")}
    assert figures(recoded, 2013, "2014-01", "rolled_up") == {**county, "x-town": (5, 10, "unchanged")}
    assert figures(recoded, 2014, "2014-01", "rolled_up") == {**county, "x-town3": (5, 10, "carried")}


def test_without_changes_every_boundary_is_as_reported(site: Any) -> None:
    same = site("")
    says(same, "x-a", "2014-01", 10, 5)
    assert figures(same, 2014, "2014-01") == {"x-a": (5, 10, "unchanged")}
    assert same.rows("select count(*) from store.boundary_sum") == [(0,)]
    assert same.rows(
        "select count(*) from marts.indicator_value_boundary as within full join marts.indicator_value as said "
        "using (org_code, period_code, indicator_code, standard, breakdown_code, basis, period_basis) "
        "where is_today and within.value is distinct from said.value"
    ) == [(0,)]


def test_a_figure_that_comes_later_is_carried_in_the_night_that_it_comes(site: Any) -> None:
    split = site("x-a,x-b,2014-07-01,split,0.6\nx-a,x-d,2014-07-01,split,0.4\n")
    says(split, "x-b", "2014-08", 60, 6)
    assert figures(split, 2013, "2014-08") == {"x-a": (6, 60, "carried")}
    split.con.execute("delete from run.touched")
    says(split, "x-a", "2014-01", 100, 10)
    assert figures(split, 2014, "2014-01")["x-d"] == (4, 40, "estimated")
    assert figures(split, 2014, "2014-01", "rolled_up")["x-town2"] == (4, 40, "estimated")
    assert figures(split, 2014, "2014-01", "rolled_up")["x-county"] == (10, 100, "carried")


@settings(max_examples=6, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(chains(), st.randoms(use_true_random=False))
def test_totals_are_conserved_in_every_boundary(make_tiny: Callable[..., Any], chain: Chain, rng: Random) -> None:
    """A month of every boundary, reported by those who exist then, has the same total within every boundary."""
    found = chain.boundaries
    orgs = "code,name,level,parent\nx-t,镇,township,\n" + "".join(f"{c},{c},village,x-t\n" for c in chain.codes)
    rows = "".join(f"{c.old},{c.new},{c.on},{c.kind},{c.weight}\n" for c in chain.changes)
    site = make_tiny({**FILES, "orgs.csv": orgs, "changes.csv": HEAD + rows})
    totals: dict[str, tuple[Decimal, Decimal]] = {}
    for time in range(1, len(found) + 1):
        day = min(found.day(time), date(2022, 1, 1))
        month = f"{day:%Y-%m}"
        alive = [code for code in chain.codes if found.lives.alive(code, day)]
        figures_of = {code: (rng.randint(1, 10**6), rng.randint(0, 10**6)) for code in alive}
        for code, (births, managed) in figures_of.items():
            site.say("births", births, org=code, period=month, form="villages", by="x-t")
            site.say("managed", managed, org=code, period=month, form="villages", by="x-t")
        births, managed = (Decimal(sum(side)) for side in zip(*figures_of.values(), strict=True))
        totals[month] = (births, managed)
    told = site.rows(
        "select boundary_year, period_code, basis, sum(numerator), sum(denominator), "
        "bool_or(boundary_state = 'not_carried') from marts.indicator_value_boundary where standard = 'first' "
        "and period_basis = 'stated' and period_kind = 'month' group by all"
    )
    assert {(period, basis) for _, period, basis, *_ in told} == {(p, b) for p in totals for b in ("own", "rolled_up")}
    for _, period, basis, numerator, denominator, lacks_some in told:
        if basis == "rolled_up" or not lacks_some:
            assert (denominator, numerator) == totals[period]
