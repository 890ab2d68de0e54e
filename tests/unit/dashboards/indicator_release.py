"""A release for the page of an indicator: a county with four townships, of which three report."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pipelines.warehouse.release import Release
from tests.release_tables import RATE, add, add_rates
from tests.unit.dashboards.drawn import a_release

HTML = "<img src=x onerror=alert(1)>"
PERIODS = (
    (1, "2014-01", "2014-01-01", "2014-01-31", "month"),
    (2, "2014-02", "2014-02-01", "2014-02-28", "month"),
    (4, "2014-04", "2014-04-01", "2014-04-30", "month"),
    (9, "2014", "2014-01-01", "2014-12-31", "year"),
)
UNITS = (
    (9000, "c", "甲县", "county", None),
    (9001, "t1", "甲镇", "township", "c"),
    (9002, "t2", HTML, "township", "c"),
    (9003, "t3", "丙镇", "township", "c"),
    (9004, "t4", "没报的镇", "township", "c"),
)


def figure(path: Path, org: str, period: str, **changes: Any) -> None:
    """A rate of one of the units in one of the periods."""
    _, code, name, level, parent = next(row for row in UNITS if row[1] == org)
    _, _, start, end, kind = next(row for row in PERIODS if row[1] == period)
    place = {"org_code": code, "org_name": name, "org_level": level, "parent_code": parent, "period_kind": kind,
             "period_code": period, "period_start": start, "period_end": end}  # fmt: skip
    add_rates(path, {**RATE, **place, "basis": "rolled_up", **changes})


def a_county(tmp_path: Path) -> Release:
    """Months of 2014 without March; February is the one with most in it."""
    found = a_release(tmp_path)
    path = found.database
    add(path, "core.org_unit", *(
        {"org_key": key, "org_code": code, "org_name": name, "org_level": level, "parent_code": parent, "aliases": "",
         "kind": "", "is_synthetic": False, "is_masked": False, "parent_key": 9000 if parent else None,
         "scope_key": 9000}
        for key, code, name, level, parent in UNITS
    ))  # fmt: skip
    above = [(key, key, 0) for key, *_ in UNITS] + [(key, 9000, 1) for key, *_, parent in UNITS if parent]
    add(path, "core.org_ancestor", *(
        {"org_key": key, "ancestor_key": other, "distance": distance} for key, other, distance in above
    ))  # fmt: skip
    add(path, "core.period", *(
        {"period_key": number, "period_code": code, "period_start": start, "period_end": end, "period_kind": kind,
         "is_as_at": False, "aliases": ""}
        for number, code, start, end, kind in PERIODS
    ))  # fmt: skip
    county = {"numerator": 90, "denominator": 100, "value": 90.0, "lower": 82.6, "upper": 94.5}
    for period in ("2014-01", "2014-02", "2014-04"):
        figure(path, "c", period, **county)
    figure(path, "t1", "2014-02", numerator=50, denominator=50, value=100.0, lower=92.9, upper=100.0)
    figure(path, "t2", "2014-02", numerator=8, denominator=20, value=40.0, lower=21.9, upper=61.3, coverage=0.5,
           state="partial")  # fmt: skip
    figure(path, "t3", "2014-02", numerator=9, denominator=10, value=90.0, lower=59.6, upper=98.2)
    return found
