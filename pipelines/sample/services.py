"""Public health, legal advice and satisfaction surveys in villages: stocks that change slowly, small counts."""

from __future__ import annotations

from random import Random

from pipelines.sample import published as p
from pipelines.sample.draws import Cell, Grids, Row, binomial, over_dispersed, poisson, share_out

MONTHS = 12
NOT_COLLECTED = (
    "elderly_65_examined", "health_consultation_visits", "health_leaflets_distributed",
    "legal_publicity_events", "disputes_mediated_successfully", "village_rules_revisions",
    "survey_dissatisfied", "survey_opinions",
)  # fmt: skip
# Share of the population registered, share of those managed to standard or recorded, per group (own assumptions).
GROUPS = {
    "elderly_65": (0.075, 0.86),
    "hypertension": (0.072, 0.66),
    "diabetes": (0.017, 0.61),
    "severe_mental": (0.0035, 0.64),
}
EXAMINED = (0.02, 0.01, 0.0, 0.0, 0.01, 0.06, 0.14, 0.17, 0.10, 0.04, 0.05, 0.08)  # the elderly, October on


def populations(rng: Random, villages: int) -> list[int]:
    """The villages' residents at the year's end: log-normal sizes that add up to the county's population."""
    return share_out(p.POPULATION, [rng.lognormvariate(0, 0.45) for _ in range(villages)])


def public_health(rng: Random, population: list[int]) -> Grids:
    """The figures of the public health form."""
    grids: Grids = {}
    for size in population:
        for element, row in _public_health(rng, size).items():
            grids.setdefault(element, []).append(row)
    return grids


def _public_health(rng: Random, size: int) -> dict[str, Row]:
    residents = [size]
    for _ in range(MONTHS - 1):
        residents.insert(0, residents[0] - round(rng.gauss(size * 0.0009, size * 0.0008)))
    persons = max(2.6, rng.gauss(3.3, 0.25))
    households = [round(count / persons) for count in residents]
    found: dict[str, Row] = {"resident_population": [*residents], "households": [*households]}
    found |= _records(rng, residents)
    for group, (share, managed) in GROUPS.items():
        found |= _group(rng, group, min(residents) * share * rng.gammavariate(30, 1 / 30), managed)
    found["households_visited"] = _first_visits(rng, min(households))
    found["health_lectures"] = [poisson(rng, 0.6) for _ in range(MONTHS)]
    found["health_consultation_visits"] = [over_dispersed(rng, 14) for _ in range(MONTHS)]
    found["health_leaflets_distributed"] = [over_dispersed(rng, 6) * 10 for _ in range(MONTHS)]
    return found


def _records(rng: Random, residents: list[int]) -> dict[str, Row]:
    """Health records: what is new in the month, and how many there are; never more than residents."""
    total, level, wanted = [], min(residents) * rng.uniform(0.66, 0.8), rng.uniform(0.8, 0.93)
    new: Row = []
    for month, count in enumerate(residents):
        rest = max(0.0, min(count, count * wanted) - level) / (MONTHS - month)
        created = min(over_dispersed(rng, rest, 3), max(0, count - round(level)))
        level = round(level) + created
        new.append(created)
        total.append(level)
    return {"health_records_new": new, "electronic_health_records_cumulative": [*total]}


def _group(rng: Random, group: str, start: float, managed: float) -> dict[str, Row]:
    """Registered, managed (or recorded) and seen in the month: each a part of the one before it."""
    registered, kept, seen = list[Cell](), list[Cell](), list[Cell]()
    count, share = round(start), min(0.97, max(0.3, rng.gauss(managed, 0.09)))
    for month in range(MONTHS):
        count += poisson(rng, start * 0.004)
        share = min(0.98, share + rng.uniform(0, 0.008))
        registered.append(count)
        kept.append(round(count * share))
        chance = EXAMINED[month] if group == "elderly_65" else rng.uniform(0.24, 0.4)
        seen.append(binomial(rng, count, chance))
    if group == "elderly_65":
        return {f"{group}_registered": registered, f"{group}_with_record": kept, f"{group}_examined": seen}
    return {f"{group}_registered": registered, f"{group}_standard_managed": kept, f"{group}_followed_up": seen}


def _first_visits(rng: Random, households: int) -> Row:
    """Households seen for the first time in the year, month by month, out of those not yet seen."""
    pace, left, row = rng.betavariate(9, 60), households, list[Cell]()
    for _ in range(MONTHS):
        seen = binomial(rng, left, min(0.5, pace * rng.gammavariate(4, 1 / 4)))
        left -= seen
        row.append(seen)
    return row


def legal_advice(rng: Random, villages: int) -> Grids:
    """The figures of the legal advisers' form."""
    names = (
        "adviser_duty_days", "legal_service_hours", "legal_consultations", "legal_lectures",
        "legal_publicity_events", "disputes_mediated", "disputes_mediated_successfully", "village_rules_revisions",
    )  # fmt: skip
    grids: Grids = {name: [] for name in names}
    for _ in range(villages):
        activity = rng.gammavariate(5, 1 / 5)
        months = [_legal_month(rng, activity, month) for month in range(MONTHS)]
        for name, row in zip(names, zip(*months, strict=True), strict=True):
            grids[name].append(list(row))
    return grids


def _legal_month(rng: Random, activity: float, month: int) -> tuple[Cell, ...]:
    days = 1 + binomial(rng, 3, min(0.8, 0.25 * activity))
    hours = sum(rng.choice((3, 4, 4, 4.5, 6, 8)) for _ in range(days))
    mediated = over_dispersed(rng, 0.7 * activity)
    lectures = int(rng.random() < (0.75 if month % 3 == 2 else 0.1))  # one a quarter is owed, mostly in its last month
    return (
        days,
        int(hours) if hours == int(hours) else hours,
        over_dispersed(rng, 3.2 * activity),
        lectures,
        poisson(rng, 0.4 * activity),
        mediated,
        binomial(rng, mediated, 0.85),
        int(rng.random() < 0.02),
    )


def satisfaction(rng: Random, population: list[int]) -> Grids:
    """The figures of the satisfaction survey."""
    names = ("survey_invited", "survey_responded", "survey_satisfied", "survey_dissatisfied", "survey_opinions")
    grids: Grids = {name: [] for name in names}
    for size in population:
        answers, contentment = rng.betavariate(14, 5), rng.betavariate(22, 3)
        months = [_survey(rng, size, answers, contentment) for _ in range(MONTHS)]
        for name, row in zip(names, zip(*months, strict=True), strict=True):
            grids[name].append(list(row))
    return grids


def _survey(rng: Random, size: int, answers: float, contentment: float) -> tuple[Cell, ...]:
    invited = max(10, round(size * rng.uniform(0.006, 0.012)))
    responded = binomial(rng, invited, answers)
    satisfied = binomial(rng, responded, contentment)
    dissatisfied = binomial(rng, responded - satisfied, 0.4)
    return invited, responded, satisfied, dissatisfied, poisson(rng, 0.3 + dissatisfied * 0.4)
