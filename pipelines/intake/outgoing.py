"""The return that goes up (汇总上报): a form's empty return, filled in from figures that are known.

Its cells are those of the template, its checks too; printed rates are computed from the counts of their own row.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial
from typing import Any

from pipelines.catalog.load import Catalog
from pipelines.catalog.models import ClaimItem, Form, Item, Org
from pipelines.catalog.orgs import holds
from pipelines.catalog.periods import Period
from pipelines.errors import TaizhangError
from pipelines.intake.cover import Cover, write_cover
from pipelines.intake.orgs import OrgIndex
from pipelines.intake.outgoing_rates import Formula, formula_of
from pipelines.intake.page import headings, put
from pipelines.intake.reading import address
from pipelines.intake.template import Filling, laid_out
from pipelines.intake.template_page import SIGNATURES, Column, Input, Page, Said, Template, heading

BLANK = Said(None, "blank")
QUALIFIERS = {"exact": "", "about": "约", "over": "超过", "at_least": "≥", "under": "不足"}
NARROWEST, UNIT_NAME, NARROW_PAGE = 7.0, 20.0, 96.0  # of columns and of a page, in characters
SMALLEST, WIDE_PAGE = 55, 180.0  # percent of its size a table is printed at, and what a page of A4 then holds
LEVELS = {"village": "村", "township": "乡镇", "county": "县", "prefecture": "市", "province": "省"}

Figures = Mapping[tuple[str, str, str], Said]  # by organisation, element and breakdown


@dataclass(frozen=True)
class Outgoing:
    """What a return that goes up says: its figures, who signed it, the cover beside it."""

    figures: Figures
    cover: Cover
    signed: Mapping[str, str] = field(default_factory=dict)  # by one of SIGNATURES


def make_return(
    code: str, catalog: Catalog, index: OrgIndex, sender: Org, period: Period, rows: Sequence[Org], said: Outgoing
) -> Template:
    """The return of a unit, filled in, read back cell by cell before it is given out.

    Args:
        code: the form's.
        catalog: forms, rules, indicators.
        index: the organisations.
        sender: who will send it.
        period: what it is for.
        rows: the units of its rows, where it has any (`outgoing_rows`).
        said: what its cells say.

    Raises:
        TaizhangError: as for the empty return.
    """
    return laid_out(code, catalog, index, sender, period, Filling(partial(_FilledPage, said=said), rows))


def outgoing_rows(form: Form, index: OrgIndex, area: Org, period: Period) -> list[Org]:
    """The rows of a return that goes up: the units directly below the area that are of the form's row level, or above.

    Raises:
        TaizhangError: there is none.
    """
    below = [org for org in index.orgs.below(area.code) if holds(org, period.end)]
    found = [org for org in below if org.level == form.row_level or _has_rows(org, form, index)]
    if not found:
        raise TaizhangError(
            f"名册中 {area.name}({area.code})下面在 {period.end} 没有报表“{form.zh}”各行的单位({form.row_level})。",
            f"On {period.end} the register has no {form.row_level} below {area.name} ({area.code}) for the rows of "
            f"{form.en}.",
            remedy_zh="--org 写这些单位的上一级或更上一级。",
            remedy_en="give --org a unit above them.",
        )
    return sorted(found, key=lambda org: org.code)


def _has_rows(org: Org, form: Form, index: OrgIndex) -> bool:
    return bool(form.row_level) and bool(set(index.orgs.under(org.code, form.row_level or "")) - {org.code})


def columns_with_rates(form: Form) -> list[Column]:
    """The columns of a form whose rates stand beside their counts: under those of an item's labels that they share."""
    rates = [heading(claim.labels[0]) for claim in form.claims]
    columns: list[Column] = []
    for item in form.items:
        paths = [heading(printed) for printed in item.labels]
        columns.append(
            Column(max(paths, key=lambda path: max((_shared(path, rate) for rate in rates), default=0)), item)
        )
    for claim, rate in zip(form.claims, rates, strict=True):
        shared = [(_shared(column.path, rate), len(column.path) == len(rate)) for column in columns]
        best = max(shared)
        after = len(shared) - shared[::-1].index(best) if best[0] else len(columns)
        columns.insert(after, Column(rate, claim))
    return columns


