"""What stands around every page: menu, unit, period, language, release; and the pages that say what went wrong."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import dash_mantine_components as dmc
from dash import dcc, html

from dashboards import wording
from dashboards.address import View
from dashboards.page import Choice, Page, Subject
from dashboards.reader import Reader
from dashboards.visit import Visit
from pipelines.catalog.wording import Words
from pipelines.errors import TaizhangError

PERIOD_KINDS = {
    "year": Words("年", "year"),
    "mch_year": Words("妇幼年度", "maternal and child health year"),
    "half_year": Words("半年", "half-year"),
    "mch_half_year": Words("妇幼年度半年", "half of such a year"),
    "quarter": Words("季", "quarter"),
    "month": Words("月", "month"),
    "ten_days": Words("旬", "ten days"),
    "day": Words("时点", "as at a day"),
    "interval": Words("时段", "interval"),
}
MOST_OFFERED = 200  # units below, before anything is typed
DAYS_NEEDED = ("mch_year", "mch_half_year", "interval")  # whose code alone does not tell their days


def frame(seconds: float) -> dmc.MantineProvider:
    """The parts that stay while pages change; every so many seconds a page asks whether there is a newer release."""
    return dmc.MantineProvider(
        [
            dcc.Location(id="address", refresh="callback-nav"),
            dcc.Store(id="release"),
            dcc.Store(id="head"),
            dcc.Store(id="said"),
            dcc.Interval(id="clock", interval=round(seconds * 1000)),
            html.A("跳到正文 Skip to the content", href="#main", className="skip"),
            html.Header(id="top"),
            html.Div(id="offer", role="status", **{"aria-live": "polite"}),
            html.Main(id="main", tabIndex=-1),
            html.Footer(id="foot"),
        ],
        id="theme",
        theme={"fontFamily": "inherit", "primaryColor": "blue"},
    )


def top(pages: Sequence[Page], view: View, visit: Visit | None) -> list[Any]:
    """Brand, menu, language and theme."""
    zh = view.lang == "zh"
    current = view.page
    menu = [
        dcc.Link(
            page.title.zh if zh else page.title.en,
            href=visit.href(page.key) if visit else view.href(page.key),
            className="page current" if page.key == current else "page",
        )
        for page in pages
    ]
    other = dcc.Link(
        "English" if zh else "中文", href=view.href(lang="en" if zh else None), className="plain", id="language"
    )
    theme = html.Button("明暗" if zh else "Light/dark", type="button", className="plain", **{"data-take": "theme"})
    brand = dcc.Link("台账 taizhang", href=view.href("", org=None, period=None, indicator=None), className="brand")
    return [
        brand,
        html.Nav(menu, **{"aria-label": "页面" if zh else "Pages"}),
        html.Div([other, theme], className="switches"),
    ]


def bar(page: Page, visit: Visit) -> html.Div:
    """Which unit and period, and what else can be chosen on the page."""
    fields = [_org_field(visit)]
    if page.has_period:
        fields.append(_period_field(visit))
    fields += [_field(choice, visit) for choice in page.choices]
    return html.Div([_crumbs(visit), html.Div(fields, className="fields")], className="bar")


def _crumbs(visit: Visit) -> html.Nav:
    links: list[Any] = []
    for number, unit in enumerate(visit.path):
        is_last = number == len(visit.path) - 1
        name = unit["org_name"]
        links.append(
            html.Li(html.Span(name, **{"aria-current": "location"}) if is_last
                    else dcc.Link(name, href=visit.href(org=unit["org_code"])))
        )  # fmt: skip
    return html.Nav(html.Ol(links), className="crumbs", **{"aria-label": visit.t("单位层级", "Units from the top")})


def _org_field(visit: Visit) -> dmc.Select:
    """Looks a unit up by name; before anything is typed the units below are offered."""
    below = visit.reader.frame("shell/children", org=visit.org_code)
    below = below.filter(below["org_level"] != "institution").head(MOST_OFFERED)
    own = [{"value": visit.org_code, "label": visit.org["org_name"]}] if visit.org else []
    return dmc.Select(
        id={"type": "field", "name": "org"},
        label=visit.t("单位(可输入名称查找)", "Unit (type a name to look it up)"),
        data=own + [{"value": row["org_code"], "label": row["org_name"]} for row in below.to_dicts()],
        value=visit.org_code or None,
        searchable=True,
        allowDeselect=False,
        limit=60,
        nothingFoundMessage=visit.t("没有这样的单位", "no such unit"),
    )


def _period_field(visit: Visit) -> dmc.Select:
    rows = visit.periods
    if visit.period and all(row["period_code"] != visit.period_code for row in rows):
        rows = [visit.period, *rows]
    return dmc.Select(
        id={"type": "field", "name": "period"},
        label=visit.t("时期", "Period"),
        data=[{"value": row["period_code"], "label": period_text(row, visit)} for row in rows],
        value=visit.period_code or None,
        searchable=True,
        allowDeselect=False,
        limit=200,
        placeholder=visit.t("没有数", "no figures"),
    )


def period_text(row: dict[str, Any], visit: Visit) -> str:
    """A period's code with its kind, and its days where the code does not tell them."""
    kind = visit.say(wording.words(PERIOD_KINDS, row["period_kind"]))
    days = f" {row['period_start']} – {row['period_end']}" if row["period_kind"] in DAYS_NEEDED else ""
    return f"{row['period_code']} {kind}{days}"


