"""A file's bytes understood: which form, which unit, which period, and what every cell says."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from datetime import date
from functools import cache

from pipelines.catalog.load import Catalog
from pipelines.catalog.models import Form, Org
from pipelines.catalog.periods import Period
from pipelines.intake.one_unit import read_one_unit
from pipelines.intake.orgs import OrgIndex
from pipelines.intake.period_text import read_period
from pipelines.intake.reading import Sheet, address, read_sheets
from pipelines.intake.tables import Account, Quarantined, Refusal, Remark, Table
from pipelines.intake.text import label, plain
from pipelines.intake.units_in_rows import read_units_in_rows

UNIT_HEAD = r"(?:填报单位|上报单位|填表单位|单位名称)"
PERIOD_HEAD = r"(?:报告期|报表期别|统计时间|统计期间)"
TICK_HEAD = r"(?:报送周期|填报周期)"
ALIKE = 0.6  # of a form's name: a title with so much of it may mean that form
TOP_ROWS = 30  # the header is looked for in these
TICKED = "☑■√✓✔☒"
TICKS = {"年": "year", "半年": "half_year", "季": "quarter", "月": "month", "旬": "ten_days"}


@dataclass(frozen=True)
class Head:
    """What stands above a table: its titles, the unit's name and the period's text, each with its cell."""

    titles: list[str]
    unit: str
    unit_cell: str
    period: str
    period_cell: str
    tick: str = ""
    tick_cell: str = ""


def understand(content: bytes, catalog: Catalog, index: OrgIndex, sender: str = "", filename: str = "") -> list[Table]:
    """Every table of a file; a sheet that is not understood is a table with a `refusal`.

    Args:
        content: the file's bytes.
        catalog: forms and what they hold.
        index: the organisations.
        sender: the code of the organisation whose folder the file lay in.
        filename: what the sender called it; where the sheet names no unit or period, it may.

    Raises:
        Refusal: where the file as a whole cannot be read.
    """
    return [_understand_sheet(sheet, content, catalog, index, sender) for sheet in read_sheets(content)]


def _understand_sheet(sheet: Sheet, content: bytes, catalog: Catalog, index: OrgIndex, sender: str) -> Table:
    table = Table(sheet=sheet.name)
    try:
        code, form, header_row = recognise(sheet, catalog)
        table.form = code
        head = read_head(sheet, header_row)
        told = read_period(head.period)
        reporter = _reporter(head, index, sender, sheet.name, told.end if told else None)
        table.reported_by, table.org = reporter.code, _subject(form, reporter, index)
        table.period = _period(head, sheet.name)
        if form.orientation == "units_in_rows":
            read_units_in_rows(sheet, form, header_row, table, catalog, index)
        else:
            read_one_unit(sheet, form, header_row, table, catalog, content)
        _check_tick(head, table)
    except Refusal as refusal:
        refusal.sheet = refusal.sheet or sheet.name
        table.refusal = refusal
        _quarantine_all(sheet, table, refusal.reason)
    return table


def recognise(sheet: Sheet, catalog: Catalog) -> tuple[str, Form, int]:
    """The form whose title and column labels the sheet has, and the row of its header.

    Raises:
        Refusal: no form, or more than one.
    """
    rows = dict[int, set[str]]()
    for (row, _), value in sheet.filled.items():
        if row < TOP_ROWS:
            rows.setdefault(row, set()).add(label(value))
    found = []
    for code, form in catalog.forms.items():
        header = _header_row(rows, form)
        if header is None:
            continue
        if any(re.search(form.recognise.title, text) for row, texts in rows.items() if row < header for text in texts):
            found.append((code, form, header))
    if len(found) == 1:
        return found[0]
    first = next(iter(sheet.filled), (0, 0))
    printed = plain(sheet.filled.get(first))[:60]
    if not found:
        nearest = _nearest(printed, catalog)
        raise Refusal(
            "unknown_form",
            f"认不出这是哪种报表(首个单元格为“{printed}”)。"
            + (f"名称最接近的:{'、'.join(form.zh for form in nearest.values())}。" if nearest else ""),
            f"No known form has this title and these column labels (the first cell says {printed!r})."
            + (f" Nearest by name: {', '.join(nearest)}." if nearest else ""),
            "请使用规定的报表格式,不要改动标题和表头;各种报表见 taizhang catalog list --kind form,"
            "新报表请先在 catalog/forms/ 中登记。",
            "Use the prescribed layout with its title and column labels; taizhang catalog list --kind form lists the "
            "forms; describe a new one in catalog/forms/ first.",
            sheet=sheet.name,
            cell=address(*first),
        )
    raise Refusal(
        "ambiguous_form",
        f"标题同时符合几种报表:{'、'.join(code for code, _, _ in found)}。",
        f"The title fits several forms: {', '.join(code for code, _, _ in found)}.",
        "请在 catalog/forms/ 中把 recognise.title 写得更具体。",
        "Make recognise.title in catalog/forms/ more specific.",
        sheet=sheet.name,
        cell=address(*first),
    )


def _nearest(printed: str, catalog: Catalog) -> dict[str, Form]:
    """The three forms at most whose names stand nearly whole in a title, which also names a unit and a period."""
    like = {code: _share_in(form.zh, printed) for code, form in catalog.forms.items()}
    best = sorted((code for code in like if like[code] >= ALIKE), key=lambda code: -like[code])
    return {code: catalog.forms[code] for code in best[:3]}


def _share_in(name: str, printed: str) -> float:
    """How much of a name stands in a text, in its order.

    >>> _share_in("妇幼保健工作月报表", "柳河镇妇幼保健月报"), _share_in("妇幼保健工作月报表", "会议纪要")
    (0.6666666666666666, 0.0)
    """
    blocks = difflib.SequenceMatcher(None, name, printed, autojunk=False).get_matching_blocks()
    return sum(block.size for block in blocks) / len(name)


def _header_row(rows: dict[int, set[str]], form: Form) -> int | None:
    named = _roles(tuple(form.columns.items()))
    for row in sorted(rows):
        roles = {role for text in rows[row] & named.keys() for role in named[text]}
        if {"item", "value"} <= roles or {"claim_name", "claim"} <= roles or "unit_name" in roles:
            return row
    return None


@cache
def _roles(columns: tuple[tuple[str, tuple[str, ...]], ...]) -> dict[str, list[str]]:
    """By the labels of a form's columns, what these columns hold."""
    roles = dict[str, list[str]]()
    for role, names in columns:
        for name in names:
            roles.setdefault(label(name), []).append(role)
    return roles


