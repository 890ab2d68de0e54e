"""What is wrong: levels that disagree, and findings down to the cell with what to do about them."""

from __future__ import annotations

from typing import Any

import dash_mantine_components as dmc
import polars as pl
from dash import dcc

from dashboards import wording
from dashboards.cards import Card, Column
from dashboards.finding_columns import PLACE, severity, what_to_do
from dashboards.listing import MOST_ROWS, offset, order_links, sorting, turn_links
from dashboards.pages.reporting_asked import MOST_LISTED, Asked
from dashboards.pages.reporting_returns import only_note
from dashboards.printed_rates import expected, idle_zeros
from dashboards.sentences import several
from dashboards.visit import Visit
from pipelines.catalog.wording import Words

ORDERS = (
    ("severity", Words("程度", "severity")),
    ("period", Words("时期", "period")),
    ("unit", Words("单位", "unit")),
    ("rule", Words("规则", "rule")),
    ("form", Words("报表", "form")),
)
STATUSES = {
    "open": Words("未处理", "open"),
    "explained": Words("已说明", "explained"),
    "waived": Words("已豁免", "waived"),
    "closed": Words("已了结", "closed"),
}
LEVEL_VERDICTS = {
    "different": Words("✗ 不一致", "✗ different"),
    "not_comparable": Words("– 不可比", "– not comparable"),
    "explained": Words("≈ 下级未报齐,可以解释", "≈ explained: rows are missing"),
    "equal": Words("✓ 一致", "✓ equal"),
}
LEVEL_REASONS = {
    "coverage": Words("下级没有报齐", "rows are missing"),
    "own_work": Words("下级都报了,本级所填更多,又没有本级自己工作的行", "all rows are there, the unit states more"),
    "rows_exceed": Words("下级之和超过本级所填", "the rows add up to more than the unit states"),
    "different": Words("两数不同", "the two differ"),
    "code_list": Words("分组的代码表不同", "divided by different code lists"),
    "calendar": Words("年度不同(自然年、妇幼年度)", "of different years (calendar, maternal and child health)"),
}


def sentence(findings: pl.DataFrame, visit: Visit) -> str:
    """How many findings there are, by severity."""
    if findings.is_empty():
        return visit.t("没有(这样的)问题。", "There are no (such) findings.")
    first = findings.row(0, named=True)
    counts = {name: several(first[f"{name}s"], name) for name in ("error", "warning", "question")}
    return visit.t(
        f"问题 {first['in_all']} 处:错误 {first['errors']},警告 {first['warnings']},疑问 {first['questions']};"
        f"未处理 {first['still_open']} 处。",
        f"{several(first['in_all'], 'finding')}: {', '.join(counts.values())}; open: {first['still_open']}.",
    )


def read(asked: Asked, visit: Visit) -> tuple[pl.DataFrame, dict[str, Any]]:
    """A page of the findings, and the parameters that gave it."""
    at = offset(visit, "from")
    values = {**asked.values, "sorting": sorting(visit, "sort", ORDERS), "most": MOST_ROWS, "offset": at}
    found = visit.reader.frame("reporting/findings", **values)
    if found.is_empty() and at:
        values["offset"] = 0
        found = visit.reader.frame("reporting/findings", **values)
    return found, values


def findings_card(found: pl.DataFrame, values: dict[str, Any], asked: Asked, visit: Visit) -> Card:
    """Findings with their place, what was expected, and the remedy."""
    in_all = int(found["in_all"][0]) if found.height else 0
    notes = [
        _search(visit),
        *only_note(asked, visit),
        order_links(visit, "sort", "from", "card-findings", ORDERS),
        *turn_links(visit, "from", "card-findings", values["offset"], found.height, in_all),
    ]
    return Card(
        key="findings",
        title=Words(f"问题({in_all} 处)", f"Findings ({in_all})"),
        query="reporting/findings",
        values=values,
        frame=found,
        whole={"most": 100_000, "offset": 0},
        columns=_finding_columns(visit),
        notes=notes,
        empty=Words(
            "没有这样的问题。上面有筛选的(报表、程度、状态、规则、文字)可以去掉,或换一个时期再看。",
            "There is no such finding. Take away filters above (form, severity, status, rule, text) or choose another "
            "period.",
        ),
    )


def _search(visit: Visit) -> dmc.TextInput:
    """What is typed goes into the address when Enter is pressed or the box is left."""
    return dmc.TextInput(
        id={"type": "field", "name": "q"},
        label=visit.t("在问题中查找文字", "Find text in the findings"),
        placeholder=visit.t("单位、规则、说明、文件、单元格", "unit, rule, message, file, cell"),
        value=visit.view.get("q"),
        debounce=True,
        className="search",
    )


