"""Overview: where the unit stands against its targets, what changed, who has not reported, what is wrong."""

from __future__ import annotations

from textwrap import shorten
from typing import Any

import polars as pl
from dash import dcc, html

from dashboards import wording
from dashboards.cards import Card, Column
from dashboards.figures.rates import Lang, dots, on_two_lines
from dashboards.finding_columns import severity
from dashboards.page import Content, Page
from dashboards.rate_columns import CHANGE_SIGNS, CHANGE_WORDS, basis_words, limits, rate, rate_columns
from dashboards.sentences import sentences
from dashboards.visit import Visit
from pipelines.catalog.wording import Words

MOST_SENDERS = 500  # of overview/reporting


def content(visit: Visit) -> Content:
    """The sentences and the cards of the first page."""
    values = visit.chosen
    figures = visit.reader.frame("overview/figures", **values)
    reporting = visit.reader.frame("overview/reporting", **values)
    findings = visit.reader.frame("overview/findings", **values)
    lead = html.Ul(
        [html.Li(sentence) for sentence in sentences(figures, reporting, findings, visit)], className="sentences"
    )
    cards = [_domain(part, values, visit) for part in _by_domain(figures)]
    if not cards:
        cards = [_no_figures(figures, values)]
    parts = [
        lead,
        *cards,
        _changed(figures, values, visit),
        _missing(reporting, values, visit),
        _by_rule(findings, values, visit),
        _without_value(figures, values, visit),
        _how_to_read(visit),
    ]
    return Content(Words("总览", "Overview"), parts)


# ---- the cards


def _by_domain(figures: pl.DataFrame) -> list[pl.DataFrame]:
    known = figures.filter(pl.col("value").is_not_null())
    return known.partition_by("domain", maintain_order=True) if known.height else []


def _domain(part: pl.DataFrame, values: dict[str, Any], visit: Visit) -> Card:
    first = part.row(0, named=True)
    drawn = part.filter(pl.col("unit") == "percent")
    name = Words(first["domain_zh"], first["domain_en"])
    figure = dots(
        drawn.to_dicts(), visit.lang, _indicator, lambda row: visit.href("indicator", indicator=row["indicator_code"])
    )
    return Card(
        key=f"domain-{first['domain']}",
        title=name,
        query="overview/figures",
        values=values,
        kept=f"domain = '{first['domain']}' and value is not null",
        frame=part,
        columns=(Column(Words("指标", "Indicator"), lambda row: _link(row, visit)), *rate_columns(visit)),
        figure=figure if drawn.height else None,
        alt=Words(
            f"{name.zh}:{drawn.height} 个百分率及 95% 区间和目标,数据见下表",
            f"{name.en}: {drawn.height} percentages with 95% intervals and targets; the data are in the table below",
        ),
    )


def _indicator(row: dict[str, Any], lang: Lang) -> str:
    """Name with the sign of its change; whose figure it is stands in the tooltip."""
    name = on_two_lines(row[f"indicator_name_{lang}"], lang)
    return f"{name} {CHANGE_SIGNS.get(row['change_status'] or '', '')}".rstrip()


def _link(row: dict[str, Any], visit: Visit) -> Any:
    name = visit.name_of(row, "indicator_name")
    return dcc.Link(name, href=visit.href("indicator", indicator=row["indicator_code"]))


def _no_figures(figures: pl.DataFrame, values: dict[str, Any]) -> Card:
    return Card(
        key="domains",
        title=Words("指标", "Indicators"),
        query="overview/figures",
        values=values,
        kept="value is not null",
        frame=figures.clear(),
        columns=(),
        empty=Words(
            "该单位本期没有算出的率:没有上报,或报的表里没有分子、分母。请换一个时期,或看下面的报送情况。",
            "No rate could be computed for this unit and period: nothing was reported, or no numerator and denominator "
            "stand in what was. Choose another period, or see the returns below.",
        ),
    )


def _without_value(figures: pl.DataFrame, values: dict[str, Any], visit: Visit) -> Card:
    gaps = figures.filter(pl.col("value").is_null())
    return Card(
        key="gaps",
        title=Words("没有算出的指标", "Indicators without a figure"),
        query="overview/figures",
        values=values,
        kept="value is null",
        frame=gaps,
        columns=(
            Column(Words("指标", "Indicator"), lambda row: _link(row, visit)),
            Column(Words("口径", "Basis"), lambda row: visit.say(basis_words(row))),
            Column(Words("原因", "Reason"), lambda row: visit.say(wording.reason(row["state_reason"]))),
        ),
        empty=Words("有口径的指标都算出来了。", "Every indicator with a definition has its figure."),
    )


