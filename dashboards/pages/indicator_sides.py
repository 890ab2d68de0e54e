"""One unit, one period, one indicator: every edition, own against rolled up, parts of breakdowns."""

from __future__ import annotations

from html import escape
from typing import Any

import polars as pl
from dash import html

from dashboards import wording
from dashboards.cards import Card, Column
from dashboards.figures.rates import dots, shortened
from dashboards.pages.indicator_asked import Asked
from dashboards.pages.indicator_trend import to_cells
from dashboards.rate_columns import BASES, basis_words, coverage, rate_columns
from dashboards.visit import Visit
from pipelines.catalog.wording import Words

VERDICTS = {
    "equal": Words("✓ 一致", "✓ equal"),
    "explained": Words("≈ 差在没报的单位里", "≈ explained by units that did not report"),
    "different": Words("✗ 不一致", "✗ different"),
    "not_comparable": Words("– 不可比", "– not comparable"),
}
REASONS = {
    "coverage": Words("有下级没报", "units below did not report"),
    "own_work": Words("可能含本级自己做的", "the unit may count work of its own"),
    "rows_exceed": Words("下级之和大于自报", "the units below add up to more"),
    "different": Words("两数不同", "the two differ"),
    "code_list": Words("分组不同", "other breakdowns"),
    "calendar": Words("年度不同", "other years"),
}


def here(asked: Asked) -> pl.DataFrame:
    """The figures of the unit in the period: all editions, bases and breakdowns."""
    return asked.visit.reader.frame("indicator/here", **asked.values)


def shown_figure(asked: Asked, frame: pl.DataFrame) -> dict[str, Any] | None:
    """The figure that the page is about: of the edition and basis asked for, else default and as the unit states."""
    values = asked.values
    wanted = frame.filter(
        (pl.col("breakdown_code") == "")
        & pl.col("value").is_not_null()
        & ((pl.col("standard") == values["standard"]) | pl.lit(values["standard"] == ""))
        & ((pl.col("edition") == values["edition"]) | pl.lit(values["edition"] == ""))
        & ((pl.col("basis") == values["basis"]) | pl.lit(values["basis"] == ""))
    )
    return wanted.row(0, named=True) if wanted.height else None


def editions(asked: Asked, frame: pl.DataFrame) -> Card:
    """What each edition gives on each basis, side by side."""
    visit = asked.visit
    totals = frame.filter(pl.col("breakdown_code") == "")
    known = totals.filter(pl.col("value").is_not_null())
    drawn = known.filter(pl.col("unit") == known["unit"][0]) if known.height else known
    return Card(
        key="editions",
        title=Words("各版本与两种口径", "Editions and bases"),
        query="indicator/here",
        values=asked.values,
        frame=frame,
        shown=totals,
        columns=(
            Column(Words("标准与版本", "Standard, edition"), lambda row: _edition(row, visit)),
            *rate_columns(visit)[:4],
            *rate_columns(visit)[5:],
            Column(Words("原因", "Reason"), lambda row: visit.say(wording.reason(row["state_reason"]))),
            Column(Words("单元格", "Cells"), lambda row: to_cells(row, asked)),
        ),
        figure=dots(drawn.to_dicts(), visit.lang, _label, lambda row: _choose(row, asked)) if drawn.height else None,
        alt=Words(
            f"{asked.name.zh}:{drawn.height} 个版本和口径的率及 95% 区间,数据见下表",
            f"{asked.name.en}: rates of {drawn.height} editions and bases with 95% intervals; the data are below",
        ),
        notes=[told] if (told := _on_sides(asked, drawn)) else [],
        empty=Words(
            f"该单位 {visit.period_code} 没有这个指标的数。",
            f"The unit has no figure of this indicator for {visit.period_code}.",
        ),
    )


def _edition(row: dict[str, Any], visit: Visit) -> str:
    mark = visit.t("(默认)", " (default)") if row["is_default_edition"] else ""
    return f"{visit.name_of(row, 'standard')} · {row['edition']}{mark}"


def _label(row: dict[str, Any], lang: str) -> str:
    name = shortened(f"{row[f'standard_{lang}']}", 12 if lang == "zh" else 22)
    basis = getattr(basis_words(row), lang)
    return f"{escape(name, quote=False)} {escape(row['edition'], quote=False)}<br>{basis}"


def _choose(row: dict[str, Any], asked: Asked) -> str:
    return asked.href(standard=row["standard"], edition=row["edition"], basis=row["basis"])


