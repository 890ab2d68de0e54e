"""Down to the cells: what a figure is made of, so that it can be added up by hand."""

from __future__ import annotations

import math
from typing import Any

from dash import dcc, html

from dashboards import wording
from dashboards.cards import Card, Column
from dashboards.page import Content, Page
from dashboards.pages.cells_entered import below, missing, own_figure, rows_below
from dashboards.rate_columns import basis_words, rate_columns
from dashboards.visit import Visit
from pipelines.catalog.wording import Words

TITLE = Words("追到单元格", "Down to the cells")
SIDES = {"numerator": Words("分子", "numerator"), "denominator": Words("分母", "denominator")}
TERM_PERIODS = {
    "previous": Words("上一期的数", "the figure of the period before"),
    "same_last_year": Words("上年同期的数", "the figure of the same period of last year"),
    "to_date": Words("本年到期末为止的合计", "the sum from the year's start to the period's end"),
}
KINDS_STATED = {
    "flow": Words("本期发生数", "what happened in the period"),
    "stock": Words("期末数", "the level at the period's end"),
    "year_to_date": Words("本年累计数", "the count of the year to date"),
    "attribute": Words("属性", "an attribute"),
}
KINDS_ADDED = {
    "flow": Words(
        "各部分时期之和:部分齐全用部分,不齐用整期数,没有整期数用已有的部分",
        "the sum of the parts: the parts where complete, else the whole, else the parts that exist",
    ),
    "stock": Words("期内最后一个值,不早于 {carry} 个月", "the last value in the period, not older than {carry} months"),
    "year_to_date": Words(
        "本年最后一个累计数;时期跨年的取增长数",
        "the last count of its year; over two of its years what it grew by",
    ),
    "attribute": Words("属性,从不相加", "an attribute, never added up"),
}


def content(visit: Visit) -> Content:
    """The cards of a figure, or the figures to choose from."""
    if not visit.view.get("indicator"):
        return Content(TITLE, [_choose(visit)])
    values = {**visit.chosen, "indicator": visit.view.get("indicator")}
    frame = visit.reader.frame("cells/figures", **values)
    figure = _chosen(frame.to_dicts(), visit)
    if figure is None:
        return Content(TITLE, [_figure_card(frame, values, None, visit), _choose(visit)])
    asked = {**visit.chosen, **{name: figure[name] for name in ("edition_key", "basis", "period_basis")}}
    terms = visit.reader.frame("cells/terms", **asked)
    title = Words(f"{TITLE.zh}:{figure['indicator_name_zh']}", f"{TITLE.en}: {figure['indicator_name_en']}")
    parts: list[Any] = [
        _in_words(figure, terms.to_dicts(), visit),
        _figure_card(frame, values, figure, visit),
        _terms_card(terms, asked, figure, visit),
    ]
    if figure["basis"] == "rolled_up":
        parts += [below(figure, asked, visit), rows_below(figure, asked, visit), missing(figure, asked, visit)]
    else:
        parts += own_figure(figure, asked, visit)
    return Content(title, [part for part in parts if part is not None])


def _chosen(rows: list[dict[str, Any]], visit: Visit) -> dict[str, Any] | None:
    """The figure that the address means; where none agrees with all that it names, the one that agrees with most."""
    named = [(name, visit.view.get(name)) for name in PAGE.names if visit.view.get(name)]
    for kept in range(len(named), -1, -1):
        for row in rows:
            if all(row[name] == value for name, value in named[:kept]):
                return row
    return None


def to_figure(row: dict[str, Any], visit: Visit, **changes: str) -> str:
    """The address of a figure's cells."""
    names = ("standard", "edition", "basis", "period_basis")
    return visit.href("cells", **{**{name: str(row[name]) for name in names}, **changes})


# ---- the figure


def _in_words(figure: dict[str, Any], terms: list[dict[str, Any]], visit: Visit) -> html.Ul:
    """The figure, its formula and its edition as sentences."""
    sides = {side: _formula([term for term in terms if term["side"] == side], visit) for side in SIDES}
    told = [
        _value(figure, visit),
        visit.t(
            f"分子:{sides['numerator']};分母:{sides['denominator']}。",
            f"Numerator: {sides['numerator']}; denominator: {sides['denominator']}.",
        ),
        visit.t("标准:", "Standard: ") + f"{visit.name_of(figure, 'standard')} · {figure['edition']}"
        + (f" · {figure['document_title']}" if figure["document_title"] else ""),
        visit.say(basis_words(figure)) + visit.t(";覆盖 ", "; coverage ")
        + wording.share(figure["coverage"]),
    ]  # fmt: skip
    return html.Ul([html.Li(sentence) for sentence in told], className="sentences")


def _value(figure: dict[str, Any], visit: Visit) -> str:
    """The rate with what it follows from, worked out anew; why there is none."""
    if figure["value"] is None:
        return visit.say(wording.reason(figure["state_reason"]))
    unit, per = visit.say(wording.words(wording.UNITS, figure["unit"])), float(figure["per"])
    made = float(figure["numerator"]) / float(figure["denominator"]) * per
    follows = math.isclose(made, figure["value"], rel_tol=1e-9, abs_tol=1e-12)
    counts = f"{wording.number(figure['numerator'])} / {wording.number(figure['denominator'])}"
    return (
        f"{wording.two_decimals(figure['value'])} {unit} {'=' if follows else '≠'} {counts}"
        + ("" if per == 1 else f" × {wording.number(figure['per'])}")
        + ("" if follows else f" = {wording.two_decimals(made)}")
    )


