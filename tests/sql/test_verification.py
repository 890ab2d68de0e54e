"""marts.verification: recounted over reported, with an interval that scipy and NumPy agree with."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from scipy import stats

from pipelines.catalog.periods import parse_code
from pipelines.warehouse.rows import insert
from tests.sql.conftest import CLOCK, Tiny

ORGS = {
    "orgs.csv": "code,name,level,parent\nx-county,甲县,county,\n"
    + "".join(f"x-t{t},镇{t},township,x-county\n" for t in range(1, 5))
    + "".join(f"x-t{t}v{v},村{t}{v},village,x-t{t}\n" for t in range(1, 5) for v in (1, 2)),
}
FIGURES = {  # reported, recounted
    "x-t1v1": (100, 90), "x-t1v2": (80, 80), "x-t2v1": (50, 60), "x-t2v2": (40, 30), "x-t3v1": (120, 100),
    "x-t3v2": (60, 55),
}  # fmt: skip
SAMPLE = (
    "select verification_factor, lower, upper, units_drawn, units_answered, units_compared, verdict, reported, "
    "recounted "
    "from marts.verification where scope = 'sample'"
)


def recount(tiny: Tiny, org: str, value: int | None, *, submission: int = 900, draw: str = "d1") -> None:
    k = tiny.keys
    tiny._submit(submission, "survey", "x-county", "2014", "x-county")
    row = (
        submission, f"I{next(tiny.numbers)}", draw, k.org[org], parse_code("2014").key, k.form["monthly"],
        k.element["births"], 0, None if value is None else Decimal(value),
        "blank" if value is None else "reported", CLOCK,
    )  # fmt: skip
    insert(tiny.con, "intake.recount", [row])


def tell(tiny: Tiny, figures: dict[str, tuple[int | None, int | None]]) -> None:
    for number, (org, (reported, recounted)) in enumerate(figures.items(), 1):
        tiny.say("births", reported, org=org, submission=number)
        recount(tiny, org, recounted)


@pytest.fixture
def county(make_tiny: Any) -> Tiny:
    made: Tiny = make_tiny(ORGS)
    return made


def test_the_factor_of_each_unit_is_recounted_over_reported(county: Tiny) -> None:
    tell(county, {"x-t1v1": (100, 90), "x-t1v2": (80, 64), "x-t2v1": (10, 12), "x-t2v2": (5, None), "x-t3v1": (None, 4),
                  "x-t3v2": (0, 3), "x-t4v1": (0, 0)})  # fmt: skip
    found = county.rows(
        "select org_code, verification_factor, verdict from marts.verification where scope = 'unit' order by 1"
    )
    assert found == [
        ("x-t1v1", 0.9, "agrees"), ("x-t1v2", 0.8, "over_reported"), ("x-t2v1", 1.2, "under_reported"),
        ("x-t2v2", None, "not_answered"), ("x-t3v1", None, "not_reported"), ("x-t3v2", None, "reported_zero"),
        ("x-t4v1", 1.0, "agrees"),
    ]  # fmt: skip


def test_the_samples_interval_is_the_jackknife_over_townships(county: Tiny) -> None:
    tell(county, dict(FIGURES))
    [(factor, lower, upper, *counts, verdict, reported, recounted)] = county.rows(SAMPLE)
    said, again = (np.array([row[n] for row in FIGURES.values()]).reshape(3, 2).sum(axis=1) for n in (0, 1))
    left_out = (again.sum() - again) / (said.sum() - said)
    error = np.sqrt(2 / 3 * ((left_out - left_out.mean()) ** 2).sum())
    half = stats.t.ppf(0.975, 2) * error
    assert (reported, recounted) == (int(said.sum()), int(again.sum()))
    assert factor == pytest.approx(again.sum() / said.sum())
    assert (lower, upper) == pytest.approx((factor - half, factor + half), rel=1e-4)
    assert (counts, verdict) == ([6, 6, 6], "agrees")


def test_within_one_township_units_are_left_out_one_at_a_time(county: Tiny) -> None:
    tell(county, {"x-t1v1": (100, 90), "x-t1v2": (80, 80)})
    [(factor, lower, upper, *_)] = county.rows(SAMPLE)
    error = np.sqrt(1 / 2 * sum((one - (1 + 0.9) / 2) ** 2 for one in (1.0, 0.9)))
    assert upper - factor == pytest.approx(stats.t.ppf(0.975, 1) * error, rel=1e-4)
    assert lower == pytest.approx(max(factor - stats.t.ppf(0.975, 1) * error, 0), abs=1e-6)


def test_one_unit_has_no_interval(county: Tiny) -> None:
    tell(county, {"x-t1v1": (100, 90), "x-t1v2": (80, None)})
    assert county.rows(SAMPLE)[0][:7] == (0.9, None, None, 2, 1, 1, "agrees")


def test_the_quantiles_are_students(county: Tiny) -> None:
    from pipelines.sql import read_select

    text = read_select("marts.verification").text.split("student as")[1].split("quantile")[0]
    printed = [float(word.strip()) for word in text.split("[")[1].split("]")[0].split(",")]
    assert printed == [round(float(stats.t.ppf(0.975, freedom)), 4) for freedom in range(1, 31)]


def test_reported_is_what_was_known_when_it_was_drawn(county: Tiny) -> None:
    later = datetime(2016, 1, 1)
    county.say("births", 100, org="x-t1v1", submission=1, known_to=later)
    county.say("births", 90, org="x-t1v1", submission=2, known_from=later)
    recount(county, "x-t1v1", 90)
    assert county.rows("select reported from marts.verification where scope = 'unit'") == [(100,)]


def test_a_sheet_sent_again_counts_once_and_two_draws_stay_apart(county: Tiny) -> None:
    county.say("births", 100, org="x-t1v1", submission=1)
    recount(county, "x-t1v1", 50, submission=900)
    recount(county, "x-t1v1", 90, submission=901)
    recount(county, "x-t1v1", 70, submission=902, draw="d2")
    assert county.rows("select draw_id, recounted from marts.verification where scope = 'sample' order by 1") == [
        ("d1", 90), ("d2", 70),
    ]  # fmt: skip


def test_a_recount_is_no_statement_of_the_unit(county: Tiny) -> None:
    county.say("births", 100, org="x-t1v1", submission=1)
    recount(county, "x-t1v1", 90)
    assert county.rows("select org_code, value from core.fact_chosen") == [("x-t1v1", 100)]
