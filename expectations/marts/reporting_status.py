"""The suite of marts.reporting_status: who owed what, and whether it came."""

from __future__ import annotations

from great_expectations.expectations import Expectation

from expectations.checks import WARNING, in_set, no_rows

STATES = ("on_time", "late", "missing", "refused", "not_due", "received")
FINALITIES = ("open", "submitted", "approved", "closed")


def suite() -> list[Expectation]:
    """What must hold of the account of returns owed."""
    return [
        in_set("state", STATES, "状态", "the state"),
        in_set("finality", FINALITIES, "审核状态", "the finality"),
        no_rows(
            "every_owed_return_once",
            """
            select owed.form_code, owed.org_code, owed.period_code, count(told.form_code) as times
            from catalog.roster as owed
            left join {batch} as told
                on owed.form_code = told.form_code and owed.org_code = told.org_code
                and owed.period_code = told.period_code
            group by owed.form_code, owed.org_code, owed.period_code
            having count(told.form_code) <> 1""",
            "花名册应报的每张表恰有一行",
            "every return that the roster owes is there exactly once",
        ),
        no_rows(
            "nothing_not_owed",
            """
            select told.* from {batch} as told
            where not exists (
                select 1 from catalog.roster as owed
                where owed.form_code = told.form_code and owed.org_code = told.org_code
                    and owed.period_code = told.period_code
            )""",
            "没有花名册以外的行",
            "nothing is there that the roster does not owe",
        ),
        no_rows(
            "received_iff_came",
            """
            select * from {batch}
            where (state in ('on_time', 'late', 'received')) is distinct from (received_on is not null)
                or (received_on is null) <> (revision is null)""",
            "收到时且仅在此时有收到时间和版次",
            "there is a time and a revision exactly where a return came",
        ),
        no_rows(
            "filled_within_expected",
            "select * from {batch} where cells_filled > cells_expected",
            "填了的单元格不多于应填的",
            "no more cells are filled than expected",
            WARNING,
        ),
    ]
