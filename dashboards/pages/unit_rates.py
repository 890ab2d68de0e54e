"""The page of a unit: its rates against plan and peers, every target, how they went."""

from __future__ import annotations

from typing import Any

import polars as pl
from dash import dcc, html

from dashboards import wording
from dashboards.cards import Card, Column
from dashboards.figures.peers import beside_peers, peer_text
from dashboards.figures.rates import Lang, on_two_lines
from dashboards.figures.spark import as_address, spark
from dashboards.rate_columns import (
    CHANGE_SIGNS,
    CHANGE_WORDS,
    basis_words,
    counts,
    coverage,
    rate,
    rate_columns,
    target,
)
from dashboards.visit import Visit
from pipelines.catalog.wording import Words

WHOSE = {"own": Words("自报", "stated"), "rolled_up": Words("下级汇总", "rolled up")}  # short, beside a chart
MOST_KEY = 3
MOST_LINES = 12


def key_indicators(figures: pl.DataFrame) -> list[str]:
    """The indicators that are shown first: those with a target, then those that changed, in the catalog's order."""
    has_none = pl.col("target").is_null().cast(pl.Int8)
    moved = pl.col("change_status").is_in(["up", "down"]).fill_null(value=False).cast(pl.Int8)
    ordered = figures.filter(pl.col("unit") == "percent").sort(has_none * 2 - moved, maintain_order=True)
    return ordered["indicator_code"].unique(maintain_order=True).head(MOST_KEY).to_list()


def by_domain(figures: pl.DataFrame) -> list[pl.DataFrame]:
    """The rates of each domain, in the domains' order."""
    return figures.partition_by("domain", maintain_order=True) if figures.height else []


def against_peers(part: pl.DataFrame, values: dict[str, Any], visit: Visit) -> Card:
    """The rates of a domain with targets, range and median of the peers."""
    first = part.row(0, named=True)
    drawn = _drawn(part)
    name = Words(first["domain_zh"], first["domain_en"])
    figure = beside_peers(
        drawn.to_dicts(), visit.lang, _label, lambda row: visit.href("indicator", indicator=row["indicator_code"])
    )
    return Card(
        key=f"domain-{first['domain']}",
        title=Words(f"{name.zh}:对照目标和同级", f"{name.en}: against plan and peers"),
        query="unit/figures",
        values=values,
        kept=f"domain = '{first['domain']}'",
        frame=part,
        columns=(
            Column(Words("指标", "Indicator"), lambda row: _indicator(row, visit)),
            *rate_columns(visit),
            Column(Words("同级(同一上级)", "Peers (same parent)"), lambda row: peer_text(row, visit.lang) or "–"),
            Column(Words("出处", "Cells"), lambda row: to_cells(row, visit)),
        ),
        figure=figure if drawn.height else None,
        alt=Words(
            f"{name.zh}:{drawn.height} 个百分率及 95% 区间、目标、同级的范围和中位数,数据见下表",
            f"{name.en}: {drawn.height} percentages with 95% intervals, targets, range and median of the peers; the "
            "data are in the table below",
        ),
        notes=_key_to_peers(drawn, visit),
    )


def _drawn(part: pl.DataFrame) -> pl.DataFrame:
    """The percentages; where the rows add up to just what the unit states, one dot stands for both."""
    percent = part.filter(pl.col("unit") == "percent")
    whose = pl.col("basis").sort().str.join("=").over("indicator_code", "numerator", "denominator")
    return percent.with_columns(whose.alias("whose")).unique(
        ["indicator_code", "numerator", "denominator"], keep="first", maintain_order=True
    )


def _key_to_peers(drawn: pl.DataFrame, visit: Visit) -> list[str]:
    peers = drawn["peer_units"].max() if drawn.height else None
    if not isinstance(peers, int) or peers < 2:
        return [visit.t("没有可比的同级单位。", "There are no peers to compare with.")] if drawn.height else []
    return [
        visit.t(
            "灰条:同级最低到最高;绿色竖线:同级中位数;紫色虚线:目标。",
            "Grey bar: lowest to highest of the peers; green tick: their median; purple dashes: target.",
        )
    ]


def _label(row: dict[str, Any], lang: Lang) -> str:
    sign = CHANGE_SIGNS.get(row["change_status"] or "", "")
    place = f"{row['rank_in_parent']}/{row['peers']}" if row["rank_in_parent"] else ""
    small = " · ".join(filter(None, (_whose(row, lang), place, sign)))
    return f"{on_two_lines(row[f'indicator_name_{lang}'], lang)}<br>{small}"


def _whose(row: dict[str, Any], lang: Lang) -> str:
    return " = ".join(getattr(wording.words(WHOSE, basis), lang) for basis in row["whose"].split("="))


def _indicator(row: dict[str, Any], visit: Visit) -> Any:
    name = visit.name_of(row, "indicator_name")
    return dcc.Link(name, href=visit.href("indicator", indicator=row["indicator_code"]))


def to_cells(row: dict[str, Any], visit: Visit) -> Any:
    """The way from a rate to its cells."""
    address = visit.href("cells", indicator=row["indicator_code"], standard=row["standard"], edition=row["edition"],
                         basis=row["basis"])  # fmt: skip
    name = visit.name_of(row, "indicator_name")
    return dcc.Link(visit.t("单元格", "cells"), href=address, title=visit.t(f"{name}的单元格", f"cells of {name}"))


