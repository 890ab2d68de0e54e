"""The suite of marts.claim_check: printed rates against the counts of their return."""

from __future__ import annotations

from great_expectations.expectations import Expectation

from expectations.checks import WARNING, as_many_rows, in_set, no_rows

VERDICTS = ("reproduced", "truncated", "inconsistent", "not_checkable")
AGAIN = """(
    select
        *,
        cast(numerator as double) / cast(nullif(denominator, 0) as double) * case unit
            when 'percent' then 100 when 'per_100' then 100 when 'per_mille' then 1000
            when 'per_100k' then 100000 else 1 end as again
    from {batch}
) as computed"""


def suite() -> list[Expectation]:
    """What must hold of the check of printed rates."""
    return [
        in_set("verdict", VERDICTS, "结论", "the verdict"),
        no_rows(
            "not_checkable_iff_unknown",
            """
            select * from {batch}
            where (verdict = 'not_checkable') is distinct from
                (numerator is null or denominator is null or decimals is null)""",
            "分子、分母或小数位数不明时且仅在此时无法核对",
            "not checkable exactly where numerator, denominator or decimals are unknown",
        ),
        no_rows(
            "recomputed_follows_from_counts",
            f"""
            select * from {AGAIN}
            where (again is null) <> (recomputed is null)
                or abs(recomputed - again) > 1e-9 * greatest(abs(again), 1e-9)""",
            "重算的率等于分子除以分母",
            "the recomputed rate is numerator over denominator",
        ),
        no_rows(
            "verdict_fits_recomputed",
            f"""
            select * from {AGAIN}
            where qualifier in ('exact', 'about') and (
                (verdict = 'reproduced' and abs(reported_value - again) > 0.5001 * power(10, -decimals))
                or (verdict = 'inconsistent' and abs(reported_value - again) < 0.4999 * power(10, -decimals))
            )""",
            "“相符”的率与重算值相差不超过半个末位,“不符”的率不在其内",
            "a reproduced rate is within half a last digit of the recomputed one, an inconsistent one is not",
            WARNING,
        ),
        no_rows(
            "one_explaining_formula",
            """
            select claim_id, count(distinct formula) as formulas from {batch}
            where is_explaining_edition
            group by claim_id
            having count(distinct formula) > 1""",
            "一个上报率至多由一个公式解释",
            "at most one formula explains a printed rate",
        ),
        no_rows(
            "every_claim_is_checked",
            """
            select claim.* from core.claim as claim
            where not exists (select 1 from {batch} as tried where tried.claim_id = claim.claim_id)""",
            "每个上报率都核对过",
            "every printed rate was checked",
        ),
        as_many_rows("store.claim_check"),
    ]
