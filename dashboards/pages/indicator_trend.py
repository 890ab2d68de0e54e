"""The trend of an indicator, with the units that are compared."""

from __future__ import annotations

from typing import Any

import polars as pl
from dash import dcc, html

from dashboards import wording
from dashboards.cards import Card, Column
from dashboards.figures.trend import BREAKS, trend
from dashboards.pages.indicator_asked import MOST_COMPARED, Asked
from dashboards.rate_columns import rate_columns
from dashboards.shell import PERIOD_KINDS
from dashboards.visit import Visit
from pipelines.catalog.wording import Words

LISTED = 36  # rows of the table behind the chart; the downloads hold all
OFFERED = 12


def over_time(asked: Asked) -> Card:
    """The card of the trend."""
    visit, values = asked.visit, asked.values
    frame = visit.reader.frame("indicator/trend", **values)
    drawn = _in_one_unit(frame.filter(pl.col("value").is_not_null()))
    kind = visit.say(wording.words(PERIOD_KINDS, values["kind"]))
    return Card(
        key="trend",
        title=Words("历期走势", "Over time"),
        query="indicator/trend",
        values=values,
        frame=frame,
        shown=_listed(frame),
        columns=(
            Column(Words("时期", "Period"), lambda row: _to_period(row, asked)),
            Column(Words("单位", "Unit"), lambda row: row["org_name"]),
            *rate_columns(visit),
            Column(Words("口径变更", "Definition"), lambda row: _break(row, visit)),
            Column(Words("单元格", "Cells"), lambda row: to_cells(row, asked)),
        ),
        figure=trend(drawn.to_dicts(), visit.lang, visit.period_code, lambda row: _address(row, asked))
        if drawn.height
        else None,
        alt=Words(
            f"{asked.name.zh}:{frame['period_code'].n_unique()} 期的率、95% 区间、目标和覆盖,数据见下表",
            f"{asked.name.en}: rates of {frame['period_code'].n_unique()} periods with 95% intervals, target and "
            "coverage; the data are in the table below",
        ),
        notes=[*_notes(frame, asked, kind), compared(asked)],
        empty=Words(
            f"没有同类时期({kind})的数:该单位没有报,或这一口径在这些时期不适用。请换一个时期、标准或口径。",
            f"There is no figure for periods of this kind ({kind}): nothing was reported, or the definition does not "
            "apply there. Choose another period, standard or basis.",
        ),
    )


