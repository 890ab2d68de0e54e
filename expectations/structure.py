"""The checks that follow from a table's declared key: made for every table of sql/, written for none."""

from __future__ import annotations

from collections.abc import Sequence

from great_expectations.expectations import Expectation

from expectations.checks import no_rows
from pipelines.sql import selects


def structure(table: str) -> list[Expectation]:
    """The key of the table's SQL file is unique and filled; nothing for a table that Python fills."""
    select = selects().get(table)
    return key_checks(select.key) if select else []


def key_checks(key: Sequence[str]) -> list[Expectation]:
    """The key is unique, and no part of it is null."""
    columns, is_null = ", ".join(key), " or ".join(f"{column} is null" for column in key)
    return [
        no_rows(
            "key_unique",
            f"select {columns}, count(*) as times from {{batch}} group by {columns} having count(*) > 1",
            f"主键({columns})不重复",
            f"the key ({columns}) is unique",
        ),
        no_rows(
            "key_not_null",
            f"select * from {{batch}} where {is_null}",
            f"主键({columns})各列都有值",
            f"every column of the key ({columns}) is filled",
        ),
    ]
