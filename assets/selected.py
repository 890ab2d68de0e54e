"""What is selected: one asset for each file of sql/, its dependencies read from the SQL itself."""

from __future__ import annotations

import dagster as dg

from assets.described import about, group, result
from pipelines.sql import Select, selects
from pipelines.warehouse import night as steps
from pipelines.warehouse.comments import table_comment
from pipelines.warehouse.figures import figures
from pipelines.warehouse.night import Night


def assets() -> list[dg.AssetsDefinition]:
    """An asset for every select."""
    return [_asset(select) for select in selects().values()]


def _asset(select: Select) -> dg.AssetsDefinition:
    @dg.asset(
        key=select.name.split("."),
        deps=[name.split(".") for name in sorted(select.reads)],
        group_name=group(select.name),
        description=table_comment(select.name),
        metadata=about(select),
        kinds={"sql", "duckdb", "view" if select.kind == "view" else "table"},
    )
    def selected(night: dg.ResourceParam[Night]) -> dg.MaterializeResult:
        with night.stage(select.name):
            rows = steps.derive(night, select)
            found = figures(night.con, select.name, None if select.kind == "view" else rows)
        return result(select.name, found)

    return selected
