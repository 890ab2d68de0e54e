"""store.indicator_value: rates, their states, their editions, and intervals equal to the Python reference."""

from __future__ import annotations

import csv
from collections.abc import Callable
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from pipelines.stats.intervals import Z_95, Z_998, byar, wilson

Make = Callable[..., Any]
ONE_EDITION = """
rate:
  zh: 率
  en: rate
  unit: {unit}
  editions:
    - {{standard: first, edition: e1, type: {type}, numerator: [{numerator}], denominator: [births], document: paper}}
"""
FIGURES = "select numerator, denominator, value, state, state_reason, interval_method from marts.indicator_value"


def rate_of(type_: str, numerator: str = "managed", unit: str = "percent") -> dict[str, str]:
    """A catalog with one indicator of one edition."""
    text = ONE_EDITION.format(type=type_, numerator=numerator, unit=unit)
    return {"indicators/other.yaml": text, "forms/monthly.yaml": MONTHLY_WITHOUT_CLAIMS}


MONTHLY_WITHOUT_CLAIMS = """
monthly: {zh: 月报, en: monthly, domain: other, recognise: {title: 月报}, columns: {item: [指标], value: [数值]},
  items: [{element: women, labels: [产妇数]}]}
"""


@pytest.mark.parametrize(
    ("said", "figure"),
    [
        ({"managed": 3, "births": 4}, (3, 4, 75, "ok", None, "wilson")),
        ({"managed": 0, "births": 4}, (0, 4, 0, "ok", None, "wilson")),
        ({"managed": None, "births": 4}, (None, 4, None, "missing", "numerator: blank", None)),
        ({"managed": 3, "births": None}, (3, None, None, "missing", "denominator: blank", None)),
        ({"managed": 3}, (3, None, None, "missing", "denominator: not_reported", None)),
        ({"managed": 3, "births": 0}, (3, 0, None, "not_computable", "denominator: zero", None)),
        ({"managed": 0, "births": 0}, (0, 0, None, "not_computable", "denominator: zero", None)),
        ({"managed": 5, "births": 4}, (5, 4, 125, "ok", "numerator exceeds denominator", None)),
    ],
)
def test_a_proportion_has_a_value_or_a_state_that_says_why_not(
    said: dict[str, int | None], figure: tuple[object, ...], make_tiny: Make
) -> None:
    tiny = make_tiny(rate_of("proportion"))
    for element, value in said.items():
        tiny.say(element, value)
    assert tiny.rows(FIGURES) == [figure]


def test_a_rate_of_which_only_the_denominator_is_stated_is_no_row(make_tiny: Make) -> None:
    tiny = make_tiny(rate_of("proportion"))
    tiny.say("births", 4)
    assert tiny.rows(FIGURES) == []


def test_a_numerator_that_was_not_collected_says_so(make_tiny: Make) -> None:
    tiny = make_tiny(rate_of("proportion"))
    tiny.say("managed", None, state="not_collected")
    tiny.say("births", 4)
    assert tiny.rows(FIGURES)[0][3:5] == ("missing", "numerator: not_collected")


def test_a_qualifier_of_a_term_is_told(make_tiny: Make) -> None:
    tiny = make_tiny(rate_of("proportion"))
    tiny.say("managed", 3)
    tiny.say("births", 4, qualifier="about")
    assert tiny.rows(FIGURES) == [(3, 4, 75, "ok", "printed as: about", "wilson")]


def test_a_term_missing_from_a_sum_leaves_the_rate_missing(make_tiny: Make) -> None:
    tiny = make_tiny(rate_of("proportion", "managed, also_managed"))
    tiny.say("managed", 3)
    tiny.say("births", 4)
    assert tiny.rows(FIGURES) == [(None, 4, None, "missing", "numerator: not_reported", None)]


def test_terms_are_added_with_their_factors(make_tiny: Make) -> None:
    tiny = make_tiny(rate_of("proportion", "managed, {element: also_managed, factor: -0.5, cite: a plan}"))
    for element, value in {"managed": 3, "also_managed": 2, "births": 4}.items():
        tiny.say(element, value)
    assert tiny.rows(FIGURES)[0][:3] == (2, 4, 50)


