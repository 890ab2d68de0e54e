"""Who is who between boundaries: nothing is lost or doubled, whatever chain of splits and merges comes."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.catalog.boundaries import Boundaries
from pipelines.catalog.models import Org
from pipelines.catalog.orgs import Register
from tests.unit.catalog.chains import DAYS, Chain, chains, change


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
    assert {share.share_to for share in found.shares() if share.boundary and share.is_known and share.is_alive} <= {1}


@settings(max_examples=100, deadline=None)
@given(chains(), st.decimals(0, 10**9, places=4))
def test_parts_of_a_figure_add_up_to_it_and_backward_none_is_lost_or_it_is_said(chain: Chain, figure: Decimal) -> None:
    found = chain.boundaries
    totals: dict[tuple[object, ...], Decimal] = {}
    for share in found.shares():
        key = (share.boundary, share.code, share.valid_from)
        if not share.is_known:
            assert share.boundary < len(found), "today everything can be carried"
            assert (share.target, share.share_from, share.share_to) == (share.code, 0, 1)
        part = round(figure * _decimal(share.share_to), 4) - round(figure * _decimal(share.share_from), 4)
        assert part >= 0
        totals[key] = totals.get(key, Decimal(0)) + part
    assert set(totals.values()) == ({figure} if chain.changes else set())


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
