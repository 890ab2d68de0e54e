"""The empty return of a form: its sheet as it will be sent, locked but for the figures, with the form's own checks.

What it prints is read back by the intake before it is given out: a template that would not load is never written.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from pipelines.catalog.load import Catalog
from pipelines.catalog.models import Form, Item, Org
from pipelines.catalog.periods import Period
from pipelines.errors import TaizhangError
from pipelines.intake.orgs import OrgIndex
from pipelines.intake.own_sheets import STAMP, STAMP_VERSION
from pipelines.intake.page import BOXES, formats, headings, put
from pipelines.intake.period_words import period_words
from pipelines.intake.reading import address
from pipelines.intake.template_checks import LONGEST, Check, Key, checks, codes, legend, may_hold
from pipelines.intake.template_units import check_period, printed_name, rows_of
from pipelines.intake.text import label
from pipelines.intake.understand import understand

MADE = datetime(2014, 1, 1)  # of every template, so that equal content is equal bytes
SHEET = "报表"
ROLES: tuple[Literal["number", "item", "unit", "value", "period", "claim_name", "claim", "note"], ...] = (
    "number", "item", "unit", "value", "period", "claim_name", "claim", "note",
)  # fmt: skip
WIDTHS = {"number": 6, "item": 34, "unit": 10, "value": 12, "period": 16, "claim_name": 26, "claim": 10, "note": 18}
COLOURS = {"wrong": "FFC7CE", "error": "FFD9A8", "warning": "FFF2A8", "question": "FFF2A8"}


@dataclass(frozen=True)
class Input:
    """What a figure's cell stands for."""

    org: str
    item: Item
    is_total: bool = False


@dataclass
class Template:
    """An empty return: who sends it, about which area, and what each of its figures' cells stands for."""

    form: str
    sender: Org
    area: Org
    period: Period
    content: bytes = b""
    inputs: dict[str, Input] = field(default_factory=dict)


def make_template(code: str, catalog: Catalog, index: OrgIndex, sender: Org, period: Period) -> Template:
    """The empty return of a form.

    Args:
        code: the form's.
        catalog: forms, rules and roster.
        index: the organisations.
        sender: who will send it.
        period: what it will be for.

    Raises:
        TaizhangError: the form is not sent for such a period; no unit of its rows stands below the sender; or the
            form cannot be written so that it would be read without a doubt.
    """
    import xlsxwriter

    form = catalog.forms[code]
    if form.orientation not in ("one_unit", "units_in_rows") or not form.columns:
        raise _not_laid_out(form)
    check_period(form, period)
    area = sender
    if form.subject == "area" and sender.level == "institution":
        area = index.orgs.at(sender.parent, period.end) or index.orgs[sender.parent]
    made, target = Template(code, sender, area, period), io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    book.set_properties({"title": form.zh, "created": MADE})
    page = _Page(book, book.add_worksheet(_literal(form.recognise.sheet)[:31] or SHEET), catalog, form, made, index)
    if form.orientation == "units_in_rows":
        _write_units(page, rows_of(code, catalog, index, area, period))
    else:
        _write_items(page)
    page.finish()
    _stamp(book, made, catalog)
    book.close()
    made.content = target.getvalue()
    _read_back(made, catalog, index)
    return made


