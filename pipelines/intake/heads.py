"""What stands above a table, and whom and when it is about: the head, else the file's name, else its folder."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import PurePosixPath
from typing import NamedTuple

from pipelines.catalog.models import Form, HeadRules, Org
from pipelines.catalog.periods import Period, months
from pipelines.intake.orgs import OrgIndex
from pipelines.intake.period_text import find_period, read_period
from pipelines.intake.reading import address
from pipelines.intake.regions import Region, is_filled
from pipelines.intake.tables import Refusal, Remark, Table
from pipelines.intake.text import plain

UNIT_HEAD = ("填报单位", "上报单位", "填表单位", "单位名称", "报送单位")
PERIOD_HEAD = ("报告期", "报表期别", "统计时间", "统计期间", "报表时间", "所属期")
TICK_HEAD = ("报送周期", "填报周期")
OTHER_HEAD = (
    "填报日期",
    "填报时间",
    "填表日期",
    "填表人",
    "审核人",
    "负责人",
    "联系电话",
    "计量单位",
    "单位",
    "表号",
    "制定机关",
)
WIDE_GAP = re.compile(r"\s{3,}")  # what stands after so many blanks is something else
TICKED = "☑■√✓✔☒"
TICKS = {"年": "year", "半年": "half_year", "季": "quarter", "月": "month", "旬": "ten_days"}


@dataclass(frozen=True)
class Head:
    """What stands above a table: its titles, the unit's name and the period's text, each with its cell."""

    titles: tuple[str, ...] = ()
    unit: str = ""
    unit_cell: str = ""
    period: str = ""
    period_cell: str = ""
    tick: str = ""
    tick_cell: str = ""

    def after(self, other: Head) -> Head:
        """This head, with what it leaves out taken from the one before it in the file."""
        unit = self if self.unit else other
        period = self if self.period else other
        return replace(
            self, unit=unit.unit, unit_cell=unit.unit_cell, period=period.period, period_cell=period.period_cell
        )


class Sent(NamedTuple):
    """How a file came: the code of its folder's organisation, its name, the folders below the inbox."""

    sender: str = ""
    filename: str = ""


def read_head(region: Region) -> Head:
    """Titles, unit and period from the rows above the header.

    Label and value stand in one cell or side by side; one cell may hold several labels, each with its value.
    """
    titles: list[str] = []
    found: dict[str, tuple[str, str]] = {}
    pattern = _pattern(region.form.head)
    for row, column, text in region.texts(region.first, region.header):
        # Within a text a label has its colon.
        labels = [m for m in pattern.finditer(text) if m.start() == 0 or m[0].rstrip().endswith(":")]
        ends = [*(label.start() for label in labels[1:]), len(text)]
        for match, end in zip(labels, ends, strict=False):  # without labels one end is left
            name = match.lastgroup or ""
            if name == "other" or name in found:
                continue
            printed, place = WIDE_GAP.split(text[match.end() : end].strip())[0], (row, column)
            beside = next((c for c in range(column + 1, column + 4) if is_filled(region.cell(row, c))), None)
            if not printed and beside is not None and match is labels[-1]:
                printed, place = _period_words(region.cell(row, beside)), (row, beside)
            found[name] = (printed, address(*place))
        titles.append(text)
    unit, period, tick = (found.get(name, ("", "")) for name in ("unit", "period", "tick"))
    return Head(tuple(titles), *unit, *period, *tick)


@cache
def _pattern(rules: HeadRules) -> re.Pattern[str]:
    """The labels of a head: at the beginning of a text, or after a blank; 填报单位(公章): too."""

    def any_of(names: Iterable[str]) -> str:
        return "|".join(sorted((re.escape(plain(name)) for name in names), key=len, reverse=True))

    kinds = {"unit": (*UNIT_HEAD, *rules.unit), "period": (*PERIOD_HEAD, *rules.period), "tick": TICK_HEAD}
    labels = "|".join(f"(?P<{kind}>{any_of(names)})" for kind, names in kinds.items())
    others = f"(?P<other>(?:{any_of(OTHER_HEAD)})(?=\\s*:))"
    return re.compile(rf"(?:^|(?<=\s))\s*(?:{labels}|{others})\s*(?:\([^)]*\))?\s*:?", re.DOTALL)


def _period_words(value: object) -> str:
    """A cell's text; a spreadsheet turns a typed 2014年9月 into the first day of that month."""
    if isinstance(value, date) and value.day == 1:
        return f"{value.year}年{value.month}月"
    if isinstance(value, date):
        return f"截至{value.year}年{value.month}月{value.day}日"
    return plain(value)


def ticked(text: str) -> str:
    """The kind of period whose box is ticked, before or behind its name; '' where none or several are.

    >>> ticked("年□ 季□ 月☑"), ticked("□年 ■季 □月"), ticked("2014年(□年、□季、☑月、□旬)")
    ('month', 'quarter', 'month')
    """
    words = re.sub(r"^.*?\d+年度?(?=[(:]|[□○☑■√✓✔☒])|[(),,、;;]", "", "".join(text.split()))
    boxes = f"[□○{TICKED}]"
    behind = not re.match(boxes, words)
    pattern = rf"(半年|年|季|月|旬)度?报?({boxes})" if behind else rf"({boxes})(半年|年|季|月|旬)"
    pairs = [pair if behind else pair[::-1] for pair in re.findall(pattern, words)]
    found = [TICKS[name] for name, box in pairs if box in TICKED]
    return found[0] if len(found) == 1 else ""


