"""What was received, and what the codes mean."""

from __future__ import annotations

from collections.abc import Iterator

import dagster as dg

from assets.described import GROUPS, result, spec
from pipelines.warehouse import night as steps
from pipelines.warehouse.figures import figures
from pipelines.warehouse.night import Night

CATALOG = (
    "catalog.domain", "catalog.unit", "catalog.breakdown", "catalog.element", "catalog.standard", "catalog.document",
    "catalog.indicator", "catalog.indicator_edition", "catalog.indicator_term", "catalog.default_standard",
    "catalog.form", "catalog.form_element", "catalog.total", "catalog.total_part", "catalog.rule",
    "catalog.rule_comparison", "catalog.rule_severity", "catalog.rule_term", "catalog.roster", "catalog.target",
    "catalog.control_value", "catalog.obligation", "catalog.cause", "catalog.poisson_limit",
    "core.org_unit", "core.org_ancestor", "core.org_change", "store.org_version",
    "store.boundary", "store.boundary_share", "store.boundary_ancestor",
)  # fmt: skip
READ_BY = ("catalog.form", "core.org_unit")  # by which a return is read: its layout, and who is who
RECEIVED = (
    "intake.file", "intake.receipt", "intake.submission", "intake.quarantine", "intake.remark",
    "intake.signature", "intake.sign", "intake.recount", "intake.correction",
    "store.fact_history", "store.claim_history", "core.period", "run.touched", "run.night",
)  # fmt: skip
INBOX = dg.AssetSpec(
    "inbox",
    group_name=GROUPS[1],
    description="收件箱:各单位报来的文件,每晚清空。 The inbox: what units send; emptied every night.",
    kinds={"excel", "csv"},
)


def assets() -> list[dg.AssetsDefinition | dg.AssetSpec]:
    """The inbox, the catalog's tables, and those that intake fills."""
    return [INBOX, read_catalog, receive]


@dg.multi_asset(name="read_catalog", specs=[spec(name, kind="yaml") for name in CATALOG])
def read_catalog(night: dg.ResourceParam[Night]) -> Iterator[dg.MaterializeResult]:
    """Catalog files → catalog.*, core.org_unit."""
    with night.stage("catalog"):
        steps.read_catalog(night)
        rows = steps.counted(night, CATALOG)
    for name in CATALOG:
        yield result(name, figures(night.con, name, rows[name]))


@dg.multi_asset(name="receive", specs=[spec(name, ("inbox", *READ_BY)) for name in RECEIVED])
def receive(night: dg.ResourceParam[Night]) -> Iterator[dg.MaterializeResult]:
    """Inbox → archive → journal → intake.*, store.fact_history, store.claim_history."""
    with night.stage("intake"):
        steps.receive(night)
        steps.set_clock(night)
        rows = steps.counted(night, RECEIVED)
    for name in RECEIVED:
        yield result(name, figures(night.con, name, rows[name]))
