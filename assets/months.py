"""What the release holds month by month: the only assets with partitions, noted by each night that touches a month."""

# Annotations are no strings here: Dagster looks at that of `context`.

from collections.abc import Callable, Mapping, Set
from typing import Any

import dagster as dg

from assets.described import group
from pipelines.partitions import MONTHS, PERIOD_JOB, add_months
from pipelines.warehouse.figures import Figures
from pipelines.warehouse.months import OF_MONTH, figures_of_months, touched_months
from pipelines.warehouse.night import Night

TEXTS = {
    "fact_history": "逐月看上报的数(store.fact_history):行数、应报和已报、问题。 "
    "The figures that were sent (store.fact_history), month by month.",
    "indicator_value": "逐月看算出的率(store.indicator_value):行数、覆盖率。 "
    "The computed rates (store.indicator_value), month by month.",
}
PARTITION = "分区是时期结束所在的月份:年报在 12 月,妇幼年度在 9 月。 A partition is the month in which a period ends."
ByMonth = Mapping[str, Mapping[str, Figures]]


def assets() -> list[dg.AssetsDefinition]:
    """An asset for each table that is looked at month by month."""
    return [_asset(table) for table in OF_MONTH]


def figures(night: Night) -> dict[str, dict[str, Figures]]:
    """The figures of the months that tonight's returns can have changed, by table; before they are forgotten."""
    months = touched_months(night.con)
    return {table: figures_of_months(night.con, table, months) for table in OF_MONTH}


def note(context: dg.AssetExecutionContext, found: ByMonth, release_id: str) -> None:
    """Makes the months known to Dagster and notes what was published of each, unless the run does it by its months."""
    add_months(context.instance, {month for by_month in found.values() for month in by_month})
    if context.run.job_name == PERIOD_JOB and _runs_months(context.run.asset_selection):
        return
    for table, by_month in found.items():
        for month, told in by_month.items():
            context.log_event(
                dg.AssetMaterialization(["months", table], partition=month, metadata=_told(told, release_id))
            )


def _runs_months(selection: Set[dg.AssetKey] | None) -> bool:
    """Whether a run takes in the assets of months: the whole job does, and so may a choice of its assets."""
    return not selection or any(key.path[0] == "months" for key in selection)


def _told(told: Mapping[str, Any], release_id: str) -> dict[str, Any]:
    return {**told, **({"发布 release": release_id} if release_id else {})}


def _asset(table: str) -> dg.AssetsDefinition:
    return dg.asset(
        key=["months", table],
        deps=[["meta", "release"]],
        partitions_def=MONTHS,
        group_name=group(f"months.{table}"),
        description=f"{TEXTS[table]}\n\n{PARTITION}",
        kinds={"duckdb"},
    )(_by_month(table))


def _by_month(table: str) -> Callable[..., None]:
    def by_month(context: dg.AssetExecutionContext, night: dg.ResourceParam[Night]) -> None:
        found = figures_of_months(night.con, table, context.partition_keys)
        for month in context.partition_keys:
            context.add_asset_metadata(_told(found.get(month, {}), night.release_id), partition_key=month)

    return by_month
