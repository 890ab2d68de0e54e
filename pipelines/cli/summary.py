"""What a night did, in figures and in a few lines: read from the release that it published."""

from __future__ import annotations

import json
from typing import Any

import duckdb

from pipelines.cli.words import Lang, printable, say
from pipelines.warehouse.release import Release

CELLS = ("fact", "claim", "total", "entry", "label", "quarantined")
VERDICTS = ("not_checkable", "reproduced", "truncated", "inconsistent")
GX_IMPORT = "import great_expectations"
SEVERITIES = ("error", "warning", "question")


def summarise(release: Release, collected: int, stages: list[tuple[str, float]], seconds: float) -> dict[str, Any]:
    """The night's figures as one object: tonight's files, all cells, findings, printed rates, release, times."""
    with duckdb.connect(str(release.database), read_only=True) as con:
        con.execute("set enable_progress_bar = false")

        def counts(query: str) -> dict[str, int]:
            return {str(key): int(number) for key, number in con.execute(query).fetchall()}

        since = _since(release, collected)
        receipts = counts(
            "select state, count(*) from intake.receipt "
            f"where receipt_number > {since} and state <> 'correction' group by state"
        )
        revised = con.execute(
            "select count(*) from intake.submission inner join intake.receipt using (receipt_id) "
            f"where receipt_number > {since} and revision > 1"
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
            "files": {"received": sum(receipts.values()), "accepted": receipts.get("accepted", 0),
                      "refused": receipts.get("refused", 0), "duplicate": receipts.get("duplicate", 0),
                      "revised": revised},
            "cells": {name: int(number or 0) for name, number in zip(("read", *CELLS), cells, strict=True)},
            "corrections": counts("select state, count(*) from core.correction group by state"),
            "findings": counts("select severity, count(*) from quality.finding group by severity"),
            "synthetic": _synthetic(con, since),
            "claims": counts("select verdict, count(*) from marts.claim_verdict group by verdict"),
            "unattainable": [
                {"indicator_zh": zh, "indicator_en": en, "printed": text, "org": org}
                for zh, en, text, org in unattainable
            ],
            "refused": refused_tables(con, since),
            "unforeseen": _unforeseen(con, since),
            "release": {"id": release.id, "folder": str(release.folder), "page": str(release.folder / "index.html")},
            "stages": _groups(stages, seconds),
            "seconds": round(seconds, 2),
        }  # fmt: skip


def _since(release: Release, collected: int) -> int:
    """The last line of the journal that the release before knew: what came later is news.

    What a killed or blocked night took in is news too, as nobody was told of it.
    """
    previous = release.manifest["previous"]
    if previous is None:
        return 0
    path = release.folder.parent / previous["release_id"] / "manifest.json"
    if not path.exists():
        return int(release.manifest["journal"]["entries"]) - collected
    return int(json.loads(path.read_bytes())["journal"]["entries"])


def _synthetic(con: duckdb.DuckDBPyConnection, since: int) -> dict[str, int]:
    """How many of tonight's files, of all cells and of all findings are of synthetic units."""
    units = "join core.org_unit as unit using (org_code) where unit.is_synthetic"
    queries = {
        "files": "select count(distinct receipt_id) from intake.submission join intake.receipt using (receipt_id) "
        f"{units} and receipt_number > {since}",
        "cells": f"select coalesce(sum(cells_read), 0) from intake.submission {units} and state <> 'duplicate'",
        "findings": f"select count(*) from quality.finding {units}",
    }
    return {name: int(con.execute(query).fetchall()[0][0]) for name, query in queries.items()}


def refused_tables(con: duckdb.DuckDBPyConnection, since: int) -> list[dict[str, str]]:
    """Tables that were refused since a line of the journal: file, sheet, cell and reason."""
    rows = con.execute(
        "select filename, sheet, cell, reason_zh, reason_en from intake.submission inner join intake.receipt "
        f"using (receipt_id) where receipt_number > {since} and submission.state = 'refused' "
        "order by receipt_number, sheet"
    ).fetchall()
    return [dict(zip(("file", "sheet", "cell", "reason_zh", "reason_en"), row, strict=True)) for row in rows]