@dataclass
class _Page:
    """The sheet while it is written."""

    book: Any
    sheet: Any
    catalog: Catalog
    form: Form
    made: Template
    index: OrgIndex

    def __post_init__(self) -> None:
        self.styles = formats(self.book)
        font = {"font_name": "宋体", "font_size": 10}
        boxed, grey = {**font, "border": 1}, {"bg_color": "#F2F2F2"}
        self.styles["heading"].set_bg_color("#E2EFDA")
        self.styles["label"] = self.book.add_format({**boxed, **grey})
        self.styles["input"] = self.book.add_format({**boxed, "locked": False})
        self.styles["sum"] = self.book.add_format({**boxed, "bold": True, "locked": False, "bg_color": "#FFF9E5"})
        self.styles["open"] = self.book.add_format({**font, "locked": False})
        self.colours = {name: self.book.add_format({"bg_color": f"#{code}"}) for name, code in COLOURS.items()}

    def head(self, last: int) -> int:
        """Writes title, unit, period and, where the form has them, tick boxes; gives the row of the headings."""
        made, half = self.made, max(last // 2, 1)
        titles = [made.area.name + self.form.zh, self.form.zh, made.area.name + _literal(self.form.recognise.title)]
        fitting = (text for text in titles if re.search(self.form.recognise.title, label(text)))
        put(self.sheet, (0, 0, 0, last), next(fitting, titles[0]), self.styles["title"])
        self.sheet.set_row(0, 28)
        put(self.sheet, (1, 0, 1, half), f"填报单位:{printed_name(made.sender, self.index, made.period)}",
            self.styles["head"])  # fmt: skip
        put(self.sheet, (1, half + 1, 1, last), f"报告期:{period_words(made.period)}", self.styles["head"])
        if self.form.frequency != "tick_box":
            return 2
        kind = made.period.kind.removeprefix("mch_")
        boxes = (f"{name}{'☑' if box == kind else '□'}" for box, name in BOXES.items())
        put(self.sheet, (2, 0, 2, last), f"报送周期:{' '.join(boxes)}", self.styles["head"])
        return 3

    def foot(self, row: int, last: int) -> None:
        """Writes what to do where there is no figure, and the line of the signatures."""
        codes_told = legend(self.form)
        note = (
            f"注:没有数时填代码({codes_told}),不要填 0;空着表示漏填。" if codes_told else "注:没有数时空着,不要填 0。"
        )
        put(self.sheet, (row, 0, row, last), note, self.styles["head"])
        put(self.sheet, (row + 1, 0, row + 1, last), "审核人:        填表人:        填报日期:", self.styles["open"])

    def figure(self, row: int, column: int, org: str, item: Item, *, is_total: bool = False) -> None:
        """Writes an empty cell for a figure, and notes what it stands for."""
        self.sheet.write_blank(row, column, None, self.styles["input"])
        self.made.inputs[address(row, column)] = Input(org, item, is_total)

    def counts(self, item: Item) -> bool:
        """Whether a figure is a count, and printed as one."""
        return self.catalog.units[self.catalog.elements[item.element].unit].counts and item.unit_factor == 1

    def guard(
        self, span: tuple[int, int, int, int], item: Item, found: list[Check], cell: Callable[[Key], str]
    ) -> None:
        """Puts validation on a figure's cells, and colours, since nothing validates what is pasted.

        Args:
            span: the cells: first row, first column, last row, last column.
            item: what they hold.
            found: the checks of their rows.
            cell: the cell of a figure in the first of these rows.
        """
        key = item.element, item.breakdown
        own = [check for check in found if key in check.keys]
        here, kind = cell(key), may_hold(cell(key), self.form, counts=self.counts(item))
        fitting, formula = list[Check](), kind
        for check in own:  # as many as a validation may hold; the colours show the others
            longer = f"AND({','.join([kind, *(one.holds(cell) for one in (*fitting, check))])})"
            if len(longer) < LONGEST:
                fitting, formula = [*fitting, check], longer
        stop = all(check.severity == "error" for check in fitting)
        self.sheet.data_validation(*span, {
            "validate": "custom", "value": f"={formula}", "error_type": "stop" if stop else "warning",
            "error_title": "请核对这个数", "error_message": self._message(item, [check.name for check in fitting]),
        })  # fmt: skip
        self._paint(span, f'AND({here}<>"",NOT({kind}))', "wrong")
        for check in own:
            self._paint(span, f"NOT({check.holds(cell)})", check.severity)

    def _message(self, item: Item, rules: list[str]) -> str:
        what = "请填 0 或正整数" if self.counts(item) else "请填数"
        told = f"{what};没有数时填代码:{legend(self.form)}。" if self.form.missing else f"{what}。"
        if rules:
            told += f"并应符合:{';'.join(dict.fromkeys(rules))}。"
        return told if len(told) < LONGEST else told[: LONGEST - 2] + "…"

    def _paint(self, span: tuple[int, int, int, int], formula: str, colour: str) -> None:
        self.sheet.conditional_format(
            *span, {"type": "formula", "criteria": f"={formula}", "format": self.colours[colour]}
        )

    def finish(self) -> None:
        """Locks all but the inputs; without a password, as it guards against slips only."""
        allowed = ("format_columns", "format_rows", "select_locked_cells", "select_unlocked_cells")
        self.sheet.protect("", dict.fromkeys(allowed, True))
        self.sheet.set_landscape()
        self.sheet.set_paper(9)
        self.sheet.fit_to_pages(1, 0)


def _literal(expression: str) -> str:
    r"""What a regular expression says in letters, without what may be left out.

    >>> _literal(r"村月报表(\(.*\))?$")
    '村月报表'
    """
    return re.sub(r"\(.*?\)\?|\\.|[.*?^$()|+\[\]:/]", "", expression)


def _paths(form: Form) -> Iterator[tuple[str, ...]]:
    if "number" in form.columns:
        yield (form.columns["number"][0],)
    yield (form.columns["unit_name"][0],)
    yield from (tuple(part.strip() for part in item.labels[0].split(">")) for item in form.items)
    if "note" in form.columns:
        yield (form.columns["note"][0],)


def _write_units(page: _Page, units: list[Org]) -> None:
    form, sheet, made = page.form, page.sheet, page.made
    paths, first_column = list(_paths(form)), 1 + ("number" in form.columns)
    last = len(paths) - 1
    top = page.head(last)
    for place, text in headings(paths, top):
        put(sheet, place, text, page.styles["heading"])
    first = top + max(map(len, paths))
    longest = max(len(path[-1]) for path in paths)
    sheet.set_row(first - 1, min(15 * (1 + longest // 5), 90))
    sheet.set_column(0, last, 10)
    sheet.set_column(first_column - 1, first_column - 1, 18)
    for row, unit in enumerate(units, first):
        if first_column == 2:
            sheet.write_number(row, 0, row - first + 1, page.styles["label"])
        name = printed_name(unit, page.index, made.period, made.area.code)
        sheet.write_string(row, first_column - 1, name, page.styles["label"])
        for column, item in enumerate(form.items, first_column):
            page.figure(row, column, unit.code, item)
        if "note" in form.columns:
            sheet.write_blank(row, last, None, page.styles["input"])
    end = first + len(units)
    _guard_rows(page, first_column, (first, end - 1), form.row_level or "")
    if form.total_labels:
        _write_total(page, first_column, first, end, last)
        _guard_rows(page, first_column, (end, end), made.area.level)
    page.foot(end + bool(form.total_labels), last)
    sheet.freeze_panes(first, first_column)
    sheet.repeat_rows(top, first - 1)


def _guard_rows(page: _Page, first_column: int, rows: tuple[int, int], level: str) -> None:
    """Puts the checks of a level on the figures of some rows."""
    found = checks(page.form, page.catalog, level)
    column_of = {(item.element, item.breakdown): c for c, item in enumerate(page.form.items, first_column)}
    for column, item in enumerate(page.form.items, first_column):
        page.guard((rows[0], column, rows[1], column), item, found, lambda key: address(rows[0], column_of[key]))


def _write_total(page: _Page, first_column: int, first: int, row: int, last: int) -> None:
    """The row of totals: sums of the figures that are there, without the codes; nothing where there is none."""
    form, sheet, made = page.form, page.sheet, page.made
    if first_column == 2:
        sheet.write_blank(row, 0, None, page.styles["label"])
    sheet.write_string(row, first_column - 1, form.total_labels[0], page.styles["label"])
    numbers, _ = codes(form)
    for column, item in enumerate(form.items, first_column):
        page.figure(row, column, made.area.code, item, is_total=True)
        if page.catalog.elements[item.element].kind == "attribute":
            continue
        span = f"{address(first, column)}:{address(row - 1, column)}"
        there = f"COUNT({span})" + "".join(f"-COUNTIF({span},{n})" for n in numbers)
        added = f"SUM({span})" + "".join(f"-SUMIF({span},{n})" for n in numbers)
        sheet.write_formula(
            row, column, f'=IF({there}=0,"",{added})', page.styles["sum"], " "
        )  # "" would say that it was never calculated
    if "note" in form.columns:
        sheet.write_blank(row, last, None, page.styles["input"])


def _write_items(page: _Page) -> None:
    form, sheet, made = page.form, page.sheet, page.made
    roles = [role for role in ROLES if role in form.columns]
    where: dict[str, int] = {role: column for column, role in enumerate(roles)}
    last = len(roles) - 1
    top = page.head(last)
    for column, role in enumerate(roles):
        sheet.write_string(top, column, form.columns[role][0], page.styles["heading"])
        sheet.set_column(column, column, WIDTHS[role])
    total = {total.total for total in form.totals}
    rows = {(item.element, item.breakdown): row for row, item in enumerate(form.items, top + 1)}
    found = checks(form, page.catalog, made.area.level)
    for number, item in enumerate(form.items, 1):
        row = top + number
        unit = next(iter(page.catalog.units[page.catalog.elements[item.element].unit].labels), "")
        _write_labels(page, where, row, {"number": str(number), "item": item.labels[0], "unit": unit})
        page.figure(row, where["value"], made.area.code, item, is_total=item.element in total and not item.breakdown)
        page.guard((row, where["value"]) * 2, item, found, lambda key: address(rows[key], where["value"]))
    end = top + 1 + len(form.items)
    for number, claim in enumerate(form.claims if "claim" in where else (), len(form.items) + 1):
        _write_labels(page, where, end, {"number": str(number), "claim_name": claim.labels[0]})
        sheet.write_blank(end, where["claim"], None, page.styles["input"])
        end += 1
    page.foot(end, last)
    sheet.freeze_panes(top + 1, 0)
    sheet.repeat_rows(top)


def _write_labels(page: _Page, where: dict[str, int], row: int, texts: dict[str, str]) -> None:
    """The labels of a row; period and note are open, everything else is locked."""
    for role, column in where.items():
        if role in texts:
            page.sheet.write_string(row, column, texts[role], page.styles["label"])
        else:
            page.sheet.write_blank(row, column, None, page.styles["input" if role in ("period", "note") else "label"])


def _stamp(book: Any, made: Template, catalog: Catalog) -> None:
    """The hidden sheet that says what the template is."""
    sheet = book.add_worksheet(STAMP)
    said = {"taizhang": STAMP_VERSION, "form": made.form, "reported_by": made.sender.code, "org": made.area.code,
            "period": made.period.code, "catalog": catalog.sha256}  # fmt: skip
    for row, (name, text) in enumerate(said.items()):
        sheet.write_string(row, 0, name)
        sheet.write_string(row, 1, text)
    sheet.protect()
    sheet.hide()


def _read_back(made: Template, catalog: Catalog, index: OrgIndex) -> None:
    """Makes sure that the intake takes the template for what it is, every one of its cells."""
    tables = understand(made.content, catalog, index)
    wanted = made.form, made.area.code, made.sender.code, made.period
    doubts = [table.refusal.en for table in tables if table.refusal]
    doubts += [f"{held.cell}: {held.reason} {held.label}" for table in tables for held in table.quarantine]
    doubts += [
        str(said) for table in tables if (said := (table.form, table.org, table.reported_by, table.period)) != wanted
    ]
    read = {fact.cell: (fact.org, fact.element, fact.breakdown) for table in tables for fact in table.facts}
    meant = {cell: (one.org, one.item.element, one.item.breakdown) for cell, one in made.inputs.items()}
    doubts += [f"{cell}: {read.get(cell)}" for cell in meant if read.get(cell) != meant[cell]]
    if doubts:
        raise TaizhangError(
            f"报表 {made.form} 的空表读不回来:{doubts[0]}。",
            f"The empty return of {made.form} is not read as what it is: {doubts[0]}.",
            remedy_zh="改正 catalog/forms/ 中这种报表的 recognise.title、columns 和 labels。",
            remedy_en="mend recognise.title, columns and labels of the form in catalog/forms/.",
        )


def _not_laid_out(form: Form) -> TaizhangError:
    zh, en = (f"{form.orientation} 式的表", f"Tables of the layout {form.orientation}") if form.columns else (
        "这种没有表式的报表", "Forms without a table")  # fmt: skip
    return TaizhangError(
        f"{zh}还没有空表可取。",
        f"{en} have no empty return yet.",
        remedy_zh="用发下来的表(或数据值)填报;填好后用 taizhang check 核对。",
        remedy_en="fill in what was handed out, or send data values; look at it with taizhang check.",
    )
