"""How an indicator is spread over the units directly below."""

from __future__ import annotations

import polars as pl

from dashboards import wording
from dashboards.cards import Card, Column
from dashboards.figures.distribution import FEWEST_FOR_QUANTILES, distribution
from dashboards.pages.indicator_asked import Asked
from dashboards.pages.indicator_below import NO_UNITS, unit_address
from pipelines.catalog.wording import Words

SMALL_DENOMINATOR = 30


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
                Words("从–到", "From–to"),
                lambda row: wording.interval(row["class_from"], row["class_to"]),
                numeric=True,
            ),
            Column(Words("单位数", "Units"), lambda row: wording.number(row["units_in_class"]), numeric=True),
        ),
        figure=distribution(rows, known.to_dicts(), visit.lang, lambda row: unit_address(row, asked)) if rows else None,
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
            visit.t(f"{units} 个单位:中位数 {median} {unit},中间八成在 {p10} 与 {p90} 之间。",
                    f"{units} units: median {median} {unit}, the middle eight tenths between {p10} and {p90}.")
        ]  # fmt: skip
    if first["median_denominator"] is not None and first["median_denominator"] < SMALL_DENOMINATOR:
        count = wording.number(round(first["median_denominator"], 1))
        notes.append(
            visit.t(f"数小:分母的中位数只有 {count},这样的分散多半出于偶然。",
                    f"Small numbers: the median denominator is only {count}; much of this spread is chance.")
        )  # fmt: skip
    return notes
