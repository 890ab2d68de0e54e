"""The figures of a return that goes up, taken from a release: the roll-up, and the units' own figures in their rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple, get_args

import duckdb

from pipelines.catalog.models import Form, Org
from pipelines.catalog.models.forms import State
from pipelines.catalog.periods import Period
from pipelines.errors import TaizhangError
from pipelines.intake.template_page import Said

NEEDED = "marts.element_value"
STATES = frozenset(get_args(State))
QUERY = f"""
    select
        figure.org_code, figure.element_code, figure.breakdown_code, figure.form_code, figure.basis,
        figure.period_basis, figure.value, coalesce(chosen.qualifier, 'exact') as qualifier, figure.state,
        coalesce(figure.state_reason, ''), figure.units_expected, figure.units_reported, figure.coverage,
        figure.finality
    from {NEEDED} as figure
    left join core.fact_chosen as chosen
        on figure.org_code = chosen.org_code and figure.period_code = chosen.period_code
        and figure.element_code = chosen.element_code and figure.breakdown_code = chosen.breakdown_code
        and figure.period_basis = chosen.period_basis and figure.basis = 'own'
    where figure.period_code = $period and list_contains($orgs, figure.org_code)
        and list_contains($elements, figure.element_code)"""


class Figure(NamedTuple):
    """A figure of a release, with what it rests on: units (`expected`, `reported`), the share of their months."""

    org: str
    element: str
    breakdown: str
    form: str
    basis: str
    period_basis: str
    value: Decimal | None
    qualifier: str
    state: str
    reason: str
    expected: int
    reported: int
    coverage: float
    finality: str

    @property
    def said(self) -> Said:
        """What the return says of it: its value, or the state that all share of whom it is made; else nothing."""
        if self.value is not None:
            return Said(self.value, "reported", self.qualifier)
        return Said(None, self.reason if self.reason in STATES else "blank")


Chosen = dict[tuple[str, str, str], Figure]


@dataclass(frozen=True)
class Asked:
    """Which return: the form (and its code), the area that it is about, its rows, the period."""

    code: str
    form: Form
    area: Org
    rows: Sequence[Org]
    period: Period
    attributes: frozenset[str] = frozenset()  # elements that are never added up

    @property
    def orgs(self) -> list[str]:
        """The units with figures in it."""
        return [*(row.code for row in self.rows), self.area.code]

    @property
    def elements(self) -> list[str]:
        """The elements that it asks for."""
        return sorted({item.element for item in self.form.items})


def chosen_figures(con: duckdb.DuckDBPyConnection, asked: Asked) -> Chosen:
    """The figure of each cell: what units of the form's row level state themselves, of all others the roll-up.

    What is never added up (an attribute) is what each unit states.
    Where a table has no rows, the roll-up stands where there is one, else what the unit states. Of the stated and the
    aggregated one it is the one that covers more, and the aggregated where both do (its parts are complete).

    Raises:
        TaizhangError: the release is older than these figures, or knows none.
    """
    tables = con.execute(
        "select count(*) from information_schema.tables where table_schema || '.' || table_name = ?", [NEEDED]
    ).fetchall()
    if tables == [(0,)]:
        raise TaizhangError(
            f"这次发布较旧,没有 {NEEDED}。", f"The release is older: it has no {NEEDED}.",
            remedy_zh="运行 taizhang run,再导出。", remedy_en="run taizhang run, then export.",
        )  # fmt: skip
    given = {"period": asked.period.code, "orgs": asked.orgs, "elements": asked.elements}
    found = [Figure(*row) for row in con.execute(QUERY, given).fetchall()]
    wanted = {(item.element, item.breakdown) for item in asked.form.items}
    levels = {org.code: org.level for org in (*asked.rows, asked.area)}
    figures: Chosen = {}
    for figure in sorted((one for one in found if (one.element, one.breakdown) in wanted), key=_rank):
        key = figure.org, figure.element, figure.breakdown
        if figure.basis in _bases(asked, figure.element, levels[figure.org]):
            before = figures.get(key)
            if before is None or (before.value is None and figure.value is not None):
                figures[key] = figure
    if not figures:
        raise TaizhangError(
            f"这次发布中没有 {asked.area.name} {asked.period.code} 的“{asked.form.zh}”所要的任何数。",
            f"The release knows no figure of {asked.form.en} for {asked.area.code} and {asked.period.code}.",
            remedy_zh="核对 --org 和 --period;用 taizhang sql 查 marts.element_value 有哪些时期。",
            remedy_en="check --org and --period; taizhang sql shows the periods of marts.element_value.",
        )
    return figures


def _bases(asked: Asked, element: str, level: str) -> tuple[str, ...]:
    if asked.form.orientation != "units_in_rows":
        return ("rolled_up", "own")
    return ("own",) if level == asked.form.row_level or element in asked.attributes else ("rolled_up",)


def _rank(figure: Figure) -> tuple[object, ...]:
    """The order in which figures of one cell are taken."""
    return figure.basis != "rolled_up", figure.value is None, -(figure.coverage or 0), figure.period_basis


def rows_that_do_not_add_up(figures: Chosen, asked: Asked) -> Iterable[tuple[str, str, Decimal, Decimal]]:
    """Element, breakdown, total and sum of the rows where they differ: units that are no row, or no longer one."""
    for item in asked.form.items:
        key = item.element, item.breakdown
        total = figures.get((asked.area.code, *key))
        values = [
            figure.value for row in asked.rows
            if (figure := figures.get((row.code, *key))) is not None and figure.value is not None
        ]  # fmt: skip
        if total is not None and total.value is not None and sum(values, Decimal(0)) != total.value:
            yield *key, total.value, sum(values, Decimal(0))
