"""What was received, and what the codes mean."""

from __future__ import annotations

from collections.abc import Iterator

import dagster as dg

from pipelines.warehouse import night as steps
from pipelines.warehouse.comments import table_comment
from pipelines.warehouse.night import Night

CATALOG = (
    "catalog.unit", "catalog.breakdown", "catalog.element", "catalog.standard", "catalog.document",
    "catalog.indicator", "catalog.indicator_edition", "catalog.indicator_term", "catalog.default_standard",
    "catalog.form", "catalog.total", "catalog.total_part", "catalog.rule", "catalog.rule_comparison",
    "catalog.rule_severity", "catalog.rule_term", "catalog.roster", "catalog.target", "catalog.obligation",
    "catalog.cause", "catalog.poisson_limit",
    "core.org_unit", "core.org_ancestor",
)  # fmt: skip
RECEIVED = (
    "intake.file", "intake.receipt", "intake.submission", "intake.quarantine", "intake.remark",
    "intake.correction", "store.fact_history", "store.claim_history", "core.period", "run.touched", "run.night",
)  # fmt: skip


def _specs(names: tuple[str, ...], group: str, deps: tuple[str, ...] = ()) -> list[dg.AssetSpec]:
    upstream = [name.split(".") for name in deps]
    return [
        dg.AssetSpec(name.split("."), group_name=group, deps=upstream, description=table_comment(name))
        for name in names
    ]


def assets() -> list[dg.AssetsDefinition]:
    """The catalog's tables, and those that intake fills."""
    return [read_catalog, receive]


@dg.multi_asset(name="read_catalog", specs=_specs(CATALOG, "catalog"))
def read_catalog(night: dg.ResourceParam[Night]) -> Iterator[dg.MaterializeResult]:
    """Catalog files → catalog.*, core.org_unit."""
    with night.stage("catalog"):
        rows = steps.read_catalog(night)
    for name in CATALOG:
        yield dg.MaterializeResult(name.split("."), metadata={"rows": rows[name]} if name in rows else None)


@dg.multi_asset(name="receive", specs=_specs(RECEIVED, "intake", CATALOG))
def receive(night: dg.ResourceParam[Night]) -> Iterator[dg.MaterializeResult]:
    """Inbox → archive → journal → intake.*, store.fact_history, store.claim_history."""
    with night.stage("intake"):
        rows = steps.receive(night)
        steps.set_clock(night)
    for name in RECEIVED:
        yield dg.MaterializeResult(name.split("."), metadata={"rows": rows[name]} if name in rows else None)