def _shared(path: tuple[str, ...], other: tuple[str, ...]) -> int:
    """How many headings from the top two columns share; the last one of each is its own.

    >>> _shared(("管理", "建卡", "人数"), ("管理", "建卡", "%")), _shared(("活产数",), ("活产数", "%"))
    (2, 0)
    """
    same = 0
    for one, two in zip(path[:-1], other[:-1], strict=False):
        if one != two:
            break
        same += 1
    return same


@dataclass
class _FilledPage(Page):
    """The sheet of a return that goes up."""

    said: Outgoing

    def __post_init__(self) -> None:
        super().__post_init__()
        font = {"font_name": "宋体", "font_size": 10}
        self.styles["sign"] = self.book.add_format({**font, "locked": False, "valign": "vcenter"})
        self.styles["measure"] = self.book.add_format({**font, "align": "right"})
        self.laid: list[Column] = columns_with_rates(self.form)
        self.formulas: dict[str, Formula | None] = {}
        self.widths = list[float]()
        self.starts: tuple[int, ...] = (0,)

    def columns(self) -> list[Column]:
        return self.laid

    def unit_heading(self, units: Sequence[Org]) -> str:
        """The one of the form's headings that names the level of the rows."""
        known = self.form.columns["unit_name"]
        words = LEVELS.get(units[0].level, "") if len({unit.level for unit in units}) == 1 else ""
        return next((name for name in known if words and words in name), known[0])

    def pages(self, paths: list[tuple[str, ...]]) -> tuple[int, ...]:
        """Breaks a table that is too wide where its second headings change; the units' names are on each page."""
        self.widths = self._widths(len(paths))
        named = 1 + int("number" in self.form.columns)
        names, starts, used = sum(self.widths[:named]), [0], sum(self.widths[:named])
        breaks = [c for c in range(named, len(paths)) if paths[c][:2] != paths[c - 1][:2]]
        for column, following in zip(breaks, [*breaks[1:], len(paths)], strict=True):
            width = sum(self.widths[column:following])
            if used + width > WIDE_PAGE and column > named:
                starts.append(column)
                used = names
            used += width
        self.starts = tuple(starts)
        return self.starts

    def measure(self, paths: list[tuple[str, ...]], top: int) -> None:
        for column, width in enumerate(self.widths):
            self.sheet.set_column(column, column, width)
        for row, height in self._heights(paths, top).items():
            self.sheet.set_row(row, height)

    def head(self, last: int) -> int:
        row = super().head(last)
        if "unit" in self.form.columns:
            return row
        put(self.sheet, (row, 0, row, last), f"计量单位:{'、'.join(self._units())}", self.styles["measure"])
        return row + 1

    def _units(self) -> list[str]:
        units = self.catalog.units
        found = list[str]()
        for item in self.form.items:
            unit = units[self.catalog.elements[item.element].unit]
            found.append(("万" if item.unit_factor == 10_000 else "") + next(iter(unit.labels), unit.zh))
        return list(dict.fromkeys(found))

    def sign(self, row: int, last: int, names: Mapping[str, str]) -> None:
        super().sign(row, last, {what: self.said.signed.get(what, "") for what in SIGNATURES})
        self.sheet.set_row(row, 22)

    def figure(self, place: tuple[int, int], org: str, item: Item, *, is_total: bool = False) -> None:
        said = self.said.figures.get((org, item.element, item.breakdown), BLANK)
        self._write(place, item, said, self.styles["input"])
        self.made.inputs[address(*place)] = Input(org, item, is_total, said)

    def total(self, place: tuple[int, int], item: Item, first: int) -> None:
        said = self.said.figures.get((self.made.area.code, item.element, item.breakdown), BLANK)
        self._write(place, item, said, self.styles["sum"])
        self.made.inputs[address(*place)] = Input(self.made.area.code, item, True, said)

    def _write(self, place: tuple[int, int], item: Item, said: Said, style: Any) -> None:
        printed = self._printed(item, said)
        if printed == "":
            self.sheet.write_blank(*place, None, style)
        elif isinstance(printed, str):
            self.sheet.write_string(*place, printed, style)
        else:
            self.sheet.write_number(*place, printed, style)

    def _printed(self, item: Item, said: Said) -> int | float | str:
        """What a cell shows: a number, words for one that is not exact, the form's code for a state, or nothing."""
        if said.value is None:
            code = code_of(self.form, said.state)
            return int(code) if code.lstrip("-").isdigit() else code
        value = said.value / item.unit_factor
        number: int | float = int(value) if value == value.to_integral_value() else float(value)
        text = f"{value.normalize():f}"
        if said.qualifier != "exact":
            return QUALIFIERS[said.qualifier] + text
        if text in self.form.states:  # -1 that is a figure, where -1 is a code
            return f"{text}.0"
        return number if Decimal(repr(number)) == value and len(text) < 15 else text

    def rate(self, place: tuple[int, int], org: str, claim: ClaimItem) -> None:
        rate = self._rate(org, claim)
        decimals = claim.decimals + len(str(claim.unit_factor)) - 1
        style = self.styles.get(f"rate{decimals}") or self.book.add_format(
            {"font_name": "宋体", "font_size": 10, "border": 1, "locked": False,
             "num_format": "0." + "0" * decimals if decimals else "0"}
        )  # fmt: skip
        self.styles[f"rate{decimals}"] = style
        if rate is None:
            self.sheet.write_blank(*place, None, style)
        else:
            self.sheet.write_number(*place, float(rate / claim.unit_factor), style)

    def _rate(self, org: str, claim: ClaimItem) -> Decimal | None:
        """A printed rate from the counts in the sheet; None where it has no formula of them, or a count is missing."""
        key = f"{claim.indicator} {claim.breakdown}"
        if key not in self.formulas:
            self.formulas[key] = formula_of(claim, self.form, self.catalog, self.made.area.level, self.made.period.end)
        formula = self.formulas[key]
        figures = self.said.figures
        return formula.rate(lambda at: figures.get((org, *at), BLANK).value) if formula else None

    def finish(self) -> None:
        super().finish()
        if len(self.starts) > 1:
            self.sheet.set_print_scale(SMALLEST)
            self.sheet.set_v_pagebreaks(list(self.starts[1:]))
            self.sheet.repeat_columns(0, int("number" in self.form.columns))
        self.sheet.set_margins(0.4, 0.4, 0.5, 0.5)
        self.sheet.set_footer("&C第 &P 页,共 &N 页")
        write_cover(self.book, self.said.cover)

    def _widths(self, count: int) -> list[float]:
        """Widths of the columns: wide enough for what they show, and all of them for a line of the head."""
        longest = dict[tuple[str, str], int]()
        printed = {(item.element, item.breakdown): item for item in self.form.items}
        for (_, *key), said in self.said.figures.items():
            at = (key[0], key[1])
            if at in printed:
                longest[at] = max(longest.get(at, 0), len(str(self._printed(printed[at], said))))
        named = int("number" in self.form.columns)
        widths = [6.0] * named + [UNIT_NAME]
        for column in self.laid:
            one = column.holds
            shown = longest.get((one.element, one.breakdown), 0) if isinstance(one, Item) else 6
            widths.append(max(NARROWEST, shown + 2.0))
        widths += [NARROWEST] * (count - len(widths))
        room = (NARROW_PAGE - sum(widths[: named + 1])) / max(len(widths) - named - 1, 1)
        return [*widths[: named + 1], *(max(width, room) for width in widths[named + 1 :])]

    def _heights(self, paths: list[tuple[str, ...]], top: int) -> dict[int, float]:
        """Heights of the rows of headings, so that each wrapped text is seen whole."""
        heights: dict[int, float] = {}
        cells = sorted(headings(paths, top, self.starts), key=lambda cell: cell[0][2] - cell[0][0])
        for (first, left, last, right), text in cells:
            lines = math.ceil(2 * len(text) / max(sum(self.widths[left : right + 1]) - 1.5, 1))
            above = sum(heights.get(row, 16.0) for row in range(first, last))
            heights[last] = max(heights.get(last, 16.0), 13.5 * lines + 3 - above)
        return heights


def code_of(form: Form, state: str) -> str:
    """What a form prints where a figure is missing: its own code, else a usual one; '' for what is left blank.

    >>> from types import SimpleNamespace
    >>> own = {"-1": "not_collected", "…": "not_collected"}
    >>> form = SimpleNamespace(missing=own, states={"未开展": "not_carried_out"})
    >>> code_of(form, "not_collected"), code_of(form, "not_carried_out"), code_of(form, "blank")
    ('-1', '未开展', '')
    """
    if state == "blank":
        return ""
    own = [code for code, meant in form.missing.items() if meant == state]
    usual = [code for code, meant in form.states.items() if meant == state]
    return next(iter([*own, *usual]), "")
