"""Drawing townships, villages and figures for an inspection, so that anybody who knows the seed draws the same.

Algorithm: NumPy's bit generator PCG64(seed) gives 64-bit numbers, whose stream NumPy promises to keep. Each list is put
in order of its codes, every entry gets the next number, and the entries with the smallest numbers are drawn: a simple
random sample. First the townships, then for each drawn township, in order of codes, its villages, then the figures.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

import duckdb

from pipelines.catalog.models import Form
from pipelines.catalog.periods import Period
from pipelines.errors import TaizhangError
from pipelines.warehouse.hashing import content_id
from pipelines.warehouse.release import Release

Entry = TypeVar("Entry")
Key = tuple[str, str]  # element and breakdown
# Units of the form's rows below the drawn unit that exist at the period's end; without rows those that sent the form.
UNITS = """
    select unit.org_code, unit.org_name, coalesce(parent.org_code, unit.org_code),
        coalesce(parent.org_name, unit.org_name)
    from core.org_unit as unit
    inner join core.org_ancestor as above on unit.org_key = above.org_key
    inner join core.org_unit as top on above.ancestor_key = top.org_key and top.org_code = $org
    left join core.org_unit as parent on unit.parent_key = parent.org_key and unit.org_level = 'village'
    where (unit.valid_from is null or unit.valid_from <= $end) and (unit.valid_to is null or $end < unit.valid_to)
        and (above.valid_from is null or above.valid_from <= $end) and (above.valid_to is null or $end < above.valid_to)
        and case
            when $level <> '' then unit.org_level = $level
            else unit.org_code in (
                select org_code from core.return_state where form_code = $form and period_code = $period
            )
        end
    order by 1"""
SAID = """
    select org_code, element_code, breakdown_code, arg_max(value, known_from) from core.fact_history
    where known_to is null and form_code = ? and period_code = ? and occurrence = 1 group by all"""


@dataclass(frozen=True)
class Design:
    """How much is drawn: the share of the townships, villages in each, figures (0: all of the form), and the seed."""

    seed: int
    townships: float = 0.2
    villages: int = 2
    entries: int = 0


@dataclass(frozen=True)
class Unit:
    """A drawn unit and the township that it was drawn in."""

    code: str
    name: str
    township: str
    township_name: str


@dataclass
class Draw:
    """What was drawn, and of how many."""

    id: str
    by: str
    org: str
    form: str
    period: Period
    at: datetime
    design: Design
    townships: int
    drawn_townships: list[str]
    units: int
    drawn: list[Unit]
    items: list[Key]
    said: dict[tuple[str, str, str], Any] = field(default_factory=dict)


def draw(
    release: Release, place: tuple[str, str, str, Period], form: Form, counts: Sequence[Key], design: Design
) -> Draw:
    """Draws from what a release knows. `place`: who inspects, which unit, the form's code, the period.

    Raises:
        TaizhangError: there is nothing to draw from.
    """
    by, org, code, period = place
    with duckdb.connect(str(release.database), read_only=True) as con:
        found = con.execute(UNITS, {"org": org, "end": period.end, "level": form.row_level or "", "form": code,
                                    "period": period.code}).fetchall()  # fmt: skip
        said = con.execute(SAID, [code, period.code]).fetchall()
    if not found or not counts:
        raise _nothing(org, code, period)
    units = [Unit(*row) for row in found]
    numbers = _numbers(design.seed)
    towns = {name: [unit for unit in units if unit.township == name] for name in sorted({u.township for u in units})}
    some = sample(sorted(towns), math.ceil(round(design.townships * len(towns), 9)), numbers)
    drawn = [unit for name in some for unit in sample(towns[name], design.villages, numbers)]
    items = sample(sorted(counts), design.entries or len(counts), numbers)
    at = datetime.fromisoformat(release.manifest["created_at"]).replace(tzinfo=None)
    said_of = (org, code, period.code, design.seed, design.townships, design.villages, design.entries, at)
    known = {(o, e, b): value for o, e, b, value in said}
    name = content_id("draw", *said_of)
    return Draw(name, by, org, code, period, at, design, len(towns), some, len(units), drawn, items, known)


def sample(entries: Sequence[Entry], size: int, numbers: Any) -> list[Entry]:
    """The entries with the smallest numbers, in their own order; `entries` in order of their codes."""
    keys = [int(number) for number in numbers.random_raw(len(entries))] if entries else []
    chosen = sorted(range(len(entries)), key=lambda place: (keys[place], place))[: max(size, 0)]
    return [entries[place] for place in sorted(chosen)]


def _numbers(seed: int) -> Any:
    from numpy.random import PCG64

    return PCG64(seed)


def _nothing(org: str, form: str, period: Period) -> TaizhangError:
    return TaizhangError(
        f"{org} 以下没有 {form}({period.code})的单位或可复核的数,没有可抽的。",
        f"Below {org} there is no unit or count of {form} for {period.code}: nothing to draw from.",
        remedy_zh="核对单位、报表和报告期;按单位报的表要先收下(taizhang run)。",
        remedy_en="check unit, form and period; a form without rows must have been accepted first (taizhang run).",
    )
