"""What came in: files refused, cells set aside, what became of every cell, and the suites that the night ran."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import polars as pl
from dash import html

from dashboards import wording
from dashboards.cards import Card, Column
from dashboards.figures.returns import Part, shares
from dashboards.finding_columns import PLACE
from dashboards.pages.reporting_asked import MOST_LISTED, Asked
from dashboards.visit import Visit
from pipelines.catalog.wording import Words
from pipelines.intake.problems import remedy

PARTS = (
    Part("facts", Words("数据", "facts"), "rgba(0,114,178,.34)", ""),
    Part("totals", Words("合计行", "totals"), "rgba(86,180,233,.30)", "/"),
    Part("claims", Words("上报率", "printed rates"), "rgba(0,158,115,.40)", "\\"),
    Part("entries", Words("台账条目", "ledger entries"), "rgba(240,228,66,.40)", "+"),
    Part("labels", Words("标题和说明", "labels"), "rgba(123,135,148,.20)", ""),
    Part("quarantined", Words("未载入", "set aside"), "rgba(213,94,0,.55)", "x"),
    Part("unaccounted", Words("去向不明", "unaccounted for"), "rgba(204,121,167,.80)", "."),
)
HELD_REASONS = {
    "not_a_number": Words("不是数", "no number"),
    "unknown_label": Words("报表中没有这一项", "no such row in the form"),
    "no_label": Words("这一行没有名称", "the row has no label"),
    "unknown_row_unit": Words("填报单位下没有这个单位", "no such unit below the sender"),
    "ambiguous_row_unit": Words("同名的单位不止一个", "several units are so called"),
    "unknown_period": Words("统计期看不懂", "the period cannot be read"),
    "unknown_column": Words("不认识这一列", "unknown column"),
    "unknown_state": Words("不认识这种状态", "unknown state"),
    "two_values": Words("一格两个数", "two numbers in a cell"),
    "formula_not_calculated": Words("公式没有算出结果", "a formula without a result"),
    "unknown_element": Words("不认识的数据元", "unknown element"),
    "unknown_org": Words("不认识的单位", "unknown unit"),
    "unknown_breakdown": Words("不认识的分组", "unknown breakdown"),
    "unknown_attribute": Words("不认识的属性组合", "unknown attribute options"),
    "unknown_form_code": Words("不认识的报表或数据集", "unknown form or data set"),
    "org_not_below": Words("不在填报单位之下", "not below the sender"),
    "ambiguous_id": Words("编号有几种意思", "an identifier with several meanings"),
    "stated_again": Words("同一项报了两次", "stated twice"),
}


def sentence(cells: pl.DataFrame, refused: pl.DataFrame, held: pl.DataFrame, visit: Visit) -> str:
    """How many cells were read, and what was not taken."""
    told = []
    if cells.height:
        read, lost = int(cells["read"].sum()), int(cells["unaccounted"].sum())
        told.append(
            visit.t(f"读到 {wording.number(read)} 个单元格,", f"{wording.number(read)} cells were read, ")
            + (visit.t("去向全部有数", "all accounted for") if not lost
               else visit.t(f"其中 {lost} 个去向不明", f"{lost} of them not accounted for"))
        )  # fmt: skip
    aside = int(held["in_all"][0]) if held.height else 0
    still = int(refused["open_in_all"][0]) if refused.height else 0
    told.append(visit.t(f"未载入的单元格 {aside} 个,拒收还没有补报的表 {still} 张",
                        f"{aside} cells set aside, {still} refused tables not yet replaced"))  # fmt: skip
    return visit.t(";".join(told) + "。", "; ".join(told) + ".")


def cells_card(cells: pl.DataFrame, asked: Asked, visit: Visit) -> Card:
    """What became of every cell that was read, by form; the parts add up to what was read."""

    def count(name: str) -> Callable[[dict[str, Any]], str]:
        return lambda row: wording.number(row[name])

    lost = int(cells["unaccounted"].sum()) if cells.height else 0
    said = (
        visit.t(f"✗ 差 {lost} 个:各部分之和与读到的不等。", f"✗ {lost} cells differ: the parts do not add up.")
        if lost
        else visit.t("✓ 差 0 个:各部分之和等于读到的。", "✓ Difference 0: the parts add up to what was read.")
    )
    return Card(
        key="cells",
        title=Words("每个单元格的去向", "What became of every cell"),
        query="reporting/cells",
        values=asked.values,
        frame=cells,
        columns=(
            Column(Words("报表", "Form"), lambda row: visit.name_of(row, "form")),
            Column(Words("表", "Tables"), count("tables"), numeric=True),
            Column(Words("读到", "Read"), count("read"), numeric=True),
            *(Column(part.words, count(part.name), numeric=True) for part in PARTS[:-1]),
            Column(Words("差(去向不明)", "Difference (unaccounted)"), count("unaccounted"), numeric=True),
        ),
        figure=shares(_with_all(cells, visit), PARTS, lambda row: visit.name_of(row, "form"), visit.lang),
        alt=Words("各报表读到的单元格按去向的份额", "The cells read of each form by what became of them"),
        notes=[said] if cells.height else [],
        empty=Words("这段时间没有收下的表。", "No table was accepted for this time."),
    )


def _with_all(cells: pl.DataFrame, visit: Visit) -> list[dict[str, Any]]:
    rows = cells.to_dicts()
    if len(rows) < 2:
        return rows
    sums = {part.name: sum(row[part.name] for row in rows) for part in PARTS}
    return [{"form_zh": "合计", "form_en": "all forms", **sums}, *rows]


def held_card(held: pl.DataFrame, asked: Asked, visit: Visit) -> Card:
    """Cells that were not loaded, why, and what to do."""

    def why(row: dict[str, Any]) -> str:
        said = visit.say(wording.words(HELD_REASONS, row["reason"]))
        return said + visit.t(f"({row['label']})", f" ({row['label']})") if row["label"] else said

    return Card(
        key="held",
        title=Words("没有载入的单元格", "Cells set aside"),
        query="reporting/held",
        values=asked.values,
        frame=held,
        whole={"most": 100_000},
        columns=(
            PLACE,
            Column(Words("单位", "Unit"), lambda row: row["org_name"]),
            Column(Words("时期", "Period"), lambda row: row["period_code"], kind="whole"),
            Column(Words("表上所印", "Printed"), lambda row: f"“{row['printed']}”"),
            Column(Words("原因", "Reason"), why),
            Column(Words("怎么办", "Remedy"), lambda row: visit.t(*remedy("cell_quarantined", row["reason"]))),
            Column(Words("报表", "Form"), lambda row: visit.name_of(row, "form")),
        ),
        notes=_left_out(held, visit),
        empty=Words("收下的表里每一格都载入了。", "Every cell of the tables that were accepted was loaded."),
    )


def refused_card(refused: pl.DataFrame, asked: Asked, visit: Visit) -> Card:
    """Files and tables that were refused."""

    def status(row: dict[str, Any]) -> str:
        return (
            visit.t("✗ 还没有补报", "✗ not yet replaced") if row["is_open"] else visit.t("✓ 已补报", "✓ replaced since")
        )

    notes = [
        visit.t("办法写在站点 refused/ 文件夹里同名的 .txt 中(中英文);改好后重新放进收件夹即可。",
                "The remedy stands in the .txt of the same name in the site's folder refused/; put the mended file "
                "into the inbox again."),
        *_left_out(refused, visit),
    ]  # fmt: skip
    return Card(
        key="refused",
        title=Words("拒收的文件", "Refused files"),
        query="reporting/refused",
        values=asked.values,
        frame=refused,
        whole={"most": 100_000},
        columns=(
            PLACE,
            Column(Words("发送单位", "Sender"), lambda row: row["org_name"]),
            Column(Words("收到(北京时间)", "Received (China time)"), lambda row: wording.beijing(row["received_at"])),
            Column(Words("原因", "Reason"), lambda row: visit.name_of(row, "reason")),
            Column(Words("现状", "Now"), status),
            Column(
                Words("原件与办法", "The file and the remedy"),
                lambda row: f"refused/{row['receipt_id']}-{row['filename']}.txt",
            ),
        ),
        notes=notes if refused.height else [],
        empty=Words("没有拒收的文件。", "No file was refused."),
    )


def _left_out(frame: pl.DataFrame, visit: Visit) -> list[str]:
    left = int(frame["in_all"][0]) - frame.height if frame.height else 0
    if left <= 0:
        return []
    return [visit.t(f"只列出 {MOST_LISTED} 条,另有 {left} 条在下载的文件里。",
                    f"{MOST_LISTED} are listed; {left} more are in the downloads.")]  # fmt: skip


def suites_card(visit: Visit) -> Card:
    """The suites of Great Expectations that the night ran, and where their results are kept."""
    suites = visit.reader.frame("reporting/suites")
    return Card(
        key="suites",
        title=Words("期望检查(Great Expectations)", "Expectations (Great Expectations)"),
        query="reporting/suites",
        values={},
        frame=suites,
        columns=(
            Column(Words("表", "Table"), lambda row: row["suite"]),
            Column(Words("结果", "Result"), lambda _: visit.t("✓ 没有阻断发布的失败", "✓ nothing failed that blocks")),
            Column(Words("用时(秒)", "Seconds"), lambda row: f"{row['seconds']:.2f}", numeric=True),
            Column(
                Words("要求写在", "What must hold"),
                lambda row: f"expectations/{row['suite'].replace('.', '/')}.py",
            ),
        ),
        notes=[html.P(_where_results_are(visit), className="note")],
        empty=Words(
            "这个发布没有记下跑过哪些检查(meta.run 里没有)。",
            "This release does not tell which suites ran (meta.run holds none).",
        ),
    )


def _where_results_are(visit: Visit) -> list[Any]:
    home = visit.reader.release.folder.parent.parent
    return [
        visit.t("有一项阻断性的期望不满足,当夜就不发布;所以发布里的表都通过了。逐项结果、不符的行和查出它们的 SQL "
                "由 Dagster 保存,在各资产的 Checks 页:",
                "A night with a blocking expectation that fails publishes nothing, so every table here passed. Each "
                "expectation's result, failing rows and their SQL are kept by Dagster, on the asset's Checks page: "),
        html.Code(f"make dagster HOME_DIR={home}"),
    ]  # fmt: skip
