"""What is selected: one asset for each file of sql/, its dependencies read from the SQL itself."""

from __future__ import annotations

import dagster as dg

from pipelines.sql import Select, selects
from pipelines.warehouse import night as steps
from pipelines.warehouse.night import Night


def assets() -> list[dg.AssetsDefinition]:
    """An asset for every select."""
    return [_asset(select) for select in selects().values()]


def _asset(select: Select) -> dg.AssetsDefinition:
    @dg.asset(
        key=select.name.split("."),
        deps=[name.split(".") for name in sorted(select.reads)],
        group_name=select.name.split(".")[0],
        description=f"{select.grain}\n\nsql/{select.name.replace('.', '/')}.sql ({select.kind})",
        kinds={"sql", "duckdb"},
    )
    def selected(night: dg.ResourceParam[Night]) -> dg.MaterializeResult:
        with night.stage(select.name):
            rows = steps.derive(night, select)
        return dg.MaterializeResult(metadata={} if select.kind == "view" else {"rows": rows})

    return selected
