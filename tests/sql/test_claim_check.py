"""store.claim_check: printed rates against counts, in whole numbers, and by brute force."""

from __future__ import annotations

import random
from collections.abc import Callable
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import cache
from typing import Any

import pytest

Make = Callable[..., Any]
VERDICT = "select verdict from store.claim_check where edition_key > 0"
TYPED = """
share:
  zh: 率
  en: share
  unit: percent
  editions:
    - {{standard: first, edition: e1, type: {}, numerator: [managed], denominator: [births], document: paper}}
"""


@pytest.fixture
def one_edition(make_tiny: Make) -> Any:
    return make_tiny({"indicators/other.yaml": TYPED.format("proportion")})


@pytest.mark.parametrize(
    ("x", "n", "printed", "verdict"),
    [
        (1, 8, "12.5", "reproduced"),
        (1, 8, "13", "reproduced"),  # 12.5 is half-way: half up
        (1, 8, "12", "truncated"),
        (1, 8, "12.6", "inconsistent"),
        (3, 8, "38", "reproduced"),  # 37.5: half to even would say 38 too
        (5, 8, "63", "reproduced"),  # 62.5: half to even would say 62
        (1, 16, "6.3", "reproduced"),  # 6.25
        (1, 16, "6.2", "truncated"),
        (59, 64, "92.2", "reproduced"),  # 92.1875
        (59, 64, "92.1", "truncated"),
        (59, 64, "92.19", "reproduced"),
        (59, 64, "92.18", "truncated"),
        (59, 64, "92.1875", "reproduced"),
        (1, 3, "33.33", "reproduced"),
        (2, 3, "66.67", "reproduced"),
        (2, 3, "66.66", "truncated"),
        (2, 3, "66.68", "inconsistent"),
        (4, 4, "100", "reproduced"),
        (4, 4, "100.00", "reproduced"),
        (0, 4, "0", "reproduced"),
        (5, 4, "125", "reproduced"),
    ],
)
def test_a_rate_is_rounded_half_up_at_its_printed_decimals(
    x: int, n: int, printed: str, verdict: str, one_edition: Any
) -> None:
    one_edition.say("managed", x)
    one_edition.say("births", n)
    one_edition.claim("share", printed)
    assert one_edition.rows(VERDICT) == [(verdict,)]


@pytest.mark.parametrize(
    ("qualifier", "printed", "verdict"),
    [
        ("over", "74", "reproduced"), ("over", "75", "inconsistent"), ("over", "76", "inconsistent"),
        ("at_least", "75", "reproduced"), ("at_least", "76", "inconsistent"),
        ("under", "76", "reproduced"), ("under", "75", "inconsistent"),
        ("about", "75", "reproduced"), ("about", "74", "inconsistent"),
    ],
)  # fmt: skip
def test_a_qualified_rate_is_compared_as_it_says(qualifier: str, printed: str, verdict: str, one_edition: Any) -> None:
    one_edition.say("managed", 3)
    one_edition.say("births", 4)
    one_edition.claim("share", printed, qualifier=qualifier)
    assert one_edition.rows(VERDICT) == [(verdict,)]


@pytest.mark.parametrize(
    ("unit", "printed"),
    [("percent", "75"), ("per_mille", "750"), ("per_100k", "75000"), ("per_100", "75"), ("ratio", "0.75")],
)
def test_a_rate_is_compared_in_the_unit_that_it_prints(unit: str, printed: str, one_edition: Any) -> None:
    one_edition.say("managed", 3)
    one_edition.say("births", 4)
    one_edition.claim("share", printed, unit=unit)
    assert one_edition.rows("select verdict, recomputed from store.claim_check") == [("reproduced", float(printed))]


@pytest.mark.parametrize(
    "said", [{"managed": 3}, {"births": 4}, {"managed": None, "births": 4}, {"managed": 3, "births": 0}, {}]
)
def test_a_rate_without_its_counts_cannot_be_checked(said: dict[str, int | None], one_edition: Any) -> None:
    for element, value in said.items():
        one_edition.say(element, value)
    one_edition.claim("share", "75")
    assert one_edition.rows(VERDICT) == [("not_checkable",)]


def test_a_rate_of_unknown_precision_is_not_judged(one_edition: Any) -> None:
    one_edition.say("managed", 3)
    one_edition.say("births", 4)
    one_edition.claim("share", "0.75", known_precision=False)
    assert one_edition.rows("select verdict, attainable from store.claim_check") == [("not_checkable", None)]


def test_a_rate_without_editions_has_a_row_without_one(make_tiny: Make) -> None:
    tiny = make_tiny({"indicators/other.yaml": "share: {zh: 率, en: share, unit: percent}\n"})
    tiny.claim("share", "75")
    found = tiny.rows("select standard, edition, verdict, attainable from marts.claim_check")
    assert found == [("", "", "not_checkable", None)]


