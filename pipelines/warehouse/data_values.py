"""Figures of a release as data values for others: tidy CSV, DHIS2 dataValueSets as JSON or CSV."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

import duckdb

from pipelines.catalog.load import Catalog
from pipelines.catalog.models.exchange import Exchange, Meaning
from pipelines.catalog.periods import Period, parse_code
from pipelines.errors import TaizhangError
from pipelines.intake.data_values import QUALIFIER
from pipelines.intake.dhis2_period import dhis2_period

TIDY = ("org_code", "period_code", "element_code", "breakdown_code", "value", "form_code", "reported_by")
DHIS2 = ("dataelement", "period", "orgunit", "categoryoptioncombo", "attributeoptioncombo", "value", "storedby",
         "lastupdated", "comment", "followup")  # fmt: skip
DEFAULT = "HllvX50cXC0"  # DHIS2's identifier of "no breakdown", the same in every instance
WORDS = {"exact": "", "about": "约", "over": ">", "at_least": "≥", "under": "<"}
QUERY = """
    select
        fact.org_code, period.period_start, period.period_end, period.is_as_at, fact.element_code,
        fact.breakdown_code, fact.form_code, fact.reported_by, fact.value, fact.qualifier, fact.state
    from {table} as fact
    inner join core.period as period on fact.period_code = period.period_code
    where {wanted}
    order by fact.form_code, fact.reported_by, fact.org_code, period.period_start, period.period_end,
        fact.element_code, fact.breakdown_code {last}"""
BELOW = """fact.org_code in (
        select part.org_code from core.org_ancestor as below
        inner join core.org_unit as part on below.org_key = part.org_key
        inner join core.org_unit as whole on below.ancestor_key = whole.org_key
        where whole.org_code = ? union all select ?)"""


class Figure(NamedTuple):
    """A figure of a release."""

    org: str
    period: Period
    element: str
    breakdown: str
    form: str
    reported_by: str
    value: Decimal | None
    qualifier: str
    state: str


@dataclass(frozen=True)
class Wanted:
    """Which figures: of a unit and all below it, of the periods inside one, of a form; '' and None: of all."""

    org: str = ""
    period: Period | None = None
    form: str = ""


def stated(database: Path, wanted: Wanted) -> list[Figure]:
    """Every statement of a figure, as it was sent (core.fact)."""
    return _figures(database, wanted, "core.fact", ", fact.occurrence")


def counting(database: Path, wanted: Wanted) -> list[Figure]:
    """The one figure that counts of each unit, period, element and breakdown (core.fact_chosen)."""
    return _figures(database, wanted, "core.fact_chosen", "")


def _figures(database: Path, wanted: Wanted, table: str, last: str) -> list[Figure]:
    conditions, values = ["true"], list[object]()
    with duckdb.connect(str(database), read_only=True) as con:
        if wanted.org:
            if not con.execute("select 1 from core.org_unit where org_code = ?", [wanted.org]).fetchall():
                raise TaizhangError(
                    f"这次发布中没有单位 {wanted.org}。", f"The release has no unit {wanted.org!r}.",
                    remedy_zh="--org 写单位代码;用 taizhang sql 查 core.org_unit。",
                    remedy_en="give --org a code; taizhang sql shows core.org_unit.",
                )  # fmt: skip
            conditions, values = [*conditions, BELOW], [*values, wanted.org, wanted.org]
        if wanted.period:
            conditions.append("period.period_start >= ? and period.period_end <= ?")
            values += [wanted.period.start, wanted.period.end]
        if wanted.form:
            conditions, values = [*conditions, "fact.form_code = ?"], [*values, wanted.form]
        query = QUERY.format(table=table, wanted=" and ".join(conditions), last=last)
        rows = con.execute(query, values).fetchall()
    return [Figure(org, Period(start, end, as_at), *rest) for org, start, end, as_at, *rest in rows]


def tidy_csv(figures: Iterable[Figure]) -> str:
    """A row a figure, in the codes of the catalog; a qualifier stands before the number, a state in its place."""
    return _csv(TIDY, (
        (f.org, f.period.code, f.element, f.breakdown, _tidy_value(f), f.form, f.reported_by) for f in figures
    ))  # fmt: skip


def _tidy_value(figure: Figure) -> str:
    if figure.value is None:
        return "" if figure.state == "blank" else figure.state
    return WORDS[figure.qualifier] + _number(figure.value)


def _number(value: Decimal) -> str:
    """A number without the zeros behind its point.

    >>> _number(Decimal("120.0000")), _number(Decimal("0.2500"))
    ('120', '0.25')
    """
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _csv(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\n")
    writer.writerow(head)
    writer.writerows(rows)
    return target.getvalue()


class DataValue(NamedTuple):
    """A value in the words of DHIS2."""

    data_element: str
    period: str
    org_unit: str
    category_option_combo: str
    value: str
    comment: str


def data_values(figures: Iterable[Figure], catalog: Catalog, system: str = "") -> tuple[list[DataValue], int]:
    """Figures as DHIS2 writes them, and how many it cannot hold.

    Left out is what is not reported (DHIS2 has no states), whose period DHIS2 cannot name, or which the system has
    no identifier for.

    Args:
        figures: one of each unit, period, element and breakdown.
        catalog: what others' identifiers mean.
        system: the entry of catalog/exchange/ whose identifiers are written; '': the codes of the catalog.
    """
    names = _Names.of(catalog.exchange[system]) if system else None
    found, left_out = list[DataValue](), 0
    for figure in figures:
        period = dhis2_period(figure.period)
        named = names.of_figure(figure) if names else (figure.element, figure.breakdown or DEFAULT, figure.org)
        if figure.value is None or not period or named is None:
            left_out += 1
            continue
        comment = "" if figure.qualifier == "exact" else QUALIFIER + figure.qualifier
        element, combo, org = named
        found.append(DataValue(element, period, org, combo, _number(figure.value), comment))
    return found, left_out


@dataclass(frozen=True)
class _Names:
    """The identifiers of a system by what they mean here; of several the first."""

    elements: Mapping[Meaning, str]
    breakdowns: Mapping[str, str]
    orgs: Mapping[str, str]

    @classmethod
    def of(cls, system: Exchange) -> _Names:
        return cls(
            {meaning: name for name, meaning in reversed(list(system.elements.items()))},
            {"": DEFAULT, **{code: name for name, code in reversed(list(system.breakdowns.items()))}},
            {code: name for name, code in reversed(list(system.orgs.items()))},
        )

    def of_figure(self, figure: Figure) -> tuple[str, str, str] | None:
        """Data element, category option combination and organisation unit; None where one of them is not known."""
        org = self.orgs.get(figure.org)
        whole = self.elements.get(Meaning(element=figure.element, breakdown=figure.breakdown))
        if whole and org:
            return whole, self.breakdowns[""], org
        element = self.elements.get(Meaning(element=figure.element))
        combo = self.breakdowns.get(figure.breakdown)
        return (element, combo, org) if element and combo and org else None


def dhis2_json(values: Sequence[DataValue], data_set: str = "") -> str:
    """A dataValueSet as JSON, a line a value; `data_set`: the form's code or identifier, where it is all of one."""
    lines = ",\n".join(json.dumps(dict(_json_fields(value)), ensure_ascii=False) for value in values)
    head = f'"dataSet": {json.dumps(data_set)}, ' if data_set else ""
    return f'{{{head}"dataValues": [\n{lines}\n]}}\n'


def _json_fields(value: DataValue) -> Iterator[tuple[str, str]]:
    yield "dataElement", value.data_element
    yield "period", value.period
    yield "orgUnit", value.org_unit
    yield "categoryOptionCombo", value.category_option_combo
    yield "attributeOptionCombo", DEFAULT
    yield "value", value.value
    if value.comment:
        yield "comment", value.comment


def dhis2_csv(values: Iterable[DataValue]) -> str:
    """A dataValueSet as CSV, with the columns that DHIS2 reads by their order."""
    return _csv(DHIS2, (
        (v.data_element, v.period, v.org_unit, v.category_option_combo, DEFAULT, v.value, "", "", v.comment, "")
        for v in values
    ))  # fmt: skip


def period_of(code: str) -> Period:
    """The period of a code.

    Raises:
        TaizhangError: it is none.
    """
    try:
        return parse_code(code)
    except ValueError as error:
        raise TaizhangError(
            f"“{code}”不是时期编码。", f"{code!r} is no period.",
            remedy_zh="写成 2014、2014H1、2014Q2、2014-05、M2014 的样子。",
            remedy_en="write it like 2014, 2014H1, 2014Q2, 2014-05 or M2014.",
        ) from error  # fmt: skip
