"""Printed rates: what a return prints against what its counts give, by every edition's formula."""

from __future__ import annotations

from collections import Counter
from typing import Any

import polars as pl
from dash import dcc, html

from dashboards import wording
from dashboards.cards import Card, Column
from dashboards.figures.claims import differences, signed
from dashboards.finding_columns import PLACE
from dashboards.listing import MOST_ROWS, offset, order_links, sorting, turn_links
from dashboards.page import Choice, Content, Page
from dashboards.printed_rates import explained, formula_words, tried
from dashboards.rate_columns import counts
from dashboards.visit import Visit
from pipelines.catalog.wording import Words

TITLE = Words("上报率核对", "Printed rates")
ALL = "all"
MOST_DRAWN = 30
ATTAINABLE = {
    "true": Words("✓ 有整数分子可得", "✓ attainable"),
    "false": Words("✗ 没有整数分子可得", "✗ unattainable: no whole number gives it"),
    "unknown": Words("– 未判定", "– not judged"),
}
ORDERS = (
    ("verdict", Words("结论", "verdict")),
    ("difference", Words("差", "difference")),
    ("unit", Words("单位", "unit")),
    ("period", Words("时期", "period")),
    ("indicator", Words("指标", "indicator")),
)


def content(visit: Visit) -> Content:
    """The sentence, the chart and the list of printed rates."""
    values, of_all = _values(visit), _is_of_all(visit)
    found_at_all = visit.reader.frame("claims/counts", **values)
    if found_at_all.is_empty():
        return Content(TITLE, [html.P(_sentence(found_at_all, visit), className="lead"), _units_card(visit)], of_all)
    at = offset(visit, "from")
    listed = {**values, "sorting": sorting(visit, "sort", ORDERS), "most": MOST_ROWS, "offset": at}
    found = visit.reader.frame("claims/claims", **listed)
    if found.is_empty() and at:
        listed["offset"] = 0
        found = visit.reader.frame("claims/claims", **listed)
    parts = [
        html.P([_sentence(found_at_all, visit), " ", _other_scope(visit)], className="lead"),
        _differences_card(values, visit),
        _claims_card(found, listed, visit),
    ]
    return Content(TITLE, parts, of_all)


def _is_of_all(visit: Visit) -> bool:
    return visit.view.get("scope") == ALL


def _values(visit: Visit) -> dict[str, Any]:
    asked = {name: visit.view.get(name) for name in ("scope", "verdict", "attainable", "indicator")}
    return {**visit.chosen, **asked}


# ---- the sentence


def _sentence(found: pl.DataFrame, visit: Visit) -> str:
    everywhere = _is_of_all(visit)
    whose = visit.t("本发布", "this release") if everywhere else _name(visit)
    if found.is_empty():
        return visit.t(
            f"{whose}(和它的下级)的报表里没有印出的率。" if not everywhere else "这个发布的报表里没有印出的率。",
            f"The returns of {whose}" + ("" if everywhere else " and the units below it") + " print no rates.",
        )
    sums: Counter[str] = Counter()
    for row in found.to_dicts():
        sums[row["verdict"]] += row["claims"]
        sums["unattainable"] += row["claims"] if row["attainable"] is False else 0
    in_all = int(found["claims"].sum())
    by_verdict = [(visit.say(said), sums[code]) for code, said in wording.VERDICT_COUNTS.items()]
    below = "" if everywhere else visit.t("和它的下级", " and the units below it")
    return visit.t(
        f"{whose}{below}的报表印出 {in_all} 个率:" + "、".join(f"{said} {count}" for said, count in by_verdict)
        + f";其中 {sums['unattainable']} 个没有整数分子可得。",
        f"The returns of {whose}{below} print {in_all} rates: "
        + ", ".join(f"{count} {said}" for said, count in by_verdict)
        + f"; {sums['unattainable']} of them are given by no whole number.",
    )  # fmt: skip


def _name(visit: Visit) -> str:
    return str(visit.org["org_name"]) if visit.org else ""


def _other_scope(visit: Visit) -> Any:
    if _is_of_all(visit):
        return dcc.Link(visit.t(f"只看{_name(visit)}", f"Only {_name(visit)}"), href=_with(visit, scope=None))
    return dcc.Link(visit.t("看本发布的全部单位", "All units of this release"), href=_with(visit, scope=ALL))


def _with(visit: Visit, **changes: str | None) -> str:
    return visit.href(**{**changes, "from": None})


# ---- where there are none


