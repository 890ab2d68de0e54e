"""Draws from a seeded generator, and the grid of figures that they fill."""

from __future__ import annotations

import math
from random import Random

Cell = int | float | None
Row = list[Cell]  # a village's figures, month by month; None: not collected
Grid = list[Row]  # villages × months
Grids = dict[str, Grid]  # by element


def poisson(rng: Random, mean: float) -> int:
    """A Poisson count; for large means the rounded normal distribution."""
    if mean > 30:
        return max(0, round(rng.gauss(mean, math.sqrt(mean))))
    limit, count, product = math.exp(-mean), 0, rng.random()
    while product > limit:
        count += 1
        product *= rng.random()
    return count


def over_dispersed(rng: Random, mean: float, shape: float = 2.0) -> int:
    """A negative binomial count: Poisson with a gamma-distributed mean; the smaller `shape`, the wider."""
    return poisson(rng, mean * rng.gammavariate(shape, 1 / shape))


def binomial(rng: Random, trials: int, chance: float) -> int:
    """How many of `trials` happen; never more than `trials`."""
    if trials > 60:
        spread = math.sqrt(trials * chance * (1 - chance))
        return min(trials, max(0, round(rng.gauss(trials * chance, spread))))
    return sum(rng.random() < chance for _ in range(trials))


def share_out(total: int, weights: list[float]) -> list[int]:
    """`total` in whole parts in proportion to `weights`, by largest remainders.

    >>> share_out(10, [1, 1, 1])
    [4, 3, 3]
    """
    exact = [total * weight / sum(weights) for weight in weights]
    parts = [math.floor(part) for part in exact]
    by_rest = sorted(range(len(parts)), key=lambda i: (parts[i] - exact[i], i))
    for i in by_rest[: total - sum(parts)]:
        parts[i] += 1
    return parts


def leave_out(rng: Random, grids: Grids, elements: tuple[str, ...]) -> None:
    """Blanks where a count was not collected: a village that begins late, and single months."""
    for element in elements:
        for row in grids[element]:
            begins = rng.randint(2, 7) if rng.random() < 0.06 else 0
            for month in range(len(row)):
                if month < begins or rng.random() < 0.015:
                    row[month] = None
