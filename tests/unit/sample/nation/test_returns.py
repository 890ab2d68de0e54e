"""What is missing, blank, late, sent again or broken has the share that the module declares.

Bounds are several standard errors wide for 906 townships and 12 thousand villages under a fixed seed.
"""

from __future__ import annotations

import numpy as np
import pytest

from pipelines.catalog.load import Catalog
from pipelines.catalog.models import Compare
from pipelines.sample.nation import returns as r
from pipelines.sample.nation.parquet import Province
from pipelines.sample.nation.returns import BROKEN, HARD_TO_COLLECT, LATE, NEVER_SENT, REVISED, STATES, Layout
from tests.unit.sample.nation.conftest import SEED

HOURS = np.timedelta64(8, "h")


def joined(drawn: list[Province], name: str) -> np.ndarray:
    return np.concatenate([getattr(province.returns, name) for province in drawn])


def test_a_few_returns_never_come_and_a_few_villages_are_left_out_of_others(drawn: list[Province]) -> None:
    never = np.isnat(joined(drawn, "received"))
    assert never.mean() == pytest.approx(NEVER_SENT, abs=0.005)
    sent = np.concatenate([~np.isnat(p.returns.received)[p.township_of] for p in drawn])
    present = joined(drawn, "present")
    assert not present[~sent].any()
    assert 1 - present[sent].mean() == pytest.approx(r.MISSING, abs=0.01)


def test_gaps_come_together_in_a_return(drawn: list[Province]) -> None:
    """The villages left out of a return vary between returns more than chance would have it."""
    shares, expected = [], []
    for p in drawn:
        for township in range(len(p.townships)):
            rows = p.returns.present[p.township_of == township][:, ~np.isnat(p.returns.received[township])]
            if len(rows) >= 10:
                shares.append(1 - rows.mean(axis=0))
                expected.append(np.full(rows.shape[1], r.MISSING * (1 - r.MISSING) / len(rows)))
    assert np.concatenate(shares).var() > 2 * np.concatenate(expected).mean()


def test_cells_are_blank_and_the_hard_ones_not_collected(drawn: list[Province], layout: Layout) -> None:
    states = joined(drawn, "states")
    hard = np.isin(layout.elements, HARD_TO_COLLECT)
    assert (states == STATES.index("blank")).mean() == pytest.approx(r.BLANK, rel=0.05)
    assert (states[:, hard] == STATES.index("not_collected")).mean() == pytest.approx(r.NOT_COLLECTED, rel=0.1)
    assert not (states[:, ~hard] == STATES.index("not_collected")).any()


def test_most_returns_come_within_ten_days_in_office_hours_and_some_are_late(drawn: list[Province]) -> None:
    received = joined(drawn, "received")
    moments = received[~np.isnat(received)] + HOURS
    days = (moments.astype("datetime64[D]") - np.datetime64("2026-10-31")).astype(int)
    assert days.min() == 1
    assert days.max() <= r.LATEST_DAYS
    assert (days > r.DUE_DAYS).mean() == pytest.approx(LATE, abs=0.012)
    hours = (moments - moments.astype("datetime64[D]")).astype("timedelta64[h]").astype(int)
    assert (hours.min(), hours.max()) == (9, 16)


def test_some_returns_are_sent_again_with_lower_figures(drawn: list[Province]) -> None:
    received, again = joined(drawn, "received"), joined(drawn, "again")
    assert (~np.isnat(again)).mean() == pytest.approx(REVISED, abs=0.01)
    later = (again - received)[~np.isnat(again)]
    assert later.min() >= np.timedelta64(2, "D")
    changed = joined(drawn, "first") - joined(drawn, "figures")
    assert changed.min() == 0
    revised = np.concatenate([~np.isnat(p.returns.again)[p.township_of] for p in drawn])
    by_form = np.repeat(revised, [18 if n == 2 else (9, 8, 0, 20, 5)[n] for n in range(5)], axis=1)
    assert (changed[by_form] > 0).mean() == pytest.approx(r.CHANGED, rel=0.1)
    assert not changed[~by_form].any()


def test_a_broken_rule_is_the_only_one_broken_in_its_village(
    drawn: list[Province], layout: Layout, shipped: Catalog
) -> None:
    figures, column = joined(drawn, "figures"), {element: n for n, element in enumerate(layout.elements)}
    starts = np.cumsum([0, *(len(p.villages) for p in drawn)])
    planted = {
        (int(start) + broken.village, broken.rule)
        for start, p in zip(starts, drawn, strict=False)
        for broken in p.returns.planted
    }
    found = set()
    for code, rule in shipped.rules.items():
        if isinstance(rule, Compare) and all(term.element in column for term in (*rule.left, *rule.right)):
            left = sum(figures[:, column[term.element]] for term in rule.left)
            right = sum(figures[:, column[term.element]] for term in rule.right)
            found |= {(int(village), code) for village in np.flatnonzero(left < right)}
    assert found == planted
    assert len(planted) / len(figures) == pytest.approx(BROKEN, rel=0.35)


def test_what_is_broken_is_reported_and_its_true_figure_keeps_the_rule(drawn: list[Province], layout: Layout) -> None:
    pairs = {rule: (whole, part) for rule, whole, part in layout.pairs}
    for province in drawn:
        for broken in province.returns.planted:
            whole, part = pairs[broken.rule]
            assert broken.part == part
            assert (province.returns.states[broken.village, [whole, part]] == 0).all()
            assert broken.true <= province.returns.figures[broken.village, whole]


def test_an_element_that_two_forms_ask_for_is_told(shipped: Catalog) -> None:
    with pytest.raises(ValueError, match="two forms"):
        r.layout_of(shipped, ("mch_village_month", "mch_village_month"))


def test_another_seed_gives_other_figures(layout: Layout, drawn: list[Province]) -> None:
    from datetime import date

    townships = np.array([0, 0, 1])
    one, other = (r.county_returns(seed, "110101000000", townships, layout, date(2026, 10, 5)) for seed in (SEED, 7))
    again = r.county_returns(SEED, "110101000000", townships, layout, date(2026, 10, 1))
    assert (one.figures != other.figures).any()
    assert (one.figures == again.figures).all()
