"""Reading a table of declared corrections: what, where, why, who, until; every mistake named with its cell.

A correction says what a return states now (`found`) and what counts instead (`value`). It never changes what the
unit said; it stands beside it, and stops counting as soon as the return no longer says `found`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from pipelines.catalog.load import Catalog
from pipelines.catalog.periods import Period, parse_code
from pipelines.intake.numbers import read_number
from pipelines.intake.reading import Sheet, address, read_sheets
from pipelines.intake.tables import Refusal
from pipelines.intake.text import label, plain

COLUMNS = {
    "org_code": ("org_code", "单位代码", "机构代码"),
    "period_code": ("period_code", "统计期", "报告期"),
    "form_code": ("form_code", "报表", "报表代码"),
    "element_code": ("element_code", "数据元", "指标项"),
    "breakdown_code": ("breakdown_code", "分组"),
    "found": ("found", "现报", "现报数"),
    "value": ("value", "应为", "更正为"),
    "why": ("why", "原因"),
    "who": ("who", "更正人"),
    "until": ("until", "有效至"),
}
OPTIONAL = ("breakdown_code", "who", "until")
STATES = ("blank", "not_collected", "not_carried_out", "suppressed", "not_applicable")
ALL, NOTHING, WITHDRAWN = "*", "nothing", "withdrawn"


@dataclass(frozen=True)
class Correction:
    """One declared correction. `element` '*': the whole return. A state is 'reported' where there is a value."""

    org: str
    period: Period
    form: str
    element: str
    breakdown: str
    found_state: str
    found: Decimal | None
    value_state: str
    value: Decimal | None
    why: str
    who: str
    until: date | None
    cell: str  # where the corrected value stands in the file


@dataclass(frozen=True)
class Mistake:
    """What is wrong with a cell of the table, in both languages."""

    cell: str
    printed: str
    zh: str
    en: str


@dataclass
class Corrections:
    """What a file declares; `cells` counts the filled cells of its table, `labels` those of its header."""

    declared: list[Correction] = field(default_factory=list)
    mistakes: list[Mistake] = field(default_factory=list)
    cells: int = 0
    labels: int = 0


def read_corrections(content: bytes, catalog: Catalog, who: str = "") -> Corrections:
    """The corrections of a CSV file or of the first sheet of a workbook; `who` stands where the table names nobody.

    Raises:
        Refusal: the file cannot be read, or its first row lacks a column.
    """
    sheet = read_sheets(content)[0]
    header = _header(sheet)
    found = Corrections(cells=len(sheet.filled), labels=len({c for r, c in sheet.filled if r == 0}))
    targets: dict[tuple[object, ...], int] = {}
    for row in sorted({r for r, _ in sheet.filled if r > 0}):
        reader = _Row(sheet, header, row, catalog, found.mistakes)
        before = len(found.mistakes)
        read = reader.read(who)
        if read is None or len(found.mistakes) > before:
            continue
        target = (read.org, read.period, read.form, read.element, read.breakdown)
        first = targets.setdefault(target, row)
        if first != row:
            text = f"与第 {first + 1} 行更正的是同一个数。", f"Row {first + 1} corrects the same figure."
            found.mistakes.append(Mistake(address(row, header["element_code"]), read.element, *text))
        else:
            found.declared.append(read)
    return found


def _header(sheet: Sheet) -> dict[str, int]:
    printed = {label(value): column for (row, column), value in sheet.filled.items() if row == 0}
    header = {n: printed[one] for n, names in COLUMNS.items() for one in names if one in printed}
    missing = [name for name in COLUMNS if name not in header and name not in OPTIONAL]
    if missing:
        names = ", ".join(missing)
        raise Refusal(
            "missing_columns",
            f"更正表的第一行缺少列:{names}。",
            f"The first row of the corrections lacks the columns {names}.",
            f"第一行应为 {','.join(COLUMNS)}。",
            f"The first row must be {','.join(COLUMNS)}.",
            sheet=sheet.name,
        )
    return header


@dataclass
class _Row:
    """One row of the table; what is wrong with it goes to `mistakes`."""

    sheet: Sheet
    header: dict[str, int]
    row: int
    catalog: Catalog
    mistakes: list[Mistake]

    def read(self, who: str) -> Correction | None:
        form, element = self._code("form_code", "forms"), self.text("element_code")
        org, period = self._code("org_code", "orgs"), self._period()
        if element != ALL:
            self._element(form, element, self.text("breakdown_code"))
        said, told = self._figure("found"), self._figure("value")
        if said and told:
            self._fits(element, said, told)
        why, name = self.text("why"), self.text("who") or who
        for column, text, zh, en in (("why", why, "原因", "the reason"), ("who", name, "更正人", "who corrects it")):
            if not text:
                self._wrong(column, f"没有写{zh}。", f"It lacks {en}.")
        until = self._until()
        if period is None or said is None or told is None:
            return None
        cell = address(self.row, self.header["value"])
        breakdown = self.text("breakdown_code")
        return Correction(org, period, form, element, breakdown, *said, *told, why, name, until, cell)

    def raw(self, column: str) -> object:
        place = self.header.get(column)
        found = "" if place is None else self.sheet.filled.get((self.row, place), "")
        return int(found) if isinstance(found, float) and found.is_integer() else found  # 2016 reads as 2016.0

    def text(self, column: str) -> str:
        return plain(self.raw(column))

    def _wrong(self, column: str, zh: str, en: str) -> None:
        place = address(self.row, self.header.get(column, self.header["value"]))
        self.mistakes.append(Mistake(place, self.text(column), zh, en))

    def _code(self, column: str, kind: str) -> str:
        code = self.text(column)
        if code not in getattr(self.catalog, kind):
            what = ("报表", "form") if kind == "forms" else ("单位代码", "organisation")
            self._wrong(column, f"没有{what[0]}“{code}”。", f"There is no {what[1]} {code!r}.")
        return code

    def _element(self, form: str, element: str, breakdown: str) -> None:
        items = self.catalog.forms[form].items if form in self.catalog.forms else ()
        if items and (element, breakdown) not in {(item.element, item.breakdown) for item in items}:
            name = f"{element}[{breakdown}]" if breakdown else element
            self._wrong("element_code", f"报表 {form} 没有“{name}”这一项。", f"The form {form} has no {name!r}.")

    def _period(self) -> Period | None:
        raw = self.raw("period_code")
        if isinstance(raw, date):  # a spreadsheet makes a date of 2014-05
            raw = f"{raw:%Y-%m}" if raw.day == 1 else f"{raw:%Y-%m-%d}"
        try:
            return parse_code(plain(raw))
        except ValueError:
            self._wrong("period_code", f"看不懂统计期“{plain(raw)}”。", f"{plain(raw)!r} is no period, as 2014-05 is.")
            return None

    def _figure(self, column: str) -> tuple[str, Decimal | None] | None:
        raw, text = self.raw(column), self.text(column)
        words = (*STATES, NOTHING, ALL) if column == "found" else (*STATES, WITHDRAWN)
        if text in words:
            return text, None
        number = read_number(raw)
        if number is None or number.qualifier != "exact" or number.sign or number.value.as_tuple().exponent < -4:  # type: ignore[operator]
            names = ", ".join(words)
            self._wrong(
                column,
                f"“{text}”既不是数(至多四位小数),也不是 {names} 之一。",
                f"{text!r} is neither a number (four decimals at most) nor one of {names}.",
            )
            return None
        return "reported", number.value

    def _fits(self, element: str, said: tuple[str, Decimal | None], told: tuple[str, Decimal | None]) -> None:
        whole = element == ALL
        if whole != (said[0] == ALL) or (whole and (told[0] != WITHDRAWN or self.text("breakdown_code"))):
            self._wrong(
                "found",
                "撤回整张表时 element_code 和 found 都写 *,value 写 withdrawn,分组不写;别处不能写 *。",
                "To withdraw a whole return element_code and found are *, value is withdrawn, the breakdown is empty; "
                "* stands nowhere else.",
            )
        elif said == told or (said[0] == NOTHING and told[0] == WITHDRAWN):
            self._wrong("value", "更正前后没有区别。", "The correction changes nothing.")

    def _until(self) -> date | None:
        raw = self.raw("until")
        if isinstance(raw, datetime):
            return raw.date()
        if isinstance(raw, date):
            return raw
        try:
            return date.fromisoformat(plain(raw)) if plain(raw) else None
        except ValueError:
            self._wrong("until", f"“{plain(raw)}”不是日期。", f"{plain(raw)!r} is no date, as 2026-12-31 is.")
            return None
