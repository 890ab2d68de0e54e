"""What becomes of a month's figures on their way: returns of townships with gaps, delays, mistakes and revisions.

A return is one form of one township for one month, with a row for each village. All shares are own assumptions:

- *missing*: a village is left out of a return with a chance of 3 % that varies between returns (a beta distribution,
  so that gaps come together); 1 % of the returns never come.
- *blank*: 1 % of the cells are empty; of elements that are hard to collect another 2 % say "not collected".
- *late*: a return is received on one of the ten days after the month; 6 % come after the tenth day, when it is due.
- *revised*: 3 % of the returns are sent again some days later, whole; the first time about 5 % of their figures were
  too high. What was sent last is the drawn figure.
- *broken*: in 0.2 % of the villages and months a part exceeds its whole, so that one `compare` rule of the catalog is
  broken; all other figures keep every rule. `Returns.planted` lists them with the true figure.
"""

from __future__ import annotations

import calendar
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from pipelines.catalog.load import Catalog
from pipelines.catalog.models import Compare, Term, Terms
from pipelines.sample.nation.figures import Counts, month_figures, settle

FORMS = (
    "child_village_month", "legal_adviser_village_month", "mch_village_month", "phs_village_month",
    "satisfaction_village_month",
)  # fmt: skip
HARD_TO_COLLECT = ("pregnant_women", "antenatal_visits", "postnatal_visits", "health_leaflets_distributed",
                   "health_consultation_visits", "survey_opinions", "legal_publicity_events")  # fmt: skip
MISSING, CLUSTERING, NEVER_SENT = 0.03, 5.0, 0.01
BLANK, NOT_COLLECTED = 0.01, 0.02
LATE, DUE_DAYS, LATEST_DAYS = 0.06, 10, 35
REVISED, CHANGED = 0.03, 0.05
BROKEN = 0.002
STATES = ("reported", "blank", "not_collected")
NEVER = np.datetime64("NaT", "s")

Whole = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Layout:
    """The forms' elements in one line, form by form; `pairs` are rules' wholes and parts by column."""

    forms: tuple[str, ...]
    elements: tuple[str, ...]
    form_of: NDArray[np.int64]  # of each element
    pairs: tuple[tuple[str, int, int], ...]  # rule, column of the whole, column of the part

    def columns(self, form: str) -> slice:
        """Where the elements of a form stand."""
        found = np.flatnonzero(self.form_of == self.forms.index(form))
        return slice(int(found[0]), int(found[-1]) + 1)


class Planted(NamedTuple):
    """A rule broken on purpose: in which village, and what its part would truly be."""

    village: int
    rule: str
    part: int  # its column
    true: int


@dataclass(frozen=True)
class Returns:
    """The returns of one county and month.

    Villages are rows, elements columns (of a `Layout`), townships the county's in the order of their codes.
    """

    figures: Whole  # villages × elements, as sent last
    first: Whole  # as sent first: the same but for returns that were revised
    states: NDArray[np.uint8]  # of `STATES`
    present: Flags  # villages × forms: the row is in the return
    received: NDArray[np.datetime64]  # townships × forms, UTC; NaT: never sent
    again: NDArray[np.datetime64]  # townships × forms: when it was sent a second time, or NaT
    planted: tuple[Planted, ...]


def layout_of(catalog: Catalog, forms: Sequence[str] = FORMS) -> Layout:
    """The layout of the forms as the catalog has them.

    Raises:
        ValueError: two forms ask for the same element, so that a village would have to say it twice.
    """
    items = [(number, item.element) for number, form in enumerate(forms) for item in catalog.forms[form].items]
    elements = tuple(element for _, element in items)
    if len(set(elements)) < len(elements):
        raise ValueError("an element stands in two forms")
    column = {element: number for number, element in enumerate(elements)}
    return Layout(tuple(forms), elements, np.array([number for number, _ in items]), tuple(_pairs(catalog, column)))


def _pairs(catalog: Catalog, column: dict[str, int]) -> Iterator[tuple[str, int, int]]:
    """The rules of one whole and one part that can be broken alone: no other rule bounds the part."""
    rules = {
        code: rule
        for code, rule in sorted(catalog.rules.items())
        if isinstance(rule, Compare) and all(term.element in column for term in (*rule.left, *rule.right))
    }
    bounds = Counter(term.element for rule in rules.values() for term in rule.right)
    for code, rule in rules.items():
        whole, part = _alone(rule.left), _alone(rule.right)
        if whole and bounds[part] == 1 and rule.op == ">=" and not rule.constant:
            yield code, column[whole], column[part]


