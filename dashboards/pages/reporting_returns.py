"""Returns: who is on time, what is signed off, and each return by itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import polars as pl
from dash import dcc, html

from dashboards import wording
from dashboards.cards import Card, Column
from dashboards.figures.returns import Part, grid, shares, sign, states
from dashboards.listing import MOST_ROWS, offset, order_links, sorting, turn_links
from dashboards.pages.reporting_asked import MOST_UNITS, Asked
from dashboards.visit import Visit
from pipelines.catalog.wording import Words

FINALITIES = (
    Part("open", Words("未报或重新打开", "not sent, or open again"), "rgba(213,94,0,.35)", "x"),
    Part("submitted", Words("已报未审", "submitted"), "rgba(230,159,0,.30)", "/"),
    Part("approved", Words("已审核", "approved"), "rgba(0,114,178,.30)", ""),
    Part("closed", Words("已定案", "closed"), "rgba(0,158,115,.35)", "."),
)
ORDERS = (
    ("state", Words("状态", "state")),
    ("unit", Words("单位", "unit")),
    ("form", Words("报表", "form")),
    ("period", Words("时期", "period")),
    ("received", Words("首次收到时间", "time first received")),
    ("finality", Words("审定", "finality")),
    ("errors", Words("有错的格", "cells in error")),
)
NOTHING_OWED = Words(
    "名册上该单位和它的下级在这段时间没有应报的报表。名册在目录 catalog 的 rosters 里;换一个时期、单位或报表再看。",
    "The roster holds no return that this unit or those below it owe for this time. Rosters stand in the catalog; "
    "choose another period, unit or form.",
)


def sentence(forms: pl.DataFrame, cells: pl.DataFrame, asked: Asked, visit: Visit) -> str:
    """How much is owed and came, and who is most behind."""
    count = {name: int(forms[name].sum()) for name in ("owed", "on_time", "received", "late", "missing", "refused")}
    if not count["owed"]:
        return visit.t("名册上没有应报的报表。", "The roster owes no return.")
    due, when = count["owed"] - int(forms["not_due"].sum()), _time(asked, visit)
    told = {name: wording.number(value) for name, value in count.items()}
    if not due:
        return visit.t(f"{when}应报 {told['owed']} 份,都未到期。", f"{when}: {told['owed']} returns, none due yet.")
    came = count["on_time"] + count["received"]
    in_time = f"{wording.number(came)}{visit.t(' 份', '')} ({wording.share(came / due)})"
    said = visit.t(
        f"{when}到期应报 {wording.number(due)} 份:按时收到 {in_time},迟报 {told['late']} 份,"
        f"未报 {told['missing']} 份,被拒收 {told['refused']} 份。",
        f"{when}: of {wording.number(due)} returns due {in_time} came in time, {told['late']} late, "
        f"{told['missing']} are missing, {told['refused']} refused.",
    )
    return said + _most_behind(cells, visit)


def _time(asked: Asked, visit: Visit) -> str:
    if asked.only:
        return f"{asked.only['period_code']} "
    if not asked.columns:
        return ""
    first, last = asked.columns[0]["period_code"], asked.columns[-1]["period_code"]
    return f"{first} " if first == last else visit.t(f"{first} 至 {last} ", f"{first} to {last}")


def _most_behind(cells: pl.DataFrame, visit: Visit) -> str:
    behind = cells.unique("org_code", keep="first", maintain_order=True).filter(
        pl.col("behind") + pl.col("late_in_all") > 0
    )
    if behind.is_empty():
        return ""
    told = [
        visit.t(f"{row['org_name']}(缺 {row['behind']}、迟 {row['late_in_all']})",
                f"{row['org_name']} ({row['behind']} missing, {row['late_in_all']} late)")
        for row in behind.head(3).to_dicts()
    ]  # fmt: skip
    return visit.t("落后最多的:" + "、".join(told) + "。", " Most behind: " + ", ".join(told) + ".")


# ---- the grid


def grid_card(cells: pl.DataFrame, asked: Asked, visit: Visit) -> Card:
    """Units by periods: on time, late, missing, refused, not due."""
    rows = cells.to_dicts()
    codes = [column["period_code"] for column in asked.columns]
    several = any(row["senders"] > 1 for row in rows)
    behind: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        if row["missing"] + row["refused"] + row["late"]:
            behind.setdefault(row["org_code"], []).append(row)
    units = cells.unique("org_code", keep="first", maintain_order=True)
    return Card(
        key="grid",
        title=Words("报送情况:单位 × 时期", "Returns by unit and period"),
        query="reporting/grid",
        values=asked.grid_values,
        frame=cells,
        shown=units,
        columns=(
            Column(Words("单位", "Unit"), lambda row: dcc.Link(row["org_name"], href=_to_unit(row["org_code"], visit))),
            Column(Words("未报、拒收", "Missing, refused"), lambda row: wording.number(row["behind"]), numeric=True),
            Column(Words("迟报", "Late"), lambda row: wording.number(row["late_in_all"]), numeric=True),
            Column(Words("到期应报", "Due"), lambda row: wording.number(row["due_in_all"]), numeric=True),
            Column(
                Words("哪些时期", "In which periods"),
                lambda row: _behind(behind.get(row["org_code"], []), visit),
                kind="long",
            ),
        ),
        figure=grid(rows, codes, visit.lang, lambda row: _to_cell(row, visit)),
        alt=Words(
            f"{units.height} 个单位、{len(codes)} 个时期的报送情况;落后最多的在上,数据见下表",
            f"Returns of {units.height} units in {len(codes)} periods, those most behind first; see the table below",
        ),
        notes=[*_grid_notes(cells, asked, several, visit)],
        empty=NOTHING_OWED,
    )


def _to_unit(org: str, visit: Visit) -> str:
    return visit.href(org=org, at=None, returns_from=None, **{"from": None})


def _to_cell(row: dict[str, Any], visit: Visit) -> str:
    return visit.href(org=row["org_code"], at=row["period_code"], returns_from=None, **{"from": None}) + "#card-returns"


def _behind(cells: list[dict[str, Any]], visit: Visit) -> Any:
    """The periods of which returns are missing, refused or late, each leading to them; others are in time."""
    links: list[Any] = []
    for cell in cells:
        said = f"{cell['period_code']} {sign(cell, visit.lang)}"
        links += [dcc.Link(said, href=_to_cell(cell, visit), title=", ".join(states(cell, visit.lang))), " · "]
    return links[:-1] or "–"


def _grid_notes(cells: pl.DataFrame, asked: Asked, several: bool, visit: Visit) -> list[Any]:
    if cells.is_empty():
        return list(_other_times(asked, visit))
    notes: list[Any] = [
        visit.t(
            "✓ 按时,收 已收(无期限),迟 迟报,缺 未报,拒 被拒收,– 未到期;空白为不应报。"
            "“缺 3/4”是应报 4 份、按时收到 3 份。落后最多的在上;点一格看其报表。",
            "✓ on time or received without a due date, L late, M missing, R refused, – not due; blank: nothing owed. "
            "“M 3/4”: 4 owed, 3 in time. Those most behind come first; a click on a cell leads to its returns.",
        )
    ]
    if several:
        notes.append(visit.t("颜色为按时收到的份额(各行含其下级全部报送单位)。",
                             "Colours are the share in time (a row holds all senders below the unit)."))  # fmt: skip
    units = int(cells["units"][0])
    if units > MOST_UNITS:
        left = wording.number(units - MOST_UNITS)
        notes.append(
            visit.t(
                f"只画落后最多的 {MOST_UNITS} 个单位,另有 {left} 个。",
                f"The {MOST_UNITS} units most behind; {left} more are not drawn.",
            )
        )
    return [*notes, *_other_times(asked, visit)]


def _other_times(asked: Asked, visit: Visit) -> list[Any]:
    """Links to what the columns do not show: periods of other kinds, later periods, the whole time."""
    said: list[Any] = []
    if asked.later:
        due = sum(row["due"] for row in asked.later)
        newest = asked.later[0]["period_code"]
        said.append([visit.t(f"此后还有 {due} 份到期应报:", f"{due} returns of later periods are due: "),
                     _to_period(newest, visit)])  # fmt: skip
    kinds = {row["period_kind"]: row for row in reversed(asked.others)}
    if kinds:
        owed = sum(row["owed"] for row in asked.others)
        links = [part for row in kinds.values() for part in (_to_period(row["period_code"], visit), " ")]
        said.append([visit.t(f"同一段时间还有其他周期的 {owed} 份:", f"{owed} returns of other frequencies: "), *links])
    return [html.P(parts, className="note") for parts in said]


def _to_period(code: str, visit: Visit) -> dcc.Link:
    return dcc.Link(code, href=visit.href(period=code, at=None, returns_from=None, **{"from": None}))


# ---- forms and their sign-off


def forms_card(forms: pl.DataFrame, asked: Asked, visit: Visit) -> Card:
    """Forms by finality, who signed, and the command that signs next."""

    def count(name: str) -> Callable[[dict[str, Any]], str]:
        return lambda row: wording.number(row[name])

    return Card(
        key="forms",
        title=Words("审核与定案", "Sign-off"),
        query="reporting/forms",
        values=asked.values,
        frame=forms,
        columns=(
            Column(Words("报表", "Form"), lambda row: visit.name_of(row, "form")),
            Column(Words("应报", "Owed"), count("owed"), numeric=True),
            *(Column(part.words, count(part.name), numeric=True) for part in FINALITIES),
            Column(Words("有错的格", "Cells in error"), count("cells_in_error"), numeric=True),
            Column(Words("签审人", "Signed by"), lambda row: signer(row, visit)),
            Column(Words("下一步的命令", "The next command"), lambda row: _command(row, visit)),
        ),
        figure=shares(forms.to_dicts(), FINALITIES, lambda row: visit.name_of(row, "form"), visit.lang),
        alt=Words(f"{forms.height} 种报表按审定状态的份额", f"{forms.height} forms by finality"),
        notes=[
            visit.t("签审记在日志里,下一夜起各数显示;定案后要改,须先写明原因重新打开。",
                    "Sign-off is kept in the journal and shown from the next night on; what is closed is opened again "
                    "with a reason first.")
        ],
        empty=NOTHING_OWED,
        is_open=True,
    )  # fmt: skip


def signer(row: dict[str, Any], visit: Visit) -> str:
    """Who signed and when; that it stood on the return itself where nobody signed in the journal."""
    if not row["signed_by"]:
        return "–"
    names = row["signed_by"].split("、")
    who = "、".join(names[:3]) + (
        visit.t(f" 等 {len(names)} 人", f" and {len(names) - 3} more") if len(names) > 3 else ""
    )
    when = (
        wording.beijing(row["signed_at"]) if row["signed_at"] else visit.t("(表上所印)", "(as printed on the return)")
    )
    return f"{who} {when}"


def _command(row: dict[str, Any], visit: Visit) -> Any:
    if not row["next_state"]:
        return "–"
    place = "--org" if row["is_own"] else "--under"
    return html.Code(
        f"taizhang sign {row['form_code']} {place} {visit.org_code} --period {row['next_period']} "
        f"--state {row['next_state']}"
    )


# ---- the returns


def returns_card(asked: Asked, visit: Visit) -> Card:
    """Each return by itself, sorted and turned over by links."""
    order = sorting(visit, "order", ORDERS)
    at = offset(visit, "returns_from")
    values = {**asked.values, "sorting": order, "most": MOST_ROWS, "offset": at}
    frame = visit.reader.frame("reporting/returns", **values)
    if frame.is_empty() and at:
        values["offset"] = at = 0
        frame = visit.reader.frame("reporting/returns", **values)
    in_all = int(frame["in_all"][0]) if frame.height else 0
    notes = [*only_note(asked, visit), order_links(visit, "order", "returns_from", "card-returns", ORDERS)]
    return Card(
        key="returns",
        title=Words(f"报表清单({in_all} 份)", f"Returns ({in_all})"),
        query="reporting/returns",
        values=values,
        frame=frame,
        whole={"most": 100_000, "offset": 0},
        columns=_return_columns(visit),
        notes=[*notes, *turn_links(visit, "returns_from", "card-returns", at, frame.height, in_all)],
        empty=Words(
            "没有这样的报表:去掉“报送状态”或“报表”的筛选,或换一个时期。",
            "There is no such return: take away the filter on state or form, or choose another period.",
        ),
    )


def only_note(asked: Asked, visit: Visit) -> list[Any]:
    """That a list holds one period only, with the link to all."""
    if asked.only is None:
        return []
    all_of_it = dcc.Link(visit.t("全部时期", "all periods"), href=visit.href(at=None))
    return [html.P([visit.t(f"只列出 {asked.only['period_code']}(各清单)· ",
                            f"Only {asked.only['period_code']} (in all lists) · "), all_of_it])]  # fmt: skip


def _return_columns(visit: Visit) -> tuple[Column, ...]:
    def state(row: dict[str, Any]) -> str:
        return visit.say(wording.words(wording.REPORTING_STATES, row["state"]))

    def finality(row: dict[str, Any]) -> str:
        signed = signer(row, visit)
        said = visit.say(wording.words(wording.FINALITIES, row["finality"]))
        return " ".join(filter(None, (said, "" if signed == "–" else signed, row["why"])))

    return (
        Column(
            Words("单位", "Unit"), lambda row: dcc.Link(row["org_name"], href=visit.href("unit", org=row["org_code"]))
        ),
        Column(Words("报表", "Form"), lambda row: visit.name_of(row, "form")),
        Column(Words("时期", "Period"), lambda row: row["period_code"], kind="whole"),
        Column(Words("状态", "State"), state, kind="whole"),
        Column(Words("期限", "Due on"), lambda row: str(row["due_on"] or "–"), kind="whole"),
        Column(
            Words("首次收到(北京时间)", "First received (China time)"), lambda row: wording.beijing(row["received_on"])
        ),
        Column(Words("次", "Revision"), lambda row: wording.number(row["revision"]), numeric=True),
        Column(Words("审定", "Finality"), finality),
        Column(
            Words("填报 / 应填的格", "Filled / expected cells"),
            lambda row: f"{wording.number(row['cells_filled'])} / {wording.number(row['cells_expected'])}",
            numeric=True,
        ),
        Column(Words("有错的格", "In error"), lambda row: wording.number(row["cells_in_error"]), numeric=True),
        Column(Words("文件", "File"), lambda row: row["filename"] or "–", kind="long"),
    )
