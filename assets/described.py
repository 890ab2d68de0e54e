"""What people read of an asset in Dagster: its group, what its rows are, and its figures."""

from __future__ import annotations

import dagster as dg

from pipelines.sql import Select
from pipelines.warehouse.comments import table_comment
from pipelines.warehouse.figures import ROWS, Figures

# The way of a number: what codes mean, what came in, who says what, rates, questions, the release, its months.
GROUPS = ("1_catalog", "2_inbox", "3_facts", "4_rates", "5_findings", "6_release", "7_months")
_OF_SCHEMA = {"catalog": 0, "intake": 1, "core": 2, "store": 3, "marts": 3, "quality": 4, "meta": 5, "months": 6}
_OF_TABLE = {
    "core.org_unit": 0, "core.org_ancestor": 0, "core.org_unit_history": 0, "core.org_change": 0,
    "core.boundary_weight": 0,
    "store.org_version": 0, "store.boundary": 0, "store.boundary_share": 0, "store.boundary_ancestor": 0,
    "core.period": 1, "store.fact_history": 1, "store.claim_history": 1, "run.touched": 1, "run.night": 1,
    "run.scope": 2, "store.correction": 2, "store.fact_current": 2, "store.fact_chosen": 2, "store.term_value": 2,
    "store.term_said": 2, "store.return_finality": 2,
    "store.return_state": 2,
    "marts.reporting_status": 4,
}  # fmt: skip
_KINDS = {
    "table": "每夜重做的表 a table made anew every night",
    "scoped table": "只重做今夜涉及的单位和时期的表 a night renews the units and periods that it touches",
    "view": "视图,不存数据,读它时计算 a view: nothing is stored, it is computed when it is read",
}


def group(table: str) -> str:
    """The group of a table: where on the way of a number it stands."""
    return GROUPS[_OF_TABLE[table] if table in _OF_TABLE else _OF_SCHEMA[table.split(".")[0]]]


def spec(table: str, deps: tuple[str, ...] = (), kind: str = "python") -> dg.AssetSpec:
    """A table that Python fills."""
    return dg.AssetSpec(
        table.split("."),
        deps=[name.split(".") for name in deps],
        group_name=group(table),
        description=table_comment(table),
        kinds={kind, "duckdb"},
        metadata={"dagster/relation_identifier": table},
    )


def about(select: Select) -> dict[str, str | dg.MetadataValue]:
    """What is always true of a table or view of sql/."""
    return {
        "dagster/relation_identifier": select.name,
        "类型 kind": _KINDS[select.kind],
        "主键 key": ", ".join(select.key),
        "SQL": dg.MetadataValue.path(f"sql/{select.name.replace('.', '/')}.sql"),
    }


def result(table: str, figures: Figures) -> dg.MaterializeResult:
    """That a table was made, with its figures."""
    rows = {"dagster/row_count": figures[ROWS]} if ROWS in figures else {}
    return dg.MaterializeResult(table.split("."), metadata={**rows, **figures})
