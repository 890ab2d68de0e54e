"""What the villages of one county count in one month: 60 figures each, small, over-dispersed, seasonal.

A village keeps its traits (a stream of the seed and the county); the month's chance is a stream of its own (seed,
county, month). So a month's figures are the same whatever months and whatever fraction are drawn with them.

Sizes. 1.41 thousand million residents over 618,133 villages and residents' committees, 2.62 persons a household, 13.5 %
aged 65 and over (the census of 2020, rounded); residents are log-normal. Births are 10 per 1,000 residents and year.
Everything else is an own assumption: shares registered, managed and followed up, how often lectures are held, how many
cases are mediated, and how they vary between villages. Counties differ in fertility and in the use of care, villages
around them.

Chance. Events are negative binomial (Poisson with a gamma-distributed mean; variance = mean + mean²/shape, on top of
the villages' own differences), births with the season of the sample county. What is part of a whole is drawn from it
by binomial thinning, with the village's own share: no part exceeds its whole. Stocks (residents, households, records,
registered and managed patients) follow smooth lines of the village; the records new in a month are the growth of the
stock and what replaces closed ones.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from pipelines.sample.services import EXAMINED
from pipelines.sample.women import SEASON

Counts = dict[str, NDArray[np.int64]]  # by element, a figure for each village
Floats = NDArray[np.float64]

BIRTHS_PER_1000 = 10.0  # a year
RESIDENTS = 1_411_780_000 / 618_133  # of a village, on average
SPREAD = 0.6  # of the logarithm of residents
# Share of the residents registered, and of those managed to standard (the elderly: with a record).
GROUPS = {
    "elderly_65": (0.135, 0.86),
    "hypertension": (0.072, 0.66),
    "diabetes": (0.022, 0.61),
    "severe_mental": (0.0042, 0.64),
}
FOLLOWED_UP = 0.32  # of the registered, in a month


@dataclass(frozen=True)
class Villages:
    """The villages of a county, with what they keep from month to month; an entry for each village."""

    residents: Floats  # in the middle of 2020
    drift: Floats  # growth a year
    persons: Floats  # in a household
    fertility: Floats  # 1 on average
    habit: Floats  # how far care is used, on the scale of log odds
    activity: Floats  # of advisers and doctors, 1 on average
    ill: Floats  # groups × villages, 1 on average

    def __len__(self) -> int:
        """How many villages."""
        return len(self.residents)


def settle(rng: Generator, villages: int) -> Villages:
    """The traits of a county's villages."""
    county_fertility, county_habit = rng.gamma(30, 1 / 30), rng.normal(0, 0.3)
    return Villages(
        residents=rng.lognormal(np.log(RESIDENTS) - SPREAD**2 / 2, SPREAD, villages),
        drift=rng.normal(-0.003, 0.004, villages),
        persons=np.maximum(1.8, rng.normal(2.62, 0.25, villages)),
        fertility=county_fertility * rng.gamma(12, 1 / 12, villages),
        habit=county_habit + rng.normal(0, 0.5, villages),
        activity=rng.gamma(5, 1 / 5, villages),
        ill=rng.gamma(30, 1 / 30, (len(GROUPS), villages)),
    )


def month_figures(rng: Generator, v: Villages, year: int, month: int) -> Counts:
    """Every figure of a month, by element."""
    time = year - 2020 + (month - 6.5) / 12
    residents = _residents(v, time)
    mean = v.residents * v.fertility * BIRTHS_PER_1000 / 1000 / 12
    found = _mch(rng, v, mean, month, time)
    found |= _public_health(rng, v, residents, time)
    for number, group in enumerate(GROUPS):
        found |= _group(rng, v, number, group, month, time)
    found |= _children(rng, v, found["live_births"], mean)
    return found | _legal(rng, v, month) | _survey(rng, v, residents)


def _events(rng: Generator, mean: Floats, shape: float) -> NDArray[np.int64]:
    """Negative binomial counts: variance = mean + mean² / shape."""
    return rng.poisson(mean * rng.gamma(shape, 1 / shape, len(mean)))


def _share(share: float, habit: Floats) -> Floats:
    """A village's own share: log odds of the usual one plus its habit."""
    return 1 / (1 + (1 - share) / share * np.exp(-habit))


def _whole(value: Floats) -> NDArray[np.int64]:
    return np.floor(value).astype(np.int64)


def _residents(v: Villages, time: float) -> NDArray[np.int64]:
    return np.maximum(20, _whole(v.residents * np.exp(v.drift * time)))


def _mch(rng: Generator, v: Villages, mean: Floats, month: int, time: float) -> Counts:
    """Maternal and child health; whatever a woman had counts in the month of her delivery."""
    women = _events(rng, mean * SEASON[(month - 10) % 12], 4)
    born = women + rng.binomial(women, 0.012)
    seen = rng.binomial(women, _share(0.985, v.habit))
    five, early = rng.binomial(seen, _share(0.93, v.habit)), rng.binomial(seen, _share(0.8, v.habit))
    hospital, visited = rng.binomial(women, _share(0.995, v.habit)), rng.binomial(women, _share(0.96, v.habit))
    high = rng.binomial(women, 0.25)
    few = seen - five  # women with one to four examinations
    wave = 1 + 0.1 * np.sin(2 * np.pi * (time + v.habit))
    return {
        "pregnant_women": _whole(mean * 6.5 * wave + 0.5),
        "women_delivered": women,
        "live_births": born,
        "early_pregnancy_registrations": rng.binomial(early, 0.95),
        "women_with_antenatal_care": seen,
        "women_with_5_antenatal_visits": five,
        "early_antenatal_examined": early,
        "antenatal_visits": 5 * five + rng.poisson(1.4 * five) + few + rng.binomial(3 * few, 0.5),
        "hospital_deliveries": hospital,
        "caesarean_sections": rng.binomial(hospital, 0.37),
        "women_with_postnatal_visit": visited,
        "postnatal_visits": visited + rng.binomial(2 * visited, 0.45),
        "newborns_visited": rng.binomial(born, _share(0.955, v.habit)),
        "maternal_system_managed": rng.binomial(
            np.minimum(np.minimum(early, five), np.minimum(hospital, visited)), 0.97
        ),
        "high_risk_pregnancies": high,
        "high_risk_pregnancies_managed": rng.binomial(high, 0.99),
        "high_risk_hospital_deliveries": rng.binomial(np.minimum(high, hospital), 0.99),
        "maternal_deaths": rng.binomial(np.minimum(high, hospital), 0.0007),
    }