def _alone(terms: Terms) -> str:
    """The element of a side that is one plain term; '' where it is more."""
    plain = len(terms) == 1 and terms[0] == Term(element=terms[0].element)
    return terms[0].element if plain else ""


def county_returns(seed: int, county: str, townships: Whole, layout: Layout, month: date) -> Returns:
    """A county's returns of a month; they follow from seed, county and month alone.

    Args:
        seed: the nation's.
        county: its code.
        townships: for each village the number of its township within the county, from 0.
        layout: the forms.
        month: any day of the month.
    """
    villages = settle(np.random.default_rng([seed, int(county), 0]), len(townships))
    rng = np.random.default_rng([seed, int(county), month.year * 100 + month.month])
    counts = month_figures(rng, villages, month.year, month.month)
    figures = _in_line(counts, layout)
    received, again = _times(rng, int(townships.max()) + 1, len(layout.forms), month)
    present = _present(rng, townships, ~np.isnat(received))
    states = _states(rng, figures.shape, layout)
    planted = _break(rng, figures, states, present, layout)
    first = _first_version(rng, figures, ~np.isnat(again)[townships], layout)
    return Returns(figures, first, states, present, received, again, planted)


def _in_line(counts: Counts, layout: Layout) -> Whole:
    return np.stack([counts[element] for element in layout.elements], axis=1)


def _times(
    rng: Generator, townships: int, forms: int, month: date
) -> tuple[NDArray[np.datetime64], NDArray[np.datetime64]]:
    """When each return was received, and again; office hours in China."""
    shape = (townships, forms)
    in_time = rng.integers(1, DUE_DAYS + 1, shape)
    late = np.minimum(LATEST_DAYS, DUE_DAYS + rng.geometric(0.2, shape))
    days = np.where(rng.random(shape) < LATE, late, in_time)
    received = _moment(month, days, rng.integers(9 * 60, 17 * 60, shape))
    again = received + rng.integers(2 * 1440, 12 * 1440, shape).astype("timedelta64[m]")
    received[rng.random(shape) < NEVER_SENT] = NEVER
    again[(rng.random(shape) >= REVISED) | np.isnat(received)] = NEVER
    return received, again


def _moment(month: date, days: Whole, minutes: Whole) -> NDArray[np.datetime64]:
    """So many days after the month's last day, at that minute of the day in China, as UTC."""
    last = datetime(month.year, month.month, calendar.monthrange(month.year, month.month)[1], tzinfo=UTC)
    start = np.datetime64((last - timedelta(hours=8)).replace(tzinfo=None), "s")
    found: NDArray[np.datetime64] = start + days.astype("timedelta64[D]") + minutes.astype("timedelta64[m]")
    return found


def _present(rng: Generator, townships: Whole, sent: Flags) -> Flags:
    """Villages × forms; what is left out comes together within a return."""
    chance = rng.beta(MISSING * CLUSTERING, (1 - MISSING) * CLUSTERING, sent.shape)
    there: Flags = rng.random((len(townships), sent.shape[1])) >= chance[townships]
    return there & sent[townships]


def _states(rng: Generator, shape: tuple[int, ...], layout: Layout) -> NDArray[np.uint8]:
    drawn = rng.random(shape)
    hard = np.array([element in HARD_TO_COLLECT for element in layout.elements])
    states = np.zeros(shape, np.uint8)
    states[hard & (drawn >= BLANK) & (drawn < BLANK + NOT_COLLECTED)] = STATES.index("not_collected")
    states[drawn < BLANK] = STATES.index("blank")
    return states


def _break(
    rng: Generator, figures: Whole, states: NDArray[np.uint8], present: Flags, layout: Layout
) -> tuple[Planted, ...]:
    """Makes a part larger than its whole in a few villages; both are reported then."""
    pairs, planted = layout.pairs, []
    chosen, lots, more = (
        rng.random(len(figures)),
        rng.integers(0, len(pairs), len(figures)),
        rng.poisson(1, len(figures)),
    )
    for village in np.flatnonzero(chosen < BROKEN):
        rule, whole, part = pairs[lots[village]]
        if present[village, layout.form_of[part]] and present[village, layout.form_of[whole]]:
            planted.append(Planted(int(village), rule, part, int(figures[village, part])))
            figures[village, part] = figures[village, whole] + 1 + more[village]
            states[village, [whole, part]] = STATES.index("reported")
    return tuple(planted)


def _first_version(rng: Generator, figures: Whole, revised: Flags, layout: Layout) -> Whole:
    """The figures as they were before the revision: a few too high."""
    changed = (rng.random(figures.shape) < CHANGED) & revised[:, layout.form_of]
    return figures + changed * (1 + rng.poisson(2, figures.shape))
