"""The words of codes, in Chinese and in English, and how numbers are written."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from decimal import ROUND_HALF_UP, Decimal

from pipelines.catalog.wording import Words

BEIJING = timezone(timedelta(hours=8), "Asia/Shanghai")  # no tzdata needed; no summer time since 1991


UNITS = {
    "percent": Words("%", "%"),
    "per_mille": Words("‰", "‰"),
    "per_100k": Words("每10万", "per 100,000"),
    "per_100": Words("每100", "per 100"),
    "percentage_points": Words("个百分点", "percentage points"),
    "visits_per_person": Words("次/人", "visits per person"),
    "yuan_per_person": Words("元/人", "yuan per person"),
    "persons": Words("人", "persons"),
    "ratio": Words("比值", "ratio"),
    "mean": Words("均值", "mean"),
}
VERDICTS = {
    "inconsistent": Words("✗ 与分子分母不符", "✗ inconsistent with the counts"),
    "truncated": Words("✂ 截尾(未四舍五入)", "✂ cut off, not rounded"),
    "reproduced": Words("✓ 与分子分母相符", "✓ reproduced"),
    "not_checkable": Words("– 无法核对(缺分子或分母)", "– not checkable (counts missing)"),
}
SHORT_VERDICTS = {
    "inconsistent": Words("✗ 不符", "✗ inconsistent"),
    "truncated": Words("✂ 截尾", "✂ cut off"),
    "reproduced": Words("✓ 相符", "✓ reproduced"),
    "not_checkable": Words("– 缺数", "– counts missing"),
}
VERDICT_COUNTS = {  # in the order of the sentence about printed rates
    "not_checkable": Words("无法核对", "not checkable"),
    "reproduced": Words("相符", "reproduced"),
    "truncated": Words("截尾", "truncated"),
    "inconsistent": Words("不符", "inconsistent"),
}
TARGET_SIGNS = {"met": "✓", "met_uncertain": "✓?", "not_met": "✗", "not_met_uncertain": "✗?", "no_target": ""}
TARGET_STATUSES = {
    "met": Words("✓ 达到目标", "✓ target met"),
    "met_uncertain": Words("✓? 达到目标,但区间跨过目标", "✓? met, but the interval covers the target"),
    "not_met": Words("✗ 未达目标", "✗ target not met"),
    "not_met_uncertain": Words("✗? 未达目标,但区间跨过目标", "✗? not met, but the interval covers the target"),
    "no_target": Words("无目标", "no target"),
}
FINALITIES = {
    "open": Words("未报或重新打开", "not sent, or open again"),
    "submitted": Words("已报,未审核", "submitted, not approved"),
    "approved": Words("已审核", "approved"),
    "closed": Words("已定案", "closed"),
}
STATES = {
    "ok": Words("完整", "complete"),
    "partial": Words("部分单位", "part of the units"),
    "missing": Words("缺数", "missing"),
    "not_computable": Words("不能计算", "not computable"),
    "suppressed": Words("已隐去", "suppressed"),
}
SEVERITIES = {
    "error": Words("✗ 错误", "✗ error"),
    "warning": Words("! 警告", "! warning"),
    "question": Words("? 疑问", "? question"),
}
RECEIPT_STATES = {
    "accepted": Words("接受", "accepted"),
    "refused": Words("拒收", "refused"),
    "duplicate": Words("重复", "duplicate"),
    "correction": Words("更正表", "table of corrections"),
}
REPORTING_STATES = {
    "on_time": Words("✓ 按时", "✓ on time"),
    "received": Words("✓ 已收(无期限)", "✓ received (no due date)"),
    "late": Words("! 迟报", "! late"),
    "missing": Words("✗ 未报", "✗ missing"),
    "refused": Words("✗ 被拒收", "✗ refused"),
    "not_due": Words("– 未到期", "– not due yet"),
}
TOTAL_VERDICTS = {
    "holds": Words("✓ 相等", "✓ equal"),
    "broken": Words("≠ 不等", "≠ not equal"),
    "incomplete": Words("– 分项不全", "– parts missing"),
}
RELATIONS = {
    "equal": Words("合计 = 分项之和", "total = sum of parts"),
    "at_least": Words("合计 ≥ 分项之和(未列全)", "total ≥ sum of parts (open list)"),
    "at_most": Words("合计 ≤ 分项之和(可重复)", "total ≤ sum of parts (may overlap)"),
}
REASONS = {
    "not_reported": Words("没有上报", "not reported"),
    "blank": Words("空白", "blank"),
    "zero": Words("为零", "zero"),
    "not_collected": Words("未统计", "not collected"),
    "not_carried_out": Words("未开展", "not carried out"),
    "not_applicable": Words("不适用", "not applicable"),
    "suppressed": Words("已隐去", "suppressed"),
    "over": Words("原文为“超过”", "printed as “over”"),
    "under": Words("原文为“不足”", "printed as “under”"),
    "at_least": Words("原文为“至少”", "printed as “at least”"),
    "about": Words("原文为“约”", "printed as “about”"),
}
METHODS = {
    "wilson": Words("Wilson 法", "Wilson"),
    "wilson_near": Words("Wilson 法(近似比例)", "Wilson (nearly a proportion)"),
    "byar": Words("Byar 法", "Byar"),
    "exact": Words("精确 Poisson 法", "exact Poisson"),
    "t": Words("t 分布", "t distribution"),
}
LEVELS = ("nation", "province", "prefecture", "county", "township", "village")


def words(table: dict[str, Words], code: object) -> Words:
    """The words of a code; a code that the table does not know stands for itself.

    >>> words(UNITS, "percent").zh, words(UNITS, "furlongs").en
    ('%', 'furlongs')
    """
    text = "" if code is None else str(code)
    return table.get(text) or Words(text, text)


WHOLE_REASONS = {
    "numerator exceeds denominator": Words("分子大于分母", "numerator exceeds denominator"),
    "coverage below 1": Words("应报的没有报齐", "not all that is owed was reported"),
}


def reason(text: object) -> Words:
    """Why a rate has no value, or what is to be known about it, in words.

    >>> reason("denominator: not_reported")
    Words(zh='分母:没有上报', en='denominator: not reported')
    """
    side, _, code = str(text or "").partition(": ")
    sides = {
        "numerator": Words("分子:", "numerator: "),
        "denominator": Words("分母:", "denominator: "),
        "printed as": Words("", ""),
    }
    if side not in sides:
        return words(WHOLE_REASONS, text)
    after = words(REASONS, code)
    return Words(sides[side].zh + after.zh, sides[side].en + after.en)


def number(value: object) -> str:
    """A count as people write it: thousands apart, no idle zeros; '–' where there is none.

    >>> number(Decimal("9887.0000")), number(Decimal("2.5000")), number(None)
    ('9,887', '2.5', '–')
    """
    if value is None:
        return "–"
    text = f"{Decimal(str(value)):,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def two_decimals(value: float | None) -> str:
    """A rate to two decimals, half up as reports print it.

    >>> two_decimals(12.125), two_decimals(74.98735), two_decimals(None)
    ('12.13', '74.99', '–')
    """
    if value is None:
        return "–"
    return f"{Decimal(repr(float(value))).quantize(Decimal('0.01'), ROUND_HALF_UP):,f}"


def share(part: float | None) -> str:
    """A part of a whole as percent to one decimal, half up; '–' where it is not known.

    What lacks something is never all, and what is there never nothing.

    >>> share(0.875), share(2 / 3), share(0.0625), share(1.0), share(None)
    ('87.5%', '66.7%', '6.3%', '100%', '–')
    >>> share(0.99996), share(0.00001), share(0.0)
    ('99.9%', '0.1%', '0%')
    """
    if part is None:
        return "–"
    tenths = int((Decimal(repr(float(part))) * 1000).quantize(Decimal(1), ROUND_HALF_UP))
    if 0 < part < 1:
        tenths = min(max(tenths, 1), 999)
    return f"{number(Decimal(tenths) / 10)}%"


def interval(lower: float | None, upper: float | None) -> str:
    """The limits of an interval; '–' where there is none.

    >>> interval(74.1234, 75.8301)
    '74.12–75.83'
    """
    return "–" if lower is None or upper is None else f"{two_decimals(lower)}–{two_decimals(upper)}"


def beijing(moment: datetime | str | None) -> str:
    """A UTC moment as the clock in China showed it; '–' where there is none.

    >>> beijing("2026-11-21T20:54:06Z")
    '2026-11-22 04:54'
    """
    if moment is None or moment == "":
        return "–"
    at = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    return at.astimezone(BEIJING).strftime("%Y-%m-%d %H:%M")