def _listed(frame: pl.DataFrame) -> pl.DataFrame:
    """The rows of the periods nearest to the one shown: as many as are read on a page."""
    series = max(frame.select("org_code", "basis").n_unique(), 1)
    return frame.filter(pl.col("nearness") <= max(LISTED // series, 1))


def _in_one_unit(frame: pl.DataFrame) -> pl.DataFrame:
    """Percent and per mille never share an axis: those in the unit of the first row."""
    return frame.filter(pl.col("unit") == frame["unit"][0]) if frame.height else frame


def to_cells(row: dict[str, Any], asked: Asked, name: str = "") -> Any:
    """The way from a figure to its cells."""
    visit = asked.visit
    text = name or visit.t("到单元格", "to the cells")
    address = asked.href("cells", org=row["org_code"], period=row["period_code"], standard=row["standard"],
                         edition=row["edition"], basis=row["basis"])  # fmt: skip
    return dcc.Link(text, href=address)


def _address(row: dict[str, Any], asked: Asked) -> str:
    return asked.href(period=row["period_code"], org=row["org_code"], **{"with": _others(row["org_code"], asked)})


def _others(code: str, asked: Asked) -> str | None:
    """The compared units where the address leads to another of them."""
    every = [asked.visit.org_code, *(row["org_code"] for row in asked.beside)]
    return ",".join(other for other in every if other != code) or None


def _to_period(row: dict[str, Any], asked: Asked) -> Any:
    return dcc.Link(row["period_code"], href=asked.href(period=row["period_code"]))


def _break(row: dict[str, Any], visit: Visit) -> str:
    if not row["definition_break"]:
        return ""
    if row["definition_break"] == "step":
        return visit.t("⚑ 当月重新规定", "⚑ defined anew this month")
    return f"{visit.say(BREAKS[row['definition_break']])} {row['edition']}"


def _notes(frame: pl.DataFrame, asked: Asked, kind: str) -> list[str]:
    visit = asked.visit
    notes = [
        visit.t(
            f"同类时期:{kind}。色带是 95% 区间,空心点覆盖不全,缺的时期断线;点一个点就到那一期。",
            f"Periods of one kind: {kind}. Bands are 95% intervals, open marks lack coverage, lines break where a "
            "period is missing; a click on a mark leads to its period.",
        )
    ]
    periods = int(frame["periods"][0]) if frame.height else 0
    most = asked.values["most"]
    if periods > most:
        notes.append(
            visit.t(
                f"只画离所选时期最近的 {most} 期,另有 {periods - most} 期;选更早的时期就能看到。",
                f"The {most} periods nearest to the one chosen; {periods - most} more are there: choose an earlier "
                "one to see them.",
            )
        )
    if left := frame.height - _listed(frame).height:
        notes.append(
            visit.t(f"表里是离所选时期最近的各期,另有 {left} 行在下载的文件里。",
                    f"The table lists the periods nearest to the one chosen; {left} more rows are in the downloads.")
        )  # fmt: skip
    found = set(frame["definition_break"].drop_nulls())
    if found & {"edition", "edition_same"}:
        notes.append(
            visit.t("⚑ 虚线处换了版本:公式变了的,前后不能直接相比。",
                    "⚑ The edition changes at the dashed line: where its formula does, the sides do not compare.")
        )  # fmt: skip
    if "step" in found:
        notes.append(
            visit.t("⚑ 处的月份重新规定了计数的对象,那里的跳动不是变化。",
                    "⚑ In these months what is counted is defined anew; a jump there is no change.")
        )  # fmt: skip
    return notes


def compared(asked: Asked) -> Any:
    """Which units are compared, with links that take one out or add one."""
    visit = asked.visit
    codes = [row["org_code"] for row in asked.beside]
    parts: list[Any] = [html.Strong(visit.t("对比:", "Compare: "))]
    for row in asked.beside:
        rest = ",".join(code for code in codes if code != row["org_code"]) or None
        label = visit.t(f"不再对比{row['org_name']}", f"no longer compare {row['org_name']}")
        parts.append(
            dcc.Link(f"✕ {row['org_name']}", href=asked.href(**{"with": rest}), className="plain", title=label)
        )
    if len(codes) < MOST_COMPARED:
        offered = [row for row in beside(visit) if row["org_code"] not in codes]
        for row in offered[:OFFERED]:
            more = ",".join([*codes, row["org_code"]])
            label = visit.t(f"与{row['org_name']}对比", f"compare with {row['org_name']}")
            parts.append(
                dcc.Link(f"+ {row['org_name']}", href=asked.href(**{"with": more}), className="plain", title=label)
            )
        if len(offered) > OFFERED:
            left = len(offered) - OFFERED
            parts.append(visit.t(f"另有 {left} 个,在上面的“对比单位”框里", f"{left} more in the box “Compare with”"))
    else:
        parts.append(visit.t(f"最多对比 {MOST_COMPARED} 个单位", f"no more than {MOST_COMPARED} are compared"))
    if len(parts) == 1:
        parts.append(visit.t("没有同级的单位可比。", "there is no unit of the same level beside this one."))
    return html.Div(parts, className="compare", role="group", **{"aria-label": visit.t("对比单位", "Compared units")})


def beside(visit: Visit) -> list[dict[str, Any]]:
    """The units that are offered for comparison: those beside the one shown, and the one above."""
    above = [visit.path[-2]] if len(visit.path) > 1 else []
    return [*above, *visit.reader.rows("indicator/siblings", org=visit.org_code)]
