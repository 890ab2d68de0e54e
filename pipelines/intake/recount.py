"""A recount sheet: what inspectors counted again, figure by figure; written by `taizhang draw`, read back here.

It is no return of the units that it is about: what it says goes to intake.recount, never to the facts.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from pipelines.catalog.load import Catalog
from pipelines.catalog.models.forms import MARKERS
from pipelines.catalog.periods import parse_code
from pipelines.intake.numbers import read_number
from pipelines.intake.orgs import OrgIndex
from pipelines.intake.reading import Sheet, address
from pipelines.intake.tables import Quarantined, Recount, Refusal, Table
from pipelines.intake.text import label, plain, shown

FORM = "recount"
TITLE = "复核抽查表"
HEAD = {  # what stands above the table: label, then value
    "draw": "抽样编号", "by": "复核单位代码", "org": "抽查范围代码", "form": "报表代码", "period": "报告期",
    "drawn_at": "抽取时间(UTC)",
}  # fmt: skip
COLUMNS = {"org": "单位代码", "element": "数据元代码", "breakdown": "分组代码", "recounted": "复核数"}
HEAD_ROWS = 20
LARGEST = Decimal(10) ** 16  # DECIMAL(20,4) in the warehouse


def holds_recount(sheet: Sheet) -> bool:
    """Whether a sheet is a recount sheet: by its title and the columns of its table."""
    return any(TITLE in plain(value) for (row, _), value in sheet.filled.items() if row == 0) and bool(_header(sheet))


def read_recount(sheet: Sheet, catalog: Catalog, index: OrgIndex) -> Table:
    """What a recount sheet says; a row whose codes are not known is set aside, a sheet without its head is refused."""
    table = Table(sheet=sheet.name, form=FORM)
    row, columns = _header(sheet)
    try:
        told = _head(sheet, row, catalog, index)
    except Refusal as refusal:
        refusal.sheet, table.refusal = sheet.name, refusal
        table.quarantine = [
            Quarantined(address(*place), shown(value), refusal.reason, "") for place, value in sheet.filled.items()
        ]
        table.account.read = table.account.quarantined = len(table.quarantine)
        return table
    table.org, table.reported_by, table.period = told["org"], told["by"], parse_code(told["period"])
    rows = sorted({r for r, _ in sheet.filled if r > row and (r, columns["org"]) in sheet.filled})
    reader = _Rows(sheet, columns, catalog, index, told, table)
    for number in rows:
        reader.read(number)
    cells = set(sheet.filled) | {(number, columns["recounted"]) for number in rows}
    account = table.account
    account.read, account.entry, account.quarantined = len(cells), len(table.recounts), len(table.quarantine)
    account.label = account.read - account.entry - account.quarantined
    return table


class _Rows:
    """The rows of a sheet while they are read."""

    def __init__(
        self,
        sheet: Sheet,
        columns: dict[str, int],
        catalog: Catalog,
        index: OrgIndex,
        told: dict[str, str],
        table: Table,
    ) -> None:
        self.sheet, self.columns, self.catalog, self.index, self.told, self.table = (
            sheet, columns, catalog, index, told, table,
        )  # fmt: skip
        self.first: dict[tuple[str, ...], int] = {}
        self.items = {(item.element, item.breakdown) for item in catalog.forms[told["form"]].items}

    def read(self, row: int) -> None:
        """Reads one row: a recount, or a cell that is set aside with the reason."""
        org, element, breakdown = (self._text(row, name) for name in ("org", "element", "breakdown"))
        place = address(row, self.columns["recounted"])
        raw = self.sheet.filled.get((row, self.columns["recounted"]))
        fault, name = self._fault(org, element, breakdown)
        first = self.first.setdefault((org, element, breakdown), row)
        if not fault and first != row:
            fault, name = "stated_again", str(first + 1)
        value, state = _value(raw)
        if not fault and state == "wrong":
            fault, name = "not_a_number", element
        if fault:
            self.table.quarantine.append(Quarantined(place, shown(raw), fault, name))
            return
        at = datetime.fromisoformat(self.told["drawn_at"])
        of = (self.told["draw"], self.told["form"], at)
        self.table.recounts.append(Recount(org, element, breakdown, value, state, place, *of))

    def _fault(self, org: str, element: str, breakdown: str) -> tuple[str, str]:
        if org not in self.index.orgs:
            return "unknown_org", org
        if org != self.told["org"] and self.told["org"] not in self.index.path(org):
            return "org_not_below", org
        if (element, breakdown) not in self.items:
            return "unknown_element", f"{element} {breakdown}".strip()
        return "", ""

    def _text(self, row: int, name: str) -> str:
        return plain(self.sheet.filled.get((row, self.columns[name])))


def _value(raw: object) -> tuple[Decimal | None, str]:
    """A recounted figure and its state; 'wrong' where it is neither a number from 0 on nor a marker."""
    text = plain(raw)
    if not text:
        return None, "blank"
    if text in MARKERS:
        return None, MARKERS[text]
    number = read_number(raw)
    if number is None or number.sign or number.qualifier != "exact":
        return None, "wrong"
    fits = 0 <= number.value < LARGEST and number.value == round(number.value, 4)
    return (number.value, "reported") if fits else (None, "wrong")


def _header(sheet: Sheet) -> tuple[int, dict[str, int]]:
    """The row of the column's labels and the column of each; (0, {}) where there is none."""
    rows: dict[int, dict[str, int]] = {}
    for (row, column), value in sheet.filled.items():
        if row < HEAD_ROWS:
            rows.setdefault(row, {}).setdefault(label(value), column)
    for row, labels in sorted(rows.items()):
        if all(name in labels for name in COLUMNS.values()):
            return row, {role: labels[name] for role, name in COLUMNS.items()}
    return 0, {}


def _head(sheet: Sheet, end: int, catalog: Catalog, index: OrgIndex) -> dict[str, str]:
    """What stands above the table.

    Raises:
        Refusal: a line of it is gone, or names what is not known.
    """
    texts = {label(value): place for place, value in sheet.filled.items() if place[0] < end and place[1] == 0}
    places = {role: (texts[name][0], 1) if name in texts else None for role, name in HEAD.items()}
    told = {role: plain(sheet.filled.get(place)) if place else "" for role, place in places.items()}
    for role, known in (("by", index.orgs), ("org", index.orgs), ("form", catalog.forms)):
        if told[role] not in known:
            raise _damaged(role, told[role])
    try:
        parse_code(told["period"])
    except ValueError:
        raise _damaged("period", told["period"]) from None
    try:
        datetime.fromisoformat(told["drawn_at"])
    except ValueError:
        raise _damaged("drawn_at", told["drawn_at"]) from None
    if not told["draw"]:
        raise _damaged("draw", "")
    return told


def _damaged(role: str, printed: str) -> Refusal:
    name = HEAD[role]
    return Refusal(
        "recount_head",
        f"复核抽查表的表头“{name}”不见了或不认识(写的是“{printed}”)。",
        f"The head of the recount sheet lacks {name}, or its code is unknown ({printed!r}).",
        "请用 taizhang draw 写出的表填报,表头和代码列不要改动;同样的种子会抽出同样的表。",
        "Fill in the sheet that taizhang draw wrote and leave its head and its codes as they are; the same seed draws "
        "the same sheet again.",
    )
