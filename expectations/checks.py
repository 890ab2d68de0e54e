"""The building blocks of suites: expectations with a name, a severity and a meaning in Chinese and English."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from great_expectations.expectations import Expectation
from great_expectations.expectations.core import (
    ExpectColumnValuesToBeInSet,
    ExpectColumnValuesToBeUnique,
    ExpectColumnValuesToNotBeNull,
    ExpectCompoundColumnsToBeUnique,
    UnexpectedRowsExpectation,
)

CRITICAL, WARNING = "critical", "warning"


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


def _told(name: str, zh: str, en: str, severity: str) -> dict[str, Any]:
    return {"severity": severity, "meta": {"name": name, "zh": zh, "en": en}}


def no_rows(name: str, query: str, zh: str, en: str, severity: str = CRITICAL) -> Expectation:
    """The query over `{batch}` selects what must not be; other braces in it are doubled.

    Great Expectations puts a subquery with a name of its own in place of `{batch}`; wrapped, it can be named here.
    """
    wrapped = query.replace("{batch}", "(select * from {batch})")
    return ExpectNoRows(unexpected_rows_query=wrapped, **_told(name, zh, en, severity))


def in_set(name: str, column: str, values: Sequence[str], zh: str, en: str, severity: str = CRITICAL) -> Expectation:
    """A column holds these values or null."""
    return ExpectColumnValuesToBeInSet(column=column, value_set=list(values), **_told(name, zh, en, severity))


def not_null(name: str, column: str, zh: str, en: str, severity: str = CRITICAL) -> Expectation:
    """A column is filled in every row."""
    return ExpectColumnValuesToNotBeNull(column=column, **_told(name, zh, en, severity))


def unique(name: str, columns: Sequence[str], zh: str, en: str, severity: str = CRITICAL) -> Expectation:
    """No two rows are equal in these columns."""
    told = _told(name, zh, en, severity)
    if len(columns) == 1:
        return ExpectColumnValuesToBeUnique(column=columns[0], **told)
    return ExpectCompoundColumnsToBeUnique(column_list=list(columns), ignore_row_if="never", **told)


def resolves(name: str, column: str, target: str, target_column: str, zh: str, en: str) -> Expectation:
    """Every value of a column, where there is one, stands in the table that says what it means."""
    query = (
        f"select row_of.* from {{batch}} as row_of where row_of.{column} is not null and not exists "
        f"(select 1 from {target} as meaning where meaning.{target_column} = row_of.{column})"
    )
    return no_rows(name, query, zh, en)


def as_many_rows(name: str, source: str, zh: str, en: str) -> Expectation:
    """The table has as many rows as what it is made of; `source` is what follows `from`."""
    query = (
        "select counted.* from (select (select count(*) from {batch}) as rows_here, "
        f"(select count(*) from {source}) as rows_there) as counted where rows_here <> rows_there"
    )
    return no_rows(name, query, zh, en)
