"""What each slip makes of a figure: the wrong one is what a clerk would type, and it differs from the true one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from pipelines.sample.county import DUE_DAYS, draw_county
from pipelines.sample.errors import Planted, plant
from pipelines.sample.layout import Printed, amount, month_end

# Kind → whether a village's figure as printed follows from the true one in that way.
TYPED: dict[str, Callable[[Printed, Printed], bool]] = {
    "digits_swapped": lambda printed, true: str(printed) == str(true)[::-1],
    "digit_twice": lambda printed, true: str(printed) == f"{true}{str(true)[-1]}",
    "point_lost": lambda printed, true: str(printed) == str(true).replace(".", "") != str(true),
    "dash_before": lambda printed, true: printed == -amount(true) < 0,
    "ten_thousands": lambda printed, true: round(amount(printed) * 10_000) == true,
    "zero_for_blank": lambda printed, true: (printed, true) == (0, None),
    "blank_for_zero": lambda printed, true: (printed, true) == (None, 0),
    "blank_for_figure": lambda printed, true: printed is None and amount(true) > 0,
    "word_for_zero": lambda printed, true: (printed, true) == ("无", 0),
    "about": lambda printed, true: printed == f"约{round(amount(true), -1)}",
    "number_as_text": lambda printed, true: isinstance(printed, str) and int(printed) == true and not printed.isascii(),
    "unit_in_cell": lambda printed, true: printed == f"{true}小时",
    "rate_for_count": lambda printed, true: isinstance(printed, float) and 60 < printed < 100 and amount(true) < 60,
    "percent_for_count": lambda printed, true: isinstance(printed, str) and printed.endswith("%") and amount(true) < 60,
    "cumulative_for_monthly": lambda printed, true: amount(printed) > amount(true) > 0,
}


@pytest.fixture(scope="module", params=[2014, 5])
def planted(request: pytest.FixtureRequest) -> dict[str, Planted]:
    return {error.kind.code: error for error in plant(draw_county(request.param))}


@pytest.mark.parametrize("kind", TYPED)
def test_one_figure_is_typed_as_the_kind_says(kind: str, planted: dict[str, Planted]) -> None:
    error = planted[kind]
    [sent] = error.sent
    wrong = [
        (value, error.truth.rows[village][element])
        for village, row in sent.printed.rows.items()
        for element, value in row.items()
        if (value, type(value)) != (error.truth.rows[village][element], type(error.truth.rows[village][element]))
    ]
    assert len(wrong) == 1
    assert TYPED[kind](*wrong[0])


def test_a_copied_month_holds_the_figures_of_the_month_before(planted: dict[str, Planted]) -> None:
    error = planted["last_month_copied"]
    before = [
        found.rows
        for found in draw_county(2014).returns + draw_county(5).returns
        if found.township == error.truth.township and found.form == error.truth.form
    ]
    assert error.sent[0].printed.rows in before
    assert error.sent[0].printed.rows != error.truth.rows
    assert error.sent[0].printed.period == error.truth.period


def test_exchanged_villages_have_each_others_rows(planted: dict[str, Planted]) -> None:
    error = planted["villages_swapped"]
    printed, true = error.sent[0].printed.rows, error.truth.rows
    one, other = [village for village in true if printed[village] != true[village]]
    assert (printed[one], printed[other]) == (true[other], true[one])


def test_a_stale_total_is_the_only_figure_that_is_wrong(planted: dict[str, Planted]) -> None:
    error = planted["total_not_updated"]
    printed = error.sent[0].printed
    assert printed.rows == error.truth.rows
    [element] = [name for name in printed.total if printed.total[name] != error.truth.total[name]]
    assert 0 < amount(printed.total[element]) < amount(error.truth.total[element])


def test_half_a_file_has_the_upper_half_of_the_villages(planted: dict[str, Planted]) -> None:
    error = planted["partial_file"]
    kept = list(error.sent[0].printed.rows)
    assert kept == list(error.truth.rows)[: len(error.truth.rows) // 2]


def test_a_draft_comes_before_and_after_the_right_file(planted: dict[str, Planted]) -> None:
    first, right, again = planted["older_resent"].sent
    assert first.printed is again.printed
    assert right.printed.rows == planted["older_resent"].truth.rows != first.printed.rows
    assert first.modified < right.modified < again.modified
    assert len({first.suffix, right.suffix, again.suffix}) == 3


def test_a_file_sent_twice_is_the_same_file(planted: dict[str, Planted]) -> None:
    one, other = planted["sent_twice"].sent
    assert one.printed is other.printed
    assert (one.modified < other.modified, one.suffix == other.suffix) == (True, False)


def test_last_years_head_is_all_that_is_wrong(planted: dict[str, Planted]) -> None:
    error = planted["wrong_year"]
    [sent] = error.sent
    assert (sent.printed.year, sent.printed.month) == (error.truth.year - 1, error.truth.month)
    assert sent.printed.rows == error.truth.rows


def test_only_the_late_are_late_and_one_never_comes() -> None:
    for error in plant(draw_county()):
        due = month_end(error.truth.year, error.truth.month) + timedelta(days=DUE_DAYS)
        assert all((sent.modified >= due) == (error.kind.code == "late") for sent in error.sent)
        assert (not error.sent) == (error.kind.code == "never_sent")