def _missing(reporting: pl.DataFrame, values: dict[str, Any], visit: Visit) -> Card:
    def to_unit(row: dict[str, Any]) -> Any:
        return dcc.Link(row["org_name"], href=visit.href("reporting", org=row["org_code"]))

    def count(name: str) -> Any:
        return lambda row: wording.number(row[name])

    behind = reporting.filter(pl.col("missing") + pl.col("refused") + pl.col("late") > 0)
    return Card(
        key="behind",
        title=Words("谁还没报", "Who is behind"),
        query="overview/reporting",
        values=values,
        frame=reporting,
        notes=(visit.t(f"只列最落后的 {reporting.height} 个单位。", f"The {reporting.height} units furthest behind."),)
        if reporting.height == MOST_SENDERS
        else (),
        shown=behind,
        columns=(
            Column(Words("单位", "Unit"), to_unit),
            Column(Words("应报", "Owed"), count("owed"), numeric=True),
            Column(Words("✓ 按时", "✓ On time"), count("on_time"), numeric=True),
            Column(Words("! 迟报", "! Late"), count("late"), numeric=True),
            Column(Words("✗ 未报", "✗ Missing"), count("missing"), numeric=True),
            Column(Words("✗ 拒收", "✗ Refused"), count("refused"), numeric=True),
        ),
        empty=Words(
            "应报的都按时收到了,或名册上没有应报的单位。", "All that is owed came in time, or nothing is owed."
        ),
    )


def _by_rule(findings: pl.DataFrame, values: dict[str, Any], visit: Visit) -> Card:
    def to_rule(row: dict[str, Any]) -> Any:
        text = shorten(visit.name_of(row, "message"), 90, placeholder="…")
        return dcc.Link(text, href=visit.href("reporting", rule=row["rule_code"]))

    return Card(
        key="findings",
        title=Words("问题", "Findings"),
        query="overview/findings",
        values=values,
        frame=findings,
        columns=(
            Column(Words("例", "For example"), to_rule),
            Column(Words("程度", "Severity"), lambda row: severity(row, visit)),
            Column(Words("处", "Count"), lambda row: wording.number(row["findings"]), numeric=True),
            Column(Words("单位数", "Units"), lambda row: wording.number(row["units"]), numeric=True),
            Column(Words("规则", "Rule"), lambda row: html.Code(row["rule_code"])),
        ),
        empty=Words("没有未处理的问题。", "There are no open findings."),
    )


def _changed(figures: pl.DataFrame, values: dict[str, Any], visit: Visit) -> Card:
    changed = figures.filter(pl.col("change_status").is_in(["up", "down"]))
    return Card(
        key="changes",
        title=Words("与上一期相比的明显变化", "Clear changes since the period before"),
        query="overview/figures",
        values=values,
        kept="change_status in ('up', 'down')",
        frame=changed,
        shown=changed.sort(pl.col("change").abs(), descending=True, maintain_order=True),
        columns=(
            Column(Words("指标", "Indicator"), lambda row: _link(row, visit)),
            Column(Words("上一期", "Before"), lambda row: wording.two_decimals(row["previous_value"]), numeric=True),
            Column(Words("本期", "Now"), lambda row: rate(row, visit), numeric=True),
            Column(Words("95% 区间", "95% interval"), limits, numeric=True),
            Column(Words("变化", "Change"), lambda row: _change(row, visit)),
            Column(Words("口径", "Basis"), lambda row: visit.say(basis_words(row))),
        ),
        empty=Words(
            "没有明显的变化:上一期没有数,或前后两期的区间相交。",
            "No clear change: there is no figure of the period before, or the intervals of the two overlap.",
        ),
    )


def _change(row: dict[str, Any], visit: Visit) -> str:
    """The direction, and whether it is the wanted one, in words."""
    wanted = {"higher": "up", "lower": "down"}.get(row["better"])
    if row["state_reason"]:  # such as more than the whole: then no change is for the better
        judged = f"! {visit.say(wording.reason(row['state_reason']))}"
    elif wanted is None:
        judged = ""
    else:
        judged = visit.t("向好", "better") if row["change_status"] == wanted else visit.t("变差", "worse")
    sign = visit.say(wording.words(CHANGE_WORDS, row["change_status"]))
    return " · ".join(filter(None, (f"{sign} {wording.two_decimals(abs(row['change']))}", judged)))


def _how_to_read(visit: Visit) -> html.Details:
    """Guidance for the first visit."""
    zh = (
        "点是率,横线是 95% 区间:区间越宽,分母越小,越不能凭它排先后。",
        "虚线是目标;✓、✗ 是达到与否,带问号的是区间跨过目标,还不能断定。",
        "“下级汇总”由各村、各乡的表相加得来,“自报”是本单位自己填的;两者都列出,互不替代。",
        "覆盖是报来的占应报的比例;不足 100% 的数注有“!”。",
        "点图上的点或表中的名称可以往下看;每一步都在地址里,可以收藏、转发、后退。",
        "“取用”里有表格、图片、产生它的 SQL。",
    )
    en = (
        "A mark is a rate, the line through it its 95% interval: the wider, the smaller the denominator, and the less "
        "it can be ranked.",
        "The dotted line is the target; ✓ and ✗ say whether it is met, with a question mark where the "
        "interval covers it.",
        "“Rolled up” is added up from the returns of villages and townships, “as the unit states” is what it filled in "
        "itself; both are shown, neither replaces the other.",
        "Coverage is what was reported of what is owed; less than 100% is marked with “!”.",
        "A click on a mark or a name leads on; each step stands in the address: keep it, share it, go back.",
        "“Take along” holds the table, the picture and the SQL that made it.",
    )
    items = [html.Li(text) for text in (en if visit.lang == "en" else zh)]
    return html.Details(
        [html.Summary(visit.t("怎样看这些图表", "How to read these pages")), html.Ul(items)], className="card"
    )


PAGE = Page("", Words("总览", "Overview"), content)
