"""Who is who between boundaries: nothing is lost or doubled, whatever chain of splits and merges comes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.catalog.boundaries import Boundaries
from pipelines.catalog.changes import Change, check_changes
from pipelines.catalog.models import Org
from pipelines.catalog.orgs import Register

DAYS = (date(2012, 1, 1), date(2014, 7, 1), date(2018, 1, 1), date(2021, 5, 1))


def change(old: str, new: str, on: date, kind: str, weight: Fraction, back: Fraction | None = None) -> Change:
    return Change(old, new, on, kind, weight, back, "", "changes.csv", 2)


@dataclass(frozen=True)
class Chain:
    """Units that came and went, and the changes that made them."""

    codes: tuple[str, ...]
    changes: tuple[Change, ...]

    @property
    def boundaries(self) -> Boundaries:
        orgs = [Org(code=code, name=code, level="village", parent="x-t") for code in self.codes]
        register = Register.of([Org(code="x-t", name="镇", level="township"), *orgs])
        assert list(check_changes(self.changes, register)) == []
        return Boundaries(register, self.changes)


@st.composite
def chains(draw: st.DrawFn, *, only_merges: bool = False) -> Chain:
    """Up to four days of change, on each of them some units merge and some split, among new or standing ones."""
    alive = [f"x-{number}" for number in range(draw(st.integers(3, 6)))]
    codes, changes = list(alive), list[Change]()
    for on in DAYS[: draw(st.integers(1, len(DAYS)))]:
        waiting = draw(st.permutations(alive))
        while len(waiting) > 1 and draw(st.booleans()):
            if only_merges or draw(st.booleans()):
                count = draw(st.integers(1, min(3, len(waiting) - 1)))
                into, *merged = waiting[: count + 1]
                changes += [change(old, into, on, "merge", Fraction(1)) for old in merged]
                alive = [code for code in alive if code not in merged]
                waiting = waiting[count + 1 :]
            else:
                old, *waiting = waiting
                parts = draw(st.lists(st.integers(1, 9), min_size=2, max_size=3))
                stays = draw(st.booleans())
                new = [f"x-{len(codes) + number}" for number in range(len(parts) - stays)]
                names = [old, *new] if stays else new
                changes += [
                    change(old, name, on, "split", Fraction(part, sum(parts)))
                    for name, part in zip(names, parts, strict=True)
                ]
                codes += new
                alive = [code for code in alive if stays or code != old] + new
    return Chain(tuple(codes), tuple(changes))


@settings(max_examples=150, deadline=None)
@given(chains())
def test_forward_every_unit_is_divided_whole_among_units_that_exist(chain: Chain) -> None:
    found = chain.boundaries
    for time in range(1, len(found) + 1):
        for boundary in range(time, len(found) + 1):
            for code in (code for code in chain.codes if found.lives.alive(code, found.day(time))):
                shares = found.carried(code, time, boundary)
                assert shares is not None
                assert sum(shares.values()) == 1
                assert all(found.lives.alive(target, found.day(boundary)) for target in shares)


@settings(max_examples=100, deadline=None)
@given(chains(only_merges=True))
def test_merges_are_exact(chain: Chain) -> None:
    found = chain.boundaries
    assert {
        share.share_to for share in found.shares() if share.boundary and share.share_to is not None and share.is_alive
    } <= {1}


@settings(max_examples=100, deadline=None)
@given(chains(), st.decimals(0, 10**9, places=4))
def test_parts_of_a_figure_add_up_to_it_and_backward_none_is_lost_or_it_is_said(chain: Chain, figure: Decimal) -> None:
    found = chain.boundaries
    totals: dict[tuple[object, ...], Decimal | None] = {}
    for share in found.shares():
        key = (share.boundary, share.code, share.valid_from)
        if share.share_from is None or share.share_to is None:
            assert share.boundary < len(found), "today everything can be carried"
            totals[key] = None
            continue
        part = round(figure * _decimal(share.share_to), 4) - round(figure * _decimal(share.share_from), 4)
        assert part >= 0
        totals[key] = (totals.get(key) or Decimal(0)) + part
    assert {total for total in totals.values() if total is not None} == ({figure} if chain.changes else set())


def _decimal(share: Fraction) -> Decimal:
    return Decimal(round(share * 10**12)) / 10**12


def test_a_split_is_undone_exactly_and_a_merge_only_with_weights_back() -> None:
    split = Chain(("x-0", "x-1", "x-2"), (
        change("x-0", "x-1", DAYS[0], "split", Fraction(3, 5)), change("x-0", "x-2", DAYS[0], "split", Fraction(2, 5)),
    )).boundaries  # fmt: skip
    assert split.carried("x-1", 2, 1) == {"x-0": 1}
    merge = Chain(("x-0", "x-1"), (change("x-0", "x-1", DAYS[0], "merge", Fraction(1)),)).boundaries
    assert merge.carried("x-1", 2, 1) is None
    known = Chain(("x-0", "x-1"), (change("x-0", "x-1", DAYS[0], "merge", Fraction(1), Fraction(1, 4)),)).boundaries
    assert known.carried("x-1", 2, 1) == {"x-0": Fraction(1, 4), "x-1": Fraction(3, 4)}


def test_a_figure_of_a_unit_that_is_gone_is_taken_as_its_last_boundary_says() -> None:
    recoded = Chain(("x-0", "x-1"), (change("x-0", "x-1", DAYS[0], "recode", Fraction(1)),)).boundaries
    assert recoded.carried("x-0", 2, 2) == {"x-1": 1}, "reported late under the old code"
    assert recoded.carried("x-1", 1, 1) == {"x-0": 1}, "of an earlier year, under the new code"


@pytest.mark.parametrize(("boundary", "above"), [(1, ["x-t", "x-c"]), (2, ["x-c"])])
def test_below_a_unit_that_was_divided_only_what_stands_above_all_its_parts_counts(
    boundary: int, above: list[str]
) -> None:
    orgs = [
        ("x-c", "county", ""),
        *((code, "township", "x-c") for code in ("x-t", "x-t1", "x-t2")),
        ("x-v", "village", "x-t"),
    ]
    register = Register.of(Org(code=c, name=c, level=level, parent=parent) for c, level, parent in orgs)
    half = [change("x-t", new, DAYS[0], "split", Fraction(1, 2)) for new in ("x-t1", "x-t2")]
    assert Boundaries(register, half).above("x-v", boundary) == above


def test_without_changes_there_is_one_boundary_and_nobody_is_concerned() -> None:
    found = Chain(("x-0",), ()).boundaries
    assert (len(found), found.concerned, list(found.shares())) == (1, [], [])
    assert found.span(1) == (None, None)
