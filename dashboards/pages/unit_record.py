"""The page of a unit: its record of returns, whose returns state its figures, its findings, the units below."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import polars as pl
from dash import dcc, html

from dashboards import wording
from dashboards.cards import Card, Column
from dashboards.finding_columns import PLACE, severity, what_to_do
from dashboards.printed_rates import expected, idle_zeros
from dashboards.rate_columns import basis_words, counts, coverage, rate
from dashboards.visit import Visit
from pipelines.catalog.wording import Words

SIGNS = {"on_time": "✓", "received": "✓", "late": "!", "missing": "✗", "refused": "✗✗", "not_due": "·"}
SUMS = [(name, SIGNS[name]) for name in ("on_time", "late", "missing", "refused", "not_due")]
# ---- what it owes


def record(values: dict[str, Any], visit: Visit) -> Card:
    """Form by period: when the unit's return came, or how many of those of the units below did."""
    frame = visit.reader.frame("unit/record", **values)
    rows = {key[0]: part.to_dicts() for key, part in frame.group_by(["form_code"], maintain_order=True)}
    cells = {(row["form_code"], row["period_code"]): row for row in frame.to_dicts()}
    periods = (
        frame.sort("period_end", "period_code", descending=True)["period_code"].unique(maintain_order=True).to_list()
    )
    return Card(
        key="record",
        title=Words("报送记录", "Record of returns"),
        query="unit/record",
        values=values,
        frame=frame,
        shown=pl.DataFrame({"form_code": list(rows)}, schema={"form_code": pl.String}),
        columns=(
            Column(Words("报表", "Return"), lambda row: visit.name_of(rows[row["form_code"]][0], "name")),
            Column(Words("应报", "Owed"), lambda row: _in_all(rows[row["form_code"]]), numeric=True),
            *(Column(Words(code, code), _state_of(cells, code, visit)) for code in periods),
        ),
        notes=[
            visit.t(
                "✓ 按时或已收,! 迟报,✗ 未报,✗✗ 被拒收,· 未到期;下级的报表写份数。"
                "最新的在前,最多 14 期,到所选时期为止。",
                "✓ on time or received, ! late, ✗ missing, ✗✗ refused, · not due yet; of the units below the number of "
                "returns. The newest first, at most 14 periods up to the one chosen.",
            )
        ],
        empty=Words(
            "名册上该单位和下级到本期为止没有应报的报表;它的数可能写在别家的报表里,见下。",
            "The roster owes no return of this unit or below it up to this period; others may state its figures, see "
            "below.",
        ),
    )


def _in_all(rows: list[dict[str, Any]]) -> str:
    count = [(sign, sum(row[name] for row in rows)) for name, sign in SUMS]
    return f"{sum(row['owed'] for row in rows)}: " + " ".join(f"{sign}{number}" for sign, number in count if number)


def _state_of(cells: dict[tuple[str, str], dict[str, Any]], period: str, visit: Visit) -> Callable[[Any], Any]:
    def cell(row: dict[str, Any]) -> Any:
        found = cells.get((row["form_code"], period))
        if found is None:
            return ""
        told, text = told_state(found, visit)
        link = visit.href("reporting", period=period)
        return dcc.Link(text, href=link, title=told)

    return cell


def told_state(row: dict[str, Any], visit: Visit) -> tuple[str, str]:
    """How a return stands, in words and as a sign; of units below the counts."""
    if row["own_state"] is not None and row["owed"] == 1:
        parts = [visit.say(wording.words(wording.REPORTING_STATES, row["own_state"]))]
        if row["due_on"]:
            parts.append(visit.t(f"期限 {row['due_on']}", f"due {row['due_on']}"))
        if row["received_on"]:
            parts.append(
                visit.t(
                    f"首次收到 {wording.beijing(row['received_on'])}",
                    f"first received {wording.beijing(row['received_on'])}",
                )
            )
            parts.append(visit.t(f"第 {row['revision']} 版", f"revision {row['revision']}"))
            parts.append(visit.say(wording.words(wording.FINALITIES, row["finality"])))
        return " · ".join(parts), SIGNS.get(row["own_state"], row["own_state"])
    text = " ".join(f"{sign}{row[name]}" for name, sign in SUMS if row[name])
    told = visit.t(
        f"应报 {row['owed']} 份:按时 {row['on_time']},迟报 {row['late']},未报 {row['missing']},拒收 {row['refused']}",
        f"{row['owed']} owed: {row['on_time']} on time, {row['late']} late, {row['missing']} missing, "
        f"{row['refused']} refused",
    )
    return told, text


