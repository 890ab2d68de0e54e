"""The building blocks of suites: expectations with a name, a severity and a meaning in two languages."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import Any, ClassVar

from great_expectations.expectations import Expectation
from great_expectations.expectations.core import (
    ExpectColumnValuesToBeInSet,
    ExpectColumnValuesToNotBeNull,
    UnexpectedRowsExpectation,
)

CRITICAL = "critical"  # the warehouse is wrong: nothing is published
WARNING = "warning"  # one unit's return may be the cause: published, and told


class ExpectNoRows(UnexpectedRowsExpectation):
    """Fails where the query gives rows; counts them only, because the rows are fetched for a failure alone.

    The stock expectation runs every query twice, once for the rows and once for their number.
    """

    metric_dependencies: ClassVar[tuple[str, ...]] = ("unexpected_rows_query.row_count",)

    def _validate(
        self, metrics: dict[str, Any], runtime_configuration: Any = None, execution_engine: Any = None
    ) -> dict[str, Any]:
        count = int(metrics["unexpected_rows_query.row_count"])
        return {"success": count == 0, "result": {"observed_value": count, "unexpected_count": count}}


def _told(name: str, zh: str, en: str, severity: str = CRITICAL) -> dict[str, Any]:
    return {"severity": severity, "meta": {"name": name, "zh": zh, "en": en}}


def no_rows(name: str, query: str, zh: str, en: str, severity: str = CRITICAL) -> Expectation:
    """The query over `{batch}` selects what must not be; other braces in it are doubled.

    Great Expectations puts a subquery with a name of its own in place of `{batch}`; wrapped, it takes ours.
    """
    wrapped = textwrap.dedent(query).strip().replace("{batch}", "(select * from {batch})")
    return ExpectNoRows(unexpected_rows_query=wrapped, **_told(name, zh, en, severity))


def in_set(column: str, values: Sequence[str], zh: str, en: str) -> Expectation:
    """A column holds these values or null."""
    told = _told(f"{column}_known", f"{zh}取值已知", f"{en} is a known one")
    return ExpectColumnValuesToBeInSet(column=column, value_set=list(values), **told)


def not_null(column: str, zh: str, en: str) -> Expectation:
    """A column is filled in every row."""
    return ExpectColumnValuesToNotBeNull(
        column=column, **_told(f"{column}_given", f"每行都有{zh}", f"every row has {en}")
    )


MEANINGS = {
    "org_code": ("core.org_unit", "org_code", "单位代码", "the unit's code"),
    "reported_by": ("core.org_unit", "org_code", "填报单位代码", "the sender's code"),
    "period_code": ("core.period", "period_code", "统计期代码", "the period's code"),
    "element_code": ("catalog.element", "element_code", "指标项代码", "the element's code"),
    "breakdown_code": ("catalog.breakdown", "breakdown_code", "分组代码", "the breakdown's code"),
    "indicator_code": ("catalog.indicator", "indicator_code", "指标代码", "the indicator's code"),
    "form_code": ("catalog.form", "form_code", "报表代码", "the form's code"),
    "submission_id": ("intake.submission", "submission_id", "报送编号", "the id of the table that was sent"),
    "receipt_id": ("intake.receipt", "receipt_id", "收件编号", "the id of the file that was received"),
}


def resolves(column: str) -> Expectation:
    """Every code or id in a column, where there is one, stands in the table that says what it means."""
    target, key, zh, en = MEANINGS[column]
    query = f"""
        select told.* from {{batch}} as told
        where told.{column} is not null
            and not exists (select 1 from {target} as meaning where meaning.{key} = told.{column})"""
    return no_rows(f"{column}_resolves", query, f"{zh}可查", f"{en} resolves")


def as_many_rows(
    source: str,
    zh: str = "关联名称时没有丢行也没有多行",
    en: str = "joining the names lost and doubled no row",
) -> Expectation:
    """The table has as many rows as what it is made of; `source` is what follows `from`."""
    query = f"""
        select counted.* from (
            select
                (select count(*) from {{batch}}) as rows_here,
                (select count(*) from {source}) as rows_there
        ) as counted
        where rows_here <> rows_there"""
    return no_rows("rows_complete", query, zh, en)