def _public_health(rng: Generator, v: Villages, residents: NDArray[np.int64], time: float) -> Counts:
    households = np.maximum(1, _whole(residents / v.persons))
    records, before = (_records(v, time - back) for back in (0.0, 1 / 12))
    closed = rng.poisson(records * 0.0006)
    return {
        "resident_population": residents,
        "households": households,
        "health_records_new": np.minimum(records, np.maximum(0, records - before + closed)),
        "electronic_health_records_cumulative": records,
        "health_lectures": rng.poisson(0.6 * v.activity),
        "health_consultation_visits": _events(rng, 14 * v.activity, 2),
        "health_leaflets_distributed": 10 * _events(rng, 6 * v.activity, 2),
        "households_visited": rng.binomial(households, 0.055 * np.minimum(v.activity, 1.2)),
    }


def _records(v: Villages, time: float) -> NDArray[np.int64]:
    """Electronic records: a share of the residents that closes in on 95 % from the village's own start."""
    share = 0.95 - (0.95 - _share(0.7, v.habit).clip(0.3, 0.93)) * np.exp(-0.12 * max(0.0, time))
    return _whole(_residents(v, time) * share)


def _group(rng: Generator, v: Villages, number: int, group: str, month: int, time: float) -> Counts:
    """Registered, managed to standard (or with a record) and seen in the month: each part of the registered."""
    share, managed = GROUPS[group]
    registered = _whole(v.residents * share * v.ill[number] * np.exp(0.02 * time))
    kept = _whole(registered * (_share(managed, v.habit) + 0.01 * time).clip(0.05, 0.98))
    if group == "elderly_65":
        seen = rng.binomial(registered, EXAMINED[(month - 10) % 12])
        return {f"{group}_registered": registered, f"{group}_with_record": kept, f"{group}_examined": seen}
    seen = rng.binomial(registered, _share(FOLLOWED_UP, v.habit))
    return {f"{group}_registered": registered, f"{group}_standard_managed": kept, f"{group}_followed_up": seen}


def _children(rng: Generator, v: Villages, born: NDArray[np.int64], mean: Floats) -> Counts:
    """Vaccination and child health; doses and examinations fall due to the births of six years."""
    due = born + rng.poisson(0.1, len(v))  # and children who moved in
    doses, checks = _events(rng, mean * 21, 8), _events(rng, mean * 10, 6)
    examined = rng.binomial(checks, _share(0.92, v.habit))
    tested = rng.binomial(examined, 0.5)
    return {
        "children_due_for_vaccination_card": due,
        "vaccination_cards_issued": rng.binomial(due, _share(0.985, v.habit)),
        "vaccine_doses_due": doses,
        "vaccine_doses_given": rng.binomial(doses, _share(0.96, v.habit)),
        "children_0_6y_due_for_exam": checks,
        "children_0_6y_examined": examined,
        "sick_children_detected": rng.binomial(examined, 0.06),
        "children_u5_haemoglobin_tested": tested,
        "children_u5_moderate_severe_anaemia": rng.binomial(tested, 0.01),
    }


def _legal(rng: Generator, v: Villages, month: int) -> Counts:
    days = 1 + rng.binomial(3, np.minimum(0.8, 0.25 * v.activity))
    mediated = _events(rng, 0.7 * v.activity, 2)
    return {
        "adviser_duty_days": days,
        "legal_service_hours": 3 * days + rng.binomial(3 * days, 0.4),
        "legal_consultations": _events(rng, 3.2 * v.activity, 2),
        "legal_lectures": rng.binomial(1, 0.75 if month % 3 == 0 else 0.1, len(v)),  # one a quarter, late in it
        "legal_publicity_events": rng.poisson(0.4 * v.activity),
        "disputes_mediated": mediated,
        "disputes_mediated_successfully": rng.binomial(mediated, 0.85),
        "village_rules_revisions": rng.binomial(1, 0.02, len(v)),
    }


def _survey(rng: Generator, v: Villages, residents: NDArray[np.int64]) -> Counts:
    invited = np.maximum(10, _whole(residents * rng.uniform(0.006, 0.012, len(v))))
    responded = rng.binomial(invited, _share(0.74, v.habit))
    satisfied = rng.binomial(responded, _share(0.88, v.habit))
    dissatisfied = rng.binomial(responded - satisfied, 0.4)
    return {
        "survey_invited": invited,
        "survey_responded": responded,
        "survey_satisfied": satisfied,
        "survey_dissatisfied": dissatisfied,
        "survey_opinions": rng.poisson(0.3 + dissatisfied * 0.4),
    }
