"""The night in one self-contained HTML file, for those who only open a file: no server, no network, no library."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import polars as pl

from dashboards import wording
from dashboards.address import Lang, View
from dashboards.figures.strip import axis, strip
from dashboards.printed_rates import place
from dashboards.rate_columns import CHANGE_WORDS, basis_words, counts, coverage, rate, target
from dashboards.reader import Reader
from dashboards.rendering import template
from dashboards.sentences import in_all, sentences
from dashboards.shell import period_text
from dashboards.visit import Visit, visit
from pipelines.catalog.wording import Words
from pipelines.errors import TaizhangError
from pipelines.intake.problems import remedy
from pipelines.warehouse.release import Release

WORST, MOST_BEHIND = 30, 40
Both = tuple[Visit, Visit]  # the same visit in Chinese and in English


def render(release: Release, orgs: Sequence[str] = (), period: str = "", lang: Lang = "zh") -> str:
    """The bulletin of a release as HTML, in both languages.

    Args:
        release: what it is about.
        orgs: codes or names of units; none: the highest units with figures of units below.
        period: a period's code; '': the newest of each unit.
        lang: the language that it opens in; the reader can switch.

    Raises:
        TaizhangError: there is no such unit or period, or a name fits several units.
    """
    reader = Reader(release)
    try:
        codes = [find_unit(reader, text) for text in orgs] or tops(reader)
        units = [_unit(_both(reader, code, period)) for code in codes]
    finally:
        reader.close()
    manifest = release.manifest
    return template("bulletin.html").render(
        units=units,
        lang=lang,
        release=release.id,
        night=wording.beijing(str(manifest.get("created_at") or "")),
        as_of=manifest.get("as_of") or "",
        previous=manifest.get("previous_release") or "",
    )


def tops(reader: Reader) -> list[str]:
    """The units that a bulletin is about where none is named."""
    found = [row["org_code"] for row in reader.rows("bulletin/tops")]
    return found or [row["org_code"] for row in reader.rows("shell/start")]


def find_unit(reader: Reader, text: str) -> str:
    """The code of a unit by its code or name.

    Raises:
        TaizhangError: none has it, or several have.
    """
    found = reader.rows("bulletin/named", text=text) or reader.rows("shell/search", text=text)
    named = [row for row in found if row["org_level"] != "institution"] or found
    if len(named) == 1:
        return str(named[0]["org_code"])
    if not named:
        raise TaizhangError(
            f"没有单位“{text}”。", f"There is no unit {text!r}.",
            remedy_zh="写名册里的代码或名称。", remedy_en="give a code or name of the register.",
        )  # fmt: skip
    codes = ", ".join(f"{row['org_code']} {row['org_name']}" for row in named[:8])
    raise TaizhangError(
        f"“{text}”可能是几个单位:{codes}。", f"{text!r} fits several units: {codes}.",
        remedy_zh="写其中一个的代码。", remedy_en="give the code of one of them.",
    )  # fmt: skip


def _both(reader: Reader, code: str, period: str) -> Both:
    chinese = visit(View("", {"org": code, **({"period": period} if period else {})}), reader)
    english = View("", {**chinese.view.values, "lang": "en"})
    return chinese, Visit(english, reader, chinese.path, chinese.period, chinese.periods)


def _said(both: Both, say: Callable[[Visit], str]) -> Words:
    return Words(*(say(one) for one in both))


def _unit(both: Both) -> dict[str, Any]:
    """All that the bulletin says of a unit."""
    shown = both[0]
    values = shown.chosen
    figures = shown.reader.frame("overview/figures", **values)
    reporting = shown.reader.frame("overview/reporting", **values)
    findings = shown.reader.frame("overview/findings", **values)
    unit, period = shown.org or {}, shown.period
    return {
        "code": shown.org_code,
        "name": unit.get("org_name", ""),
        "is_synthetic": bool(unit.get("is_synthetic")),
        "period": _said(both, lambda one: period_text(period, one)) if period else Words("没有数", "no figures"),
        "standing": _standing(both),
        "sentences": [Words(*pair) for pair in zip(*(sentences(figures, reporting, findings, one) for one in both),
                                                   strict=True)],
        "domains": _domains(figures, both),
        "changes": _changes(figures, both),
        "behind": _behind(reporting),
        "severities": _severities(findings),
        "worst": _worst(both),
    }  # fmt: skip


def _standing(both: Both) -> Words:
    """Whether what is said is provisional."""
    shown = both[0]
    [count] = shown.reader.rows("shell/finality", **shown.chosen)
    left = count["owed"] - count["approved"]
    if not count["owed"]:
        return Words("名册上没有应报,审定情况见各数", "nothing is owed here; see each figure")
    if not left:
        return Words("已全部审核", "all returns approved")
    return Words(
        f"暂定:{count['owed']} 份报表中 {left} 份未审核",
        f"provisional: {left} of {count['owed']} returns not approved",
    )


# ---- its tables


def _domains(figures: pl.DataFrame, both: Both) -> list[dict[str, Any]]:
    known = figures.filter(pl.col("value").is_not_null())
    found = []
    for part in known.partition_by("domain", maintain_order=True) if known.height else []:
        rows = part.to_dicts()
        ends = {unit: axis([row for row in rows if row["unit"] == unit]) for unit in {row["unit"] for row in rows}}
        name = Words(rows[0]["domain_zh"], rows[0]["domain_en"])
        found.append({"name": name, "rows": [_rate(row, ends[row["unit"]], both) for row in rows]})
    return found


def _rate(row: dict[str, Any], ends: tuple[float, float], both: Both) -> dict[str, Any]:
    from markupsafe import Markup

    return {
        "name": Words(row["indicator_name_zh"], row["indicator_name_en"]),
        "strip": Markup(strip(row, ends)),  # numbers only: no text of anybody's enters it
        "rate": _said(both, lambda one: rate(row, one)),
        "interval": wording.interval(row["lower"], row["upper"]),
        "counts": counts(row),
        "coverage": _said(both, lambda one: coverage(row, one)),
        "target": _said(both, lambda one: target(row, one)),
        "change": wording.words(CHANGE_WORDS, row["change_status"]),
        "basis": basis_words(row),
        "standard": _said(both, lambda one: f"{one.name_of(row, 'standard')} · {row['edition']}"),
        "finality": wording.words(wording.FINALITIES, row["finality"]),
    }


def _changes(figures: pl.DataFrame, both: Both) -> list[dict[str, Any]]:
    changed = figures.filter(pl.col("change_status").is_in(["up", "down"]))
    ordered = changed.sort(pl.col("change").abs(), descending=True, maintain_order=True)
    return [_change(row, both) for row in ordered.to_dicts()]


def _change(row: dict[str, Any], both: Both) -> dict[str, Any]:
    return {
        "name": Words(row["indicator_name_zh"], row["indicator_name_en"]),
        "before": wording.two_decimals(row["previous_value"]),
        "now": _said(both, lambda one: rate(row, one)),
        "interval": wording.interval(row["lower"], row["upper"]),
        "counts": counts(row),
        "change": wording.words(CHANGE_WORDS, row["change_status"]),
        "basis": basis_words(row),
    }


def _behind(reporting: pl.DataFrame) -> dict[str, Any]:
    behind = reporting.filter(pl.col("missing") + pl.col("refused") + pl.col("late") > 0)
    rows = [
        {
            "name": row["org_name"],
            **{name: wording.number(row[name]) for name in ("owed", "late", "missing", "refused")},
        }
        for row in behind.head(MOST_BEHIND).to_dicts()
    ]
    left = max(in_all(reporting, "listed") - MOST_BEHIND, 0)
    return {"rows": rows, "left": left, "owed": in_all(reporting, "owed")}


def _severities(findings: pl.DataFrame) -> list[tuple[Words, str]]:
    return [
        (words, wording.number(int(findings.filter(pl.col("severity") == name)["findings"].sum())))
        for name, words in wording.SEVERITIES.items()
    ]


def _worst(both: Both) -> dict[str, Any]:
    frame = both[0].reader.frame("unit/findings", **both[0].chosen)
    in_all = int(frame["in_all"][0]) if frame.height else 0
    rows = [
        {
            "severity": wording.words(wording.SEVERITIES, row["severity"]),
            "kind": row["severity"],
            "org": row["org_name"],
            "period": row["period_code"] or "–",
            "message": Words(row["message_zh"] or "", row["message_en"] or ""),
            "place": place(row) or "–",
            "remedy": Words(*remedy(row["rule_code"], row["expected"] or "")),
        }
        for row in frame.head(WORST).to_dicts()
    ]
    return {"rows": rows, "in_all": in_all}