def read_head(sheet: Sheet, header_row: int) -> Head:
    """Titles, unit and period from the rows above the header; label and value in one cell or side by side."""
    titles: list[str] = []
    found: dict[str, tuple[str, str]] = {}
    for (row, column), value in sheet.filled.items():
        if row >= header_row:
            continue
        text = plain(value)
        for name, pattern in (("unit", UNIT_HEAD), ("period", PERIOD_HEAD), ("tick", TICK_HEAD)):
            match = re.match(rf"\s*{pattern}\s*:?\s*(.*)$", text, re.S)
            if not match or name in found:
                continue
            beside = next((c for c in range(column + 1, column + 4) if (row, c) in sheet.filled), None)
            printed, place = match[1].strip(), (row, column)
            if not printed and beside is not None:
                printed, place = plain(sheet.filled[row, beside]), (row, beside)
            found[name] = (printed, address(*place))
        titles.append(text)
    unit, period, tick = (found.get(name, ("", "")) for name in ("unit", "period", "tick"))
    return Head(titles, *unit, *period, *tick)


def ticked(text: str) -> str:
    """The kind of period whose box is ticked, before or behind its name; '' where none or several are.

    >>> ticked("年□ 季□ 月☑"), ticked("□年 ■季 □月")
    ('month', 'quarter')
    """
    words = "".join(text.split())
    boxes = f"[□○{TICKED}]"
    behind = not re.match(boxes, words)
    pattern = rf"(半年|年|季|月|旬)度?报?({boxes})" if behind else rf"({boxes})(半年|年|季|月|旬)"
    pairs = [pair if behind else pair[::-1] for pair in re.findall(pattern, words)]
    found = [TICKS[name] for name, box in pairs if box in TICKED]
    return found[0] if len(found) == 1 else ""


def _check_tick(head: Head, table: Table) -> None:
    """Where the tick box and the period's text say different things, the text counts and the box is asked about."""
    kind, period = ticked(head.tick), table.period
    if period is not None and kind and kind != period.kind and not (kind == "year" and period.kind == "mch_year"):
        table.remarks.append(Remark("period_tick", table.org, period, head.tick_cell, "", kind, period.kind))


def _reporter(head: Head, index: OrgIndex, sender: str, sheet: str, on: date | None) -> Org:
    if not head.unit and sender not in index.orgs:
        raise Refusal(
            "missing_unit",
            "表头没有“填报单位”,收件夹也没有对应的单位。",
            "Neither the sheet's head (填报单位) nor the inbox folder names the reporting unit.",
            "请在表头填写“填报单位:单位全称”。",
            "Write 填报单位: and the unit's full name above the table.",
            sheet=sheet,
        )
    try:
        return index.resolve(head.unit or sender, sender, on)
    except Refusal as refusal:
        refusal.sheet, refusal.cell = sheet, head.unit_cell
        raise


def _subject(form: Form, reporter: Org, index: OrgIndex) -> str:
    """The organisation that the figures are about: the area that an institution serves, or the sender itself."""
    return reporter.parent if form.subject == "area" and reporter.level == "institution" else reporter.code


def _period(head: Head, sheet: str) -> Period:
    period = read_period(head.period)
    if period:
        return period
    printed = f"(写的是“{head.period}”)" if head.period else ""
    raise Refusal(
        "unknown_period",
        f"看不出报告期{printed}。",
        f"The reporting period cannot be told{f' from {head.period!r}' if head.period else ''}.",
        "请在表头写“报告期:2014年”“报告期:2014年第一季度”“报告期:2014年9月”或“报告期:截至2014年9月30日”。",
        "Write 报告期: and a year, quarter, month or day above the table, for example 报告期:2014年9月.",
        sheet=sheet,
        cell=head.period_cell,
    )


def _quarantine_all(sheet: Sheet, table: Table, reason: str) -> None:
    table.facts.clear()
    table.claims.clear()
    table.remarks.clear()
    table.quarantine = [Quarantined(address(*place), str(value), reason, "") for place, value in sheet.filled.items()]
    count = len(table.quarantine)
    table.account = Account(read=count, quarantined=count)