def _finding_columns(visit: Visit) -> tuple[Column, ...]:
    def unit(row: dict[str, Any]) -> Any:
        return (
            dcc.Link(row["org_name"], href=visit.href("unit", org=row["org_code"]))
            if row["org_code"]
            else row["org_name"]
        )

    def rule(row: dict[str, Any]) -> str:
        return " · ".join(filter(None, (row["rule_code"], visit.name_of(row, "rule"), visit.name_of(row, "form"))))

    return (
        Column(Words("单位", "Unit"), unit),
        Column(Words("程度", "Severity"), lambda row: severity(row, visit), kind="whole"),
        Column(Words("时期", "Period"), lambda row: row["period_code"] or "–", kind="whole"),
        Column(Words("说明", "Message"), lambda row: visit.name_of(row, "message")),
        Column(Words("实际", "Observed"), lambda row: idle_zeros(row["observed"]) or "–"),
        Column(Words("应为", "Expected"), lambda row: visit.say(expected(row))),
        PLACE,
        Column(Words("怎么办", "Remedy"), lambda row: what_to_do(row, visit)),
        Column(Words("状态与解释", "Status, explanation"), lambda row: _status(row, visit)),
        Column(Words("规则与报表", "Rule and form"), rule),
    )


def _status(row: dict[str, Any], visit: Visit) -> str:
    said = visit.say(wording.words(STATUSES, row["status"]))
    if not row["explanation"]:
        return said
    who = " ".join(filter(None, (row["explained_by"], wording.beijing(row["explained_at"]))))
    return f"{said}:{row['explanation']}({who})"


# ---- levels


def levels_card(asked: Asked, visit: Visit) -> Card:
    """What units state themselves against the sum of their rows."""
    values = {**asked.values, "most": MOST_LISTED}
    levels = visit.reader.frame("reporting/levels", **values)
    counts = {row["verdict"]: row["in_all"] for row in levels.unique("verdict", keep="first").to_dicts()}
    listed = levels.filter(pl.col("verdict") != "equal")
    told = [
        f"{visit.say(words)} {wording.number(counts[code])}" for code, words in LEVEL_VERDICTS.items() if code in counts
    ]
    left = sum(count for code, count in counts.items() if code != "equal") - listed.height
    notes: list[Any] = []
    if told:
        notes.append(
            visit.t("本级所填与下级之和:", "What units state against the sum of their rows: ") + ",".join(told)
        )
    if left > 0:
        notes.append(visit.t(f"每种结论最多列 {MOST_LISTED} 条,另有 {left} 条。",
                             f"At most {MOST_LISTED} of each verdict are listed; {left} more exist."))  # fmt: skip
    return Card(
        key="levels",
        title=Words("上下级一致", "Levels against each other"),
        query="reporting/levels",
        values=values,
        frame=levels,
        shown=listed,
        whole={"most": 100_000},
        columns=_level_columns(visit),
        notes=notes,
        empty=_no_levels(bool(counts)),
    )


def _no_levels(are_equal: bool) -> Words:
    if are_equal:
        return Words("本级所填与下级之和处处一致。", "Wherever both exist they are equal.")
    return Words(
        "这段时间没有可以比较的数:没有哪个单位既自己填了合计,又有下级各行的数。",
        "There is nothing to compare in this time: no unit states a figure itself and has rows below it, too.",
    )


def _level_columns(visit: Visit) -> tuple[Column, ...]:
    def element(row: dict[str, Any]) -> str:
        return " · ".join(filter(None, (visit.name_of(row, "element"), visit.name_of(row, "part"))))

    def relative(row: dict[str, Any]) -> str:
        share = row["relative_difference"]
        return "" if share is None else f" ({100 * share:+.1f}%)".replace("-", "−")

    def coverage(row: dict[str, Any]) -> str:
        counts = f"{wording.number(row['units_reported'])} / {wording.number(row['units_expected'])}"
        return f"{wording.share(row['coverage'])} ({counts})"

    return (
        Column(
            Words("单位", "Unit"), lambda row: dcc.Link(row["org_name"], href=visit.href("unit", org=row["org_code"]))
        ),
        Column(Words("时期", "Period"), lambda row: row["period_code"] or "–", kind="whole"),
        Column(Words("数据元", "Element"), element),
        Column(Words("结论", "Verdict"), lambda row: visit.say(wording.words(LEVEL_VERDICTS, row["verdict"]))),
        Column(Words("原因", "Reason"), lambda row: visit.say(wording.words(LEVEL_REASONS, row["reason"]))),
        Column(Words("本级所填", "Stated"), lambda row: wording.number(row["own_value"]), numeric=True),
        Column(Words("下级之和", "Sum of rows"), lambda row: wording.number(row["rolled_up_value"]), numeric=True),
        Column(Words("差", "Difference"), lambda row: wording.number(row["difference"]) + relative(row), numeric=True),
        Column(Words("下级覆盖(已报 / 应报)", "Coverage (reported / expected)"), coverage, numeric=True),
        PLACE,
    )
