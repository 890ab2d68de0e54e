"""The units directly below as areas: a map where the site supplies outlines, else tiles."""

from __future__ import annotations

from typing import Any

import polars as pl
from dash import html

from dashboards.boundaries import Boundaries, boundaries, outlines
from dashboards.cards import Card, Column
from dashboards.figures.places import choropleth, tiles
from dashboards.figures.ranking import against_mean
from dashboards.pages.indicator_asked import Asked
from dashboards.pages.indicator_below import NO_UNITS, to_unit, unit_address
from dashboards.rate_columns import rate_columns
from pipelines.catalog.wording import Words

MOST_AREAS = 400


def areas(asked: Asked, frame: pl.DataFrame) -> Card:
    """The card of the map, or of tiles where the site supplies no outlines."""
    visit, better = asked.visit, asked.indicator["better"]
    known = frame.filter(pl.col("value").is_not_null())
    found = boundaries(visit.reader.home) if visit.reader.home else None
    drawn = outlines(found, known["org_code"].head(MOST_AREAS)) if found else {}
    rows = known.head(MOST_AREAS).to_dicts()
    if drawn:
        figure = choropleth(rows, drawn, visit.lang, better, lambda row: unit_address(row, asked))
    else:
        figure = tiles(rows, visit.lang, better, lambda row: unit_address(row, asked))
    return Card(
        key="map",
        title=Words("地图", "Map") if drawn else Words("下级单位一览(方块)", "The units below as tiles"),
        query="indicator/below",
        values=asked.values,
        frame=frame,
        shown=known,
        columns=(
            Column(Words("单位", "Unit"), lambda row: to_unit(row, asked)),
            *rate_columns(visit)[:3],
            Column(Words("与平均相比", "Against the mean"), lambda row: visit.say(against_mean(row, better))),
            *(
                [Column(Words("边界", "Outline"), lambda row: "✓" if row["org_code"] in drawn else "–")]
                if drawn
                else []
            ),
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
                visit.t(
                    f"{units - drawn} 个单位没有边界,只在表里。",
                    f"Without an outline, in the table only: {units - drawn}.",
                )
            )
    else:
        notes.append(visit.t("方块的大小是分母。", "The size of a tile is its denominator."))
        if found is None:
            notes.append(
                visit.t("站点没有提供边界;放一个 catalog/boundaries.geojson 就会画成地图。",
                        "The site supplies no outlines; with catalog/boundaries.geojson this becomes a map.")
            )  # fmt: skip
        elif not found.problem:
            notes.append(visit.t("站点的边界文件里没有这些单位。", "The site's outlines hold none of these units."))
    if units > MOST_AREAS:
        left = units - MOST_AREAS
        notes.append(
            visit.t(f"只画前 {MOST_AREAS} 个,另有 {left} 个在表里。",
                    f"The first {MOST_AREAS} are drawn; {left} more are in the table.")
        )  # fmt: skip
    return notes
