"""The suite of core.claim: printed rates."""

from __future__ import annotations

from great_expectations.expectations import Expectation

from expectations.checks import WARNING, as_many_rows, in_set, no_rows, resolves
from expectations.core.fact import QUALIFIERS


def suite() -> list[Expectation]:
    """What must hold of printed rates."""
    return [
        no_rows(
            "value_was_read",
            """
            select * from {batch}
            where reported_value is null or trim(reported_text) = ''
                or reported_value <> try_cast(
                    regexp_extract(translate(reported_text, ',,%%', ''), '^[0-9.]+$') as decimal(20, 6)
                )""",
            "上报率有原文,值与原文一致",
            "a printed rate has its text, and its value is the number of that text",
            WARNING,
        ),
        no_rows(
            "decimals_in_range",
            "select * from {batch} where decimals not between 0 and 6",
            "小数位数在 0 到 6 之间",
            "a printed rate has 0 to 6 decimals",
            WARNING,
        ),
        in_set("qualifier", QUALIFIERS, "限定词", "the qualifier"),
        no_rows(
            "unit_fits_indicator",
            """
            select claim.* from {batch} as claim
            left join catalog.indicator as indicator on claim.indicator_code = indicator.indicator_code
            where claim.unit is distinct from indicator.unit
                and claim.unit not in ('percent', 'per_mille', 'per_100k')""",
            "单位是该指标的单位,或印出的百分号、千分号、十万分率",
            "the unit is the indicator's, or the per cent, per mille or per 100 000 that is printed",
        ),
        resolves("indicator_code"),
        as_many_rows("store.claim_history where known_to is null"),
    ]
