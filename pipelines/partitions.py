"""Months as Dagster's partitions: those in which a reporting period ends, as they occur.

A night of `nightly` has no partition: a job with a partitioned asset cannot be started on Dagster's page without a
month. So months are assets of their own (assets/months.py), noted by every night that touches them; only the job
`one_period` is run by month (see docs/adr/0005-months-in-dagster.md).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import dagster as dg

PERIOD_JOB = "one_period"
MONTHS = dg.DynamicPartitionsDefinition(name="month")
ONE = "dagster/partition"
FIRST, LAST = "dagster/asset_partition_range_start", "dagster/asset_partition_range_end"


def add_months(instance: dg.DagsterInstance, months: Iterable[str]) -> None:
    """Makes months known to an instance, in their order: Dagster takes a range of months in the order of its list."""
    known = list(instance.get_dynamic_partitions("month"))
    wanted = sorted({*known, *months})
    kept = next((n for n, (old, new) in enumerate(zip(known, wanted, strict=False)) if old != new), len(known))
    for month in known[kept:]:
        instance.delete_dynamic_partition("month", month)
    if wanted[kept:]:
        instance.add_dynamic_partitions("month", wanted[kept:])


def months_of_run(tags: Mapping[str, str], instance: dg.DagsterInstance) -> list[str]:
    """The months that a run is for: one, or those from first to last; none where the run is for no month."""
    if ONE in tags:
        return [tags[ONE]]
    if FIRST not in tags:
        return []
    known = list(instance.get_dynamic_partitions("month"))
    return [month for month in known if tags[FIRST] <= month <= tags[LAST]]
