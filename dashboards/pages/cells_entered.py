"""Down to the cells: what entered a figure, by unit, by period and by cell, what did not, and whether it adds up."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import polars as pl
from dash import dcc, html

from dashboards import wording
from dashboards.cards import Card, Column
from dashboards.pages.cells_sums import difference, entered, sums
from dashboards.rate_columns import basis_words
from dashboards.visit import Visit
from pipelines.catalog.wording import Words

FACT_STATES = {
    "reported": Words("已报", "reported"),
    **{name: wording.REASONS[name] for name in ("blank", "not_collected", "not_carried_out", "not_applicable")},
    "suppressed": Words("已隐去", "suppressed"),
}
LACKS = {
    "not_reported": Words("没有上报", "not reported"),
    "both": Words("分子、分母都没有数", "neither numerator nor denominator"),
    "numerator": Words("没有分子", "no numerator"),
    "denominator": Words("没有分母", "no denominator"),
}
TERM_PERIODS = {
    "same": Words("", ""),
    "previous": Words("上期", "period before"),
    "same_last_year": Words("上年同期", "same of last year"),
    "to_date": Words("本年至今", "to date"),
}
SIDES = {"numerator": "分子", "denominator": "分母"}
NONE = Decimal(0)
MOST_CELLS = 2000  # of cells/facts
MOST_WRONG = 5


def adds_up(shown: tuple[Decimal, Decimal], figure: dict[str, Any], visit: Visit) -> html.P:
    """Whether what is shown adds up to numerator and denominator: ✓, or the differences."""
    told = []
    for name, side in (("numerator", 0), ("denominator", 1)):
        word = visit.t("分子" if side == 0 else "分母", name)
        left = difference(shown[side], figure[name])
        total, stated = wording.number(shown[side]), wording.number(figure[name])
        told.append(
            f"✓ {word} Σ = {total}" if not left
            else visit.t(f"≠ {word} Σ = {total},该数为 {stated},差 {wording.number(left)}",
                         f"≠ {word} Σ = {total}, the figure has {stated}, difference {wording.number(left)}")
        )  # fmt: skip
    return html.P("; ".join(told) if visit.lang == "en" else ";".join(told), className="sum")


# ---- a figure of rows


def below(figure: dict[str, Any], asked: dict[str, Any], visit: Visit) -> Card:
    """What each unit directly below gives, and whether it adds up to the figure."""
    frame = visit.reader.frame("cells/below", **asked)
    shown, total = giving(frame.to_dicts(), figure)

    def to_unit(row: dict[str, Any]) -> Any:
        changes = {"org": row["org_code"], "standard": figure["standard"], "edition": figure["edition"]}
        address = visit.href("cells", **changes, basis=row["basis"], period_basis=row["period_basis"])
        return dcc.Link(row["org_name"], href=address)

    return Card(
        key="below",
        title=Words("由哪些单位加起来", "By unit directly below"),
        query="cells/below",
        values=asked,
        frame=frame,
        shown=pl.DataFrame(shown, schema=frame.schema),
        columns=(
            Column(Words("单位", "Unit"), to_unit),
            Column(Words("分子", "Numerator"), lambda row: wording.number(row["numerator"]), numeric=True),
            Column(Words("分母", "Denominator"), lambda row: wording.number(row["denominator"]), numeric=True),
            Column(Words("行数", "Rows"), lambda row: wording.number(row["units"]), numeric=True),
            Column(Words("单位月", "Unit-months"), lambda row: wording.number(row["months"]), numeric=True),
            Column(Words("口径", "Basis"), lambda row: visit.say(basis_words(row))),
        ),
        notes=[adds_up(total, figure, visit), *_who_lists(visit)],
        empty=Words("没有直接下级的数进入。", "No unit directly below entered."),
    )


def _who_lists(visit: Visit) -> list[str]:
    if not _is_nation(visit):
        return []
    return [
        visit.t(
            "没有进入的行和月份,在各省的页上按名字列出。",
            "Rows and months that did not enter are named on the page of each province.",
        )
    ]


def rows_below(figure: dict[str, Any], asked: dict[str, Any], visit: Visit) -> Card | None:
    """Where the units directly below are the rows: what entered of each, by period."""
    frame = visit.reader.frame("cells/tiles", **asked)
    if frame.is_empty():
        return None
    kept = _entered(frame, figure, asked, visit)
    keys = pl.DataFrame(
        [(tile["org_code"], tile["period_code"]) for tile in kept], schema=["org_code", "period_code"], orient="row"
    ).cast(pl.String)
    total = _sum_by_unit(kept, figure)
    return Card(
        key="rows",
        title=Words("各行各期进入的数", "What entered, by row and period"),
        query="cells/tiles",
        values=asked,
        frame=frame,
        shown=frame.join(keys, on=["org_code", "period_code"], how="semi", maintain_order="left"),
        columns=(
            Column(Words("单位", "Unit"), lambda row: _own_cells(row, figure, visit)),
            Column(Words("时期", "Period"), lambda row: row["period_code"]),
            Column(Words("分子", "Numerator"), lambda row: wording.number(row["numerator"]), numeric=True),
            Column(Words("分母", "Denominator"), lambda row: wording.number(row["denominator"]), numeric=True),
            Column(Words("说明", "Remark"), lambda row: _filled(row, visit)),
        ),
        notes=[adds_up(total, figure, visit), *_how_added(figure, visit)],
        empty=Words("没有一行两边都有数。", "No row has both sides."),
    )


def _own_cells(row: dict[str, Any], figure: dict[str, Any], visit: Visit) -> Any:
    address = visit.href(
        "cells", org=row["org_code"], period=row["period_code"], standard=figure["standard"],
        edition=figure["edition"], basis="own", period_basis="stated",
    )  # fmt: skip
    return dcc.Link(row["org_name"], href=address)


def _filled(row: dict[str, Any], visit: Visit) -> str:
    if not row["is_filled"]:
        return ""
    return visit.t("一边取自较短时期之和或上一次的期末数", "one side from complete shorter periods, or its last level")


def _how_added(figure: dict[str, Any], visit: Visit) -> list[str]:
    kinds = {figure["numerator_kind"], figure["denominator_kind"]}
    if figure["period_basis"] == "stated" or kinds == {"flow"}:
        return []
    return [
        visit.t(
            "期末数、累计数每个单位只取最后一期;发生数各期相加。",
            "Of levels and counts to date each unit enters with its last period; flows are added.",
        )
    ]


def _entered(frame: pl.DataFrame, figure: dict[str, Any], asked: dict[str, Any], visit: Visit) -> list[dict[str, Any]]:
    kinds = (figure["numerator_kind"], figure["denominator_kind"])
    if figure["period_basis"] == "stated":
        return [row for row in frame.to_dicts() if row["numerator"] is not None and row["denominator"] is not None]
    parts: dict[str, list[tuple[str, int]]] = {}
    for row in visit.reader.rows("cells/parts", **asked):
        parts.setdefault(row["period_code"], []).append((row["part_code"], row["part_thirds"]))
    kept = []
    for _, part in frame.group_by(["org_code"], maintain_order=True):
        kept += entered(part.to_dicts(), parts, asked["period"], kinds, is_row=figure["basis"] == "rolled_up")
    return kept


def _sum_by_unit(tiles: Sequence[dict[str, Any]], figure: dict[str, Any]) -> tuple[Decimal, Decimal]:
    kinds = (figure["numerator_kind"], figure["denominator_kind"])
    by_unit: dict[str, list[dict[str, Any]]] = {}
    for tile in tiles:
        by_unit.setdefault(tile["org_code"], []).append(tile)
    found = [sums(part, kinds) for part in by_unit.values()]
    return sum((above for above, _ in found), NONE), sum((below for _, below in found), NONE)


def giving(rows: list[dict[str, Any]], figure: dict[str, Any]) -> tuple[list[dict[str, Any]], tuple[Decimal, Decimal]]:
    """The rows that make up a figure, with their sums.

    A unit may be a row of one form and stand above rows of another; only rows of one level enter (docs/adr/0008).
    """
    ways = [[row for row in rows if row["basis"] == basis] for basis in ("own", "rolled_up")]
    totals = [
        (sum((row["numerator"] for row in way), NONE), sum((row["denominator"] for row in way), NONE))
        for way in (*ways, rows)
    ]
    for way, total in zip((*ways, rows), totals, strict=True):
        if total == (figure["numerator"], figure["denominator"]):
            return way, total
    return rows, totals[-1]


def _is_nation(visit: Visit) -> bool:
    return bool(visit.org and visit.org["org_level"] == "nation")


def missing(figure: dict[str, Any], asked: dict[str, Any], visit: Visit) -> Card | None:
    """Rows and months that owe the figure and did not enter, by name; of a nation each province lists its own."""
    if _is_nation(visit):
        return None
    is_level = figure["numerator_kind"] == "stock" and figure["denominator_kind"] == "stock"
    wanted = {**asked, "is_level": is_level}
    frame = visit.reader.frame("cells/missing", **wanted)
    in_all = int(frame["in_all"][0]) if frame.height else 0
    told = visit.t(
        f"共 {in_all} 个单位月,列出前 {frame.height} 个。", f"{in_all} unit-months; {frame.height} are listed."
    )
    return Card(
        key="missing",
        title=Words("没有进入的:谁、哪个月", "What did not enter: who and when"),
        query="cells/missing",
        values=wanted,
        frame=frame,
        columns=(
            Column(
                Words("单位", "Unit"),
                lambda row: dcc.Link(row["org_name"], href=visit.href("unit", org=row["org_code"])),
            ),
            Column(Words("上级", "Above it"), lambda row: row["parent_name"] or "–"),
            Column(Words("月份", "Month"), lambda row: row["month"]),
            Column(Words("缺什么", "What is missing"), lambda row: _lack(row, visit)),
        ),
        notes=[told] if in_all > frame.height else [],
        empty=Words(
            "应报的行、月都进入了(名册上没有应报的,不算缺)。", "Every row and month that the roster owes entered."
        ),
    )


def _lack(row: dict[str, Any], visit: Visit) -> str:
    gaps = {row["numerator_gap"], row["denominator_gap"]} - {None, "not_reported"}
    told = visit.say(LACKS[row["lacks"]])
    why = [visit.say(wording.words(wording.REASONS, gap)) for gap in sorted(gaps)]
    return told + (f"({', '.join(why)})" if why and row["lacks"] != "not_reported" else "")


# ---- a figure of the unit itself


def own_figure(figure: dict[str, Any], asked: dict[str, Any], visit: Visit) -> list[Card]:
    """What the unit states, by period and by cell."""
    frame = visit.reader.frame("cells/tiles", **asked)
    kept = _entered(frame, figure, asked, visit)
    return [_statements(frame, kept, figure, asked, visit), _facts(kept, asked, visit)]


def _statements(
    frame: pl.DataFrame, kept: list[dict[str, Any]], figure: dict[str, Any], asked: dict[str, Any], visit: Visit
) -> Card:
    periods = {tile["period_code"] for tile in kept}
    total = sums(kept, (figure["numerator_kind"], figure["denominator_kind"]))

    def link(row: dict[str, Any]) -> Any:
        address = visit.href("cells", period=row["period_code"], standard=figure["standard"],
                             edition=figure["edition"], basis="own", period_basis="stated")  # fmt: skip
        return dcc.Link(row["period_code"], href=address)

    return Card(
        key="statements",
        title=Words("该单位各期报的数", "What the unit states, by period"),
        query="cells/tiles",
        values=asked,
        frame=frame,
        columns=(
            Column(Words("时期", "Period"), link),
            Column(Words("分子", "Numerator"), lambda row: wording.number(row["numerator"]), numeric=True),
            Column(Words("分母", "Denominator"), lambda row: wording.number(row["denominator"]), numeric=True),
            Column(Words("进入", "Entered"), lambda row: "✓" if row["period_code"] in periods else "–"),
            Column(Words("说明", "Remark"), lambda row: _filled(row, visit)),
        ),
        notes=[adds_up(total, figure, visit), *_how_added(figure, visit)] if kept else [],
        empty=Words("没有一期报了它的分子或分母。", "No period states its numerator or denominator."),
    )


def _facts(kept: list[dict[str, Any]], asked: dict[str, Any], visit: Visit) -> Card:
    """The cells of the unit's own figure, each with its file and SHA-256."""
    frame = visit.reader.frame("cells/facts", **asked)
    periods = {tile["period_code"] for tile in kept}
    return Card(
        key="cells",
        title=Words("单元格", "Cells"),
        query="cells/facts",
        values=asked,
        frame=frame,
        columns=(
            Column(Words("数据元", "Element"), lambda row: visit.name_of(row, "name")),
            Column(Words("数", "Value"), lambda row: _value(row), numeric=True),
            Column(
                Words("边", "Side"), lambda row: visit.t("分子" if row["side"] == "numerator" else "分母", row["side"])
            ),
            Column(Words("时期", "Period"), lambda row: _period_of(row, visit)),
            Column(Words("进入", "Entered"), lambda row: "✓" if row["period_code"] in periods else "–"),
            Column(Words("状态", "State"), lambda row: visit.say(wording.words(FACT_STATES, row["state"]))),
            Column(Words("文件 › 工作表 › 单元格", "File › sheet › cell"), lambda row: _place(row, visit)),
            Column(Words("SHA-256", "SHA-256"), lambda row: html.Code(row["sha256"][:12] or "–", title=row["sha256"])),
            Column(Words("版本", "Revision"), lambda row: wording.number(row["revision"]), numeric=True),
            Column(Words("更正", "Correction"), lambda row: _correction(row)),
        ),
        notes=[
            *_cells_add_up(frame, kept, visit),
            visit.t(
                "完整的 SHA-256 在下载的文件里;原件在站点的 archive/ 下,以它为名。",
                "The whole SHA-256 is in the downloads; the original is in the site's archive/ under that name.",
            ),
        ],
        empty=Words(
            "没有单元格:本期没有报表写了它的分子或分母。",
            "No cells: no return of the period states numerator or denominator.",
        ),
    )


