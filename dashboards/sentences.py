"""Where a unit stands, in sentences made from the data: targets, changes, returns, findings; pages and files say them.

Here: sentences of the frames of `dashboards/queries/overview/`. Not here: what computes a status (`sql/`).
"""

from __future__ import annotations

from collections import Counter

import polars as pl

from dashboards import wording
from dashboards.visit import Visit


def sentences(figures: pl.DataFrame, reporting: pl.DataFrame, findings: pl.DataFrame, visit: Visit) -> list[str]:
    """The four sentences about a unit and a period.

    Args:
        figures: the answer to overview/figures.
        reporting: the answer to overview/reporting.
        findings: the answer to overview/findings.
        visit: the unit, the period and the language.
    """
    return [
        _on_targets(figures, visit),
        _on_changes(figures, visit),
        _on_reporting(reporting, visit),
        _on_findings(findings, visit),
    ]


def _on_targets(figures: pl.DataFrame, visit: Visit) -> str:
    count = Counter(figures.filter(pl.col("target_status") != "no_target")["target_status"])
    known = _computed(figures, visit)
    if not count:
        return visit.t(f"{known},本期没有可与目标比较的。", f"{known}; none has a target to be compared with.")
    unsure = count["met_uncertain"] + count["not_met_uncertain"]
    return visit.t(
        f"{known},有目标的 {count.total()} 个:达到 {count['met']} 个,未达 {count['not_met']} 个"
        + (f",区间跨过目标、尚不能断定 {unsure} 个。" if unsure else "。"),
        f"{known}, {count.total()} with a target: {count['met']} met, {count['not_met']} not met"
        + (f", {unsure} not to be told (the interval covers the target)." if unsure else "."),
    )


def _computed(figures: pl.DataFrame, visit: Visit) -> str:
    """How many figures there are, and of how many indicators: what a unit states and what is rolled up are two."""
    known = figures.filter(pl.col("value").is_not_null())
    count, indicators = known.height, known["indicator_code"].n_unique()
    if count == indicators:
        return visit.t(f"算出指标 {count} 项", several(count, "figure"))
    return visit.t(
        f"算出指标 {indicators} 项、{count} 个数(自报、下级汇总分开计)",
        f"{several(count, 'figure')} of {several(indicators, 'indicator')} (stated and rolled up apart)",
    )


def _on_changes(figures: pl.DataFrame, visit: Visit) -> str:
    count = Counter(figures.filter(pl.col("change_status").is_not_null())["change_status"])
    if not count:
        return visit.t("上一期没有数,不能比较。", "There is no figure of the period before to compare with.")
    return visit.t(
        f"与上一期相比:上升 {count['up']} 个,下降 {count['down']} 个(区间不相交);"
        f"{count['no_clear_change']} 个的差别可能出于偶然"
        + (f",{count['not_comparable']} 个不可比。" if count["not_comparable"] else "。"),
        f"Since the period before {count['up']} rose and {count['down']} fell (intervals apart); "
        f"{count['no_clear_change']} may differ by chance"
        + (f", {count['not_comparable']} cannot be compared." if count["not_comparable"] else "."),
    )


def _on_reporting(reporting: pl.DataFrame, visit: Visit) -> str:
    owed, missing, late, refused, units = (
        in_all(reporting, name) for name in ("owed", "missing", "late", "refused", "behind")
    )
    if owed == 0:
        return visit.t("名册上本期没有应报的报表。", "The roster owes no return for this period.")
    behind = reporting.filter(pl.col("missing") + pl.col("refused") > 0)["org_name"].head(5)
    names = ("、" if visit.lang == "zh" else ", ").join(behind)
    more = visit.t(f"等 {units} 个单位", f" and {units - 5} more") if units > 5 else ""
    if not missing + refused:
        return visit.t(
            f"应报 {owed} 份,全部收到,其中迟报 {late} 份。", f"All {owed} returns came, {late} of them late."
        )
    return visit.t(
        f"应报 {owed} 份,未报 {missing} 份,被拒收 {refused} 份:{names}{more};迟报 {late} 份。",
        f"Of {owed} returns {missing} are missing and {refused} refused: {names}{more}; {late} came late.",
    )


def _on_findings(findings: pl.DataFrame, visit: Visit) -> str:
    sums = {name: int(findings.filter(pl.col("severity") == name)["findings"].sum()) for name in wording.SEVERITIES}
    if not sum(sums.values()):
        return visit.t("没有未处理的问题。", "There are no open findings.")
    return visit.t(
        f"未处理的问题:错误 {sums['error']} 处,警告 {sums['warning']} 处,疑问 {sums['question']} 处。",
        f"Open findings: {several(sums['error'], 'error')}, {several(sums['warning'], 'warning')}, "
        f"{several(sums['question'], 'question')}.",
    )


def in_all(reporting: pl.DataFrame, name: str) -> int:
    """A sum over all senders, those that overview/reporting does not list among them."""
    return 0 if reporting.is_empty() else int(reporting.row(0, named=True)[f"{name}_in_all"])


def several(count: int, name: str) -> str:
    """A count with its noun in English.

    >>> several(1, "error"), several(2, "error")
    ('1 error', '2 errors')
    """
    return f"{count:,} {name}{'' if count == 1 else 's'}"