def period_of(head: Head, region: Region, notes: Iterable[str], sent: Sent) -> Period:
    """The period of a table: its head, its titles, the form's own pattern, the sheet's and the file's name, the folder.

    Raises:
        Refusal: none of them tells it.
    """
    said = _said_elsewhere(head, region, notes, sent)
    for context in (None, *said):
        period = read_period(head.period, context)
        if period:
            return period
    if said and not head.period:
        return said[0]
    printed = f"(写的是“{head.period}”)" if head.period else ""
    raise Refusal(
        "unknown_period",
        f"看不出报告期{printed}。",
        f"The reporting period cannot be told{f' from {head.period!r}' if head.period else ''}.",
        "请在表头写“报告期:2014年”“报告期:2014年第一季度”“报告期:2014年9月”或“报告期:截至2014年9月30日”。",
        "Write 报告期: and a year, quarter, month or day above the table, for example 报告期:2014年9月.",
        sheet=region.sheet.name,
        cell=head.period_cell,
    )


def _said_elsewhere(head: Head, region: Region, notes: Iterable[str], sent: Sent) -> list[Period]:
    """What the titles, the form's pattern, the names of sheet and file, and the folders say of the period, in order."""
    rules, path = region.form.head, PurePosixPath(sent.filename)
    found = [found for text in (*head.titles, *notes) if (found := _by_pattern(text, rules))]
    texts = [region.title, *head.titles, region.sheet.name, path.stem, *reversed(path.parts[:-1])]
    years: list[Period] = []
    for text in texts:
        period = find_period(text)
        (years if period and period.kind == "year" else found).extend([period] if period else [])
    for text in texts:  # "9月" in the sheet's name, the year in the title
        period = find_period(text, years[0]) if years else None
        found += [period] if period and period.kind != "year" else []
    return found + years


def _by_pattern(text: str, rules: HeadRules) -> Period | None:
    match = re.search(rules.period_pattern, text) if rules.period_pattern else None
    if not match:
        return None
    said = {name: int(value) for name, value in match.groupdict().items() if value}
    first, count = 1, 12
    if "q" in said:
        first, count = said["q"] * 3 - 2, 3
    elif "m" in said:
        first, count = said["m"], said.get("m2", said["m"]) - said["m"] + 1
        if rules.year_starts > 1:  # the months have their civil numbers
            return months(said["y"] + (first < rules.year_starts), first, count)
    start = first + rules.year_starts - 1
    return months(said["y"] + (start - 1) // 12, (start - 1) % 12 + 1, count)


def reporter_of(head: Head, region: Region, index: OrgIndex, sent: Sent, on: date | None) -> Org:
    """Who sends a table: the head, else the form's own sender, else the file's name, else the folder.

    Raises:
        Refusal: none of them tells it; a name that no unit, or more than one, bears.
    """
    named = head.unit or region.form.head.sender or _unit_in_names(region, sent, index, on) or sent.sender
    if not named or (named == sent.sender and named not in index.orgs):
        raise Refusal(
            "missing_unit",
            "表头没有“填报单位”,文件名和收件夹也没有对应的单位。",
            "Neither the sheet's head (填报单位) nor the file's name nor the inbox folder names the reporting unit.",
            "请在表头填写“填报单位:单位全称”。",
            "Write 填报单位: and the unit's full name above the table.",
            sheet=region.sheet.name,
        )
    try:
        return index.resolve(named, sent.sender, on)
    except Refusal as refusal:
        refusal.sheet, refusal.cell = region.sheet.name, head.unit_cell
        raise


def _unit_in_names(region: Region, sent: Sent, index: OrgIndex, on: date | None) -> str:
    """The code of the one unit that the sheet's name names, else the file's, the longest name first; '' for none."""
    for name in (region.sheet.name.rpartition("/")[2], PurePosixPath(sent.filename).stem):
        found = index.named_in(name, sent.sender, on)
        if found:
            return found.code
    return ""


def subject_of(form: Form, reporter: Org) -> str:
    """The organisation that the figures are about: the area that an institution serves, or the sender itself."""
    return reporter.parent if form.subject == "area" and reporter.level == "institution" else reporter.code


def ask_about(table: Table, head: Head, region: Region, index: OrgIndex, sent: Sent) -> None:
    """Adds the remarks on a table as a whole: where box, titles, file, folder and head contradict each other."""
    period = table.period
    assert period is not None

    def add(rule: str, cell: str, observed: str, expected: str) -> None:
        table.remarks.append(Remark(rule, table.org, period, cell, "", observed, expected))

    kind = ticked(head.tick)
    if kind and kind != period.kind and not (kind == "year" and period.kind == "mch_year"):
        add("period_tick", head.tick_cell, kind, period.kind)
    if read_period(head.period):  # else it was taken from one of these
        name = PurePosixPath(sent.filename).stem
        for text in (region.title, region.sheet.name.rpartition("/")[2], name):
            other = find_period(text, period)
            if other and not other.as_at and (other.end < period.start or other.start > period.end):
                add("period_disagrees", head.period_cell, plain(text)[:80], period.code)
                break
    if head.unit and sent.sender in index.orgs:
        _ask_whose(table, head, index, sent, add)


def _ask_whose(table: Table, head: Head, index: OrgIndex, sent: Sent, add: object) -> None:
    assert callable(add)
    theirs, ours = index.path(sent.sender), index.path(table.reported_by)
    area = theirs[:-1] if index.orgs[sent.sender].level == "institution" else theirs
    if area[-1:] and area[-1] not in ours and table.org not in theirs:
        add("unit_disagrees", head.unit_cell, index.orgs[sent.sender].name, index.orgs[table.reported_by].name)
