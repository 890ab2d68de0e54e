"""A fraction is as large as it says, spread over the country, whole by townships, and holds every smaller one."""

from __future__ import annotations

from itertools import pairwise

import polars as pl
import pytest

from pipelines.sample.nation.drawing import draw_villages

VILLAGES = 618_133


def codes(fraction: float, register: pl.DataFrame, seed: int = 7) -> set[str]:
    return set(draw_villages(fraction, seed, register).filter("drawn")["code"])


@pytest.mark.parametrize("fraction", [0.0001, 0.003, 0.02, 0.5])
def test_a_fraction_is_that_share_of_the_villages_up_to_one_township(fraction: float, register: pl.DataFrame) -> None:
    drawn = len(codes(fraction, register))
    assert 0 <= drawn - VILLAGES * fraction < 200


def test_the_whole_nation_is_all_of_it(register: pl.DataFrame) -> None:
    assert len(codes(1, register)) == VILLAGES


def test_a_larger_fraction_holds_the_smaller_one(register: pl.DataFrame) -> None:
    drawn = [codes(fraction, register) for fraction in (0.0001, 0.001, 0.01, 0.1)]
    assert all(small < large for small, large in pairwise(drawn))


def test_townships_are_whole_and_so_are_all_counties_but_one(register: pl.DataFrame) -> None:
    found = draw_villages(0.01, 7, register)
    assert found.group_by("township").agg(pl.col("drawn").n_unique())["drawn"].max() == 1
    assert found.group_by("county").agg(pl.col("drawn").n_unique()).filter(pl.col("drawn") > 1).height <= 1
    whole = register.filter(pl.col("level") == "village").join(found, left_on="parent", right_on="township", how="semi")
    assert whole.height == found.height


def test_a_few_per_cent_are_spread_over_the_provinces_as_the_counties_are(register: pl.DataFrame) -> None:
    found = draw_villages(0.05, 7, register)
    everywhere = draw_villages(1, 7, register)
    assert found["province"].n_unique() == 31
    here, there = (
        frame.group_by("province").agg(pl.col("county").n_unique()).sort("province")["county"]
        for frame in (found, everywhere)
    )
    assert (here - there * 0.05).abs().max() <= 2.5  # type: ignore[operator]


def test_a_seed_draws_the_same_and_another_seed_another(register: pl.DataFrame) -> None:
    assert codes(0.001, register) == codes(0.001, register)
    assert codes(0.001, register).isdisjoint(codes(0.001, register, seed=8))


def test_villages_of_a_city_without_counties_are_drawn_below_their_prefecture(register: pl.DataFrame) -> None:
    everywhere = draw_villages(1, 7, register)
    assert set(everywhere.filter(pl.col("county").str.ends_with("00000000"))["county"]) == {
        "441900000000", "442000000000", "460400000000"}  # fmt: skip


@pytest.mark.parametrize("fraction", [0, -0.1, 1.1])
def test_there_is_no_such_fraction(fraction: float, register: pl.DataFrame) -> None:
    with pytest.raises(ValueError, match="above 0 and at most 1"):
        draw_villages(fraction, 7, register)
