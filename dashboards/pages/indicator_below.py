"""The units directly below, ranked."""

from __future__ import annotations

from typing import Any

import polars as pl
from dash import dcc, html

from dashboards.cards import Card, Column
from dashboards.figures.ranking import against_mean, ranking
from dashboards.pages.indicator_asked import SORTS, Asked
from dashboards.pages.indicator_trend import to_cells
from dashboards.rate_columns import BASES, rate_columns
from pipelines.catalog.wording import Words

RANKED = 40  # of one page of the ranking
SORT_NAMES = {
    "value": Words("数值从高到低", "value, highest first"),
    "value_up": Words("数值从低到高", "value, lowest first"),
    "name": Words("名称", "name"),
    "coverage": Words("覆盖从低到高", "coverage, lowest first"),
}
NO_UNITS = Words(
    "下面没有单位,或没有一个报了本期这一口径的数。换一个时期或口径,或回到上一级。",
    "There is no unit below, or none has a figure for this period on this basis. Choose another period or basis, or go "
    "up a level.",
)


def below(asked: Asked) -> pl.DataFrame:
    """The figures of the units directly below, in the order that is asked for."""
    return asked.visit.reader.frame("indicator/below", **asked.values)


def ranked(asked: Asked, frame: pl.DataFrame) -> Card:
    """The card of the ranking: so many units at a time."""
    visit, better = asked.visit, asked.indicator["better"]
    start = first_row(asked, frame.height)
    part = frame.slice(start, RANKED)
    drawn = part.filter(pl.col("value").is_not_null())
    figure = ranking(drawn.to_dicts(), visit.lang, better, lambda row: unit_address(row, asked))
    return Card(
        key="ranking",
        title=Words("下级单位排列", "Units below"),
        query="indicator/below",
        values=asked.values,
        frame=frame,
        shown=part,
        columns=(
            Column(Words("单位", "Unit"), lambda row: to_unit(row, asked)),
            *rate_columns(visit),
            Column(Words("与平均相比", "Against the mean"), lambda row: visit.say(against_mean(row, better))),
            Column(Words("单元格", "Cells"), lambda row: to_cells(row, asked)),
        ),
        figure=figure if drawn.height else None,
        alt=Words(
            f"{asked.name.zh}:{drawn.height} 个下级单位的率和 95% 区间,竖线是平均;数据见下表",
            f"{asked.name.en}: rates of {drawn.height} units below with 95% intervals, the mean as a line; the data "
            "are in the table below",
        ),
        notes=[*_ranking_notes(asked, frame), _sorts(asked), *_pages(asked, frame.height, start)]
        if frame.height
        else [],
        empty=NO_UNITS,
    )


def first_row(asked: Asked, rows: int) -> int:
    """The first row of the ranking that is shown; the start where the address names none that is there."""
    text = asked.visit.view.get("from")
    start = int(text) if text.isascii() and text.isdigit() and len(text) < 8 else 0
    return start if start < rows else 0


def unit_address(row: dict[str, Any], asked: Asked) -> str:
    """The address of this page for a unit below."""
    return asked.href(org=row["org_code"], **{"from": None, "with": None})


def to_unit(row: dict[str, Any], asked: Asked) -> Any:
    """A link to it."""
    return dcc.Link(row["org_name"], href=unit_address(row, asked))


def _ranking_notes(asked: Asked, frame: pl.DataFrame) -> list[str]:
    visit = asked.visit
    first = frame.row(0, named=True)
    basis = visit.say(BASES[first["basis"]])
    notes = [
        visit.t(
            f"各单位的数:{basis}。区间盖住平均线的,与平均的差别可能出于偶然,不说好坏;"
            "即使都一样,每 20 个里也会有 1 个左右落在外面。",
            f"Figures of the units: {basis}. Where the interval covers the mean, the difference may be chance and is "
            "called neither better nor worse; even if all were the same, about 1 of 20 would fall outside.",
        )
    ]
    if frame["mean_value"].null_count() == frame.height:
        notes.append(
            visit.t("上级没有同一标准和版本的数,没有平均线,也不比较。",
                    "The unit above has no figure of the same standard and edition: no mean, no comparison.")
        )  # fmt: skip
    children = visit.reader.frame("shell/children", org=visit.org_code)["org_level"]
    silent = children.ne("institution").sum() - frame["value"].count()
    if silent > 0:
        notes.append(
            visit.t(f"另有 {silent} 个下级单位本期没有这个数。", f"{silent} more units below have no such figure.")
        )
    return notes


def _sorts(asked: Asked) -> Any:
    """Links that order the units."""
    visit = asked.visit
    parts: list[Any] = [html.Strong(visit.t("排序:", "Order: "))]
    for name in SORTS:
        text = visit.say(SORT_NAMES[name])
        if name == asked.sort:
            parts.append(html.Span(f"✓ {text}", className="mark", **{"aria-current": "true"}))
        else:
            chosen = None if name == SORTS[0] else name
            parts.append(dcc.Link(text, href=asked.href(sort=chosen, **{"from": None}), className="plain"))
    return html.Div(parts, className="compare", role="group", **{"aria-label": visit.t("排序", "Order")})


def _pages(asked: Asked, rows: int, start: int) -> list[Any]:
    """Which part of a long ranking this is, with links to those before and after."""
    visit = asked.visit
    if rows <= RANKED:
        return []
    end = min(start + RANKED, rows)
    parts: list[Any] = [
        visit.t(f"第 {start + 1}–{end} 个,共 {rows} 个单位,另有 {rows - (end - start)} 个。",
                f"Units {start + 1}–{end} of {rows}; {rows - (end - start)} more.")
    ]  # fmt: skip
    if start > 0:
        before = max(start - RANKED, 0)
        parts.append(dcc.Link(visit.t("← 前面的", "← before"), href=asked.href(**{"from": str(before or "")}),
                              className="plain"))  # fmt: skip
    if end < rows:
        parts.append(dcc.Link(visit.t("后面的 →", "after →"), href=asked.href(**{"from": str(end)}), className="plain"))
    return [html.Div(parts, className="compare")]
