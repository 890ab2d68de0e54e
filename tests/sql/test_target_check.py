"""marts.target_check: every target in force, for every figure; marts.indicator_value shows the first."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.sql.test_indicator_value import TARGET, TARGETS, rate_of

Make = Callable[..., Any]


def yearly(*values: float) -> str:
    line = (
        "y{year}: {{indicator: rate, scope: '', valid_from: {year}-01-01, valid_to: {until}-01-01, "
        "comparator: '>=', value: {value}, unit: percent, document: paper}}"
    )
    return "\n".join(line.format(year=2013 + n, until=2014 + n, value=value) for n, value in enumerate(values))


def say(tiny: Any, managed: int, of: int = 100, **where: Any) -> None:
    tiny.say("managed", managed, **where)
    tiny.say("births", of, **where)


def test_all_targets_in_force_are_there_the_most_specific_and_newest_first(make_tiny: Make) -> None:
    tiny = make_tiny({**rate_of("proportion"), "targets.yaml": TARGETS})
    say(tiny, 75)
    found = tiny.rows(
        "select scope_rank, target_code, scope_code, target, target_status, is_shown from marts.target_check order by 1"
    )
    assert found == [
        (1, "newer", "x-county", 90, "not_met", True),
        (2, "county", "x-county", 80, "not_met_uncertain", False),
        (3, "province", "x-province", 70, "met_uncertain", False),
        (4, "everywhere", "", 60, "met", False),
    ]


def test_what_is_shown_is_what_the_indicators_show(make_tiny: Make) -> None:
    tiny = make_tiny({**rate_of("proportion"), "targets.yaml": TARGETS})
    for number, (org, period) in enumerate((org, p) for org in ("x-town", "x-other-town") for p in ("2013", "2014")):
        say(tiny, 75, org=org, period=period, submission=number + 1)
    same = "org_code, period_code, indicator_code, standard, edition, basis, period_basis, target, target_status"
    shown = tiny.rows(f"select {same} from marts.target_check where is_shown order by all")
    assert len(shown) == 2
    assert shown == tiny.rows(
        f"select {same} from marts.indicator_value where target is not null and value is not null order by all"
    )


def test_a_figure_without_a_value_is_not_judged_and_its_target_is_still_shown(make_tiny: Make) -> None:
    tiny = make_tiny({**rate_of("proportion"), "targets.yaml": TARGETS})
    tiny.say("managed", 75)
    tiny.say("births", None)
    assert tiny.rows("from marts.target_check") == []
    assert tiny.rows("select target, target_status, state from marts.indicator_value") == [(90, "no_target", "missing")]


def test_the_guides_query_lists_plan_and_result_side_by_side(make_tiny: Make, repo_root: Path) -> None:
    guide = (repo_root / "docs/guide/targets.md").read_text(encoding="utf-8")
    [query] = re.findall(r"```sql\n(with plan as .*?)```", guide, re.DOTALL)
    tiny = make_tiny({**rate_of("proportion"), "targets.yaml": yearly(60, 80, 95)})
    for year, managed in (("2013", 75), ("2014", 75)):
        say(tiny, managed, period=year, submission=int(year))
    tiny.derive("marts.target_check")
    query = query.replace("hypertension_standard_management_rate", "rate").replace("x-sample", "x-town")
    assert tiny.rows(query) == [
        (2013, "y2013", ">=", 60, 75, 15, "met"),
        (2014, "y2014", ">=", 80, 75, -5, "not_met_uncertain"),
        (2015, "y2015", ">=", 95, None, None, None),
    ]


def test_a_target_outside_its_years_is_not_there(make_tiny: Make) -> None:
    line = TARGET.format(name="aim", scope="''", since="2014-01-01", value=60, comparator=">=")
    tiny = make_tiny({**rate_of("proportion"), "targets.yaml": line})
    for period in ("2013", "2014", "2015"):
        say(tiny, 75, period=period, submission=int(period))
    assert tiny.rows("select period_code from marts.target_check") == [("2014",)]
