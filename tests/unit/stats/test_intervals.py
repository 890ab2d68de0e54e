"""Intervals against SciPy."""

from __future__ import annotations

import csv
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest, chi2, norm

from pipelines.stats.intervals import EXACT_BELOW, Z_95, Z_998, byar, exact_poisson, wilson

GRID = [(x, n) for x, n in product((0, 1, 2, 7, 10, 50, 214, 7414), (1, 2, 10, 60, 221, 9887)) if x <= n]
LEVELS = [(0.95, Z_95), (0.998, Z_998)]


@pytest.mark.parametrize(("level", "z"), LEVELS)
def test_z_is_the_quantile_of_its_level(level: float, z: float) -> None:
    assert z == pytest.approx(norm.ppf((1 + level) / 2), abs=1e-12)


@pytest.mark.parametrize(("level", "z"), LEVELS)
@pytest.mark.parametrize(("x", "n"), GRID)
def test_wilson_is_scipys(x: int, n: int, level: float, z: float) -> None:
    reference = binomtest(x, n).proportion_ci(level, method="wilson")
    assert wilson(x, n, z) == pytest.approx((reference.low, reference.high), abs=1e-12)


@given(
    st.integers(1, 10**6).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), st.sampled_from([Z_95, Z_998])
)
def test_wilson_holds_the_share_and_stays_between_0_and_1(counts: tuple[int, int], z: float) -> None:
    lower, upper = wilson(*counts, z)
    assert 0 <= lower <= counts[0] / counts[1] + 1e-12
    assert counts[0] / counts[1] - 1e-12 <= upper <= 1


@given(st.integers(1, 10**6).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wilson_of_the_rest_is_the_mirror(counts: tuple[int, int]) -> None:
    x, n = counts
    lower, upper = wilson(x, n)
    assert wilson(n - x, n) == pytest.approx((1 - upper, 1 - lower), abs=1e-9)


@pytest.mark.parametrize(("level", "z"), LEVELS)
@pytest.mark.parametrize("events", [10, 12, 20, 50, 100, 1000, 100_000])
def test_byar_comes_close_to_the_exact_limits(events: int, level: float, z: float) -> None:
    assert byar(events, z) == pytest.approx(exact_poisson(events, level), rel=0.02 if level == 0.998 else 0.005)


@given(st.integers(EXACT_BELOW, 10**7))
def test_byar_holds_the_count(events: int) -> None:
    lower, upper = byar(events)
    assert lower < events < upper


@pytest.mark.parametrize("level", [0.95, 0.998])
@pytest.mark.parametrize("events", range(EXACT_BELOW + 1))
def test_exact_limits_are_those_of_the_chi_squared_distribution(events: int, level: float) -> None:
    tail = (1 - level) / 2
    lower = chi2.ppf(tail, 2 * events) / 2 if events else 0
    assert exact_poisson(events, level) == pytest.approx((lower, chi2.isf(tail, 2 * events + 2) / 2), rel=1e-9)


def shipped_limits(root: Path) -> list[list[str]]:
    with (root / "pipelines" / "stats" / "exact_poisson_limits.csv").open(encoding="utf-8") as file:
        return list(csv.reader(file))[1:]


def test_the_shipped_table_of_exact_limits_is_scipys(repo_root: Path) -> None:
    rows = shipped_limits(repo_root)
    assert [int(row[0]) for row in rows] == list(range(len(rows)))
    assert len(rows) >= EXACT_BELOW
    for row in rows:
        events = int(row[0])
        wanted = (*exact_poisson(events), *exact_poisson(events, 0.998))
        assert tuple(map(float, row[1:])) == pytest.approx(wanted, rel=1e-11)
