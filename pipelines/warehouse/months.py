"""What a site holds of each month in which a reporting period ends: facts, and rates with their coverage."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from pipelines.warehouse.figures import COVERED, FACTS, FINDINGS, REPORTED, ROWS, Figures

MONTH = "strftime(period.period_end, '%Y-%m')"
BY_KEY = "inner join core.period as period using (period_key)"
BY_CODE = "inner join core.period as period using (period_code)"
# The figures of a month, by the table that is looked at month by month: what is counted, and over what.
OF_MONTH: dict[str, tuple[tuple[dict[str, str], str], ...]] = {
    "fact_history": (
        (
            {ROWS: "count(*)", **FACTS, "单位 organisations": "count(distinct org_key)"},
            f"store.fact_history {BY_KEY}",
        ),
        (REPORTED, f"marts.reporting_status {BY_CODE}"),
        (FINDINGS, f"quality.finding {BY_CODE}"),
    ),
    "indicator_value": (({ROWS: "count(*)", **COVERED}, f"store.indicator_value {BY_KEY}"),),
}


def touched_months(con: duckdb.DuckDBPyConnection) -> list[str]:
    """The months that tonight's returns can have changed, as run.scope says, in order."""
    found = con.execute(f"select distinct {MONTH} as month from run.scope {BY_KEY} order by month").fetchall()
    return [month for (month,) in found]


def figures_of_months(con: duckdb.DuckDBPyConnection, table: str, months: Sequence[str]) -> dict[str, Figures]:
    """The figures of a table for those of the months of which it holds something."""
    found: dict[str, Figures] = {}
    for wanted, source in OF_MONTH[table]:
        columns = ", ".join(f'{expression} as "{name}"' for name, expression in wanted.items())
        rows = con.execute(
            f"select {MONTH} as month, {columns} from {source} where {MONTH} in (select unnest(?::varchar[])) "
            "group by month order by month",
            [list(months)],
        ).fetchall()
        for month, *values in rows:
            named = zip(wanted, values, strict=True)
            known = {name: round(float(v), 4) if isinstance(v, float) else int(v) for name, v in named if v is not None}
            found[month] = found.get(month, {}) | known
    return {month: told for month, told in found.items() if told.get(ROWS)}
