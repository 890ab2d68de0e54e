"""Maternal and child health: one woman after the other, so that every sub-count is a part of its parent.

9,863 deliveries fall on villages × months: the weight of a cell is the village's population × its own birth rate
(gamma) × the month's season × chance (gamma), so that the counts are over-dispersed (a negative binomial given its
total). Each woman has a propensity to use care, partly her village's. The care that she had is a chain of sets, each
drawn with its exact published size from the set that it is a part of: the systematically managed first (they had an
early examination, five visits, a hospital delivery and a postnatal visit), then those who had some of these. All the
counts of a village and month are counts of its women; so parts never exceed wholes, and the year's totals are exact.
Whatever a woman had, before and after, counts in the month of her delivery. A woman has one child, some have twins;
stillbirths are left out, so that live births exceed deliveries by the published difference.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from random import Random

from pipelines.sample import published as p
from pipelines.sample.draws import Grid, Grids, poisson

MONTHS = 12
# Deliveries by calendar month, October to September: more in autumn, fewer in spring (own assumption).
SEASON = (1.16, 1.12, 1.06, 1.02, 0.90, 0.93, 0.88, 0.89, 0.92, 0.99, 1.05, 1.08)
NOT_COLLECTED = ("pregnant_women", "early_pregnancy_registrations", "antenatal_visits", "postnatal_visits")

Women = set[int]


def mch(rng: Random, population: list[int]) -> Grids:
    """The figures of the maternal and child health form for villages of the given populations."""
    homes = _homes(rng, population)
    sets = _care(rng, homes, len(population))
    grids = {element: _count(homes, women, len(population)) for element, women in sets.items()}
    _babies(rng, homes, sets, grids)
    _visits(rng, homes, sets, grids)
    _pregnant(rng, grids)
    return grids


def _homes(rng: Random, population: list[int]) -> list[int]:
    """Each woman's cell: village × 12 + month."""
    rates = [size * rng.gammavariate(12, 1 / 12) for size in population]
    weights = [rate * season * rng.gammavariate(6, 1 / 6) for rate in rates for season in SEASON]
    return rng.choices(range(len(weights)), weights, k=p.WOMEN_DELIVERED)


def _care(rng: Random, homes: list[int], villages: int) -> dict[str, Women]:
    """Who had which care, by element."""
    habit = [rng.gauss(0, 0.7) for _ in range(villages)]
    propensity = [habit[home // MONTHS] + rng.gauss(0, 1) for home in homes]
    risk = [rng.gauss(0, 0.4) for _ in range(villages)]
    everyone = set(range(len(homes)))

    def first(count: int, among: Iterable[int], score: Callable[[int], float]) -> Women:
        scores = {woman: score(woman) for woman in sorted(among)}
        return set(sorted(scores, key=lambda woman: -scores[woman])[:count])

    def likely(woman: int) -> float:
        return propensity[woman] + rng.gauss(0, 1)

    managed = first(p.SYSTEM_MANAGED, everyone, lambda woman: propensity[woman])

    def more(count: int, core: Women) -> Women:
        return core | first(count - len(core), everyone - core, likely)

    early, five = more(p.EARLY, managed), more(p.FIVE_VISITS, managed)
    postnatal, hospital = more(p.POSTNATAL, managed), more(p.HOSPITAL, managed)

    def risky(woman: int) -> float:
        return risk[homes[woman] // MONTHS] + rng.gauss(0, 1)

    high_hospital = first(p.HIGH_RISK_HOSPITAL, hospital, risky)
    high = high_hospital | first(p.HIGH_RISK - len(high_hospital), everyone - hospital, risky)
    return {
        "women_delivered": everyone,
        "women_with_antenatal_care": more(p.ANTENATAL, early | five),
        "women_with_5_antenatal_visits": five,
        "early_antenatal_examined": early,
        "early_pregnancy_registrations": {woman for woman in sorted(early) if rng.random() < 0.95},
        "women_with_postnatal_visit": postnatal,
        "hospital_deliveries": hospital,
        "caesarean_sections": first(p.CAESAREAN, hospital, lambda w: (w in high) * 0.9 + risky(w)),
        "maternal_system_managed": managed,
        "high_risk_pregnancies": high,
        "high_risk_pregnancies_managed": first(p.HIGH_RISK_MANAGED, high, likely),
        "high_risk_hospital_deliveries": high_hospital,
        "maternal_deaths": first(p.MATERNAL_DEATHS, high_hospital - postnatal, risky),
    }


def _count(homes: list[int], women: Iterable[int], villages: int) -> Grid:
    flat = [0] * (villages * MONTHS)
    for woman in women:
        flat[homes[woman]] += 1
    return [list(flat[start : start + MONTHS]) for start in range(0, len(flat), MONTHS)]


def _babies(rng: Random, homes: list[int], sets: dict[str, Women], grids: Grids) -> None:
    """A child of each woman and twins of some; the children visited are mostly those of women visited."""
    twins = rng.sample(sorted(sets["hospital_deliveries"]), p.LIVE_BIRTHS - p.WOMEN_DELIVERED)
    mothers = [*range(len(homes)), *twins]
    visited = sets["women_with_postnatal_visit"]
    order = sorted(range(len(mothers)), key=lambda _: rng.random())
    order.sort(key=lambda child: mothers[child] not in visited and rng.random() < 0.9)
    grids["live_births"] = _count(homes, mothers, len(grids["women_delivered"]))
    children = [mothers[child] for child in order[: p.NEWBORNS_VISITED]]
    grids["newborns_visited"] = _count(homes, children, len(grids["women_delivered"]))


def _visits(rng: Random, homes: list[int], sets: dict[str, Women], grids: Grids) -> None:
    """How often women were examined before and visited after the delivery."""
    five, before, after = (
        sets["women_with_5_antenatal_visits"],
        sorted(sets["women_with_antenatal_care"]),
        sorted(sets["women_with_postnatal_visit"]),
    )
    examined = [woman for woman in before for _ in range(5 + poisson(rng, 1.4) if woman in five else rng.randint(1, 4))]
    visited = [woman for woman in after for _ in range(rng.choices((1, 2, 3), (2, 5, 1))[0])]
    grids["antenatal_visits"] = _count(homes, examined, len(grids["women_delivered"]))
    grids["postnatal_visits"] = _count(homes, visited, len(grids["women_delivered"]))


def _pregnant(rng: Random, grids: Grids) -> None:
    """Women pregnant at the month's end: a stock around the deliveries of the next half-year."""
    grids["pregnant_women"] = []
    for deliveries in grids["women_delivered"]:
        monthly = sum(count or 0 for count in deliveries) / MONTHS
        level, stock = monthly * 6.5, list[int | float | None]()
        for _ in range(MONTHS):
            level += (monthly * 6.5 - level) * 0.4 + rng.gauss(0, monthly * 0.35)
            stock.append(max(0, round(level)))
        grids["pregnant_women"].append(stock)
