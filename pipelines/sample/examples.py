"""A filled example of any form, made from its YAML: head, tick boxes, merged headings, rows, 合计, blanks and codes.

The figures are made up from a seed, and lowered until the catalog's own rules and the form's totals hold. Each example
knows what every cell says, so that a test can compare it with what the intake reads.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from random import Random
from typing import Any, Literal

import xlsxwriter

from pipelines.catalog.load import Catalog
from pipelines.catalog.models import Form, Item, Level, Org, Term
from pipelines.catalog.models.rules import OPERATORS, Comparison, comparisons
from pipelines.catalog.periods import Period, parse_code
from pipelines.intake.page import BOXES, formats, headings, put
from pipelines.intake.period_words import period_words
from pipelines.sample.draws import share_out
from pipelines.sample.layout import MADE

Key = tuple[str, str]  # element, breakdown
Figures = dict[Key, int]
AREA = "x-example"
UNITS = {"county": f"{AREA}-c1", "township": f"{AREA}-c1-t1", "village": f"{AREA}-c1-t1-v1"}
OFFICES = {
    "mch": "-health",
    "public_health": "-health",
    "legal": "-justice",
}  # who sends for an area, where it is there
PERIODS = {"year": "2014", "half_year": "2014H1", "quarter": "2014Q3", "month": "2014-09", "ten_days": "2014-09-T2"}
ROLES: tuple[Literal["number", "item", "unit", "value", "note"], ...] = ("number", "item", "unit", "value", "note")
MARKS = {"not_collected": "-1", "not_carried_out": "-2"}  # the codes that clerks write for a state


@dataclass(frozen=True)
class Said:
    """What a cell says: whose figure of which element, or why there is none."""

    org: str
    element: str
    breakdown: str
    value: Decimal | None
    state: str
    is_total: bool


@dataclass
class Example:
    """A filled form: the workbook's bytes, and what each of its figures' cells says."""

    form: str
    period: Period
    sender: Org
    area: str
    content: bytes = b""
    cells: dict[str, Said] = field(default_factory=dict)


def places() -> dict[str, Org]:
    """A prefecture, two counties, two townships each, three villages each, and the offices that send returns."""
    found = [_org(AREA, "样例市", "prefecture", "")]
    for county, name in (("c1", "东样县"), ("c2", "西样县")):
        code = f"{AREA}-{county}"
        found += [_org(code, name, "county", AREA), _org(f"{code}-health", f"{name}妇幼保健院", "institution", code)]
        for number, town in enumerate(("上样镇", "下样乡"), 1):
            below = f"{code}-t{number}"
            found.append(_org(below, town, "township", code, name))
            for slug, office in (("health", "卫生院"), ("justice", "司法所")):
                found.append(_org(f"{below}-{slug}", f"{town}{office}", "institution", below, name))
            for village, stem in enumerate(("样前", "样中", "样后"), 1):
                found.append(_org(f"{below}-v{village}", f"{stem}村", "village", below, name + town))
    return {org.code: org for org in found}


def _org(code: str, name: str, level: Level, parent: str, above: str = "") -> Org:
    """An organisation; its aliases are the name in a row and the full one in a head."""
    return Org(code=code, name=f"{name}(合成)", level=level, parent=parent, aliases=(name, above + name))


def periods(form: Form) -> list[Period]:
    """A period of each kind in which the form is sent; none where the form does not say."""
    kinds = list(BOXES) if form.frequency == "tick_box" else [form.frequency or ""]
    codes = [PERIODS[kind] for kind in kinds if kind in PERIODS]
    mch = {"2014": "M2014", "2014H1": "M2014H1"} if form.calendar == "mch_year" else {}
    return [parse_code(mch.get(code, code)) for code in codes]


def example(code: str, catalog: Catalog, period: Period, label: int = 0, rates: bool = False) -> Example:
    """The form filled in for a period.

    Args:
        code: the form's.
        catalog: where the form and the rules are from.
        period: what the head says.
        label: which of each item's printed labels is used (-1: the last).
        rates: whether the printed rates of the form stand behind its counts, where it has units in rows.
    """
    form, orgs = catalog.forms[code], places()
    rng = Random(f"{code} {period.code}")
    unit = orgs[UNITS.get(form.row_level or "", UNITS["county"])]
    area = orgs[unit.parent] if form.orientation == "units_in_rows" else unit
    sender = orgs.get(area.code + OFFICES.get(form.domain, ""), area) if form.subject == "area" else area
    made = Example(code, period, sender, area.code)
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    book.set_properties({"title": form.zh, "comments": "合成示例 / synthetic example", "created": MADE})
    page = _Page(book.add_worksheet("报表"), formats(book), form, made, orgs)
    if form.orientation == "units_in_rows":
        _write_units(page, catalog, rng, label, rates)
    else:
        _write_items(page, catalog, rng, label)
    book.close()
    made.content = target.getvalue()
    return made


@dataclass
class _Page:
    """The sheet being written."""

    sheet: Any
    styles: dict[str, Any]
    form: Form
    made: Example
    orgs: dict[str, Org]

    def head(self, last: int) -> int:
        """Writes title, unit, period and, where the form has them, tick boxes; gives the row of the headings."""
        org, text = self.orgs[self.made.area], period_words(self.made.period)
        put(self.sheet, (0, 0, 0, last), f"{org.aliases[0]}{self.form.zh}", self.styles["title"])
        half = max(last // 2, 1)
        put(self.sheet, (1, 0, 1, half), f"填报单位:{self.made.sender.aliases[-1]}", self.styles["head"])
        put(self.sheet, (1, half + 1, 1, last), f"报告期:{text}", self.styles["head"])
        if self.form.frequency != "tick_box":
            return 2
        boxes = (f"{name}{'☑' if kind == self.made.period.kind else '□'}" for kind, name in BOXES.items())
        put(self.sheet, (2, 0, 2, last), f"报送周期:{' '.join(boxes)}", self.styles["head"])
        return 3

    def foot(self, row: int, last: int) -> None:
        """Writes the note and the signatures."""
        put(self.sheet, (row, 0, row, last), "注:本表为合成的示例,数字均为虚构。", self.styles["head"])
        signed = "审核人:合成甲    填表人:合成乙    填报日期:2014年10月8日"
        put(self.sheet, (row + 1, 0, row + 1, last), signed, self.styles["head"])

    def figure(self, row: int, column: int, item: Item, org: str, figure: int | str | None, total: bool) -> None:
        """Writes a number, a code or nothing, and notes what the cell says."""
        style = self.styles["total" if total else "cell"]
        state, value = "blank" if figure is None else self.form.missing.get(str(figure), "reported"), None
        if figure is None:
            self.sheet.write_blank(row, column, None, style)
        elif state != "reported":
            self.sheet.write_number(row, column, int(figure), style)
        else:
            value = Decimal(figure)
            self.sheet.write_number(row, column, float(value / item.unit_factor), style)
        place = f"{xlsxwriter.utility.xl_col_to_name(column)}{row + 1}"
        self.made.cells[place] = Said(org, item.element, item.breakdown, value, state, total)


def _write_units(page: _Page, catalog: Catalog, rng: Random, label: int, rates: bool) -> None:
    form, claims = page.form, page.form.claims if rates else ()
    last = 2 + len(form.items) + len(claims)
    top = page.head(last)
    paths: list[tuple[str, ...]] = [("序号",), (form.columns["unit_name"][0],)]
    paths += [tuple(item.labels[label].split(" > ")) for item in form.items]
    paths += [*(tuple(claim.labels[label].split(" > ")) for claim in claims), ("备注",)]
    for place, text in headings(paths, top):
        put(page.sheet, place, text, page.styles["heading"])
    first = top + max(map(len, paths))
    units = [org for org in page.orgs.values() if org.parent == page.made.area and org.level == form.row_level]
    rows = [dict[Key, int | str | None](draw(form, catalog, rng)) for _ in units]
    _leave_out(form, rng, rows)
    for number, (unit, row) in enumerate(zip(units, rows, strict=True)):
        page.sheet.write_number(first + number, 0, number + 1, page.styles["cell"])
        page.sheet.write_string(first + number, 1, unit.aliases[0], page.styles["cell"])
        for column, item in enumerate(form.items, 2):
            page.figure(first + number, column, item, unit.code, row[item.element, item.breakdown], total=False)
        for column, _ in enumerate(claims, 2 + len(form.items)):
            page.sheet.write_string(first + number, column, f"{rng.randint(500, 999) / 10:.1f}%", page.styles["cell"])
    end = first + len(units)
    page.sheet.write_string(end, 1, form.total_labels[0], page.styles["total"])
    for column, item in enumerate(form.items, 2):
        figures = [figure for row in rows if isinstance(figure := row[item.element, item.breakdown], int)]
        page.figure(end, column, item, page.made.area, sum(figures) if figures else None, total=True)
    page.foot(end + 1, last)


def _write_items(page: _Page, catalog: Catalog, rng: Random, label: int) -> None:
    form = page.form
    roles = [role for role in ROLES if role in form.columns]
    where: dict[str, int] = {role: column for column, role in enumerate(roles)}
    top = page.head(len(roles) - 1)
    for column, role in enumerate(roles):
        page.sheet.write_string(top, column, form.columns[role][0], page.styles["heading"])
    figures = dict[Key, int | str | None](draw(form, catalog, rng))
    _leave_out(form, rng, [figures])
    totals = {total.total for total in form.totals}
    for number, item in enumerate(form.items, 1):
        unit = catalog.units[catalog.elements[item.element].unit].labels[0]
        for name, text in (("number", str(number)), ("item", item.labels[label]), ("unit", unit)):
            if name in where:
                page.sheet.write_string(top + number, where[name], text, page.styles["cell"])
        is_total = item.element in totals and not item.breakdown
        figure = figures[item.element, item.breakdown]
        page.figure(top + number, where["value"], item, page.made.area, figure, is_total)
    page.foot(top + len(form.items) + 1, len(roles) - 1)


def draw(form: Form, catalog: Catalog, rng: Random) -> Figures:
    """Made-up whole figures of the form's items, the first ones the largest, which the catalog's checks accept."""
    figures: Figures = {}
    for number, item in enumerate(form.items):
        rare = 40 if catalog.elements[item.element].unit == "cases" else 1  # deaths, diseases
        size = round(400 * 0.2 ** (number / len(form.items)) * rng.uniform(0.8, 1.2) / rare)
        figures[item.element, item.breakdown] = size * max(item.unit_factor // 100, 1)
    checks = list(checks_of(form, catalog, figures))
    while any([_lower(figures, *check) for check in checks]):
        pass
    return figures


def checks_of(form: Form, catalog: Catalog, figures: Mapping[Key, int]) -> Iterator[tuple[list[Key], str, list[Key]]]:
    """The checks that one filled form can be held to: sums of its own figures on either side, without factors."""
    found = [c for rule in catalog.rules.values() for c in comparisons(rule, catalog.breakdown_codes)]
    for total in form.totals:
        found.append(Comparison((Term(element=total.total),), OPERATORS[total.relation], total.parts))
    for check in found:
        terms = (*check.left, *check.right)
        own = all(t.factor == 1 and (t.period, t.level) == ("same", "own") for t in terms)
        if not own or check.constant or not check.right:
            continue
        for breakdown in {""} if any(t.breakdown for t in terms) else {b for _, b in figures}:
            left, right = ([(t.element, t.breakdown or breakdown) for t in side] for side in (check.left, check.right))
            if all(key in figures for key in (*left, *right)):
                yield left, check.op, right


def _lower(figures: Figures, left: list[Key], op: str, right: list[Key]) -> bool:
    """Lowers the side that is too large; whether there was one. Figures only fall, so this comes to an end."""
    amounts = sum(figures[key] for key in left), sum(figures[key] for key in right)
    keys, most = (left, amounts[1]) if op in ("<=", "<") else (right, amounts[0])
    if op == "=" and amounts[0] > amounts[1]:
        keys, most = left, amounts[1]
    most -= op in ("<", ">")
    weights = [figures[key] for key in keys]
    if most < 0 or sum(weights) <= most:
        return False
    figures.update(zip(keys, share_out(most, [float(weight) for weight in weights]), strict=True))
    return True


def _leave_out(form: Form, rng: Random, rows: list[dict[Key, int | str | None]]) -> None:
    """A blank and the codes of what was not collected or not carried out, in rows of their own as far as they go."""
    marks: list[str | None] = [None, *(mark for state, mark in MARKS.items() if form.missing.get(mark) == state)]
    for number, (item, mark) in enumerate(zip(rng.sample(form.items, len(marks)), marks, strict=True)):
        rows[number % len(rows)][item.element, item.breakdown] = mark
