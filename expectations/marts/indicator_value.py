"""The suite of marts.indicator_value: rates, their intervals, states and comparisons."""

from __future__ import annotations

from great_expectations.expectations import Expectation

from expectations.checks import as_many_rows, in_set, no_rows

STATES = ("ok", "partial", "missing", "not_computable", "suppressed")
TARGET_STATES = ("met", "not_met", "met_uncertain", "not_met_uncertain", "no_target")
METHODS = ("wilson", "wilson_near", "byar", "exact", "t")
CHANGES = ("up", "down", "no_clear_change", "not_comparable")
FUNNEL = ("within", "low", "very_low", "high", "very_high", "not_tested")
COMPARED = "org_code, period_code, indicator_code, breakdown_code, basis, period_basis"
WITH_PER = (
    "(select figure.*, indicator.per from {batch} as figure "
    "left join catalog.indicator as indicator on figure.indicator_code = indicator.indicator_code) as figure"
)


def suite() -> list[Expectation]:
    """What must hold of indicators."""
    return [
        *_values(),
        *_intervals(),
        no_rows(
            "shares_in_range",
            "select * from {batch} where not (coverage between 0 and 1 and coverage_numerator between 0 and 1 and "
            "coverage_denominator between 0 and 1) or coverage is null or units_reported > units_expected",
            "覆盖率都在 0 与 1 之间,报送单位数不超过应报单位数",
            "every coverage is from 0 to 1, and no more units reported than were expected",
        ),
        no_rows(
            "one_default_edition",
            f"select {COMPARED}, count_if(is_default_edition) as defaults from {{batch}} group by {COMPARED} "
            "having count_if(is_default_edition) <> 1",
            "同一指标恰有一个默认口径",
            "exactly one edition of an indicator is the default",
        ),
        in_set("target_status_known", "target_status", TARGET_STATES,
               "达标情况取值已知", "the target status is a known one"),
        in_set("change_status_known", "change_status", CHANGES, "变化情况取值已知", "the change status is a known one"),
        in_set("funnel_status_known", "funnel_status", FUNNEL, "漏斗图结论取值已知", "the funnel status is a known one"),
        no_rows(
            "rank_among_peers",
            "select * from {batch} where rank_in_parent > peers or rank_in_parent < 1 or "
            "(rank_in_parent is null) <> (peers is null)",
            "名次在 1 与参加排名的单位数之间",
            "a rank is from 1 to the number of units ranked",
        ),
        as_many_rows("rows_complete", "store.indicator_value", "关联名称时没有丢行也没有多行",
                     "joining names, targets and earlier values lost and doubled no row"),
    ]  # fmt: skip


def _values() -> list[Expectation]:
    return [
        in_set("state_known", "state", STATES, "状态取值已知", "the state is a known one"),
        no_rows(
            "value_follows_from_counts",
            f"select * from {WITH_PER} where value is not null and (numerator is null or denominator is null or per is null "
            "or abs(value - cast(numerator as double) / cast(nullif(denominator, 0) as double) * per) "
            "> 1e-9 * greatest(abs(value), 1e-9) or denominator = 0)",
            "率等于分子除以分母再乘以基数",
            "a value is numerator over denominator times the indicator's base",
        ),
        no_rows(
            "value_iff_computable",
            "select * from {batch} where (state in ('ok', 'partial')) is distinct from (value is not null)",
            "能计算时且仅在此时有值",
            "there is a value exactly where the state is ok or partial",
        ),
        no_rows(
            "gap_has_a_reason",
            "select * from {batch} where state <> 'ok' and coalesce(state_reason, '') = ''",
            "没有值或不完整的都有原因",
            "what is missing or partial says why",
        ),
    ]


def _intervals() -> list[Expectation]:
    return [
        in_set("interval_method_known", "interval_method", METHODS, "区间方法取值已知", "the method is a known one"),
        no_rows(
            "interval_iff_method",
            "select * from {batch} where not ((interval_method is null) = (lower is null) and (lower is null) = "
            "(upper is null) and (lower is null) = (lower_998 is null) and (lower is null) = (upper_998 is null))",
            "有区间方法时且仅在此时有上下限",
            "there are limits exactly where there is a method",
        ),
        no_rows(
            "value_inside_interval",
            "select * from {batch} where lower > value + 1e-9 * abs(value) or upper < value - 1e-9 * abs(value) or "
            "lower_998 > lower + 1e-9 * abs(lower) or upper_998 < upper - 1e-9 * abs(upper)",
            "率在 95% 区间内,95% 区间在 99.8% 区间内",
            "the value is inside its 95 % interval, and that inside the one of 99.8 %",
        ),
        no_rows(
            "wilson_inside_whole",
            f"select * from {WITH_PER} where interval_method in ('wilson', 'wilson_near') and "
            "(least(lower, lower_998) < 0 or greatest(upper, upper_998) > per)",
            "比例的区间在 0 与 100% 之间",
            "the interval of a proportion is from 0 to the whole",
        ),
    ]