def _unforeseen(con: duckdb.DuckDBPyConnection, since: int) -> dict[str, Any]:
    """How many of tonight's files an error refused that nobody foresaw, and what the first one says."""
    told = con.execute(
        "select receipt_id, reason_zh, reason_en from intake.submission inner join intake.receipt using (receipt_id) "
        f"where receipt_number > {since} and submission.reason = 'unforeseen_error' order by receipt_number"
    ).fetchall()
    _, zh, en = told[0] if told else ("", "", "")
    return {"files": len({receipt_id for receipt_id, *_ in told}), "first_zh": zh, "first_en": en}


def _groups(stages: list[tuple[str, float]], seconds: float) -> dict[str, float]:
    """Seconds by kind of work; what no stage accounts for is Dagster's own."""
    groups = dict.fromkeys(("catalog", "intake", "select", GX_IMPORT, "expectations", "release"), 0.0)
    for name, spent in stages:
        kind = name.split(" ")[0] if name.startswith("expectations ") else name
        groups[kind if kind in groups else "select"] += spent
    groups["dagster"] = max(seconds - sum(groups.values()), 0.0)
    return {name: round(spent, 2) for name, spent in groups.items()}


LINES = {
    Lang.zh: (
        "{again}文件    收到 {received}:接受 {accepted},拒收 {refused},重复 {duplicate};"
        "更正 {revised} 张表{left}{refusals}",
        "单元格  读取 {read} = 数据 {fact} + 上报率 {claim} + 合计 {total} + 明细 {entry} + 标签 {label}"
        " + 隔离 {quarantined}",
        "问题    错误 {error},警告 {warning},疑问 {question}{corrections}{synthetic}",
        "上报率  {claims} 个:无法核对 {not_checkable},相符 {reproduced},截尾 {truncated},不符 {inconsistent};"
        "不可能得出的:{unattainable}",
        "发布    {folder}\n        网页 {page}",
        "用时    {seconds:.1f} 秒:目录 {s_catalog:.1f},收件载入 {s_intake:.1f},计算 {s_select:.1f},"
        "Great Expectations 载入 {s_import:.1f}、检查 {s_expectations:.1f},发布 {s_release:.1f},"
        "Dagster {s_dagster:.1f}",
    ),
    Lang.en: (
        "{again}files     {received} received: {accepted} accepted, {refused} refused, {duplicate} duplicate; "
        "{revised} tables revised{left}{refusals}",
        "cells     {read} read = {fact} facts + {claim} claims + {total} totals + {entry} entries + {label} labels"
        " + {quarantined} quarantined",
        "findings  {error} errors, {warning} warnings, {question} questions{corrections}{synthetic}",
        "rates     {claims} printed rates: {not_checkable} not checkable, {reproduced} reproduced, "
        "{truncated} truncated, {inconsistent} inconsistent; unattainable: {unattainable}",
        "release   {folder}\n          page {page}",
        "time      {seconds:.1f} s: catalog {s_catalog:.1f}, intake {s_intake:.1f}, selects {s_select:.1f}, "
        "Great Expectations import {s_import:.1f} and checks {s_expectations:.1f}, release {s_release:.1f}, "
        "Dagster {s_dagster:.1f}",
    ),
}


