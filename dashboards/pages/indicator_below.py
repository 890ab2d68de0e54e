"""The units directly below: ranked, spread, and as areas."""

from __future__ import annotations

from typing import Any

import polars as pl
from dash import dcc, html

from dashboards import wording
from dashboards.boundaries import Boundaries, boundaries, outlines
from dashboards.cards import Card, Column
from dashboards.figures.distribution import FEWEST_FOR_QUANTILES, distribution
from dashboards.figures.places import choropleth, tiles
from dashboards.figures.ranking import against_mean, ranking
from dashboards.pages.indicator_asked import SORTS, Asked
from dashboards.pages.indicator_trend import to_cells
from dashboards.rate_columns import BASES, rate_columns
from pipelines.catalog.wording import Words

RANKED = 40  # of one page of the ranking
MOST_AREAS = 400
SMALL_DENOMINATOR = 30
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
    figure = ranking(drawn.to_dicts(), visit.lang, better, lambda row: _down(row, asked))
    return Card(
        key="ranking",
        title=Words("下级单位排列", "Units below"),
        query="indicator/below",
        values=asked.values,
        frame=frame,
        shown=part,
        columns=(
            Column(Words("单位", "Unit"), lambda row: _to_unit(row, asked)),
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
        notes=[*_ranking_notes(asked, frame), _sorts(asked), *_pages(asked, frame.height, start)] if frame.height else [],
        empty=NO_UNITS,
    )


def first_row(asked: Asked, rows: int) -> int:
    """The first row of the ranking that is shown; the start where the address names none that is there."""
    text = asked.visit.view.get("from")
    start = int(text) if text.isascii() and text.isdigit() and len(text) < 8 else 0
    return start if start < rows else 0


def _down(row: dict[str, Any], asked: Asked) -> str:
    return asked.href(org=row["org_code"], **{"from": None, "with": None})


def _to_unit(row: dict[str, Any], asked: Asked) -> Any:
    return dcc.Link(row["org_name"], href=_down(row, asked))


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
    silent = len(visit.reader.rows("shell/children", org=visit.org_code)) - frame["value"].count()
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


def spread(asked: Asked, frame: pl.DataFrame) -> Card:
    """The card of the distribution."""
    visit = asked.visit
    classes = visit.reader.frame("indicator/distribution", **asked.values)
    known = frame.filter(pl.col("value").is_not_null())
    if classes.height == 1 and classes["class_to"][0] - classes["class_from"][0] < 1e-6:
        drawn = classes.clear()  # one value: a histogram of it says nothing
    else:
        drawn = classes
    rows = drawn.to_dicts()
    return Card(
        key="distribution",
        title=Words("下级单位的分布", "How the units below are spread"),
        query="indicator/distribution",
        values=asked.values,
        frame=classes,
        columns=(
            Column(
                Words("从–到", "From–to"), lambda row: wording.interval(row["class_from"], row["class_to"]), numeric=True
            ),
            Column(Words("单位数", "Units"), lambda row: wording.number(row["units_in_class"]), numeric=True),
        ),
        figure=distribution(rows, known.to_dicts(), visit.lang, lambda row: _down(row, asked)) if rows else None,
        alt=Words(
            f"{asked.name.zh}:{known.height} 个下级单位的直方图、中位数和 10%、90% 分位,数据见下表",
            f"{asked.name.en}: histogram of {known.height} units below with median, 10% and 90%; the data are in the "
            "table below",
        ),
        notes=_spread_notes(asked, classes),
        empty=NO_UNITS,
    )


def _spread_notes(asked: Asked, classes: pl.DataFrame) -> list[str]:
    if classes.is_empty():
        return []
    visit, first = asked.visit, classes.row(0, named=True)
    units = first["units"]
    unit = visit.say(wording.words(wording.UNITS, first["unit"]))
    if units < FEWEST_FOR_QUANTILES:
        lowest, highest = wording.two_decimals(first["lowest"]), wording.two_decimals(first["highest"])
        notes = [
            visit.t(f"只有 {units} 个单位有数,从 {lowest} 到 {highest} {unit};太少,不算分位数。",
                    f"Only {units} units have a figure, from {lowest} to {highest} {unit}: too few for quantiles.")
        ]  # fmt: skip
    else:
        p10, median, p90 = (wording.two_decimals(first[name]) for name in ("p10", "median", "p90"))
        notes = [
            visit.t(f"{units} 个单位:一半在 {median} {unit} 以下;中间八成在 {p10} 与 {p90} 之间。",
                    f"{units} units: half of them are below {median} {unit}, the middle eight tenths between {p10} and "
                    f"{p90}.")
        ]  # fmt: skip
    if first["median_denominator"] is not None and first["median_denominator"] < SMALL_DENOMINATOR:
        count = wording.number(round(first["median_denominator"], 1))
        notes.append(
            visit.t(f"数小:分母的中位数只有 {count},这样的分散多半出于偶然。",
                    f"Small numbers: the median denominator is only {count}; much of this spread is chance.")
        )  # fmt: skip
    return notes


def areas(asked: Asked, frame: pl.DataFrame) -> Card:
    """The card of the map, or of tiles where the site supplies no outlines."""
    visit, better = asked.visit, asked.indicator["better"]
    known = frame.filter(pl.col("value").is_not_null())
    found = boundaries(visit.reader.home) if visit.reader.home else None
    drawn = outlines(found, known["org_code"].head(MOST_AREAS)) if found else {}
    rows = known.head(MOST_AREAS).to_dicts()
    if drawn:
        figure = choropleth(rows, drawn, visit.lang, better, lambda row: _down(row, asked))
    else:
        figure = tiles(rows, visit.lang, better, lambda row: _down(row, asked))
    return Card(
        key="map",
        title=Words("地图", "Map") if drawn else Words("下级单位一览(方块)", "The units below as tiles"),
        query="indicator/below",
        values=asked.values,
        frame=frame,
        shown=known,
        columns=(
            Column(Words("单位", "Unit"), lambda row: _to_unit(row, asked)),
            *rate_columns(visit)[:3],
            Column(Words("与平均相比", "Against the mean"), lambda row: visit.say(against_mean(row, better))),
            *([Column(Words("边界", "Outline"), lambda row: "✓" if row["org_code"] in drawn else "–")] if drawn else []),
        ),
        figure=figure if rows else None,
        alt=Words(
            f"{asked.name.zh}:{known.height} 个下级单位按与平均是否明显不同着色并标出数值;数据见下表",
            f"{asked.name.en}: {known.height} units below, coloured by whether they clearly differ from the mean, with "
            "their values; the data are in the table below",
        ),
        notes=_area_notes(asked, found, len(drawn), known.height),
        empty=NO_UNITS,
    )


def _area_notes(asked: Asked, found: Boundaries | None, drawn: int, units: int) -> list[Any]:
    visit = asked.visit
    notes: list[Any] = []
    if found and found.problem:
        notes.append(html.P(visit.say(found.problem), className="remedy"))
    if not units:
        return notes
    signs = visit.t("颜色和符号说明是否明显不同于平均(✓ ▲ 好或高,✗ ▼ 差或低,≈ 看不出,! 覆盖不全);点一个单位进入它。",
                    "Colour and sign say whether a unit clearly differs from the mean (✓ ▲ better or higher, ✗ ▼ worse "
                    "or lower, ≈ cannot be told, ! coverage not full); a click on a unit leads to it.")  # fmt: skip
    notes.append(signs)
    if drawn:
        if units > drawn:
            notes.append(
                visit.t(f"{units - drawn} 个单位没有边界,只在表里。", f"{units - drawn} units have no outline: see the table.")
            )
    else:
        notes.append(visit.t("方块的大小是分母。", "The size of a tile is its denominator."))
        if found is None:
            notes.append(
                visit.t("站点没有提供边界;放一个 catalog/boundaries.geojson 就会画成地图。",
                        "The site supplies no outlines; with catalog/boundaries.geojson this becomes a map.")
            )  # fmt: skip
        elif not found.problem:
            notes.append(
                visit.t("站点的边界文件里没有这些单位。", "The site's outlines hold none of these units.")
            )
    if units > MOST_AREAS:
        notes.append(visit.t(f"只画前 {MOST_AREAS} 个,另有 {units - MOST_AREAS} 个在表里。",
                             f"The first {MOST_AREAS} are drawn; {units - MOST_AREAS} more are in the table."))  # fmt: skip
    return notes
