"""The sample county: its organisations, and a year of returns drawn from a seed.

>>> county = draw_county()
>>> len(county.orgs), len(county.returns), county.annual_total("live_births")
(182, 672, 9887)
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from random import Random

from pipelines.catalog.load import Catalog, load_catalog
from pipelines.catalog.models import Form, Org
from pipelines.sample.draws import Cell, Grids, leave_out
from pipelines.sample.layout import Printed, Return, add_up, amount, month_end
from pipelines.sample.places import COUNTY_NAME, organisations, villages_of
from pipelines.sample.services import NOT_COLLECTED, legal_advice, populations, public_health, satisfaction
from pipelines.sample.women import NOT_COLLECTED as MCH_NOT_COLLECTED
from pipelines.sample.women import mch
from pipelines.settings import SHIPPED_CATALOG

SEED = 2014
MONTHS = tuple((2013 + (9 + n) // 12, (9 + n) % 12 + 1) for n in range(12))  # October 2013 to September 2014
DUE_DAYS = 10
SENDERS = {  # who sends a form, as the end of the township's code
    "mch_village_month": "-health-centre",
    "phs_village_month": "-health-centre",
    "legal_adviser_village_month": "-justice-office",
    "satisfaction_village_month": "",
}
CLERKS = ("合成甲", "合成乙", "合成丙", "合成丁", "合成戊")
Values = dict[str, dict[str, list[Cell]]]  # village → element → twelve figures


@dataclass(frozen=True)
class SampleCounty:
    """A county's organisations and a year of returns, as they are before any error is planted."""

    seed: int
    orgs: tuple[Org, ...]
    returns: tuple[Return, ...]

    def annual_total(self, element: str) -> int | float:
        """The sum of an element over all villages and months."""
        rows = (row for found in self.returns for row in found.rows.values())
        return sum(amount(row.get(element)) for row in rows)


@cache
def shipped() -> Catalog:
    """The shipped catalog."""
    return load_catalog(SHIPPED_CATALOG)


def forms() -> dict[str, Form]:
    """The shipped forms that the county fills in."""
    return {code: shipped().forms[code] for code in SENDERS}


def draw_county(seed: int = SEED) -> SampleCounty:
    """The county of a seed; nothing is written."""
    rng = Random(seed)
    orgs = organisations(rng)
    values = _values(rng, orgs)
    by_code = {org.code: org for org in orgs}
    townships = [org for org in orgs if org.level == "township"]
    found = [
        _return(rng, code, month, township, by_code, values)
        for month in range(len(MONTHS))
        for township in townships
        for code in SENDERS
    ]
    return SampleCounty(seed, tuple(orgs), tuple(found))


def roster(county: SampleCounty) -> dict[str, dict[str, object]]:
    """An entry for each township and form, with the twelve months."""
    periods = [f"{year}-{month:02d}" for year, month in MONTHS]
    return {
        f"{form}_{org.code.replace('-', '_')}": {
            "form": form,
            "unit": org.code,
            "periods": list(periods),
            "due_days": DUE_DAYS,
        }
        for org in county.orgs
        if org.level == "township"
        for form in SENDERS
    }


def _values(rng: Random, orgs: list[Org]) -> dict[str, Values]:
    """By form, then village and element, twelve figures."""
    villages = villages_of(orgs)
    people = populations(rng, len(villages))
    grids = {
        "mch_village_month": mch(rng, people),
        "phs_village_month": public_health(rng, people),
        "legal_adviser_village_month": legal_advice(rng, len(villages)),
        "satisfaction_village_month": satisfaction(rng, people),
    }
    for drawn in grids.values():
        leave_out(rng, drawn, tuple(name for name in (*MCH_NOT_COLLECTED, *NOT_COLLECTED) if name in drawn))
    return {form: _by_village(drawn, [village.code for village in villages]) for form, drawn in grids.items()}


def _by_village(grids: Grids, villages: list[str]) -> Values:
    return {village: {element: grid[n] for element, grid in grids.items()} for n, village in enumerate(villages)}


def _return(
    rng: Random, code: str, month: int, township: Org, orgs: dict[str, Org], values: dict[str, Values]
) -> Return:
    form, (year, calendar_month) = forms()[code], MONTHS[month]
    villages = [org for org in orgs.values() if org.parent == township.code and org.level == "village"]
    rows: dict[str, dict[str, Printed]] = {
        village.code: {item.element: values[code][village.code][item.element][month] for item in form.items}
        for village in villages
    }
    sender = orgs[township.code + SENDERS[code]]
    return Return(
        form=code,
        township=township.code,
        township_name=township.name,
        sender=sender.code,
        sender_name=sender.name if sender is not township else f"{COUNTY_NAME}{township.name}",
        year=year,
        month=calendar_month,
        names={village.code: village.name for village in villages},
        rows=rows,
        total=add_up(rows),
        notes=_notes(rng, rows),
        clerk=rng.choice(CLERKS),
        modified=month_end(year, calendar_month) + timedelta(hours=rng.randint(9, 17) + 24 * rng.randint(0, 7)),
    )


def _notes(rng: Random, rows: dict[str, dict[str, Printed]]) -> dict[str, str]:
    """A word beside some of the villages with blanks, and beside a few others."""
    notes = {}
    for village, row in rows.items():
        if None in row.values() and rng.random() < 0.5:
            notes[village] = "部分项目未统计"
        elif rng.random() < 0.02:
            notes[village] = rng.choice(("村医外出培训", "外出务工较多", "道路施工"))
    return notes