def test_a_breakdown_has_a_rate_of_its_own(make_tiny: Make) -> None:
    tiny = make_tiny(rate_of("proportion"))
    for breakdown, numbers in {"": (3, 4), "male": (1, 2)}.items():
        tiny.say("managed", numbers[0], breakdown=breakdown)
        tiny.say("births", numbers[1], breakdown=breakdown)
    found = tiny.rows("select breakdown_code, value from marts.indicator_value order by 1")
    assert found == [("", 75), ("male", 50)]


@pytest.mark.parametrize(
    ("unit", "value"),
    [("percent", 75), ("per_mille", 750), ("per_100k", 75_000), ("per_100", 75), ("ratio", 0.75), ("mean", 0.75)],
)
def test_the_value_stands_in_the_indicators_unit(unit: str, value: float, make_tiny: Make) -> None:
    tiny = make_tiny(rate_of("ratio", unit=unit))
    tiny.say("managed", 3)
    tiny.say("births", 4)
    assert tiny.rows("select value, unit from marts.indicator_value") == [(value, unit)]


@pytest.mark.parametrize(
    ("type_", "numerator", "x", "n", "method"),
    [
        ("proportion", "managed", 4, 4, "wilson"),
        ("proportion", "managed", 5, 4, None),
        ("near_proportion", "managed", 4, 4, "wilson_near"),
        ("near_proportion", "managed", 5, 4, "exact"),
        ("near_proportion", "managed", 10, 9, "byar"),
        ("rate", "managed", 9, 4000, "exact"),
        ("rate", "managed", 10, 4000, "byar"),
        ("ratio", "managed", 0, 4, "exact"),
        ("mean", "managed", 12, 4, None),
        ("ratio", "fund", 12, 4, None),
        ("proportion", "fund", 3, 4, None),
        ("ratio", "managed", 2.5, 4, None),
        ("ratio", "managed", -1, 4, None),
    ],
)
def test_the_interval_follows_from_type_and_counts(
    type_: str, numerator: str, x: float, n: int, method: str | None, make_tiny: Make
) -> None:
    tiny = make_tiny(rate_of(type_, numerator))
    tiny.say(numerator, x)
    tiny.say("births", n)
    [found] = tiny.rows("select interval_method, lower, upper, lower_998, upper_998 from marts.indicator_value")
    assert found[0] == method
    assert [limit is None for limit in found[1:]] == [method is None] * 4


GRID = sorted({(x, n) for x, n in product((0, 1, 2, 9, 10, 11, 60, 221, 5000), (1, 2, 3, 9, 10, 60, 221, 9887))})


def reference(x: int, n: int, type_: str, exact: dict[int, list[float]]) -> list[float]:
    """Lower and upper at 95 %, then at 99.8 %, per unit of the denominator."""
    if type_ != "rate" and x <= n:
        return [*wilson(x, n, Z_95), *wilson(x, n, Z_998)]
    counts = exact[x] if x < 10 else [*byar(x, Z_95), *byar(x, Z_998)]
    return [count / n for count in counts]


@pytest.mark.parametrize("type_", ["proportion", "near_proportion", "rate"])
def test_the_intervals_of_the_sql_are_those_of_the_reference(type_: str, make_tiny: Make, repo_root: Path) -> None:
    orgs = "code,name,level,parent\n" + "".join(f"x-{i},第{i}镇,township,\n" for i in range(len(GRID)))
    tiny = make_tiny({**rate_of(type_), "orgs.csv": orgs})
    for i, (x, n) in enumerate(GRID):
        tiny.say("managed", x, org=f"x-{i}", submission=i + 1)
        tiny.say("births", n, org=f"x-{i}", submission=i + 1)
    found = {
        tuple(map(int, row[:2])): row[2:]
        for row in tiny.rows(
            "select numerator, denominator, lower / 100, upper / 100, lower_998 / 100, upper_998 / 100 "
            "from marts.indicator_value where interval_method is not null"
        )
    }
    with (repo_root / "pipelines" / "stats" / "exact_poisson_limits.csv").open(encoding="utf-8") as file:
        exact = {int(row[0]): list(map(float, row[1:])) for row in list(csv.reader(file))[1:]}
    judged = [(x, n) for x, n in GRID if type_ != "proportion" or x <= n]
    assert sorted(found) == judged
    for x, n in judged:
        assert list(found[x, n]) == pytest.approx(reference(x, n, type_, exact), rel=1e-9, abs=1e-9), (x, n)