def senders(values: dict[str, Any], visit: Visit) -> Card:
    """Whose returns state the unit's own figures."""
    return Card(
        key="senders",
        title=Words("它的数写在谁的报表里", "Whose returns state its figures"),
        query="unit/senders",
        values=values,
        frame=visit.reader.frame("unit/senders", **values),
        columns=(
            Column(Words("报表", "Return"), lambda row: visit.name_of(row, "name")),
            Column(
                Words("填报单位", "Sender"),
                lambda row: dcc.Link(row["sender_name"], href=visit.href(org=row["sender_code"])),
            ),
            Column(Words("期数", "Periods"), lambda row: wording.number(row["periods"]), numeric=True),
            Column(Words("最近一期", "Last"), lambda row: row["last_period"]),
            Column(Words("数", "Figures"), lambda row: wording.number(row["figures"]), numeric=True),
        ),
        empty=Words(
            "没有哪份报表写了该单位自己的数;它的数由下级各行汇总。",
            "No return states figures of this unit itself; its figures are added up from the rows below.",
        ),
    )


# ---- what is wrong


def findings(values: dict[str, Any], visit: Visit) -> Card:
    """Open findings of the period with place and remedy."""
    frame = visit.reader.frame("unit/findings", **values)
    in_all = int(frame["in_all"][0]) if frame.height else 0
    told = visit.t(
        f"共 {in_all} 处,列出最重的 {frame.height} 处。", f"{in_all} in all; the {frame.height} worst are listed."
    )
    notes = [told] if in_all > frame.height else []
    return Card(
        key="findings",
        title=Words("问题", "Findings"),
        query="unit/findings",
        values=values,
        frame=frame,
        notes=notes,
        columns=(
            Column(Words("什么不对", "What is wrong"), lambda row: visit.name_of(row, "message")),
            Column(Words("程度", "Severity"), lambda row: severity(row, visit)),
            Column(Words("单位", "Unit"), lambda row: _sender(row, visit)),
            Column(Words("时期", "Period"), lambda row: row["period_code"] or "–"),
            PLACE,
            Column(Words("写的 / 应为", "Found / expected"),
                   lambda row: f"{idle_zeros(row['observed']) or '–'} / {visit.say(expected(row))}"),
            Column(Words("怎么办", "What to do"), lambda row: what_to_do(row, visit)),
        ),
        empty=Words("本期没有未处理的问题。", "There are no open findings for this period."),
    )  # fmt: skip


def _sender(row: dict[str, Any], visit: Visit) -> Any:
    """The unit of a finding; of a refused file perhaps a name that the register does not know."""
    name = row["org_name"] or "–"
    return dcc.Link(name, href=visit.href(org=row["org_code"])) if row["org_code"] else name


# ---- the units below


def below(codes: list[str], figures: pl.DataFrame, values: dict[str, Any], visit: Visit) -> Card:
    """The units directly below with the unit's first indicators, what they lack and what is wrong there."""
    asked = {**values, **dict(zip(("first", "second", "third"), [*codes, "", "", ""], strict=False))}
    frame = visit.reader.frame("unit/below", **asked)
    rates = {(row["org_code"], row["indicator_code"]): row for row in frame.to_dicts()}
    names = {row["indicator_code"]: row for row in figures.to_dicts()}

    def figure(code: str) -> Callable[[dict[str, Any]], Any]:
        def cell(row: dict[str, Any]) -> Any:
            found = rates.get((row["org_code"], code))
            return "–" if found is None else _rate(found, visit)

        return cell

    return Card(
        key="below",
        title=Words("下级单位", "Units below"),
        query="unit/below",
        values=asked,
        frame=frame,
        shown=frame.unique("org_code", keep="first", maintain_order=True),
        columns=(
            Column(Words("单位", "Unit"), lambda row: dcc.Link(row["org_name"], href=visit.href(org=row["org_code"]))),
            *(
                Column(Words(names[code]["indicator_name_zh"], names[code]["indicator_name_en"]), figure(code))
                for code in codes
            ),
            Column(Words("应报", "Owed"), lambda row: wording.number(row["owed"]), numeric=True),
            Column(
                Words("✗ 未报、拒收", "✗ Missing, refused"), lambda row: wording.number(row["missing"]), numeric=True
            ),
            Column(Words("! 迟报", "! Late"), lambda row: wording.number(row["late"]), numeric=True),
            Column(Words("问题", "Findings"), lambda row: wording.number(row["findings"]), numeric=True),
        ),
        empty=Words("名册上它没有下级单位。", "The register has no unit below it."),
    )


def _rate(row: dict[str, Any], visit: Visit) -> html.Span:
    sign = wording.TARGET_SIGNS.get(row["target_status"] or "", "")
    limits = wording.interval(row["lower"], row["upper"])
    head = f"{rate({**row, 'state_reason': ''}, visit)} {sign}".strip()
    basis = visit.say(basis_words({**row, "period_basis": "stated"}))
    small = f"{limits} · {counts(row)} · {visit.t('覆盖', 'cov.')} {coverage(row, visit)} · {basis}"
    return html.Span([head, html.Br(), html.Small(small)])
