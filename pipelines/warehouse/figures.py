"""The figures of a table that people look at first: rows, coverage, findings by severity.

Their names are Chinese and English. A table without an entry here has its rows alone.
"""

from __future__ import annotations

import duckdb

Figures = dict[str, int | float]
ROWS, COVERAGE = "行数 rows", "覆盖率 coverage"


def _those(condition: str) -> str:
    return f"count(*) filter (where {condition})"


def _by(column: str, **names: str) -> dict[str, str]:
    """How many rows hold each value of a column, by the value's Chinese name."""
    return {f"{zh} {value}": _those(f"{column} = '{value}'") for value, zh in names.items()}


FINDINGS = {
    "错误 errors": _those("severity = 'error'"),
    "警告 warnings": _those("severity = 'warning'"),
    "疑问 questions": _those("severity = 'question'"),
}
REPORTED = {
    "应报 owed": "count(*)",
    "已报 received": "count(received_on)",
    **_by("state", late="迟报", missing="未报", refused="被拒收"),
    COVERAGE: "count(received_on) / nullif(count(*) filter (where state <> 'not_due'), 0)",
}
COVERED = {
    "应报单位月 unit-months owed": "sum(units_expected)",
    "已报单位月 unit-months reported": "sum(units_reported)",
    COVERAGE: "sum(units_reported) / nullif(sum(units_expected), 0)",
    **_by("state", ok="完整", partial="不完整"),
    "没有值 without a value": _those("state not in ('ok', 'partial')"),
}
FACTS = {
    "现行 known now": _those("known_to is null"),
    "没有数 without a figure": _those("known_to is null and state <> 'reported'"),
}
OF_TABLE: dict[str, dict[str, str]] = {
    "intake.receipt": _by("state", accepted="接受", refused="拒收", duplicate="重复", correction="更正单"),
    "intake.submission": {
        **_by("state", accepted="接受", refused="拒收", duplicate="重复"),
        "更正 revisions": _those("revision > 1"),
        "单元格 cells read": "coalesce(sum(cells_read) filter (where state <> 'duplicate'), 0)",
        "隔离 cells quarantined": "coalesce(sum(cells_quarantined) filter (where state <> 'duplicate'), 0)",
    },
    "intake.quarantine": {"涉及的表 tables concerned": "count(distinct submission_id)"},
    "store.correction": _by(
        "state", applied="生效", settled="报表已自行改正", not_matching="对不上", expired="到期", replaced="已被取代"
    ),
    "store.fact_history": FACTS,
    "store.indicator_value": {ROWS: "count(*)", **COVERED},
    "store.total_check": _by("verdict", holds="相符", broken="不符", incomplete="不全"),
    "run.scope": {"单位 organisations": "count(distinct org_key)", "时期 periods": "count(distinct period_key)"},
    "quality.finding": {ROWS: "count(*)", **FINDINGS},
    "marts.reporting_status": REPORTED,
    "marts.claim_verdict": {
        ROWS: "count(*)",
        **_by("verdict", reproduced="相符", truncated="截尾", inconsistent="不符", not_checkable="无法核对"),
        "不可能 not attainable": _those("not attainable"),
    },
}


def figures(con: duckdb.DuckDBPyConnection, table: str, rows: int | None = None) -> Figures:
    """The rows of a table, where they are known or counted for it, then its own figures; unknown ones are left out."""
    found: Figures = {} if rows is None else {ROWS: rows}
    return found | one_row(con, OF_TABLE[table], table) if table in OF_TABLE else found


def one_row(con: duckdb.DuckDBPyConnection, wanted: dict[str, str], source: str) -> Figures:
    """Expressions over a table, or over what follows `from`, by the names of the figures."""
    columns = ", ".join(f'{expression} as "{name}"' for name, expression in wanted.items())
    [row] = con.execute(f"select {columns} from {source}").fetchall()
    return {
        name: round(value, 4) if isinstance(value, float) else int(value)
        for name, value in zip(wanted, row, strict=True)
        if value is not None
    }