def _units_card(visit: Visit) -> Card:
    units = visit.reader.frame("claims/units")
    first = int(units["in_all"][0]) if units.height else 0
    all_of_them = dcc.Link(visit.t("看本发布的全部上报率", "All printed rates of this release"),
                           href=_with(visit, scope=ALL))  # fmt: skip
    return Card(
        key="where",
        title=Words("哪里有印出的率", "Where printed rates are"),
        query="claims/units",
        values={},
        frame=units,
        columns=(
            Column(
                Words("单位", "Unit"),
                lambda row: dcc.Link(
                    row["org_name"], href=_with(visit, org=row["org_code"], scope=None, indicator=None)
                ),
            ),
            Column(Words("印出的率", "Printed rates"), lambda row: wording.number(row["claims"]), numeric=True),
            Column(
                Words("时期", "Periods"),
                lambda row: " – ".join(dict.fromkeys((row["first_period"], row["last_period"]))),
            ),
        ),
        notes=[html.P([all_of_them, visit.t(f"({first} 个单位)", f" ({first} units)")], className="note")]
        if first
        else [],
        empty=Words(
            "这个发布里没有一个单位的报表印出率。带率栏目的报表(如妇幼年报)报来后,这里逐个核对。",
            "No return in this release prints a rate. Once a form with rates (as the annual maternal and child health "
            "report) comes in, each is checked here.",
        ),
    )


# ---- the chart


def _differences_card(values: dict[str, Any], visit: Visit) -> Card:
    asked = {**values, "sorting": "difference", "most": MOST_DRAWN, "offset": 0}
    found = visit.reader.frame("claims/claims", **asked)
    drawn = found.filter(pl.col("difference").is_not_null())
    checked = drawn.height
    figure = differences(drawn.to_dicts(), visit.lang, lambda row: _to_indicator(row, visit))
    return Card(
        key="differences",
        title=Words("印出的率与重算的率", "Printed against recomputed"),
        query="claims/claims",
        values=asked,
        frame=found,
        shown=drawn,
        columns=_difference_columns(visit),
        figure=figure if checked else None,
        alt=Words(f"{checked} 个百分率的印出值减重算值,数据见下表",
                  f"Printed less recomputed of {checked} percentages; the data are in the table below"),
        notes=[
            visit.t(f"能重算的百分率,差得多的在上(最多画 {MOST_DRAWN} 个)。● 有整数分子可得,✕ 没有,◇ 未判定;"
                    "右边 ✗ 不符,✂ 截尾,✓ 相符。",
                    f"Percentages that can be recomputed, the largest differences first (at most {MOST_DRAWN}). "
                    "● attainable, ✕ unattainable, ◇ not judged; at the right ✗ inconsistent, ✂ cut off, ✓ reproduced.")
        ],
        empty=Words(
            "没有能重算的百分率:表里缺分子或分母,或上面的筛选把它们都去掉了。",
            "No percentage can be recomputed: numerator or denominator is missing, or the filters leave none.",
        ),
    )  # fmt: skip


def _difference_columns(visit: Visit) -> tuple[Column, ...]:
    return (
        Column(Words("指标", "Indicator"), lambda row: _indicator_link(row, visit)),
        Column(Words("单位", "Unit"), lambda row: row["org_name"]),
        Column(Words("印出", "Printed"), lambda row: row["reported_text"], numeric=True),
        Column(Words("重算", "Recomputed"), lambda row: wording.two_decimals(row["recomputed"]), numeric=True),
        Column(Words("分子 / 分母", "Numerator / denominator"), counts, numeric=True),
        Column(Words("差(百分点)", "Difference (points)"), _signed, numeric=True),
        Column(Words("结论", "Verdict"), lambda row: visit.say(wording.words(wording.VERDICTS, row["verdict"]))),
        Column(Words("可得与否", "Attainable"), lambda row: visit.say(_attainable(row))),
    )


def _indicator_link(row: dict[str, Any], visit: Visit) -> dcc.Link:
    return dcc.Link(_indicator(row, visit), href=_to_indicator(row, visit))


def _signed(row: dict[str, Any]) -> str:
    return "–" if row["difference"] is None else signed(row["difference"])


def _to_indicator(row: dict[str, Any], visit: Visit) -> str:
    return visit.href("indicator", indicator=row["indicator_code"], org=row["org_code"], period=row["period_code"])


def _indicator(row: dict[str, Any], visit: Visit) -> str:
    return " · ".join(filter(None, (visit.name_of(row, "indicator"), visit.name_of(row, "part"))))


def _attainable(row: dict[str, Any]) -> Words:
    return ATTAINABLE["unknown" if row["attainable"] is None else str(row["attainable"]).lower()]


# ---- the list


