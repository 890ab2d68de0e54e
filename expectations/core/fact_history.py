"""The suite of core.fact_history: what was known when."""

from __future__ import annotations

from great_expectations.expectations import Expectation

from expectations.checks import as_many_rows, no_rows

SAME = "org_code, period_code, element_code, breakdown_code, form_code, reported_by, occurrence"


def suite() -> list[Expectation]:
    """What must hold of the history of facts."""
    return [
        no_rows(
            "known_from_before_known_to",
            "select * from {batch} where known_from > known_to",
            "知悉的起始时间不晚于终止时间",
            "a fact is not known from later than it is known to",
        ),
        no_rows(
            "one_open_row",
            f"""
            select {SAME}, count(*) as open_rows from {{batch}}
            where known_to is null
            group by {SAME}
            having count(*) > 1""",
            "同一个数至多有一行现行有效",
            "at most one row of a figure is known now",
        ),
        no_rows(
            "closed_row_is_followed",
            f"""
            select * from (
                select
                    *,
                    lead(known_from) over (
                        partition by {SAME} order by known_from, known_to nulls last, submission_id
                    ) as next_from
                from {{batch}}
            ) as in_time
            where known_to is not null and known_to is distinct from next_from""",
            "失效的行恰好由下一行接续",
            "a row that is known no more is followed at once by the one that replaced it",
        ),
        as_many_rows("store.fact_history"),
    ]