DATED = """
rate:
  zh: 率
  en: rate
  unit: percent
  editions:
    - {standard: first, edition: old, valid_to: 2014-07-01, type: proportion, numerator: [managed],
       denominator: [births], document: paper}
    - {standard: first, edition: new, valid_from: 2014-07-01, type: proportion, numerator: [managed],
       denominator: [women], document: paper}
"""


@pytest.mark.parametrize(
    ("period", "edition"),
    [
        ("2013", "old"), ("2014-06", "old"), ("2014H1", "old"), ("2014-06-30", "old"), ("2014-07", "new"),
        ("2014-07-01", "new"), ("2014", "new"), ("M2014", "new"),
    ],
)  # fmt: skip
def test_the_edition_in_force_on_the_last_day_applies(period: str, edition: str, make_tiny: Make) -> None:
    tiny = make_tiny({"indicators/other.yaml": DATED, "forms/monthly.yaml": MONTHLY_WITHOUT_CLAIMS})
    for element, value in {"managed": 3, "births": 4, "women": 6}.items():
        tiny.say(element, value, period=period)
    stated = "select edition, is_default_edition from marts.indicator_value where period_basis = 'stated'"
    assert tiny.rows(stated) == [(edition, True)]


@pytest.mark.parametrize(
    ("order", "default"),
    [
        ("general: {order: [second, first]}", "second"),
        ("general: {order: [first]}", "first"),
        ("general: {order: [first]}\ntown: {level: township, order: [second]}", "second"),
        ("general: {order: [first]}\ncounty: {level: county, order: [second]}", "first"),
        ("general: {order: [first]}\nother: {domain: other, order: [second]}", "second"),
        ("other: {domain: other, order: [first]}\ntown: {level: township, order: [second]}", "second"),
    ],
)
def test_the_default_edition_is_that_of_the_most_specific_preference(order: str, default: str, make_tiny: Make) -> None:
    tiny = make_tiny({"default_standards.yaml": order})
    for element, value in {"managed": 3, "births": 4, "women": 6}.items():
        tiny.say(element, value)
    found = tiny.rows("select standard, value, is_default_edition from marts.indicator_value order by 1")
    assert found == [("first", 75, default == "first"), ("second", 50, default == "second")]


def test_a_preferred_edition_without_its_counts_is_not_the_default(tiny: Any) -> None:
    tiny.say("managed", 3)
    tiny.say("women", 6)
    tiny.say("births", None)
    found = tiny.rows("select standard, state, is_default_edition from marts.indicator_value order by 1")
    assert found == [("first", "missing", False), ("second", "ok", True)]


def test_the_change_to_the_previous_period_needs_intervals_that_do_not_meet(make_tiny: Make) -> None:
    tiny = make_tiny(rate_of("proportion"))
    for period, managed in {"2012": 10, "2013": 90, "2014": 91}.items():
        tiny.say("managed", managed, period=period, submission=int(period))
        tiny.say("births", 100, period=period, submission=int(period))
    found = tiny.rows(
        "select period_code, previous_value, round(change), change_status from marts.indicator_value order by 1"
    )
    assert found == [("2012", None, None, None), ("2013", 10, 80, "up"), ("2014", 90, 1, "no_clear_change")]


OTHERS = ("women", "births", "also_managed", "staff", "staff_town", "staff_village", "fund", "fund_a", "fund_b")