def _claims_card(found: pl.DataFrame, values: dict[str, Any], visit: Visit) -> Card:
    in_all = int(found["in_all"][0]) if found.height else 0
    return Card(
        key="claims",
        title=Words(f"逐个核对({in_all} 个)", f"One by one ({in_all})"),
        query="claims/claims",
        values=values,
        frame=found,
        whole={"most": 100_000, "offset": 0},
        columns=_claim_columns(visit),
        notes=[
            order_links(visit, "sort", "from", "card-claims", ORDERS),
            *turn_links(visit, "from", "card-claims", values["offset"], found.height, in_all),
        ],
        empty=Words(
            "没有这样的上报率:去掉上面的筛选再看。", "There is no such printed rate: take away a filter above."
        ),
    )


def _claim_columns(visit: Visit) -> tuple[Column, ...]:
    names = {row["element_code"]: Words(row["name_zh"], row["name_en"]) for row in visit.reader.rows("claims/elements")}
    tries: dict[str, list[dict[str, Any]]] = {}
    for row in visit.reader.rows("claims/tries", **_values(visit)):
        tries.setdefault(row["claim_id"], []).append(tried(row, names))

    def of(row: dict[str, Any]) -> list[dict[str, Any]]:
        return tries.get(row["claim_id"], [])

    return (
        Column(
            Words("指标", "Indicator"), lambda row: dcc.Link(_indicator(row, visit), href=_to_indicator(row, visit))
        ),
        Column(
            Words("单位", "Unit"), lambda row: dcc.Link(row["org_name"], href=visit.href("unit", org=row["org_code"]))
        ),
        Column(Words("时期", "Period"), lambda row: row["period_code"], kind="whole"),
        Column(Words("印出", "Printed"), lambda row: row["reported_text"], numeric=True),
        Column(Words("结论", "Verdict"), lambda row: visit.say(wording.words(wording.VERDICTS, row["verdict"]))),
        Column(
            Words("各口径重算", "Recomputed by each formula"), lambda row: _tries(of(row), visit), kind="long lines"
        ),
        Column(Words("可得与否", "Attainable"), lambda row: visit.say(_attainable(row))),
        Column(Words("说得通的版本", "Edition that explains"), lambda row: _explaining(row, of(row), visit)),
        Column(
            Words("这份报表的习惯", "The report's habit"),
            lambda row: visit.say(formula_words(row["habit_formula"], names)) if row["habit_formula"] else "–",
        ),
        PLACE,
    )


def _tries(tries: list[dict[str, Any]], visit: Visit) -> str:
    if not tries:
        return visit.t("– 没有口径", "– no definition")
    told = []
    for row in tries:
        unit = visit.say(wording.words(wording.UNITS, row["unit"]))
        figure = f"{row['shown']} {unit} = {row['counts']}" if row["recomputed"] is not None else row["counts"]
        short = f" {visit.say(row['short'])}" if len(tries) > 1 else ""
        told.append(f"{figure}{short}: {visit.say(row['words'])}")
    return "\n".join(told)


def _explaining(row: dict[str, Any], tries: list[dict[str, Any]], visit: Visit) -> str:
    editions, several = explained(row["verdict"], tries)
    if editions:
        return visit.t(";", "; ").join(visit.say(words) for words in editions)
    return visit.t("几种口径都能得出", "several formulas do") if several else "–"


# ---- what can be chosen


def _scopes(visit: Visit) -> list[tuple[str, str]]:
    return [(ALL, visit.t("本发布的全部单位", "all units of this release"))]


def _verdicts(visit: Visit) -> list[tuple[str, str]]:
    return [(code, visit.say(said)) for code, said in wording.VERDICTS.items()]


def _attainabilities(visit: Visit) -> list[tuple[str, str]]:
    return [(code, visit.say(said)) for code, said in ATTAINABLE.items()]


def _indicators(visit: Visit) -> list[tuple[str, str]]:
    sums: dict[str, tuple[str, int]] = {}
    for row in visit.reader.rows("claims/counts", **_values(visit)):
        before = sums.get(row["indicator_code"], ("", 0))[1]
        sums[row["indicator_code"]] = (visit.name_of(row, "indicator"), before + row["claims"])
    return [(code, f"{name} ({count})") for code, (name, count) in sorted(sums.items(), key=lambda item: -item[1][1])]


PAGE = Page(
    "claims",
    TITLE,
    content,
    choices=(
        Choice("scope", Words("范围", "Scope"), _scopes, blank=Words("该单位和下级", "this unit and those below")),
        Choice("verdict", Words("结论", "Verdict"), _verdicts, blank=Words("全部", "all")),
        Choice("attainable", Words("可得与否", "Attainable"), _attainabilities, blank=Words("全部", "all")),
        Choice("indicator", Words("指标", "Indicator"), _indicators, blank=Words("全部", "all")),
    ),
    has_period=False,
    names=("sort", "from"),
)  # fmt: skip