def as_text(figures: dict[str, Any], lang: Lang) -> str:
    """The summary in a few lines of one language."""
    names = "; ".join(f"{u['org']} {u[f'indicator_{lang.value}']} {u['printed']}" for u in figures["unattainable"])
    words = {
        **figures["files"],
        **figures["cells"],
        **{name: figures["findings"].get(name, 0) for name in SEVERITIES},
        **{name: figures["claims"].get(name, 0) for name in VERDICTS},
        **figures["release"],
        **{f"s_{'import' if kind == GX_IMPORT else kind}": spent for kind, spent in figures["stages"].items()},
        "claims": sum(figures["claims"].values()),
        "unattainable": names or say(lang, "无", "none"),
        "again": _again(figures.get("again"), lang),
        "left": "".join(_left(figures.get("left_in_inbox", []), lang)),
        "refusals": "".join(_refused(figures["refused"], lang)) + _at_fault(figures, lang),
        "corrections": _corrections(figures["corrections"], lang),
        "synthetic": _made_up(figures["synthetic"], lang),
        "seconds": figures["seconds"],
    }
    return "\n".join(line.format(**words) for line in LINES[lang])


CORRECTED = {
    "applied": ("生效", "applied"), "settled": ("报表已自行改正", "settled by the return"),
    "not_matching": ("对不上", "not matching"), "expired": ("到期", "expired"), "replaced": ("已被取代", "replaced"),
}  # fmt: skip


def _corrections(states: dict[str, int], lang: Lang) -> str:
    """What became of the declared corrections; nothing where there are none."""
    told = [f"{say(lang, *words)} {states[state]}" for state, words in CORRECTED.items() if states.get(state)]
    return say(lang, "\n更正    ", "\ncorrected ") + say(lang, ",", ", ").join(told) if told else ""


def _made_up(synthetic: dict[str, int], lang: Lang) -> str:
    """How much of the above is sample data; nothing where none is."""
    if not any(synthetic.values()):
        return ""
    return say(
        lang,
        "\n合成    以上有 {files} 个文件、{cells} 个单元格、{findings} 个问题是合成的示例数据,不是真实的",
        "\nsynthetic {files} of these files, {cells} of the cells and {findings} of the findings are synthetic sample "
        "data",
    ).format(**synthetic)


def _again(again: dict[str, Any] | None, lang: Lang) -> str:
    """What was computed anew; nothing for an ordinary night."""
    if not again:
        return ""
    periods, files = len(again["periods"]), again["files_checked"]
    return say(
        lang,
        f"重算    {again['period']}:{periods} 个时期;{files} 个存档文件与收到时相同;收件箱没有动\n",
        f"anew      {again['period']}: {periods} periods; {files} archived files are as received; the inbox was left\n",
    )


def _at_fault(figures: dict[str, Any], lang: Lang) -> str:
    """Where an unforeseen error refused most of the night's files: it is the program's fault, not the senders'."""
    told, received = figures["unforeseen"], figures["files"]["received"]
    if told["files"] * 2 <= received:
        return ""
    return say(
        lang,
        f"\n!!      {told['files']} 个文件因同类意外出错而拒收,多半是程序或机器的毛病,不是填报单位的:{told['first_zh']}"
        "\n        不要退给填报单位;请告诉台账的维护人员。程序改好后,下一夜会自动重读全部文件"
        "(机器的毛病排除后运行 taizhang run --full)。",
        f"\n!!        an unforeseen error refused {told['files']} files: most likely the program or the machine is at "
        f"fault, not the senders: {told['first_en']}"
        "\n          Do not send them back; tell those who maintain taizhang. Once the program is mended the next "
        "night reads every file again (where it was the machine: taizhang run --full).",
    )


def _left(names: list[str], lang: Lang) -> list[str]:
    why = say(lang, "有程序正在写,留在收件箱,下一夜再收", "still being written, left in the inbox for the next night")
    return [f"\n          … {printable(name)}: {why}" for name in names]


def _refused(refused: list[dict[str, str]], lang: Lang) -> list[str]:
    lines = []
    for table in refused:
        place = " › ".join(part for part in (table["file"], table["sheet"], table["cell"]) if part)
        lines.append(f"\n          ✗ {printable(place)}: {table[f'reason_{lang.value}']}")
    return lines
