"""Great Expectations' suites as blocking asset checks: each after its table is committed, one after another."""

from __future__ import annotations

from typing import Any

import dagster as dg

from expectations.engine import load_great_expectations, suite_tables, validate
from expectations.results import CheckResult, TableResult
from pipelines.warehouse.night import Night

CHECK = "suite"
SHOWN, COLUMNS = 5, 6  # failing rows of a check told in the terminal, and their columns; Dagster's page shows 20 rows
WORDS = {
    "zh": ("{n} 行不符", "检查无法执行", "还有 {n} 行;make dagster 的页面上列出更多", ":"),
    "en": ("{n} row(s) fail", "the check could not be run", "{n} more; the page of make dagster lists more", ": "),
}
NOT_SHOWN = ("submission_id", "submission_key", "sheet", "cell", "cells")  # the place says it


def all_checks() -> list[dg.AssetChecksDefinition]:
    """A blocking check for every table with a suite: where it fails, nothing that follows from the table is made."""
    return [_check(table) for table in suite_tables()]


def _check(table: str) -> dg.AssetChecksDefinition:
    @dg.asset_check(
        name=CHECK,
        asset=table.split("."),
        blocking=True,
        description=f"{table} 必须满足的各项;不满足就不发布。 What must hold of {table}; else nothing is published. "
        f"expectations/{table.replace('.', '/')}.py",
    )
    def suite(night: dg.ResourceParam[Night]) -> dg.AssetCheckResult:
        with night.stage("import great_expectations"):
            load_great_expectations()  # 2.5 s and 220 MB the first time, only here
        with night.stage(f"expectations {table}"):
            result = validate(night.con, [table])[table]
        for check in (check for check in result.failed if check.blocks):
            for lang, lines in night.failed_checks.items():
                lines += told(table, check, lang)
        return dg.AssetCheckResult(
            passed=not result.failed,
            severity=dg.AssetCheckSeverity.WARN if result.passed else dg.AssetCheckSeverity.ERROR,
            metadata=check_metadata(result),
        )

    return suite


def told(table: str, check: CheckResult, lang: str) -> list[str]:
    """A failed check in a few lines of one language: what must hold, and which file and cell does not keep it."""
    fail, broken, more, colon = WORDS[lang]
    meaning = check.meaning_zh if lang == "zh" else check.meaning_en
    what = f"{broken}{colon}{check.error}" if check.error else fail.format(n=check.unexpected_count)
    lines = [f"{table} {check.name}{colon}{meaning} — {what}"]
    for row, places in list(zip(check.sample, check.places, strict=True))[:SHOWN]:
        place = "; ".join(map(str, places))
        lines.append(f"    {f'{place}{colon}' if place else ''}{values(row, COLUMNS)}")
    left = check.unexpected_count - min(len(check.sample), SHOWN)
    return [*lines, f"    … {more.format(n=left)}"] if left > 0 and check.sample else lines


def values(row: dict[str, Any], most: int | None = None) -> str:
    """What a failing row says, but for its place; the first `most` of what is not empty."""
    said = [f"{name}={value}" for name, value in row.items() if value not in (None, "") and name not in NOT_SHOWN]
    return ", ".join(said[:most])


def check_metadata(result: TableResult) -> dict[str, dg.MetadataValue]:
    """The numbers of a suite as Dagster shows them: what must hold, how many rows do not keep it, and these rows."""
    told: dict[str, dg.MetadataValue] = {
        "检查项 expectations": dg.MetadataValue.int(len(result.checks)),
        "不通过 failed": dg.MetadataValue.int(len(result.failed)),
        "各项结果 results": dg.MetadataValue.table([_expectation(check) for check in result.checks]),
    }
    rows = [_row(check, number) for check in result.failed for number in range(len(check.sample))]
    if rows:
        told["不符的行 failing rows"] = dg.MetadataValue.table(rows)
    queries = [f"-- {check.name}\n{check.unexpected_query}" for check in result.failed if check.unexpected_query]
    if queries:
        told["查出它们的 SQL"] = dg.MetadataValue.md("```sql\n" + "\n\n".join(queries) + "\n```")
    return told


def _expectation(check: CheckResult) -> dg.TableRecord:
    return dg.TableRecord(
        {
            "name": check.name,
            "passed": check.passed,
            "rows": check.unexpected_count,
            "severity": check.severity,
            "必须满足": check.meaning_zh,
            "what must hold": check.meaning_en,
            "error": check.error,
        }
    )


def _row(check: CheckResult, number: int) -> dg.TableRecord:
    places = check.places[number]

    def part(name: str) -> str:
        return "; ".join(dict.fromkeys(getattr(place, name) for place in places))

    return dg.TableRecord(
        {
            "name": check.name,
            "文件 file": part("file"),
            "工作表 sheet": part("sheet"),
            "单元格 cells": part("cells"),
            "内容 row": values(check.sample[number]),
        }
    )
