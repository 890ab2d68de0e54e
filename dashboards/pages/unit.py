"""Unit: everything about one unit: who it is, what it reported, its rates against plan and peers, what is wrong."""

from __future__ import annotations

from typing import Any

import polars as pl
from dash import dcc, html

from dashboards import wording
from dashboards.cards import Card, Column
from dashboards.page import Content, Page
from dashboards.pages.unit_rates import against_peers, by_domain, key_indicators, no_figures, targets, trends
from dashboards.pages.unit_record import below, findings, record, senders
from dashboards.visit import Visit
from pipelines.catalog.wording import Words

LEVELS = {
    "nation": Words("全国", "nation"),
    "province": Words("省级", "province"),
    "prefecture": Words("地市级", "prefecture"),
    "county": Words("县级", "county"),
    "township": Words("乡级", "township"),
    "village": Words("村级", "village"),
    "institution": Words("机构", "institution"),
}
KINDS = {
    "division": Words("行政区划", "administrative division"),
    "surrogate": Words("代称(原文隐去了名称)", "surrogate (the source masks the name)"),
}


def content(visit: Visit) -> Content:
    """The cards about a unit."""
    values = visit.chosen
    versions = visit.reader.frame("unit/who", **values)
    figures = visit.reader.frame("unit/figures", **values)
    parts: list[Any] = [
        _who(versions, values, visit),
        _changes(values, visit),
        record(values, visit),
        senders(values, visit),
        *(against_peers(part, values, visit) for part in by_domain(figures)),
    ]
    if figures.is_empty():
        parts.append(no_figures(figures, values))
    parts += [
        targets(values, visit),
        trends(figures, values, visit),
        findings(values, visit),
        below(key_indicators(figures), figures, values, visit),
    ]
    return Content(Words("单位", "Unit"), [part for part in parts if part is not None])


# ---- who it is


def _who(versions: pl.DataFrame, values: dict[str, Any], visit: Visit) -> Card:
    return Card(
        key="who",
        title=Words("这是谁", "Who it is"),
        query="unit/who",
        values=values,
        frame=versions,
        columns=(
            Column(Words("名称", "Name"), lambda row: row["org_name"]),
            Column(Words("代码", "Code"), lambda row: html.Code(visit.org_code)),
            Column(Words("级别", "Level"), lambda row: visit.say(wording.words(LEVELS, row["org_level"]))),
            Column(Words("类别", "Kind"), lambda row: visit.say(wording.words(KINDS, row["kind"]))),
            Column(Words("上级", "Above it"), lambda row: _unit(row["parent_code"], row["parent_name"], visit)),
            Column(Words("别名", "Other names"), lambda row: (row["aliases"] or "–").replace(";", visit.t("、", ", "))),
            Column(Words("有效期", "Valid"), lambda row: _valid(row, visit)),
        ),
        notes=_marks(visit),
        empty=Words("名册里没有这个单位。", "The register has no such unit."),
    )


def _marks(visit: Visit) -> list[str]:
    unit = visit.org or {}
    told = []
    if unit.get("is_synthetic"):
        told.append(visit.t("合成数据:这个单位并不存在。", "Synthetic data: this unit does not exist."))
    if unit.get("is_masked"):
        told.append(visit.t("原文隐去了它的名称。", "The source masks its name."))
    return told


def _unit(code: str | None, name: str | None, visit: Visit) -> Any:
    return dcc.Link(name or code, href=visit.href(org=code)) if code else "–"


def _valid(row: dict[str, Any], visit: Visit) -> str:
    start, end = row["valid_from"], row["valid_to"]
    if start is None and end is None:
        return visit.t("一直有效", "always")
    return f"{start or '…'} – {visit.t('至今', 'today') if end is None else end}"


def _changes(values: dict[str, Any], visit: Visit) -> Card | None:
    frame = visit.reader.frame("unit/changes", **values)
    if frame.is_empty():
        return None
    return Card(
        key="changes",
        title=Words("区划变动", "Splits, merges, moves"),
        query="unit/changes",
        values=values,
        frame=frame,
        columns=(
            Column(Words("日期", "Day"), lambda row: str(row["changed_on"])),
            Column(Words("变动", "Change"), lambda row: row["kind"]),
            Column(Words("原单位", "From"), lambda row: _unit(row["old_code"], row["old_name"], visit)),
            Column(Words("新单位", "To"), lambda row: _unit(row["new_code"], row["new_name"], visit)),
            Column(Words("权重", "Weight"), lambda row: wording.number(row["weight"]), numeric=True),
            Column(Words("说明", "Note"), lambda row: row["note"] or ""),
        ),
    )


PAGE = Page("unit", Words("单位", "Unit"), content)
