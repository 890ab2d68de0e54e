"""Confidence intervals of rates; the reference that the warehouse's SQL is tested against.

Sources: Wilson (1927), J. Am. Stat. Assoc. 22:209; Byar's approximation and the exact Poisson limits as in
Breslow & Day (1987), Statistical Methods in Cancer Research II, and the technical guidance of public-health
profiles (APHO Technical Briefing 3).
"""

from __future__ import annotations

from math import sqrt

Z_95 = 1.959963984540054
Z_998 = 3.090232306167813
EXACT_BELOW = 10


def wilson(events: float, trials: float, z: float = Z_95) -> tuple[float, float]:
    """Wilson score limits of a proportion, as fractions.

    >>> [round(100 * limit, 2) for limit in wilson(214, 221)]
    [93.61, 98.46]
    """
    share, square = events / trials, z * z
    middle = share + square / (2 * trials)
    half = z * sqrt(share * (1 - share) / trials + square / (4 * trials * trials))
    return max((middle - half) / (1 + square / trials), 0.0), min((middle + half) / (1 + square / trials), 1.0)


def byar(events: float, z: float = Z_95) -> tuple[float, float]:
    """Byar's limits of a Poisson count, good from 10 events on.

    >>> [round(limit, 2) for limit in byar(100)]
    [81.36, 121.63]
    """
    lower = events * (1 - 1 / (9 * events) - z / (3 * sqrt(events))) ** 3
    above = events + 1
    return lower, above * (1 - 1 / (9 * above) + z / (3 * sqrt(above))) ** 3


def exact_poisson(events: int, confidence: float = 0.95) -> tuple[float, float]:
    """Exact limits of a Poisson count by the chi-squared distribution (Garwood 1936).

    >>> [round(limit, 4) for limit in exact_poisson(2)]
    [0.2422, 7.2247]
    """
    from scipy.stats import chi2  # heavy: imported where it is used

    alpha = 1 - confidence
    lower = float(chi2.ppf(alpha / 2, 2 * events)) / 2 if events else 0.0
    return lower, float(chi2.ppf(1 - alpha / 2, 2 * (events + 1))) / 2
