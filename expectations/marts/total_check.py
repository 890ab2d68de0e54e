"""The suite of marts.total_check."""

from __future__ import annotations

from great_expectations.expectations import Expectation

from expectations.checks import as_many_rows, in_set, no_rows


def suite() -> list[Expectation]:
    """What must hold of stated totals."""
    return [
        in_set("verdict_known", "verdict", ["holds", "broken", "incomplete"], "结论取值已知", "the verdict is a known one"),
        in_set("relation_known", "relation", ["equal", "at_least", "at_most"], "关系取值已知", "the relation is a known one"),
        no_rows(
            "difference_is_stated_minus_sum",
            "select * from {batch} where difference is distinct from stated_total - sum_of_parts",
            "差额等于所报合计减去各分项之和",
            "the difference is the stated total minus the sum of its parts",
        ),
        no_rows(
            "holds_iff_no_difference",
            "select * from {batch} where (verdict = 'holds') is distinct from coalesce(difference = 0, false)",
            "差额为零时且仅在此时结论为“相符”",
            "the verdict is holds exactly where the difference is zero",
        ),
        no_rows(
            "holds_is_within_relation",
            "select * from {batch} where verdict = 'holds' and within_relation is distinct from true",
            "相符的合计都满足所声明的关系",
            "a total that holds is within its declared relation",
        ),
        as_many_rows("rows_complete", "store.total_check", "关联名称时没有丢行", "joining the names lost no row"),
    ]