# ---- where the counts come from


def test_the_return_that_prints_the_rate_gives_its_counts_before_a_preferred_one(one_edition: Any) -> None:
    one_edition.say("births", 4, submission=1)
    one_edition.say("births", 5, submission=2, form="survey")
    one_edition.say("managed", 3, submission=1)
    one_edition.claim("share", "75", submission=1)
    assert one_edition.rows("select denominator, verdict from store.claim_check") == [(4, "reproduced")]


def test_what_counts_for_the_period_comes_before_a_period_inside_it(one_edition: Any) -> None:
    one_edition.say("managed", 3, submission=1)
    one_edition.say("births", 2, submission=1, period="2014H1")
    one_edition.say("births", 4, submission=2, form="survey")
    one_edition.claim("share", "75", submission=1)
    assert one_edition.rows("select denominator, verdict from store.claim_check") == [(4, "reproduced")]


def test_else_the_longest_and_latest_period_inside_the_rates_own_is_taken(one_edition: Any) -> None:
    one_edition.say("managed", 3)
    for period, births in {"2014-12": 9, "2014H1": 4, "2014H2": 5, "2014-12-31": 8, "2013": 7}.items():
        one_edition.say("births", births, period=period)
    one_edition.claim("share", "60")
    assert one_edition.rows("select denominator, verdict from store.claim_check") == [(5, "reproduced")]


def test_another_returns_figure_of_a_period_inside_is_not_taken(one_edition: Any) -> None:
    one_edition.say("managed", 3, submission=1)
    one_edition.say("births", 4, submission=2, period="2014H1")
    one_edition.claim("share", "75", submission=1)
    assert one_edition.rows(VERDICT) == [("not_checkable",)]


def test_the_second_occurrence_of_a_count_is_not_taken(one_edition: Any) -> None:
    one_edition.say("managed", 3)
    one_edition.say("births", 4)
    one_edition.say("births", 5, occurrence=2)
    one_edition.claim("share", "75")
    assert one_edition.rows(VERDICT) == [("reproduced",)]


def test_a_rate_of_a_breakdown_is_checked_against_that_breakdowns_counts(one_edition: Any) -> None:
    for breakdown, managed in {"": 3, "male": 1}.items():
        one_edition.say("managed", managed, breakdown=breakdown)
        one_edition.say("births", 4, breakdown=breakdown)
    one_edition.claim("share", "25", breakdown="male")
    assert one_edition.rows(VERDICT) == [("reproduced",)]


# ---- which edition explains


def editions(tiny: Any) -> list[tuple[Any, ...]]:
    return tiny.rows(
        "select standard, verdict, is_explaining_edition, habit_formula from marts.claim_check "
        "order by claim_id, standard"
    )


@pytest.mark.parametrize(
    ("printed", "rows"),
    [
        ("75", [("first", "reproduced", True), ("second", "inconsistent", False)]),
        ("42.86", [("first", "inconsistent", False), ("second", "reproduced", True)]),
        ("42.85", [("first", "inconsistent", False), ("second", "truncated", True)]),
        ("50", [("first", "inconsistent", False), ("second", "inconsistent", False)]),
    ],
)
def test_the_only_formula_that_fits_explains_the_rate(printed: str, rows: list[tuple[Any, ...]], tiny: Any) -> None:
    for element, value in {"managed": 3, "births": 4, "women": 7}.items():
        tiny.say(element, value)
    tiny.claim("share", printed)
    assert [row[:3] for row in editions(tiny)] == rows


def test_where_two_formulas_fit_the_habit_of_the_return_decides(make_tiny: Make) -> None:
    both = "{{standard: {0}, edition: e, type: proportion, numerator: [{1}], denominator: [{2}], document: paper}}"
    text = "".join(
        f"{name}: {{zh: 率, en: rate, unit: percent, editions: ["
        f"{both.format('first', numerator, 'births')}, {both.format('second', numerator, 'women')}]}}\n"
        for name, numerator in (("share", "managed"), ("other_share", "also_managed"))
    )
    tiny = make_tiny({"indicators/other.yaml": text})
    for element, value in {"managed": 7, "also_managed": 500, "births": 1000, "women": 1001}.items():
        tiny.say(element, value)
    tiny.claim("share", "0.7")
    tiny.claim("other_share", "49.95")
    found = tiny.rows(
        "select indicator_code, standard, is_explaining_edition, habit_formula from marts.claim_check order by 1, 2"
    )
    assert found == [
        ("other_share", "first", False, "also_managed/women"),
        ("other_share", "second", True, "also_managed/women"),
        ("share", "first", None, "managed/women"),
        ("share", "second", None, "managed/women"),
    ]


