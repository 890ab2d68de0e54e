"""What the cover of a return that goes up says: coverage, who is missing, findings, own figures beside roll-ups."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import duckdb

from pipelines.catalog.load import Catalog
from pipelines.catalog.models import Item, Org
from pipelines.intake.cover import Cell, Cover, Section
from pipelines.intake.outgoing_rates import formula_of
from pipelines.intake.period_words import period_words
from pipelines.warehouse.outgoing import Asked, Chosen, rows_that_do_not_add_up
from pipelines.warehouse.release import Release

FINALITY = ("open", "submitted", "approved", "closed")
WORDS = {
    "open": "未上报",
    "submitted": "已上报",
    "approved": "已审核",
    "closed": "已定案",
    "missing": "未报",
    "refused": "被拒收",
    "late": "迟报",
    "error": "错误",
    "warning": "警告",
    "question": "疑问",
    "rolled_up": "逐级汇总",
    "own": "本级填报",
    "stated": "按报告期填报",
    "aggregated": "由各期相加",
    "ok": "完整",
    "partial": "不完整",
    "not_collected": "未统计",
    "not_carried_out": "未开展",
    "suppressed": "不公布",
    "not_applicable": "不适用",
    "blank": "空白",
    "explained": "可以解释",
    "different": "不符",
    "not_comparable": "不可比",
    "coverage": "下级没有报全",
    "own_work": "本级自己也做了",
    "rows_exceed": "各行之和更大",
    "code_list": "分组表不同",
    "calendar": "年度算法不同",
}
INSIDE = """
    select part.org_code, part.org_name, part.org_level, part.parent_code from core.org_ancestor as below
    inner join core.org_unit as part on below.org_key = part.org_key
    inner join core.org_unit as whole on below.ancestor_key = whole.org_key
    where whole.org_code = $area
    union
    select org_code, org_name, org_level, parent_code from core.org_unit where org_code = $area"""
RETURNS = f"""
    select owed.org_code, inside.org_name, owed.form_code, owed.period_code, owed.state, owed.due_on
    from marts.reporting_status as owed
    inner join ({INSIDE}) as inside on owed.org_code = inside.org_code
    inner join core.period as period on owed.period_code = period.period_code
    where owed.state in ('missing', 'refused', 'late') and period.period_start >= $start and period.period_end <= $end
        and list_contains($forms, owed.form_code)
    order by owed.state = 'late', owed.org_code, period.period_start, owed.form_code"""
LACKING = f"""
    with months as (
        select cast(unnest(generate_series($start::timestamp, $end::timestamp, interval 1 month)) as date) as month
    ),
    units as (select org_code, org_name, parent_code from ({INSIDE}) where org_level = $row_level),
    known as (
        select distinct fact.org_code, months.month from core.fact_chosen as fact
        inner join core.period as period on fact.period_code = period.period_code
        inner join months
            on period.period_start < months.month + interval 1 month and period.period_end >= months.month
        where fact.state = 'reported' and list_contains($elements, fact.element_code)
            and period.period_start >= $start and period.period_end <= $end
            and fact.org_code in (select org_code from units)
    )
    select units.org_code, units.org_name, units.parent_code,
        string_agg(strftime(months.month, '%Y-%m'), '、' order by months.month)
    from units cross join months
    left join known on units.org_code = known.org_code and months.month = known.month
    where known.month is null
    group by all order by units.org_code"""
FINDINGS = f"""
    select finding.severity, finding.rule_code, finding.org_code, inside.org_name, finding.period_code,
        coalesce(finding.form_code, ''), finding.message_zh, finding.message_en,
        coalesce(receipt.filename, ''), concat_ws('!', nullif(finding.sheet, ''), finding.cells)
    from quality.finding as finding
    inner join ({INSIDE}) as inside on finding.org_code = inside.org_code
    inner join core.period as period on finding.period_code = period.period_code
    left join intake.submission as submission on finding.submission_id = submission.submission_id
    left join intake.receipt as receipt on submission.receipt_id = receipt.receipt_id
    where finding.status = 'open' and period.period_start >= $start and period.period_end <= $end
        and (finding.form_code is null or list_contains($forms, finding.form_code))
    order by case finding.severity when 'error' then 0 when 'warning' then 1 else 2 end, finding.org_code,
        period.period_start, finding.finding_id"""
OWN = """
    select compared.org_code, unit.org_name, compared.element_code, compared.breakdown_code, compared.own_value,
        compared.rolled_up_value, compared.difference, compared.coverage, compared.verdict,
        coalesce(compared.reason, '')
    from marts.level_consistency as compared
    inner join core.org_unit as unit on compared.org_code = unit.org_code
    where compared.period_code = $period and list_contains($orgs, compared.org_code)
        and list_contains($elements, compared.element_code) and compared.verdict <> 'equal'
    order by compared.org_code, compared.element_code, compared.breakdown_code"""


def cover_of(
    con: duckdb.DuckDBPyConnection, release: Release, asked: Asked, figures: Chosen, catalog: Catalog, sender: Org
) -> Cover:
    """The cover of a return: what a release knows about the figures in it."""
    forms = sorted(
        code for code, form in catalog.forms.items() if {i.element for i in form.items} & set(asked.elements)
    )
    given = {"area": asked.area.code, "start": asked.period.start, "end": asked.period.end, "forms": forms}
    one = asked.form.orientation != "units_in_rows"
    sections = [
        Section(
            "各项覆盖 Coverage of each column",
            ("项目 item", "编码 element", "数 figure", "来源 basis", "时期 period basis", "已报单位 units reported",
             "应报单位 units owed", "单位月覆盖 unit-months covered", "状态 state", "定稿 finality"),
            list(_coverage(asked, figures)),
        ),
        Section("无人填报的项目 Elements that nobody reports", ("项目 item", "编码 element", "表中写为 printed as"),
                list(_nobody(asked, figures))),
        Section("未报、被拒收、迟报的报表 Returns missing, refused or late",
                ("单位 unit", "名称 name", "报表 form", "时期 period", "状态 state", "应报日 due"),
                _rows(con, RETURNS, given)),
        Section(
            "没有数的月份 Months without any figure",
            ("单位 unit", "名称 name", "上级 above", "月份 months"),
            [] if one else _rows(con, LACKING, {
                **{name: given[name] for name in ("area", "start", "end")}, "row_level": asked.form.row_level,
                "elements": asked.elements,
            }),
        ),
        Section("各行之和与合计不等 Rows that do not add up to the total",
                ("项目 element", "分组 breakdown", "合计 total", "各行之和 sum of rows"),
                [] if one else list(rows_that_do_not_add_up(figures, asked))),
        Section("本级填报与汇总不同 Own figure and roll-up differ",
                ("单位 unit", "名称 name", "项目 element", "分组 breakdown", "本级 own", "汇总 rolled up",
                 "差 difference", "汇总的覆盖 coverage", "结论 verdict", "原因 reason"),
                _rows(con, OWN, {"period": asked.period.code, "orgs": asked.orgs, "elements": asked.elements})),
        Section("率的公式 Formulas of the rates", ("率 rate", "口径 standard", "公式 formula"),
                list(_rates(asked, catalog))),
        Section("未了结的问题 Open findings",
                ("程度 severity", "规则 rule", "单位 unit", "名称 name", "时期 period", "报表 form", "说明", "message",
                 "文件 file", "位置 place"),
                _rows(con, FINDINGS, given)),
    ]  # fmt: skip
    return Cover("汇总说明 What this return rests on", list(_facts(release, asked, figures, sender)), sections)


def _facts(release: Release, asked: Asked, figures: Chosen, sender: Org) -> Iterator[tuple[str, Cell]]:
    finality = min((figure.finality for figure in figures.values()), key=FINALITY.index)
    totals = [figures.get((asked.area.code, item.element, item.breakdown)) for item in asked.form.items]
    known = [figure for figure in totals if figure is not None and figure.value is not None]
    yield "发布 release", release.id
    yield "运行时间 night (UTC)", str(release.manifest["created_at"])
    if release.manifest.get("as_of"):
        yield "所知截至 as of", str(release.manifest["as_of"])
    yield "报表 form", f"{asked.form.zh} {asked.form.en} ({asked.code})"
    yield "填报单位 sender", f"{sender.name} ({sender.code})"
    yield "范围 area", f"{asked.area.name} ({asked.area.code})"
    yield "报告期 period", f"{period_words(asked.period)} ({asked.period.code}, {_days(asked)})"
    yield "定稿 finality", _told(finality)
    yield "有数的项目 items with a figure", f"{len(known)} / {len(totals)}"
    if known:
        yield "最低覆盖 lowest coverage", percent(min(figure.coverage for figure in known))


def _days(asked: Asked) -> str:
    return f"{asked.period.start} — {asked.period.end}"


def _coverage(asked: Asked, figures: Chosen) -> Iterator[Sequence[Cell]]:
    for item in asked.form.items:
        figure = figures.get((asked.area.code, item.element, item.breakdown))
        if figure is None:
            yield _printed(item), _code(item), None, "", "", 0, None, "", _told("blank"), ""
            continue
        yield (
            _printed(item), _code(item), figure.value, _told(figure.basis), _told(figure.period_basis), figure.reported,
            figure.expected, percent(figure.coverage),
            _told(figure.said.state if figure.value is None else figure.state), _told(figure.finality),
        )  # fmt: skip


def _nobody(asked: Asked, figures: Chosen) -> Iterator[Sequence[Cell]]:
    for item in asked.form.items:
        found = [
            figure for org in asked.orgs if (figure := figures.get((org, item.element, item.breakdown))) is not None
        ]
        if not any(figure.value is not None for figure in found):
            own = figures.get((asked.area.code, item.element, item.breakdown))
            yield _printed(item), _code(item), _told(own.said.state if own else "blank")


def _rates(asked: Asked, catalog: Catalog) -> Iterator[Sequence[Cell]]:
    for claim in asked.form.claims:
        formula = formula_of(claim, asked.form, catalog, asked.area.level, asked.period.end)
        name = f"{catalog.indicators[claim.indicator].zh} {claim.indicator}"
        if formula is None:
            yield (
                name,
                "",
                "没有算:表中缺公式所要的数 not computed: the sheet lacks the counts",
            )
        else:
            edition = formula.edition
            yield name, f"{edition.standard} {edition.edition}", edition.formula


def _rows(con: duckdb.DuckDBPyConnection, query: str, given: dict[str, Any]) -> list[Sequence[Cell]]:
    """The rows of a query, with the words for codes that a reader of Chinese does not know."""
    used = {name: value for name, value in given.items() if f"${name}" in query}
    return [[_cell(value) for value in row] for row in con.execute(query, used).fetchall()]


def _cell(value: Any) -> Cell:
    if isinstance(value, float):
        return percent(value)
    return _told(value) if isinstance(value, str) and value in WORDS else value


def _told(code: str) -> str:
    return f"{WORDS[code]} {code}" if code in WORDS else code


def percent(share: float | None) -> str:
    """A share as it is printed: never 100 % where something is missing.

    >>> percent(1.0), percent(0.99999), percent(0.5)
    ('100%', '99.99%', '50.00%')
    """
    if share is None:
        return ""
    return "100%" if share >= 1 else f"{int(share * 10_000) / 100:.2f}%"


def _printed(item: Item) -> str:
    return item.labels[0]


def _code(item: Item) -> str:
    return item.element + (f"[{item.breakdown}]" if item.breakdown else "")