def test_a_jump_in_a_month_of_a_new_definition_is_no_change(make_tiny: Make) -> None:
    """In March one follow-up makes a patient managed to standard, in June two do: the figure is defined anew."""
    files = rate_of("proportion")
    elements = "managed: {zh: 管理, en: managed, unit: persons, kind: year_to_date, steps_in: [3, 6]}\n" + "".join(
        f"{code}: {{zh: 数, en: number, unit: persons, kind: flow}}\n" for code in OTHERS
    )
    tiny = make_tiny({**files, "elements/other.yaml": elements})
    for month, managed in {2: 10, 3: 90, 4: 10}.items():
        tiny.say("managed", managed, period=f"2014-0{month}", submission=month)
        tiny.say("births", 100, period=f"2014-0{month}", submission=month)
    found = tiny.rows(
        "select period_code, change_status from marts.indicator_value where period_basis = 'stated' order by 1"
    )
    assert found == [("2014-02", None), ("2014-03", "not_comparable"), ("2014-04", "down")]


def test_units_of_one_level_and_parent_are_ranked(make_tiny: Make) -> None:
    tiny = make_tiny(rate_of("proportion"))
    for org, managed in {"x-town": 50, "x-town2": 60, "x-other-town": 99, "x-county": 70}.items():
        tiny.say("managed", managed, org=org, submission=managed)
        tiny.say("births", 100, org=org, submission=managed)
    found = tiny.rows("select org_code, rank_in_parent, peers from marts.indicator_value order by 1")
    assert found == [("x-county", 1, 1), ("x-other-town", 1, 1), ("x-town", 2, 2), ("x-town2", 1, 2)]


TARGET = (
    "{name}: {{indicator: rate, scope: {scope}, valid_from: {since}, valid_to: 2015-01-01, "
    "comparator: '{comparator}', value: {value}, unit: percent, document: paper}}"
)
TARGETS = "\n".join(
    TARGET.format(name=name, scope=scope, since=since, value=value, comparator=">=")
    for name, scope, since, value in [
        ("everywhere", "''", "2014-01-01", 60),
        ("province", "x-province", "2014-01-01", 70),
        ("county", "x-county", "2014-01-01", 80),
        ("newer", "x-county", "2014-06-01", 90),
    ]
)


@pytest.mark.parametrize(
    ("org", "period", "target"),
    [
        ("x-town", "2014", 90), ("x-county", "2014", 90), ("x-town", "2014-03", 80), ("x-other-town", "2014", 70),
        ("x-province", "2014", 70), ("x-town", "2013", None), ("x-town", "2015", None),
    ],
)  # fmt: skip
def test_the_target_of_the_most_specific_scope_then_the_newest_applies(
    org: str, period: str, target: int | None, make_tiny: Make
) -> None:
    tiny = make_tiny({**rate_of("proportion"), "targets.yaml": TARGETS})
    tiny.say("managed", 3, org=org, period=period)
    tiny.say("births", 4, org=org, period=period)
    assert tiny.rows("select target from marts.indicator_value where period_basis = 'stated'") == [(target,)]


@pytest.mark.parametrize(
    ("comparator", "value", "status"),
    [
        (">=", 60, "met"), (">=", 75, "met_uncertain"), (">=", 76, "not_met_uncertain"), (">=", 90, "not_met"),
        (">", 75, "not_met_uncertain"), ("<=", 75, "met_uncertain"), ("<", 75, "not_met_uncertain"),
        ("<=", 60, "not_met"), ("<=", 90, "met"), ("=", 75, "met_uncertain"), ("=", 60, "not_met"),
    ],
)  # fmt: skip
def test_a_target_inside_the_interval_is_met_or_missed_uncertainly(
    comparator: str, value: int, status: str, make_tiny: Make
) -> None:
    line = TARGET.format(name="aim", scope="''", since="2014-01-01", value=value, comparator=comparator)
    tiny = make_tiny({**rate_of("proportion"), "targets.yaml": line})
    tiny.say("managed", 75)
    tiny.say("births", 100)
    assert tiny.rows("select target_status from marts.indicator_value") == [(status,)]