def _formula(terms: list[dict[str, Any]], visit: Visit) -> str:
    """A side in words.

    Factors other than 1 and terms of other periods are written out.
    """
    parts = []
    for number, term in enumerate(terms):
        factor = term["factor"]
        name = visit.name_of(term, "name") + (f"[{term['breakdown_code']}]" if term["breakdown_code"] else "")
        if term["term_period"] != "same":
            name += f"({visit.say(wording.words(TERM_PERIODS, term['term_period']))})"
        if abs(factor) != 1:
            name += f" × {wording.number(abs(factor))}"
        sign = "− " if factor < 0 else "+ " if number else ""
        parts.append(sign + name)
    return " ".join(parts)


def _figure_card(frame: Any, values: dict[str, Any], figure: dict[str, Any] | None, visit: Visit) -> Card:
    def which(row: dict[str, Any]) -> Any:
        text = " · ".join((visit.say(basis_words(row)), visit.name_of(row, "standard"), row["edition"]))
        same = ("standard", "edition", "basis", "period_basis")
        if figure is not None and all(row[name] == figure[name] for name in same):
            return html.Strong("→ " + text, **{"aria-current": "true"})
        return dcc.Link(text, href=to_figure(row, visit))

    return Card(
        key="figures",
        title=Words("这个数和它的其他口径", "The figure, and its other bases and editions"),
        query="cells/figures",
        values=values,
        frame=frame,
        columns=(Column(Words("哪一个", "Which"), which), *rate_columns(visit)),
        empty=Words(
            "该单位本期没有这个指标:没有上报,或没有这个指标的代码。请从下面选一个。",
            "The unit has no figure of this indicator for the period, or there is no such indicator. Choose one below.",
        ),
    )


def _choose(visit: Visit) -> Card:
    """The indicators whose cells can be looked at."""
    frame = visit.reader.frame("unit/figures", **visit.chosen)

    def link(row: dict[str, Any]) -> Any:
        changes = {name: row[name] for name in ("standard", "edition", "basis", "period_basis")}
        return dcc.Link(
            visit.name_of(row, "indicator_name"), href=visit.href("cells", indicator=row["indicator_code"], **changes)
        )

    return Card(
        key="choose",
        title=Words("选一个指标", "Choose an indicator"),
        query="unit/figures",
        values=visit.chosen,
        frame=frame,
        columns=(Column(Words("指标", "Indicator"), link), *rate_columns(visit)),
        empty=Words(
            "该单位本期没有算出的率。请换一个时期。", "No rate could be computed for this unit. Choose another period."
        ),
    )


# ---- its terms


def _terms_card(frame: Any, asked: dict[str, Any], figure: dict[str, Any], visit: Visit) -> Card:
    lone = {side: frame.filter(frame["side"] == side).height == 1 for side in SIDES}

    def alone(row: dict[str, Any]) -> str:
        if row["alone"] is None:
            return "–"
        told = wording.number(row["alone"])
        left = row["alone"] * row["factor"] - figure[row["side"]] if figure[row["side"]] is not None else 0
        if not lone[row["side"]] or not left:
            return told
        return told + visit.t(f"(多 {wording.number(left)})", f" ({wording.number(left)} more)")

    return Card(
        key="terms",
        title=Words("分子、分母各取什么", "What numerator and denominator take"),
        query="cells/terms",
        values=asked,
        frame=frame,
        columns=(
            Column(Words("数据元", "Element"), lambda row: visit.name_of(row, "name")),
            Column(Words("边", "Side"), lambda row: visit.say(SIDES[row["side"]])),
            Column(Words("系数", "Factor"), lambda row: wording.number(row["factor"]), numeric=True),
            Column(Words("取什么", "What it takes"), lambda row: _takes(row, figure, visit)),
            Column(Words("单独汇总", "Added up alone"), alone, numeric=True),
            Column(Words("代码", "Code"), lambda row: html.Code(row["element_code"])),
        ),
        notes=_why_alone(frame.to_dicts(), figure, lone, visit),
    )


def _takes(row: dict[str, Any], figure: dict[str, Any], visit: Visit) -> str:
    told = []
    if row["term_level"] == "children":
        told.append(
            visit.t("下级各行报的数之和(应报的行都在才有)", "the sum of the rows below, where every owed row is there")
        )
    if row["term_period"] != "same":
        told.append(visit.say(wording.words(TERM_PERIODS, row["term_period"])))
    table = KINDS_ADDED if figure["period_basis"] == "aggregated" else KINDS_STATED
    told.append(visit.say(wording.words(table, row["kind"])).replace("{carry}", str(row["carry_months"])))
    if row["factor"] != 1:
        told.append(visit.t(f"乘以 {wording.number(row['factor'])}", f"times {wording.number(row['factor'])}"))
    return visit.t(";", "; ").join(told)


def _why_alone(terms: list[dict[str, Any]], figure: dict[str, Any], lone: dict[str, bool], visit: Visit) -> list[str]:
    if not any(
        lone[row["side"]] and row["alone"] is not None and figure[row["side"]] is not None
        and row["alone"] * row["factor"] != figure[row["side"]]
        for row in terms
    ):  # fmt: skip
        return []
    return [
        visit.t(
            "“单独汇总”比分子、分母多出的,是另一边没有数的单位或月份:分子分母先在每个单位、每个时期配对,只有两边都有数才进入率。",
            "What is added up alone beyond numerator or denominator belongs to units or months whose other side is not "
            "known: both sides are paired for each unit and period first, and only pairs enter the rate.",
        )
    ]


PAGE = Page("cells", TITLE, content, names=("standard", "edition", "basis", "period_basis"))
