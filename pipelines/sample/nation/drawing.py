"""Which villages a fraction of the nation holds: whole counties spread over the provinces, the last one by townships.

Every township has a place in a line that follows from the seed alone: its county's place, within the province by lot,
between the provinces in proportion to their counties; then its own lot. A fraction takes townships from the head of
the line until its share of the villages is reached. So a larger fraction holds the smaller one, a fraction of a few
per cent has counties of every province, and every county but the last is whole, so that roll-ups mean something.
"""

from __future__ import annotations

import math

import numpy as np
import polars as pl

from pipelines.catalog.register import read_divisions


def draw_villages(fraction: float, seed: int, divisions: pl.DataFrame | None = None) -> pl.DataFrame:
    """The villages of a fraction, in the order of their codes.

    Args:
        fraction: share of the register's villages, above 0 and at most 1; at least one township is drawn.
        seed: what the lots follow from.
        divisions: a register; the shipped one where none is given.

    Returns:
        One row per village of a county that is in the fraction: `code`, `township`, `county` (the unit above the
        township: a prefecture where there is no county between), `province`, and `drawn`: false where the township
        was left out. Those rows are there because the figures of a county are drawn together.

    Raises:
        ValueError: no such fraction.
    """
    if not 0 < fraction <= 1:
        raise ValueError(f"a fraction is above 0 and at most 1, not {fraction}")
    villages = _villages(read_divisions() if divisions is None else divisions)
    wanted = math.ceil(round(villages.height * fraction, 6))
    line = _line(villages, seed).with_columns(drawn=(pl.col("villages").cum_sum() - pl.col("villages")) < wanted)
    counties = line.filter("drawn").select("county").unique()
    found = villages.join(counties, on="county").join(line.select("township", "drawn"), on="township")
    return found.sort("code")


def _villages(divisions: pl.DataFrame) -> pl.DataFrame:
    above = divisions.select(pl.col("code").alias("township"), pl.col("parent").alias("county"))
    villages = divisions.filter(pl.col("level") == "village").select("code", pl.col("parent").alias("township"))
    return villages.join(above, on="township").with_columns(province=pl.col("code").str.head(2) + "0" * 10)


def _line(villages: pl.DataFrame, seed: int) -> pl.DataFrame:
    """The townships with their number of villages, in the order in which fractions take them."""
    townships = villages.group_by("province", "county", "township").agg(villages=pl.len()).sort("township")
    counties = townships.select("province", "county").unique().sort("county")
    counties = counties.with_columns(lot=pl.Series(np.random.default_rng([seed, 0]).random(counties.height)))
    place = (pl.col("lot").rank("ordinal") - pl.col("lot").first()).over("province") / pl.len().over("province")
    townships = townships.with_columns(lot=pl.Series(np.random.default_rng([seed, 1]).random(townships.height)))
    return townships.join(counties.select("county", place=place), on="county").sort("place", "county", "lot")