def _cells_add_up(frame: pl.DataFrame, kept: list[dict[str, Any]], visit: Visit) -> list[html.P]:
    """Whether the cells give what the unit states of each period that entered; sides known otherwise have no cells."""
    stated = {(row["period_code"], side): row[side] for row in kept if not row["is_filled"] for side in SIDES}
    if not stated or frame.height >= MOST_CELLS:  # of more cells than are listed no sum is known
        return []
    found = dict.fromkeys(stated, NONE)
    for row in frame.to_dicts():
        if (row["period_code"], row["side"]) in found:
            found[row["period_code"], row["side"]] += row["amount"] or NONE
    wrong = [(key, found[key], value) for key, value in stated.items() if found[key] != value]
    told = [
        visit.t(f"≠ {period} {SIDES[side]}:单元格 {wording.number(cells)},该期 {wording.number(value)}",
                f"≠ {period} {side}: {wording.number(cells)} in the cells, {wording.number(value)} stated")
        for (period, side), cells, value in wrong[:MOST_WRONG]
    ]  # fmt: skip
    periods = len(stated) // len(SIDES)
    right = visit.t(
        f"✓ 单元格与 {periods} 期的分子、分母一致",
        f"✓ the cells give numerator and denominator of {periods} period{'' if periods == 1 else 's'}",
    )
    return [html.P((";" if visit.lang == "zh" else "; ").join(told) or right, className="sum")]


def _period_of(row: dict[str, Any], visit: Visit) -> str:
    term = visit.say(wording.words(TERM_PERIODS, row["term_period"]))
    level = visit.t("下级之和", "sum of rows") if row["term_level"] == "children" else ""
    return " · ".join(filter(None, (row["period_code"], term, level)))


def _value(row: dict[str, Any]) -> str:
    if row["value"] is None or row["factor"] == 1:
        return wording.number(row["value"])
    return f"{wording.number(row['value'])} × {wording.number(row['factor'])} = {wording.number(row['amount'])}"


def _place(row: dict[str, Any], visit: Visit) -> str:
    return " › ".join(filter(None, (row["filename"], row["sheet"], row["cell"]))) or visit.t(
        "多格之和", "of several cells"
    )


def _correction(row: dict[str, Any]) -> str:
    return " · ".join(filter(None, (row["correction_id"], row["correction_why"], row["correction_who"]))) or "–"