def _field(choice: Choice, visit: Visit) -> dmc.Select:
    options = choice.options(visit)
    return dmc.Select(
        id={"type": "field", "name": choice.name},
        label=visit.say(choice.title),
        data=_offered(options),
        value=visit.view.get(choice.name) or choice.shown(visit) or None,
        searchable=len(options) > 8,
        clearable=choice.blank is not None,
        allowDeselect=choice.blank is not None,
        placeholder=visit.say(choice.blank) if choice.blank else "",
        limit=300,
    )


def _offered(options: Sequence[tuple[str, ...]]) -> list[dict[str, Any]]:
    """The options of a box, below the headings of their groups where they have some."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for value, text, *heading in options:
        groups.setdefault("".join(heading), []).append({"value": value, "label": text})
    if set(groups) <= {""}:
        return groups.get("", [])
    return [{"group": heading, "items": items} for heading, items in groups.items()]


def standing(visit: Visit, subject: Subject) -> html.P:
    """Which release and night; of a unit whether it is made up, and whether its figures of a period are provisional."""
    manifest = visit.reader.release.manifest
    told = [
        visit.t(f"发布 {visit.reader.id}", f"Release {visit.reader.id}"),
        visit.t(f"{wording.beijing(str(manifest['created_at']))}(北京时间)",
                f"{wording.beijing(str(manifest['created_at']))} (China Standard Time)"),
    ]  # fmt: skip
    if manifest.get("as_of"):
        told.append(visit.t(f"按 {manifest['as_of']} 所知", f"as known on {manifest['as_of']}"))
    parts: list[Any] = [" · ".join(told), " "]
    if subject.org and subject.period:
        [count] = visit.reader.rows("shell/finality", **visit.chosen)
        if count["owed"] and count["approved"] == count["owed"]:
            parts.append(html.Span(visit.t("已全部审核", "all returns approved"), className="mark"))
        elif count["owed"]:
            left = count["owed"] - count["approved"]
            parts.append(html.Span(visit.t(f"暂定:{count['owed']} 份报表中 {left} 份未审核",
                                           f"provisional: {left} of {count['owed']} returns not approved"),
                                   className="mark warn"))  # fmt: skip
        else:
            parts.append(html.Span(visit.t("名册上没有应报,审定情况见各数", "nothing is owed here; see each figure"),
                                   className="mark"))  # fmt: skip
    if subject.org and subject.org["is_synthetic"]:
        parts.append(
            html.Span(visit.t("合成数据,不是真实单位", "synthetic data, not a real unit"), className="mark warn")
        )
    return html.P(parts, className="standing")


def foot(reader: Reader | None, view: View) -> list[Any]:
    """How to ask and to verify what is shown."""
    if reader is None:
        return []
    said = {
        "zh": "每张图表的“取用”里有产生它的 SQL;核验:",
        "en": "“Take along” at each card holds its SQL; to verify: ",
    }
    return [html.P([said[view.lang], html.Code(f"taizhang verify --release {reader.id}")])]


def offer(view: View) -> list[Any]:
    """A newer release is there."""
    zh = view.lang == "zh"
    return [
        html.Span("有新的发布。" if zh else "There is a newer release. "),
        html.Button("换到新发布" if zh else "Show it", id="renew", type="button", n_clicks=0),
    ]


def trouble(error: TaizhangError, view: View) -> list[Any]:
    """What went wrong, and the way on; never a traceback."""
    zh = view.lang == "zh"
    home = dcc.Link("回到首页" if zh else "Back to the first page", href=View("", _only_lang(view)).href())
    return [
        html.H1("不能显示" if zh else "This cannot be shown", id="title", tabIndex=-1),
        html.P(error.zh if zh else error.en),
        html.P((error.remedy_zh if zh else error.remedy_en) or "", className="remedy"),
        html.P(home),
    ]


def _only_lang(view: View) -> dict[str, str]:
    return {"lang": view.lang} if view.lang == "en" else {}


NO_PAGE = TaizhangError(
    "没有这个页面。", "There is no such page.",
    remedy_zh="从上面的菜单选一页。", remedy_en="choose one from the menu above.",
)  # fmt: skip
BROKEN = TaizhangError(
    "这一页出了故障,经过已写入站点的日志 logs/serve.log。",
    "This page failed; what happened is in the site's logs/serve.log.",
    remedy_zh="换一个单位或时期,或把这一页的地址告诉管理员。",
    remedy_en="choose another unit or period, or tell the administrator the address of this page.",
)
