"""Random chains of splits and merges of villages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

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
