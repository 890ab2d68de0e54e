"""What a night did, in figures and in a few lines: read from the release that it published."""

from __future__ import annotations

from typing import Any

import duckdb

from pipelines.cli.words import Lang, say
from pipelines.warehouse.release import Release

CELLS = ("fact", "claim", "total", "entry", "label", "quarantined")
VERDICTS = ("not_checkable", "reproduced", "truncated", "inconsistent")
GX_IMPORT = "import great_expectations"
SEVERITIES = ("error", "warning", "question")


def summarise(release: Release, collected: int, stages: list[tuple[str, float]], seconds: float) -> dict[str, Any]:
    """The night's figures as one object: tonight's files, all cells, findings, printed rates, release, times."""
    with duckdb.connect(str(release.database), read_only=True) as con:

        def counts(query: str) -> dict[str, int]:
            return {str(key): int(number) for key, number in con.execute(query).fetchall()}

        receipts = counts(
            "select state, count(*) from (select * from intake.receipt order by receipt_number desc "
            f"limit {collected}) group by state"
        )
        revised = con.execute(
            "select count(*) from intake.submission inner join (select * from intake.receipt order by receipt_number "
            f"desc limit {collected}) using (receipt_id) where revision > 1"
        ).fetchall()[0][0]
        sums = ", ".join(f"sum(cells_{name})" for name in ("read", *CELLS))
        cells = con.execute(f"select {sums} from intake.submission where state <> 'duplicate'").fetchall()[0]
        unattainable = con.execute(
            "select indicator_name.name_zh, indicator_name.name_en, reported_text, unit.org_name "
            "from marts.claim_verdict inner join core.org_unit as unit using (org_code) "
            "inner join catalog.indicator as indicator_name using (indicator_code) "
            "where not attainable order by org_code, indicator_code"
        ).fetchall()
        return {
            "files": {"received": collected, "accepted": receipts.get("accepted", 0),
                      "refused": receipts.get("refused", 0), "duplicate": receipts.get("duplicate", 0),
                      "revised": revised},
            "cells": {name: int(number or 0) for name, number in zip(("read", *CELLS), cells, strict=True)},
            "findings": counts("select severity, count(*) from quality.finding group by severity"),
            "claims": counts("select verdict, count(*) from marts.claim_verdict group by verdict"),
            "unattainable": [
                {"indicator_zh": zh, "indicator_en": en, "printed": text, "org": org}
                for zh, en, text, org in unattainable
            ],
            "refused": refused_tables(con, collected),
            "release": {"id": release.id, "folder": str(release.folder), "page": str(release.folder / "index.html")},
            "stages": _groups(stages, seconds),
            "seconds": round(seconds, 2),
        }  # fmt: skip


def refused_tables(con: duckdb.DuckDBPyConnection, collected: int) -> list[dict[str, str]]:
    """Tonight's tables that were refused: file, sheet, cell and reason."""
    rows = con.execute(
        "select filename, sheet, cell, reason_zh, reason_en from intake.submission inner join "
        f"(select * from intake.receipt order by receipt_number desc limit {collected}) using (receipt_id) "
        "where submission.state = 'refused' order by receipt_number, sheet"
    ).fetchall()
    return [dict(zip(("file", "sheet", "cell", "reason_zh", "reason_en"), row, strict=True)) for row in rows]


def _groups(stages: list[tuple[str, float]], seconds: float) -> dict[str, float]:
    """Seconds by kind of work; what no stage accounts for is Dagster's own."""
    groups = dict.fromkeys(("catalog", "intake", "select", GX_IMPORT, "expectations", "release"), 0.0)
    for name, spent in stages:
        kind = name.split(" ")[0] if name.startswith("expectations ") else name
        groups[kind if kind in groups else "select"] += spent
    groups["dagster"] = max(seconds - sum(groups.values()), 0.0)
    return {name: round(spent, 2) for name, spent in groups.items()}


def as_text(figures: dict[str, Any], lang: Lang) -> str:
    """The summary in a few lines of one language."""
    files, cells, claims = figures["files"], figures["cells"], figures["claims"]
    found = {name: figures["findings"].get(name, 0) for name in SEVERITIES}
    verdicts = {name: claims.get(name, 0) for name in VERDICTS}
    names = "; ".join(
        f"{u['org']} {u[f'indicator_{lang.value}']} {u['printed']}" for u in figures["unattainable"]
    ) or say(lang, "无", "none")  # fmt: skip
    stages = figures["stages"]
    lines = [
        say(
            lang,
            f"文件    收到 {files['received']}:接受 {files['accepted']},拒收 {files['refused']},"
            f"重复 {files['duplicate']};其中更正 {files['revised']} 张表",
            f"files     {files['received']} received: {files['accepted']} accepted, {files['refused']} refused, "
            f"{files['duplicate']} duplicate; {files['revised']} tables revised",
        ),
        *_refused(figures["refused"], lang),
        say(
            lang,
            f"单元格  读取 {cells['read']} = 数据 {cells['fact']} + 上报率 {cells['claim']} + 合计 {cells['total']}"
            f" + 明细 {cells['entry']} + 标签 {cells['label']} + 隔离 {cells['quarantined']}",
            f"cells     {cells['read']} read = {cells['fact']} facts + {cells['claim']} claims + {cells['total']} totals"
            f" + {cells['entry']} entries + {cells['label']} labels + {cells['quarantined']} quarantined",
        ),
        say(
            lang,
            f"问题    错误 {found['error']},警告 {found['warning']},疑问 {found['question']}",
            f"findings  {found['error']} errors, {found['warning']} warnings, {found['question']} questions",
        ),
        say(
            lang,
            f"上报率  {sum(claims.values())} 个:无法核对 {verdicts['not_checkable']},相符 {verdicts['reproduced']},"
            f"截尾 {verdicts['truncated']},不符 {verdicts['inconsistent']};不可能得出的:{names}",
            f"claims    {sum(claims.values())} printed rates: {verdicts['not_checkable']} not checkable, "
            f"{verdicts['reproduced']} reproduced, {verdicts['truncated']} truncated, "
            f"{verdicts['inconsistent']} inconsistent; unattainable: {names}",
        ),
        say(
            lang,
            f"发布    {figures['release']['folder']}\n        网页 {figures['release']['page']}",
            f"release   {figures['release']['folder']}\n          page {figures['release']['page']}",
        ),
        say(
            lang,
            f"用时    {figures['seconds']:.1f} 秒:目录 {stages['catalog']:.1f},收件载入 {stages['intake']:.1f},"
            f"计算 {stages['select']:.1f},Great Expectations 载入 {stages[GX_IMPORT]:.1f}、检查 {stages['expectations']:.1f},发布 {stages['release']:.1f},"
            f"Dagster {stages['dagster']:.1f}",
            f"time      {figures['seconds']:.1f} s: catalog {stages['catalog']:.1f}, intake {stages['intake']:.1f}, "
            f"selects {stages['select']:.1f}, Great Expectations import {stages[GX_IMPORT]:.1f} and checks "
            f"{stages['expectations']:.1f}, "
            f"release {stages['release']:.1f}, Dagster {stages['dagster']:.1f}",
        ),
    ]
    return "\n".join(lines)


def _refused(refused: list[dict[str, str]], lang: Lang) -> list[str]:
    lines = []
    for table in refused:
        place = " › ".join(part for part in (table["file"], table["sheet"], table["cell"]) if part)
        lines.append(f"          ✗ {place}: {table[f'reason_{lang.value}']}")
    return lines
