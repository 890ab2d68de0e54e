"""The sheet of a return while it is written: its head, its cells with their checks, its foot."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, NamedTuple

from pipelines.catalog.load import Catalog
from pipelines.catalog.models import ClaimItem, Form, Item, Org
from pipelines.catalog.periods import Period
from pipelines.intake.orgs import OrgIndex
from pipelines.intake.page import BOXES, formats, put
from pipelines.intake.period_words import period_words
from pipelines.intake.reading import address
from pipelines.intake.template_checks import LONGEST, Check, Key, codes, legend, may_hold
from pipelines.intake.template_units import printed_name
from pipelines.intake.text import label

COLOURS = {"wrong": "FFC7CE", "error": "FFD9A8", "warning": "FFF2A8", "question": "FFF2A8"}
SIGNATURES = ("单位负责人", "审核人", "填表人", "填报日期")


class Said(NamedTuple):
    """What is said in the place of a figure: a value with its qualifier, or the state of one that is missing."""

    value: Decimal | None
    state: str = "reported"
    qualifier: str = "exact"


@dataclass(frozen=True)
class Input:
    """What a figure's cell stands for, and what it says where it is filled in."""

    org: str
    item: Item
    is_total: bool = False
    said: Said | None = None


@dataclass
class Template:
    """A return: who sends it, about which area, and what each of its figures' cells stands for."""

    form: str
    sender: Org
    area: Org
    period: Period
    content: bytes = b""
    inputs: dict[str, Input] = field(default_factory=dict)


class Column(NamedTuple):
    """A column of a table with units in rows: its headings from the top, and what it holds."""

    path: tuple[str, ...]
    holds: Item | ClaimItem


@dataclass
class Page:
    """The sheet while it is written: an empty return."""

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

    def columns(self) -> list[Column]:
        """The columns of a table with units in rows: the form's items."""
        return [Column(heading(item.labels[0]), item) for item in self.form.items]

    def unit_heading(self, units: Sequence[Org]) -> str:
        """The heading of the column of the units' names."""
        return self.form.columns["unit_name"][0]

    def pages(self, paths: list[tuple[str, ...]]) -> tuple[int, ...]:
        """The first column of each page on which the columns with these headings are printed."""
        return (0,)

    def measure(self, paths: list[tuple[str, ...]], top: int) -> None:
        """Sets the widths of the columns with these headings, and the height of the last row of headings."""
        longest = max(len(path[-1]) for path in paths)
        self.sheet.set_row(top + max(map(len, paths)) - 1, min(15 * (1 + longest // 5), 90))
        self.sheet.set_column(0, len(paths) - 1, 10)
        named = int("number" in self.form.columns)
        self.sheet.set_column(named, named, 18)

    def head(self, last: int) -> int:
        """Writes title, unit, period and, where the form has them, tick boxes; gives the row of the headings."""
        made, half = self.made, max(last // 2, 1)
        titles = [made.area.name + self.form.zh, self.form.zh, made.area.name + literal(self.form.recognise.title)]
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
        self.sign(row + 1, last, dict.fromkeys(SIGNATURES, ""))

    def sign(self, row: int, last: int, names: Mapping[str, str]) -> None:
        """Writes the line of the signatures, with the names that are known."""
        line = "".join(f"{what}:{name or ' ' * 8}    " for what, name in names.items()).rstrip()
        put(self.sheet, (row, 0, row, last), line, self.styles["open"])

    def figure(self, place: tuple[int, int], org: str, item: Item, *, is_total: bool = False) -> None:
        """Writes an empty cell for a figure, and notes what it stands for."""
        self.sheet.write_blank(*place, None, self.styles["input"])
        self.made.inputs[address(*place)] = Input(org, item, is_total)

    def rate(self, place: tuple[int, int], org: str, claim: ClaimItem) -> None:
        """Writes an empty cell for a printed rate of a unit."""
        self.sheet.write_blank(*place, None, self.styles["input"])

    def total(self, place: tuple[int, int], item: Item, first: int) -> None:
        """The area's own figure below those of its rows: their sum without the codes; nothing where there is none.

        Args:
            place: its row and column.
            item: what it is.
            first: the row of the first unit.
        """
        row, column = place
        self.made.inputs[address(row, column)] = Input(self.made.area.code, item, is_total=True)
        if self.catalog.elements[item.element].kind == "attribute":
            self.sheet.write_blank(row, column, None, self.styles["input"])
            return
        numbers, _ = codes(self.form)
        span = f"{address(first, column)}:{address(row - 1, column)}"
        there = f"COUNT({span})" + "".join(f"-COUNTIF({span},{n})" for n in numbers)
        added = f"SUM({span})" + "".join(f"-SUMIF({span},{n})" for n in numbers)
        self.sheet.write_formula(
            row, column, f'=IF({there}=0,"",{added})', self.styles["sum"], " "
        )  # "" would say that it was never calculated

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


def literal(expression: str) -> str:
    r"""What a regular expression says in letters, without what may be left out.

    >>> literal(r"村月报表(\(.*\))?$")
    '村月报表'
    """
    return re.sub(r"\(.*?\)\?|\\.|[.*?^$()|+\[\]:/]", "", expression)


def heading(printed: str) -> tuple[str, ...]:
    """The headings of a label, from the top.

    >>> heading("产妇数 > 合计")
    ('产妇数', '合计')
    """
    return tuple(part.strip() for part in printed.split(">"))