def _on_sides(asked: Asked, drawn: pl.DataFrame) -> str:
    """Own against rolled up, in one sentence."""
    visit = asked.visit
    first = drawn.head(1).select("standard", "edition")
    pair = {row["basis"]: row for row in drawn.join(first, on=["standard", "edition"], how="semi").to_dicts()}
    if set(pair) != {"own", "rolled_up"}:
        if not pair:
            return ""
        [only] = pair
        return visit.t(
            f"只有“{BASES[only].zh}”的数,没有另一种可比。",
            f"There is only the figure “{BASES[only].en}”; the other is missing.",
        )
    own, rolled = (wording.two_decimals(pair[basis]["value"]) for basis in ("own", "rolled_up"))
    share = coverage(pair["rolled_up"], visit)
    counts = [
        (wording.number(pair[basis]["numerator"]), wording.number(pair[basis]["denominator"]))
        for basis in ("own", "rolled_up")
    ]
    if counts[0] == counts[1]:
        return visit.t(
            f"自报与下级汇总一致:{own}({' / '.join(counts[0])}),汇总覆盖 {share}。",
            f"What the unit states equals what the units below add up to: {own} ({' / '.join(counts[0])}); coverage of "
            f"the sum {share}.",
        )
    return visit.t(
        f"自报 {own}({' / '.join(counts[0])}),下级汇总 {rolled}({' / '.join(counts[1])},覆盖 {share});"
        "差在哪一项,见“上下级核对”。",
        f"The unit states {own} ({' / '.join(counts[0])}), the units below add up to {rolled} "
        f"({' / '.join(counts[1])}, coverage {share}); “Levels” says in which term they differ.",
    )


def levels(asked: Asked) -> Card:
    """The terms of the formulas, own against rolled up."""
    visit = asked.visit
    frame = visit.reader.frame("indicator/levels", **asked.values)

    def said(table: dict[str, Words], name: str) -> Any:
        return lambda row: visit.say(wording.words(table, row[name]))

    def count(name: str) -> Any:
        return lambda row: wording.number(row[name])

    return Card(
        key="levels",
        title=Words("上下级核对:分子、分母各项", "Levels: the terms of the formula"),
        query="indicator/levels",
        values=asked.values,
        frame=frame,
        columns=(
            Column(Words("数据元", "Element"), lambda row: visit.name_of(row, "element_name")),
            Column(Words("自报", "As the unit states"), count("own_value"), numeric=True),
            Column(Words("下级之和", "Units below"), count("rolled_up_value"), numeric=True),
            Column(Words("差", "Difference"), count("difference"), numeric=True),
            Column(Words("报来的下级", "Units that reported"), lambda row: f"{row['units_reported']} / "
                   f"{row['units_expected']}", numeric=True),
            Column(Words("结论", "Verdict"), said(VERDICTS, "verdict")),
            Column(Words("原因", "Reason"), said(REASONS, "reason")),
            Column(Words("自报的单元格", "Cell of what is stated"), lambda row: html.Code(
                " ".join(filter(None, (row["sheet"], row["cell"]))))),
        ),
        empty=Words(
            "没有可核对的:该单位自己没有报这些项,或下级没有报。",
            "There is nothing to compare: the unit states none of the terms itself, or no unit below does.",
        ),
    )  # fmt: skip


def breakdowns(asked: Asked, frame: pl.DataFrame) -> list[Card]:
    """The parts of each breakdown, of the edition that is shown first; no card where there are none."""
    parts = frame.filter((pl.col("breakdown_code") != "") & pl.col("value").is_not_null())
    if parts.is_empty():
        return []
    visit = asked.visit
    first = parts.head(1).select("standard", "edition", "unit")
    drawn = parts.join(first, on=["standard", "edition", "unit"], how="semi")
    return [
        Card(
            key="breakdowns",
            title=Words("分组", "Breakdowns"),
            query="indicator/here",
            values=asked.values,
            frame=frame,
            shown=parts,
            columns=(
                Column(Words("分组", "Part"), lambda row: visit.name_of(row, "breakdown_name")),
                *rate_columns(visit),
                Column(Words("单元格", "Cells"), lambda row: to_cells(row, asked)),
            ),
            figure=dots(drawn.to_dicts(), visit.lang, _part),
            alt=Words(
                f"{asked.name.zh}:{drawn.height} 个分组的率及 95% 区间,数据见下表",
                f"{asked.name.en}: rates of {drawn.height} parts with 95% intervals; the data are in the table below",
            ),
        )
    ]


def _part(row: dict[str, Any], lang: str) -> str:
    name = shortened(row[f"breakdown_name_{lang}"] or row["breakdown_code"], 16)
    return f"{escape(name, quote=False)}<br>{getattr(basis_words(row), lang)}"
