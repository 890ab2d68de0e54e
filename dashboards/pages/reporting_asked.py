"""What the page on returns asks for: the unit, the periods up to the one chosen, the form, the filters."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from dashboards.visit import Visit, period_of

MOST_UNITS = 30  # of the grid
MOST_LISTED = 15  # of lists that are not turned over
FOREVER = ("0001-01-01", "9999-12-31")


@dataclass(frozen=True)
class Asked:
    """The time of the page and the parameters of its queries.

    Attributes:
        columns: the periods of the grid, the oldest first; rows of reporting/periods.sql.
        others: periods within the time that are of another kind.
        later: periods after it of which something is due.
        only: the one period that the lists are limited to; None for the whole time.
        values: the parameters that the queries share; `since` and `until` limit the ends of periods.
    """

    columns: list[dict[str, Any]]
    others: list[dict[str, Any]]
    later: list[dict[str, Any]]
    only: dict[str, Any] | None
    values: dict[str, Any]

    @property
    def grid_values(self) -> dict[str, Any]:
        """The parameters of the grid, which shows the whole time always."""
        kind = self.columns[0]["period_kind"] if self.columns else ""
        since, until = whole_time(self.columns, self.values)
        return {**self.values, "since": since, "until": until, "kind": kind, "most": MOST_UNITS}


def asked(visit: Visit) -> Asked:
    """What the address of the page asks for."""
    end = str(visit.period["period_end"]) if visit.period else FOREVER[1]
    view = visit.view
    values: dict[str, Any] = {**visit.chosen, "end": end, "form": view.get("form")}
    periods = visit.reader.rows("reporting/periods", **values)
    columns = [row for row in reversed(periods) if row["is_shown"]]
    since, until = whole_time(columns, {"since": _start(visit), "until": end})
    inside = [row for row in periods if since <= str(row["period_end"]) <= until]
    only = period_of(view.get("at"), visit.reader) if view.get("at") else None
    if only:
        since = until = str(only["period_end"])
    values |= {
        **{name: view.get(name) for name in ("severity", "status", "rule", "state", "q")},
        "since": since,
        "until": until,
        "most": MOST_LISTED,
    }
    kinds = {row["period_kind"] for row in columns}
    return Asked(
        columns,
        [row for row in inside if row["period_kind"] not in kinds],
        [row for row in periods if str(row["period_end"]) > end and row["due"]],
        only,
        values,
    )


def _start(visit: Visit) -> str:
    """The first day of a time as long as twelve of the period chosen: for units that owe nothing themselves."""
    if visit.period is None:
        return FOREVER[0]
    last = visit.period["period_end"]
    days = 12 * ((last - visit.period["period_start"]).days + 1)
    return str(date.fromordinal(max(last.toordinal() - days + 1, 1)))


def whole_time(columns: list[dict[str, Any]], otherwise: dict[str, Any]) -> tuple[str, str]:
    """The first and the last day of the periods of the grid; of something else where there are none."""
    if not columns:
        return otherwise["since"], otherwise["until"]
    return str(columns[0]["period_start"]), str(columns[-1]["period_end"])
