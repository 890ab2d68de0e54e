"""Great Expectations' suites as blocking asset checks: between the last commit and publication, one after another."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import dagster as dg

from expectations import suite_tables
from expectations.results import TableResult
from pipelines.warehouse.night import Night

CHECK = "suite"


def all_checks() -> list[dg.AssetChecksDefinition]:
    """One operation that validates every suite; a table that fails stops the release, not the tables beside it."""
    specs = [
        dg.AssetCheckSpec(
            CHECK,
            asset=table.split("."),
            blocking=True,
            description=f"expectations/{table.replace('.', '/')}.py",
        )
        for table in suite_tables()
    ]

    @dg.multi_asset_check(name="expectations", specs=specs)
    def expectations(night: dg.ResourceParam[Night]) -> Iterator[dg.AssetCheckResult]:
        with night.stage("expectations"):
            from expectations.engine import validate  # Great Expectations: 2.5 s and 220 MB, only here

            results = validate(night.con, suite_tables())
        for table, result in results.items():
            yield dg.AssetCheckResult(
                check_name=CHECK,
                asset_key=table.split("."),
                passed=result.passed,
                metadata=check_metadata(result),
            )

    return [expectations]


def check_metadata(result: TableResult) -> dict[str, dg.MetadataValue]:
    """The numbers of a suite as Dagster shows them: expectations, failures, and the rows that failed."""
    failed = [check for check in result.checks if not check.passed]
    lines = [
        f"- **{check.name}** {check.meaning_zh} / {check.meaning_en}: {check.unexpected_count} "
        for check in failed
    ]
    return {
        "expectations": dg.MetadataValue.int(len(result.checks)),
        "failed": dg.MetadataValue.int(len(failed)),
        "details": dg.MetadataValue.md("\n".join(lines) or "–"),
    }


def failed_checks(results: Sequence[TableResult]) -> list[str]:
    """'table: expectation' of everything that failed."""
    return [f"{result.table}: {check.name}" for result in results for check in result.checks if not check.passed]
