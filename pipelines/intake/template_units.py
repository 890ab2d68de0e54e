"""What an empty return is for: whether such a period, which units, and how they are called without a doubt."""

from __future__ import annotations

from pipelines.catalog.load import Catalog
from pipelines.catalog.models import Form, Org
from pipelines.catalog.orgs import holds
from pipelines.catalog.periods import Period
from pipelines.catalog.roster import KINDS, Below, entry_periods
from pipelines.errors import TaizhangError
from pipelines.intake.orgs import OrgIndex
from pipelines.intake.page import BOXES
from pipelines.intake.tables import Refusal


def rows_of(code: str, catalog: Catalog, index: OrgIndex, area: Org, period: Period) -> list[Org]:
    """The units of a table's rows: those directly below the area on the period's last day, of the form's level.

    Where the roster says which of these owe the form for the period, the others are left out.

    Raises:
        TaizhangError: there is none.
    """
    form = catalog.forms[code]
    below = [org for org in index.orgs.below(area.code) if org.level == form.row_level and holds(org, period.end)]
    owing, units = set[str](), Below(catalog)
    for entry in catalog.roster.values():
        if entry.form == code and entry.level == form.row_level and period in entry_periods(entry, catalog):
            owing |= set(units.units(entry))
    found = [org for org in below if org.code in owing] or below
    if not found:
        raise TaizhangError(
            f"名册中 {area.name}({area.code})下面在 {period.end} 没有报表“{form.zh}”各行的单位({form.row_level})。",
            f"On {period.end} the register has no {form.row_level} below {area.name} ({area.code}) for the rows of "
            f"{code}.",
            remedy_zh="--org 写这些单位的上一级(例如村级报表写乡镇或其卫生院);或把单位加入名册 orgs.csv。",
            remedy_en="give --org the unit above them (for a table of villages the township or its health centre), or "
            "add them to the register orgs.csv.",
        )
    return sorted(found, key=lambda org: org.code)


def check_period(form: Form, period: Period) -> None:
    """Makes sure that a form is sent for such a period.

    Raises:
        TaizhangError: it is not.
    """
    tick = tuple(BOXES) if form.calendar == "civil" else ("mch_year", "mch_half_year", "quarter", "month")
    one = KINDS.get((form.frequency or "", form.calendar))
    kinds = tick if form.frequency == "tick_box" else (one,) if one else ()
    if kinds and period.kind not in kinds:
        like = {"year": "2014", "half_year": "2014H1", "quarter": "2014Q3", "month": "2014-09", "day": "2014-09-30",
                "ten_days": "2014-09-T2", "mch_year": "M2014", "mch_half_year": "M2014H1"}  # fmt: skip
        shown = ", ".join(like[kind] for kind in kinds if kind)
        raise TaizhangError(
            f"报表“{form.zh}”不按这样的报告期报({period.code})。",
            f"The form {form.en} is not sent for such a period ({period.code}).",
            remedy_zh=f"--period 写成这样:{shown}。",
            remedy_en=f"write --period like this: {shown}.",
        )


def printed_name(org: Org, index: OrgIndex, period: Period, above: str = "") -> str:
    """A name by which the intake finds just this unit on the period's last day: the shortest, at worst its code.

    Args:
        org: the unit.
        index: the organisations.
        period: what the return is for.
        above: the unit in whose table it has a row; '': it stands in the head.
    """
    if above:
        found = index.children(above, org.name, period.end)
        return org.name if [one.code for one in found] == [org.code] else org.code
    names = [
        (index.orgs.at(code, period.end) or index.orgs[code]).name for code in index.orgs.path(org.code, period.end)
    ]
    for start in range(len(names) - 1, -1, -1):
        try:
            if index.resolve("".join(names[start:]), "", period.end).code == org.code:
                return "".join(names[start:])
        except Refusal:
            continue
    return org.code
