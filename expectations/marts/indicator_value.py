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
WITH_PER = """(
    select figure.*, indicator.per from {batch} as figure
    left join catalog.indicator as indicator on figure.indicator_code = indicator.indicator_code
) as figure"""


def suite() -> list[Expectation]:
    """What must hold of indicators."""
    return [*_known(), *_values(), *_intervals(), *_comparisons(), as_many_rows("store.indicator_value")]


def _known() -> list[Expectation]:
    return [
        in_set("state", STATES, "状态", "the state"),
        in_set("basis", ["own", "rolled_up"], "口径", "the basis"),
        in_set("period_basis", ["stated", "aggregated"], "统计期口径", "the period basis"),
        in_set("interval_method", METHODS, "区间方法", "the interval's method"),
        in_set("target_status", TARGET_STATES, "达标情况", "the target status"),
        in_set("change_status", CHANGES, "变化情况", "the change status"),
        in_set("funnel_status", FUNNEL, "漏斗图结论", "the funnel status"),
    ]


def _values() -> list[Expectation]:
    return [
        no_rows(
            "value_follows_from_counts",
            f"""
            select * from (
                select *, cast(numerator as double) / cast(nullif(denominator, 0) as double) * per as again
                from {WITH_PER}
            ) as computed
            where value is not null
                and (again is null or abs(value - again) > 1e-9 * greatest(abs(again), 1e-9))""",
            "率等于分子除以分母再乘以基数",
            "a value is numerator over denominator times the indicator's base",
        ),
        no_rows(
            "value_iff_computable",
            """
            select * from {batch}
            where (state in ('ok', 'partial')) is distinct from (value is not null)""",
            "能计算时且仅在此时有值",
            "there is a value exactly where the state is ok or partial",
        ),
        no_rows(
            "gap_has_a_reason",
            "select * from {batch} where state <> 'ok' and coalesce(state_reason, '') = ''",
            "没有值或不完整的都有原因",
            "what is missing or partial says why",
        ),
        no_rows(
            "coverage_is_a_share",
            """
            select * from {batch}
            where coverage is null or coverage not between 0 and 1
                or coverage_numerator not between 0 and 1 or coverage_denominator not between 0 and 1
                or units_reported > units_expected""",
            "覆盖率都在 0 与 1 之间,报送单位数不超过应报单位数",
            "every coverage is from 0 to 1, and no more units reported than were expected",
        ),
    ]


def _intervals() -> list[Expectation]:
    return [
        no_rows(
            "interval_iff_method",
            """
            select * from {batch}
            where (interval_method is null) <> (lower is null)
                or (lower is null) <> (upper is null) or (lower is null) <> (lower_998 is null)
                or (lower is null) <> (upper_998 is null)""",
            "有区间方法时且仅在此时有上下限",
            "there are limits exactly where there is a method",
        ),
        no_rows(
            "value_inside_interval",
            """
            select * from {batch}
            where lower > value + 1e-9 * greatest(abs(value), 1)
                or upper < value - 1e-9 * greatest(abs(value), 1)
                or lower_998 > lower + 1e-9 * greatest(abs(lower), 1)
                or upper_998 < upper - 1e-9 * greatest(abs(upper), 1)""",
            "率在 95% 区间内,95% 区间在 99.8% 区间内",
            "the value is inside its 95 % interval, and that inside the one of 99.8 %",
        ),
        no_rows(
            "wilson_inside_whole",
            f"""
            select * from {WITH_PER}
            where interval_method in ('wilson', 'wilson_near')
                and (least(lower, lower_998) < 0 or greatest(upper, upper_998) > per)""",
            "比例的区间在 0 与 100% 之间",
            "the interval of a proportion is from 0 to the whole",
        ),
    ]


def _comparisons() -> list[Expectation]:
    return [
        no_rows(
            "one_default_edition",
            f"""
            select {COMPARED}, count_if(is_default_edition) as defaults from {{batch}}
            group by {COMPARED}
            having count_if(is_default_edition) <> 1""",
            "同一指标恰有一个默认口径",
            "exactly one edition of an indicator is the default",
        ),
        no_rows(
            "rank_among_peers",
            """
            select * from {batch}
            where rank_in_parent not between 1 and peers or (rank_in_parent is null) <> (peers is null)""",
            "名次在 1 与参加排名的单位数之间",
            "a rank is from 1 to the number of units ranked",
        ),
        no_rows(
            "target_iff_judged",
            """
            select * from {batch}
            where (target_status <> 'no_target') is distinct from
                (target is not null and value is not null)""",
            "有目标和值时且仅在此时判断是否达标",
            "a target is judged exactly where there are a target and a value",
        ),
    ]
