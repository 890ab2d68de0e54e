"""The section of a release's page on synthetic sample data, which stands apart from the real reports."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dashboards import release_queries as queries
from dashboards import release_sections as sections
from dashboards.release_sections import Group

if TYPE_CHECKING:
    import duckdb

ON_TIME = ("on_time", "received", "not_due")


@dataclass(frozen=True)
class Synthetic:
    """What is shown of synthetic data: the units at the top and those below them, over the period that counts most."""

    names: list[str]
    units: int
    period: str
    groups: list[Group]
    status: list[dict[str, Any]]
    reporting: list[dict[str, Any]]
    findings: list[dict[str, Any]]
    drill: list[str]


def read(con: duckdb.DuckDBPyConnection) -> Synthetic | None:
    """The synthetic data of a release; None where it holds none."""
    units = queries.rows(con, queries.SYNTHETIC_UNITS)
    if not units:
        return None
    codes = [row["org_code"] for row in units]
    found = queries.rows(con, queries.SYNTHETIC_PERIOD, units=codes)
    period = found[0]["period_code"] if found else ""
    counted = queries.rows(con, "select count(*) as units from core.org_unit where is_synthetic")
    return Synthetic(
        names=[row["org_name"] for row in units if not row["below"]],
        units=counted[0]["units"],
        period=period,
        groups=sections.rate_groups(queries.synthetic_rates(con, codes, period)),
        status=queries.rows(con, queries.SYNTHETIC_REPORTING),
        reporting=[row for row in sections.reporting(con, synthetic=True) if row["state"] not in ON_TIME],
        findings=sections.findings(con, synthetic=True),
        drill=drill(units, period) if period else [],
    )


def drill(units: list[dict[str, Any]], period: str) -> list[str]:
    """Queries that lead from the units at the top down to villages.

    >>> [query] = drill([{"org_code": "x-a", "below": False}], "2014")
    >>> query.partition(" where ")[2].partition(" and is_default")[0]
    "org_code = 'x-a' and basis = 'rolled_up' and period_code = '2014'"
    """
    columns = "org_name, indicator_code, numerator, denominator, round(value, 2) as value, coverage"
    top = next(row["org_code"] for row in units if not row["below"])
    places = [f"org_code = '{top}' and basis = 'rolled_up'"]
    for child in [row["org_code"] for row in units if row["below"]][:1]:
        places += [f"parent_code = '{top}' and basis = 'rolled_up'", f"parent_code = '{child}' and basis = 'own'"]
    return [
        f"select {columns} from marts.indicator_value where {place} and period_code = '{period}' "
        "and is_default_edition order by indicator_code, value"
        for place in places
    ]
