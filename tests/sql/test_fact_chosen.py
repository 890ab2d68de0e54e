"""store.fact_chosen: of several statements of one figure, the one that counts."""

from __future__ import annotations

from datetime import datetime
from typing import Any

QUERY = "select value, state, form_code, reported_by, sources from core.fact_chosen"


def test_the_form_that_the_catalog_prefers_counts(tiny: Any) -> None:
    tiny.say("births", 10, form="monthly", submission=1)
    tiny.say("births", 11, form="survey", submission=2)
    assert tiny.rows(QUERY) == [(11, "reported", "survey", "x-town", 2)]


def test_a_reported_figure_counts_before_a_preferred_forms_blank(tiny: Any) -> None:
    tiny.say("births", 10, form="monthly", submission=1)
    tiny.say("births", None, form="survey", submission=2)
    assert tiny.rows(QUERY) == [(10, "reported", "monthly", "x-town", 2)]


def test_where_nothing_is_reported_the_blank_stands(tiny: Any) -> None:
    tiny.say("births", None, form="monthly", state="not_collected", submission=1)
    tiny.say("births", None, form="survey", submission=2)
    assert tiny.rows(QUERY) == [(None, "blank", "survey", "x-town", 2)]


def test_of_two_senders_of_one_form_the_newest_counts(tiny: Any) -> None:
    tiny.say("births", 10, by="x-town", submission=1, known_from=datetime(2015, 1, 2))
    tiny.say("births", 11, by="x-county", submission=2, known_from=datetime(2015, 1, 3))
    assert tiny.rows(QUERY) == [(11, "reported", "monthly", "x-county", 2)]


def test_of_two_senders_of_one_night_the_choice_is_by_code(tiny: Any) -> None:
    tiny.say("births", 10, by="x-town", submission=2)
    tiny.say("births", 11, by="x-county", submission=1)
    assert tiny.rows(QUERY) == [(11, "reported", "monthly", "x-county", 2)]


def test_what_is_no_longer_known_and_what_is_repeated_do_not_count(tiny: Any) -> None:
    tiny.say("births", 9, submission=1, known_to=datetime(2015, 1, 9))
    tiny.say("births", 10, submission=2)
    tiny.say("births", 12, submission=2, occurrence=2)
    assert tiny.rows(QUERY) == [(10, "reported", "monthly", "x-town", 1)]


def test_periods_breakdowns_and_organisations_are_chosen_apart(tiny: Any) -> None:
    tiny.say("births", 1)
    tiny.say("births", 2, breakdown="male")
    tiny.say("births", 3, period="2013", submission=2)
    tiny.say("births", 4, org="x-town2", submission=3)
    found = tiny.rows("select org_code, period_code, breakdown_code, value from core.fact_chosen order by value")
    assert found == [
        ("x-town", "2014", "", 1),
        ("x-town", "2014", "male", 2),
        ("x-town", "2013", "", 3),
        ("x-town2", "2014", "", 4),
    ]


def test_a_count_that_cannot_be_is_not_chosen_where_another_is_stated(tiny: Any) -> None:
    tiny.say("births", -5, occurrence=1)
    tiny.say("births", 900, occurrence=2)
    assert tiny.rows("select value from core.fact_chosen") == [(900,)]