def no_figures(figures: pl.DataFrame, values: dict[str, Any]) -> Card:
    """That there is none, and why."""
    return Card(
        key="domains",
        title=Words("对照目标和同级", "Against plan and peers"),
        query="unit/figures",
        values=values,
        frame=figures,
        columns=(),
        empty=Words(
            "该单位本期没有算出的率:没有上报,或报的表里没有分子、分母。请换一个时期,或看上面的报送记录。",
            "No rate could be computed for this unit and period: nothing was reported, or no numerator and denominator "
            "stand in what was. Choose another period, or see the record of returns above.",
        ),
    )


def targets(values: dict[str, Any], visit: Visit) -> Card:
    """Every target in force, and how far it is met."""

    def scope(row: dict[str, Any]) -> str:
        return row["scope_name"] or row["scope_code"] or visit.t("通用政策", "policy for all")

    return Card(
        key="targets",
        title=Words("计划与完成", "Plan against result"),
        query="unit/targets",
        values=values,
        frame=visit.reader.frame("unit/targets", **values),
        columns=(
            Column(Words("指标", "Indicator"), lambda row: _indicator(row, visit)),
            Column(Words("目标", "Target"), lambda row: target(row, visit)),
            Column(Words("谁的目标", "Whose target"), scope),
            Column(Words("完成", "Result"), lambda row: rate({**row, "state_reason": ""}, visit), numeric=True),
            Column(
                Words("95% 区间", "95% interval"),
                lambda row: wording.interval(row["lower"], row["upper"]),
                numeric=True,
            ),
            Column(Words("分子 / 分母", "Numerator / denominator"), counts, numeric=True),
            Column(Words("覆盖", "Coverage"), lambda row: coverage(row, visit), numeric=True),
            Column(Words("口径", "Basis"), lambda row: visit.say(basis_words(row))),
            Column(Words("依据", "Based on"), lambda row: row["document_title"] or row["target_name_zh"]),
        ),
        empty=Words(
            "目录里没有适用于该单位本期各率的目标(catalog/targets.yaml)。",
            "The catalog has no target for the rates of this unit and period (catalog/targets.yaml).",
        ),
    )


# ---- how they went


def trends(figures: pl.DataFrame, values: dict[str, Any], visit: Visit) -> Card:
    """The last periods of each rate, as a line."""
    asked = {**values, "kind": visit.period["period_kind"] if visit.period else ""}
    frame = visit.reader.frame("unit/trend", **asked)
    series = {key[0]: part.to_dicts() for key, part in frame.group_by(["indicator_code"], maintain_order=True)}
    order = figures["indicator_code"].unique(maintain_order=True).to_list()
    told = {row["indicator_code"]: row for row in figures.to_dicts()}
    first = [code for code in [*key_indicators(figures), *order, *series] if len(series.get(code, ())) > 1]

    def changed(row: dict[str, Any]) -> str:
        return visit.say(wording.words(CHANGE_WORDS, told.get(row["indicator_code"], {}).get("change_status")))

    shown = pl.DataFrame(
        {"indicator_code": list(dict.fromkeys(first))[:MOST_LINES]}, schema={"indicator_code": pl.String}
    )
    return Card(
        key="trends",
        title=Words("走势", "How the rates went"),
        query="unit/trend",
        values=asked,
        frame=frame,
        shown=shown,
        columns=(
            Column(Words("指标", "Indicator"), lambda row: _indicator(series[row["indicator_code"]][-1], visit)),
            Column(Words("走势", "Line"), lambda row: _line(series[row["indicator_code"]], visit)),
            Column(Words("最近一期", "Last period"), lambda row: _last(series[row["indicator_code"]], visit)),
            Column(Words("与上期", "Since before"), changed),
            Column(Words("口径", "Basis"), lambda row: visit.say(basis_words(series[row["indicator_code"]][-1]))),
        ),
        notes=[visit.t("蓝线:率;灰带:95% 区间;紫色虚线:目标。纵轴各自不同。每期的数在下载的文件里。",
                       "Blue line: rate; grey band: 95% interval; purple dashes: target. Each line has its own scale. "
                       "The figures of each period are in the downloads.")],
        empty=Words("至少有两期的数才有走势。", "A line needs the figures of two periods."),
    )  # fmt: skip


def _line(rows: list[dict[str, Any]], visit: Visit) -> html.Img:
    first, last = rows[0], rows[-1]
    low, high = (pick(row["value"] for row in rows) for pick in (min, max))
    told = visit.t(
        f"{len(rows)} 期,从 {first['period_code']} 的 {wording.two_decimals(first['value'])} 到 "
        f"{last['period_code']} 的 {wording.two_decimals(last['value'])};"
        f"最低 {wording.two_decimals(low)},最高 {wording.two_decimals(high)}",
        f"{len(rows)} periods, from {wording.two_decimals(first['value'])} in {first['period_code']} to "
        f"{wording.two_decimals(last['value'])} in {last['period_code']}; lowest {wording.two_decimals(low)}, highest "
        f"{wording.two_decimals(high)}",
    )
    return html.Img(src=as_address(spark(rows)), alt=told, width=160, height=40, title=told)


def _last(rows: list[dict[str, Any]], visit: Visit) -> str:
    last = rows[-1]
    limits = wording.interval(last["lower"], last["upper"])
    return (
        f"{last['period_code']}: {rate({**last, 'state_reason': ''}, visit)} ({limits}) = {counts(last)} · "
        f"{visit.t('覆盖', 'coverage')} {coverage(last, visit)}"
    )
