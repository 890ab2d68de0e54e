"""The suite of core.claim: printed rates."""

from __future__ import annotations

from great_expectations.expectations import Expectation

from expectations.checks import as_many_rows, in_set, no_rows, resolves
from expectations.core.fact import QUALIFIERS


def suite() -> list[Expectation]:
    """What must hold of printed rates."""
    return [
        no_rows(
            "text_holds_a_number",
            "select * from {batch} where reported_value is null or not "
            "regexp_matches(nfc_normalize(reported_text), '[0-90-9〇零一二三四五六七八九十百千万壹贰叁肆伍陆柒捌玖拾佰仟半两]')",
            "上报率的原文里有数,并已解析成值",
            "the printed text holds a number, and it was read",
        ),
        no_rows(
            "decimals_in_range",
            "select * from {batch} where decimals not between 0 and 6",
            "小数位数在 0 到 6 之间",
            "a printed rate has 0 to 6 decimals",
        ),
        in_set("qualifier_known", "qualifier", QUALIFIERS, "限定词取值已知", "the qualifier is a known one"),
        no_rows(
            "unit_fits_indicator",
            "select claim.* from {batch} as claim left join catalog.indicator as indicator on claim.indicator_code = "
            "indicator.indicator_code where claim.unit is distinct from indicator.unit and claim.unit not in "
            "('percent', 'per_mille', 'per_100k')",
            "单位是该指标的单位,或印出的百分号、千分号、十万分率",
            "the unit is the indicator's, or the per cent, per mille or per 100 000 that is printed",
        ),
        resolves("indicator_resolves", "indicator_code", "catalog.indicator", "indicator_code",
                 "指标代码可查", "the indicator's code resolves"),
        as_many_rows(
            "rows_complete",
            "store.claim_history where known_to is null",
            "与上报率历史的现行行数相等,关联时没有丢行",
            "as many rows as rates printed now: joining the names lost none",
        ),
    ]  # fmt: skip
