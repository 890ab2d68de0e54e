"""The suite of core.fact: who says what now."""

from __future__ import annotations

from great_expectations.expectations import Expectation

from expectations.checks import as_many_rows, in_set, no_rows, resolves

QUALIFIERS = ("exact", "about", "over", "at_least", "under")
STATES = ("reported", "blank", "not_collected", "not_carried_out", "suppressed", "not_applicable")


def suite() -> list[Expectation]:
    """What must hold of facts as they stand now."""
    return [
        resolves("org_resolves", "org_code", "core.org_unit", "org_code", "单位代码可查", "the unit's code resolves"),
        resolves("sender_resolves", "reported_by", "core.org_unit", "org_code",
                 "填报单位代码可查", "the sender's code resolves"),
        resolves("period_resolves", "period_code", "core.period", "period_code",
                 "统计期代码可查", "the period's code resolves"),
        resolves("element_resolves", "element_code", "catalog.element", "element_code",
                 "指标项代码可查", "the element's code resolves"),
        resolves("breakdown_resolves", "breakdown_code", "catalog.breakdown", "breakdown_code",
                 "分组代码可查", "the breakdown's code resolves"),
        resolves("form_resolves", "form_code", "catalog.form", "form_code", "报表代码可查", "the form's code resolves"),
        resolves("submission_resolves", "submission_id", "intake.submission", "submission_id",
                 "每个数都能追到报送的表", "every figure leads back to the table that sent it"),
        in_set("state_known", "state", STATES, "状态取值已知", "the state is a known one"),
        in_set("qualifier_known", "qualifier", QUALIFIERS, "限定词取值已知", "the qualifier is a known one"),
        no_rows(
            "value_iff_reported",
            "select * from {batch} where (state = 'reported') is distinct from (value is not null)",
            "有数值时且仅在此时状态为“已报”",
            "there is a value exactly where the state is 'reported'",
        ),
        as_many_rows(
            "rows_complete",
            "store.fact_history where known_to is null",
            "与事实历史的现行行数相等,关联时没有丢行",
            "as many rows as facts known now: joining the names lost none",
        ),
    ]  # fmt: skip
