"""store.total_check: stated totals against their declared parts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

Make = Callable[..., Any]
FORM = """
monthly:
  zh: 月报
  en: monthly
  domain: other
  recognise: {{title: 月报}}
  columns: {{item: [指标], value: [数值]}}
  items:
    - {{element: staff, labels: [人员数]}}
    - {{element: staff_town, labels: [镇人员数]}}
    - {{element: staff_village, labels: [村人员数]}}
    - {{element: women, labels: [产妇数]}}
    - {{element: managed, labels: [管理数]}}
    - {{element: also_managed, labels: [另管理数]}}
    - {{element: fund, labels: [经费]}}
    - {{element: fund_a, labels: [甲经费]}}
    - {{element: fund_b, labels: [乙经费]}}
  totals:
{}
"""
NO_INDICATOR = {"indicators/other.yaml": ""}
STAFF = "    - {{total: staff, partition: by_place, parts: [staff_town, staff_village], relation: {}}}"
CHECK = "select verdict, within_relation from marts.total_check"


def form(*totals: str) -> dict[str, str]:
    return {**NO_INDICATOR, "forms/monthly.yaml": FORM.format("\n".join(totals))}


@pytest.mark.parametrize(
    ("total", "town", "village", "verdict", "equal", "at_least", "at_most"),
    [
        (10, 4, 6, "holds", True, True, True),
        (0, 0, 0, "holds", True, True, True),
        (10, 4, 5, "broken", False, True, False),
        (10, 4, 7, "broken", False, False, True),
        (10, 4, None, "incomplete", None, None, None),
        (10, 11, None, "broken", False, False, True),
        (10, 10, None, "holds", True, True, True),
    ],
)
def test_a_total_holds_is_broken_or_lacks_parts(
    total: int, town: int, village: int | None, verdict: str, equal: Any, at_least: Any, at_most: Any, make_tiny: Make
) -> None:
    for relation, within in {"equal": equal, "at_least": at_least, "at_most": at_most}.items():
        tiny = make_tiny(form(STAFF.format(relation)))
        for element, value in {"staff": total, "staff_town": town, "staff_village": village}.items():
            tiny.say(element, value)
        assert tiny.rows(CHECK) == [(verdict, within)], relation


@pytest.mark.parametrize("absent", [{}, {"staff": None, "staff_town": 4, "staff_village": 6}, {"staff": 10}])
def test_without_a_stated_total_or_any_stated_part_nothing_is_checked(
    absent: dict[str, int | None], make_tiny: Make
) -> None:
    tiny = make_tiny(form(STAFF.format("equal")))
    for element, value in {"women": 1, **absent}.items():
        tiny.say(element, value)
    assert tiny.rows(CHECK) == []


def test_a_part_that_is_not_stated_at_all_is_missing(make_tiny: Make) -> None:
    tiny = make_tiny(form(STAFF.format("equal")))
    tiny.say("staff", 10)
    tiny.say("staff_town", 4)
    found = tiny.rows("select verdict, sum_of_parts, difference, parts_known, parts_missing from marts.total_check")
    assert found == [("incomplete", 4, 6, 1, 1)]


NET = "    - {total: staff, partition: net, parts: [staff_town, {element: staff_village, factor: -1}]}"


@pytest.mark.parametrize(
    ("town", "village", "verdict"),
    [(14, 4, "holds"), (14, 5, "broken"), (14, None, "incomplete"), (None, 4, "incomplete")],
)
def test_a_sum_above_the_total_says_nothing_where_a_part_may_subtract(
    town: int | None, village: int | None, verdict: str, make_tiny: Make
) -> None:
    tiny = make_tiny(form(NET))
    for element, value in {"staff": 10, "staff_town": town, "staff_village": village}.items():
        tiny.say(element, value)
    assert tiny.rows("select verdict from marts.total_check") == [(verdict,)]


def test_a_negative_known_part_leaves_an_incomplete_total_open(make_tiny: Make) -> None:
    parts = "    - {total: fund, partition: by_use, parts: [fund_a, fund_b, women]}"
    tiny = make_tiny(form(parts))
    for element, value in {"fund": 10, "fund_a": 12, "fund_b": -1, "women": None}.items():
        tiny.say(element, value)
    assert tiny.rows(CHECK) == [("incomplete", None)]


READINGS = (
    "    - {total: fund, partition: once, parts: [fund_a, fund_b], reading: fund}",
    "    - {total: fund, partition: twice, parts: [{element: fund_a, factor: 2, cite: a rule}, fund_b], reading: fund}",
)


@pytest.mark.parametrize(
    ("total", "rows"),
    [
        (3, [("once", "holds", True), ("twice", "broken", True)]),
        (4, [("once", "broken", True), ("twice", "holds", True)]),
        (5, [("once", "broken", False), ("twice", "broken", False)]),
    ],
)
def test_of_alternative_readings_one_that_holds_suffices(
    total: int, rows: list[tuple[str, str, bool]], make_tiny: Make
) -> None:
    tiny = make_tiny(form(*READINGS))
    for element, value in {"fund": total, "fund_a": 1, "fund_b": 2}.items():
        tiny.say(element, value)
    assert tiny.rows("select partition, verdict, within_relation from marts.total_check order by 1") == rows


def test_partitions_without_a_common_reading_are_judged_apart(make_tiny: Make) -> None:
    tiny = make_tiny(form(*(total.replace(", reading: fund", "") for total in READINGS)))
    for element, value in {"fund": 3, "fund_a": 1, "fund_b": 2}.items():
        tiny.say(element, value)
    found = tiny.rows("select partition, within_relation from marts.total_check order by 1")
    assert found == [("once", True), ("twice", False)]


@pytest.mark.parametrize(
    ("period", "verdict"),
    [("2014", "holds"), ("2014H1", "holds"), ("2014-12-31", "holds"), ("2013-12-31", "holds"), ("2015", "holds")],
)
def test_a_stock_may_stand_under_another_period_of_the_same_return(period: str, verdict: str, make_tiny: Make) -> None:
    tiny = make_tiny(form(STAFF.format("equal")))
    tiny.say("staff", 10)
    tiny.say("staff_town", 4)
    tiny.say("staff_village", 6, period=period)
    assert tiny.rows("select verdict from marts.total_check") == [(verdict,)]


FLOWS = "    - {total: women, partition: by_kind, parts: [managed, also_managed]}"


@pytest.mark.parametrize(
    ("period", "verdict"), [("2014H1", "holds"), ("2013", "incomplete"), ("2014/2015", "incomplete")]
)
def test_a_flow_stands_in_the_totals_period_or_inside_it(period: str, verdict: str, make_tiny: Make) -> None:
    tiny = make_tiny(form(FLOWS))
    tiny.say("women", 10)
    tiny.say("managed", 4)
    tiny.say("also_managed", 6, period=period)
    assert tiny.rows("select verdict from marts.total_check") == [(verdict,)]


def test_the_nearest_period_gives_the_part(make_tiny: Make) -> None:
    tiny = make_tiny(form(STAFF.format("equal")))
    tiny.say("staff", 10)
    tiny.say("staff_town", 4)
    for period, village in {"2014H1": 7, "2014": 6, "2015": 8}.items():
        tiny.say("staff_village", village, period=period)
    assert tiny.rows("select period_code, verdict from marts.total_check") == [("2014", "holds")]


def test_another_returns_parts_are_not_taken(make_tiny: Make) -> None:
    tiny = make_tiny(form(STAFF.format("equal")))
    tiny.say("staff", 10, submission=1)
    tiny.say("staff_town", 4, submission=1)
    tiny.say("staff_village", 6, submission=2, by="x-county")
    assert tiny.rows("select verdict from marts.total_check") == [("incomplete",)]


def test_the_cells_of_total_and_parts_are_named(make_tiny: Make) -> None:
    tiny = make_tiny(form(STAFF.format("equal")))
    for element, value in {"staff": 10, "staff_town": 4, "staff_village": 6}.items():
        tiny.say(element, value)
    assert tiny.rows("select cells from marts.total_check") == [("D1=D2+D3",)]


@pytest.mark.parametrize("element", ["staff", "staff_town", "staff_village"])
@pytest.mark.parametrize("outdated", [{"occurrence": 2}, {"known_to": datetime(2015, 1, 10)}])
@pytest.mark.parametrize("order", ["before", "after"])
def test_a_repetition_or_a_replaced_figure_is_no_part_of_the_check(
    element: str, outdated: dict[str, Any], order: str, make_tiny: Make
) -> None:
    tiny = make_tiny(form(STAFF.format("equal")))
    if order == "before":
        tiny.say(element, 99, **outdated)
    for name, value in {"staff": 10, "staff_town": 4, "staff_village": 6}.items():
        tiny.say(name, value)
    if order == "after":
        tiny.say(element, 99, **outdated)
    assert tiny.rows(CHECK) == [("holds", True)]
