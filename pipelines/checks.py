"""Great Expectations' suites as blocking asset checks: each after its table is committed, one after another."""

from __future__ import annotations

import dagster as dg

from expectations.engine import load_great_expectations, suite_tables, validate
from expectations.results import TableResult
from pipelines.warehouse.night import Night

CHECK = "suite"


def all_checks() -> list[dg.AssetChecksDefinition]:
    """A blocking check for every table with a suite: where it fails, nothing that follows from the table is made."""
    return [_check(table) for table in suite_tables()]


def _check(table: str) -> dg.AssetChecksDefinition:
    @dg.asset_check(
        name=CHECK,
        asset=table.split("."),
        blocking=True,
        description=f"expectations/{table.replace('.', '/')}.py",
    )
    def suite(night: dg.ResourceParam[Night]) -> dg.AssetCheckResult:
        with night.stage("import great_expectations"):
            load_great_expectations()  # 2.5 s and 220 MB the first time, only here
        with night.stage(f"expectations {table}"):
            result = validate(night.con, [table])[table]
        night.failed_checks += [
            f"{table}: {check.name} ({check.unexpected_count}) {check.meaning_zh} / {check.meaning_en} {check.error}"
            for check in result.failed
            if check.blocks
        ]
        return dg.AssetCheckResult(passed=result.passed, metadata=check_metadata(result))

    return suite


def check_metadata(result: TableResult) -> dict[str, dg.MetadataValue]:
    """The numbers of a suite as Dagster shows them: expectations, failures, and the rows that failed."""
    lines = [
        f"- **{check.name}** ({check.severity}) {check.meaning_zh} / {check.meaning_en}: {check.unexpected_count} "
        f"{check.error}\n  `{check.unexpected_query}`\n  {list(check.sample)[:3]}"
        for check in result.failed
    ]
    return {
        "expectations": dg.MetadataValue.int(len(result.checks)),
        "failed": dg.MetadataValue.int(len(result.failed)),
        "details": dg.MetadataValue.md("\n".join(lines) or "–"),
    }
