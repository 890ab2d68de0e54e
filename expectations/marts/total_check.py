"""The suite of marts.total_check: stated totals against the sums of their parts."""

from __future__ import annotations

from great_expectations.expectations import Expectation

from expectations.checks import as_many_rows, in_set, no_rows


def suite() -> list[Expectation]:
    """What must hold of the check of totals."""
    return [
        in_set("verdict", ["holds", "broken", "incomplete"], "结论", "the verdict"),
        in_set("relation", ["equal", "at_least", "at_most"], "关系", "the relation"),
        no_rows(
            "difference_is_stated_minus_sum",
            "select * from {batch} where difference is distinct from stated_total - sum_of_parts",
            "差额等于所报合计减去各分项之和",
            "the difference is the stated total minus the sum of its parts",
        ),
        no_rows(
            "holds_iff_no_difference",
            """
            select * from {batch}
            where (verdict = 'holds') is distinct from coalesce(difference = 0, false)""",
            "差额为零时且仅在此时结论为“相符”",
            "the verdict is holds exactly where the difference is zero",
        ),
        no_rows(
            "holds_is_within_relation",
            "select * from {batch} where verdict = 'holds' and within_relation is distinct from true",
            "相符的合计都满足所声明的关系",
            "a total that holds is within its declared relation",
        ),
        as_many_rows("store.total_check"),
    ]
