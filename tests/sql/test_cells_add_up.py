"""The page 'down to the cells' adds up: what it shows of random rosters and frequencies is the figure itself."""

from __future__ import annotations

import random
import threading
from collections import Counter, OrderedDict
from collections.abc import Callable
from typing import Any

import pytest

from dashboards.address import View
from dashboards.cards import Card
from dashboards.pages import cells
from dashboards.reader import Reader
from dashboards.visit import visit
from tests.sql.test_roll_up_reference import (
    FORMS,
    MONTHS,
    TOWNS,
    catalog,
    containing,
    drawn_roster,
    drawn_statements,
    villages,
)

FIGURES = """
select org_code, period_code, indicator_code, standard, edition, basis, period_basis
from marts.indicator_value where value is not null order by all
"""
NAMES = ("org", "period", "indicator", "standard", "edition", "basis", "period_basis")


def reader_of(con: Any) -> Reader:
    """A reader of a warehouse that is not a release."""
    made = object.__new__(Reader)
    made._con, made._answers, made._guard, made._kept = con, OrderedDict(), threading.Lock(), 0
    return made


def verdicts(reader: Reader, figure: tuple[str, ...]) -> list[str]:
    """What the page says of its sums."""
    shown = visit(View("cells", dict(zip(NAMES, figure, strict=True))), reader)
    notes = [note for part in cells.content(shown).parts if isinstance(part, Card) for note in part.notes]
    return [note.children for note in notes if getattr(note, "className", "") == "sum"]


@pytest.fixture
def drawn(make_tiny: Callable[..., Any]) -> Any:
    """Villages that report monthly or quarterly, with gaps, in two counties."""
    draw = random.Random(11)
    roster, _ = drawn_roster(draw)
    found = make_tiny(catalog(roster))
    found.periods |= {period.code for month in MONTHS for period in (month, *containing(month))}
    for village, period, element, value in drawn_statements(draw):
        state = "" if value is not None else "blank"
        form, town = FORMS[period.kind], villages()[village]
        found.say(element, value, org=village, period=period.code, form=form, by=town, state=state)
    for number in range(TOWNS):
        found.say("births", 10_000, org=f"x-t{number}", period=MONTHS[number].code, form="m", by=f"x-t{number}")
    return found


def test_every_figure_is_the_sum_of_what_the_page_shows(drawn: Any) -> None:
    figures = drawn.rows(FIGURES)
    reader = reader_of(drawn.con)
    kinds: Counter[str] = Counter()
    for figure in random.Random(3).sample(figures, 120):
        said = verdicts(reader, figure)
        assert said, figure
        assert not any("≠" in text for text in said), (figure, said)
        kinds[f"{figure[5]} {figure[6]}"] += 1
    assert len(kinds) == 4, kinds


def test_a_sum_that_does_not_hold_is_told_with_the_difference(drawn: Any) -> None:
    figure = next(row for row in drawn.rows(FIGURES) if row[5] == "rolled_up" and row[0] == "x-t0")
    drawn.con.execute("""
        update store.rate_tile set numerator = numerator + 7
        where is_row and numerator is not null and denominator is not null
    """)
    drawn.con.execute("update store.rate_flow set row_numerator = row_numerator + 7")
    assert any("≠ 分子" in text and "差 -" in text for text in verdicts(reader_of(drawn.con), figure))


def test_what_did_not_enter_is_named(drawn: Any) -> None:
    drawn.rows(FIGURES)
    named = {"org": "x-county", "period": "2014", "indicator": "share", "basis": "rolled_up"}
    shown = visit(View("cells", {**named, "period_basis": "aggregated"}), reader_of(drawn.con))
    card = cells.content(shown).card("missing")
    assert card is not None
    assert card.frame.height
    [(covered, owed)] = drawn.rows("""
        select rolled.tiles, rolled.owed_tiles from store.rate_rolled as rolled
        inner join core.org_unit as unit on rolled.org_key = unit.org_key and unit.org_code = 'x-county'
        inner join core.period as period on rolled.period_key = period.period_key and period.period_code = '2014'
        inner join catalog.indicator_edition as edition on rolled.edition_key = edition.edition_key
        where edition.indicator_code = 'share' and rolled.period_basis = 'aggregated'
    """)
    # What the roster does not owe may be there, too: then more is missing than the coverage tells.
    assert 3 * int(card.frame["in_all"][0]) >= owed - covered


def test_a_nation_leaves_names_to_its_provinces(drawn: Any) -> None:
    drawn.rows(FIGURES)
    drawn.con.execute("update core.org_unit set org_level = 'nation' where org_code = 'x-province'")
    named = {"org": "x-province", "period": "2014", "indicator": "share", "basis": "rolled_up"}
    page = cells.content(visit(View("cells", named), reader_of(drawn.con)))
    below = page.card("below")
    assert page.card("missing") is None
    assert below is not None
    assert any("各省" in str(note) for note in below.notes)