def test_editions_of_equal_terms_are_one_candidate(make_tiny: Make) -> None:
    same = (
        "{{standard: {}, edition: e, type: proportion, numerator: [managed], denominator: [births], document: paper}}"
    )
    text = f"share: {{zh: 率, en: share, unit: percent, editions: [{same.format('first')}, {same.format('second')}]}}\n"
    tiny = make_tiny({"indicators/other.yaml": text})
    tiny.say("managed", 3)
    tiny.say("births", 4)
    tiny.claim("share", "75")
    assert editions(tiny) == [("first", "reproduced", True, None), ("second", "reproduced", True, None)]


# ---- by brute force

SIZES = range(1, 61)
ORGS = "code,name,level,parent\n" + "".join(f"x-{n},第{n}镇,township,\n" for n in SIZES)


@cache
def at_decimals(share: Fraction, decimals: int, rounding: str) -> Decimal:
    """A share as percent, printed with so many decimals; exact, as 60 has few digits."""
    scaled = share * 100 * 10**decimals
    whole = int(scaled)
    up = rounding == ROUND_HALF_UP and scaled - whole >= Fraction(1, 2)
    return Decimal(whole + up).scaleb(-decimals)


def prints_so(printed: Decimal, n: int, decimals: int, most: int) -> bool:
    shown = {
        at_decimals(Fraction(x, n), decimals, rounding)
        for x in range(most + 1)
        for rounding in (ROUND_HALF_UP, ROUND_DOWN)
    }
    return printed in shown


def printed_rates(most: int) -> list[tuple[int, int, Decimal]]:
    """Sizes, decimals and rates: some that a count gives, some one unit beside it, some anywhere."""
    source = random.Random(most)
    found = []
    for n in SIZES:
        for decimals in (0, 1, 2):
            unit = Decimal(1).scaleb(-decimals)
            near = [
                at_decimals(Fraction(source.randint(0, most * n), n), decimals, rounding)
                + source.choice((-1, 0, 1)) * unit
                for rounding in (ROUND_HALF_UP, ROUND_DOWN)
                for _ in range(2)
            ]
            anywhere = [Decimal(source.randint(0, most * 100 * 10**decimals)) * unit for _ in range(3)]
            found += [(n, decimals, rate.quantize(unit)) for rate in (*near, *anywhere) if rate >= 0]
    return found


@pytest.mark.parametrize(("type_", "most"), [("proportion", 1), ("near_proportion", 2), ("ratio", 2)])
def test_a_rate_is_attainable_where_some_whole_number_prints_so(type_: str, most: int, make_tiny: Make) -> None:
    tiny = make_tiny({"orgs.csv": ORGS, "indicators/other.yaml": TYPED.format(type_)})
    wanted = {}
    for n in SIZES:
        tiny.say("births", n, org=f"x-{n}", submission=n)
    for n, decimals, printed in printed_rates(most):
        claim = tiny.claim("share", f"{printed:f}", org=f"x-{n}", submission=n)
        wanted[claim] = (n, printed, prints_so(printed, n, decimals, n if type_ == "proportion" else 3 * n))
    found = dict(tiny.rows("select claim_id, attainable from store.claim_check"))
    assert {claim: found[claim] for claim in wanted} == {claim: told[2] for claim, told in wanted.items()}
    assert {told[2] for told in wanted.values()} == {True, False}


def test_the_verdict_is_that_of_exact_arithmetic(make_tiny: Make) -> None:
    source = random.Random(1)
    tiny = make_tiny({"orgs.csv": ORGS, "indicators/other.yaml": TYPED.format("proportion")})
    wanted = {}
    for n in SIZES:
        x = source.randint(0, n)
        tiny.say("births", n, org=f"x-{n}", submission=n)
        tiny.say("managed", x, org=f"x-{n}", submission=n)
        for decimals in (0, 1, 2, 3):
            rounded, cut = (at_decimals(Fraction(x, n), decimals, how) for how in (ROUND_HALF_UP, ROUND_DOWN))
            for printed in {rounded, cut, rounded + Decimal(1).scaleb(-decimals)}:
                claim = tiny.claim("share", f"{printed:.{decimals}f}", org=f"x-{n}", submission=n)
                wanted[claim] = (
                    "reproduced" if printed == rounded else "truncated" if printed == cut else "inconsistent"
                )
    found = dict(tiny.rows("select claim_id, verdict from store.claim_check"))
    assert found == wanted
    assert set(wanted.values()) == {"reproduced", "truncated", "inconsistent"}


@pytest.mark.parametrize(("numerator", "births"), [("managed", "4.5"), ("fund", "4")])
def test_attainability_is_judged_for_whole_counts_only(numerator: str, births: str, make_tiny: Make) -> None:
    text = TYPED.format("proportion").replace("[managed]", f"[{numerator}]")
    tiny = make_tiny({"indicators/other.yaml": text})
    tiny.say("births", births)
    tiny.claim("share", "33.33")
    assert tiny.rows("select attainable from store.claim_check") == [(None,)]
