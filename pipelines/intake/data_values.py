"""Figures that come as data values, not as a table of a form: DHIS2 dataValueSets (JSON, CSV) and tidy CSV.

Every value says itself whose, when and what it is, in codes of ours or in identifiers that catalog/exchange/ explains.
A value whose codes are not known is set aside with its place; it never stops the others.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, NamedTuple

from pipelines.catalog.load import Catalog
from pipelines.catalog.models import Org
from pipelines.catalog.models.exchange import Meaning
from pipelines.catalog.periods import Period, parse_code
from pipelines.intake import dhis2_period
from pipelines.intake.facts import FactCell
from pipelines.intake.numbers import read_number
from pipelines.intake.orgs import OrgIndex
from pipelines.intake.reading import MEDIA, Sheet, address, media_type
from pipelines.intake.regions import is_filled
from pipelines.intake.tables import Account, Quarantined, Refusal, Table
from pipelines.intake.text import shown

FORM = "data_values"  # of values that name no form
TIDY = ("org_code", "period_code", "element_code", "value")
TIDY_MORE = ("breakdown_code", "form_code", "reported_by")
DHIS2 = {  # the columns of its CSV and the fields of its JSON, small, as its versions write them
    "dataelement": "element_code", "period": "period_code", "orgunit": "org_code", "value": "value",
    "catoptcombo": "breakdown_code", "categoryoptioncombo": "breakdown_code", "attroptcombo": "attribute",
    "attributeoptioncombo": "attribute", "comment": "comment", "dataset": "form_code", "deleted": "deleted",
}  # fmt: skip
DEFAULTS = ("", "default")  # DHIS2's name of "no breakdown"
STATES = ("blank", "not_collected", "not_carried_out", "suppressed", "not_applicable")
QUALIFIER = "taizhang:"  # before a qualifier in a comment
QUALIFIERS = ("about", "over", "at_least", "under")
LARGEST = Decimal(10) ** 16  # DECIMAL(20,4) in the warehouse
Fields = Mapping[str, str]


class Given(NamedTuple):
    """One value as it was sent: its cell, its fields by our names, how many other cells say what they are."""

    cell: str
    fields: Fields
    labels: int


class Refused(Exception):
    """Why a value is set aside: the reason, and what it named."""

    def __init__(self, reason: str, label: str) -> None:
        super().__init__(reason)
        self.reason, self.label = reason, label


def read_json(content: bytes, catalog: Catalog, index: OrgIndex, sender: str = "") -> list[Table] | None:
    """The tables of a DHIS2 dataValueSet in JSON, one for each form, reporter and period; None where it is none.

    Args:
        content: the file's bytes.
        catalog: the codes, and what others' identifiers mean.
        index: the organisations.
        sender: the code of the organisation whose folder the file lay in; values of units that do not stand below it
            are set aside.

    Raises:
        Refusal: it is one, but cannot be read.
    """
    found = _of_json(content) if is_json(content) else None
    return None if found is None else _Values(catalog, index, sender, dhis2=True).tables(found, "", 0)


def read_sheet(sheet: Sheet, catalog: Catalog, index: OrgIndex, sender: str = "") -> list[Table]:
    """The tables of a sheet that `holds_values`, as `read_json` gives them."""
    columns, dhis2 = _columns(sheet)
    top = min(row for row, _ in sheet.filled)
    header = sum(row == top for row, _ in sheet.filled)
    return _Values(catalog, index, sender, dhis2=dhis2).tables(_of_rows(sheet, columns), sheet.name, header)


def holds_values(sheet: Sheet) -> bool:
    """Whether the first row of a sheet names the columns of a tidy table or of DHIS2's CSV."""
    return bool(_columns(sheet)[0])


def is_json(content: bytes) -> bool:
    """Whether a file is a JSON object: it has values, and no cells."""
    return media_type(content) == MEDIA["json"]


def _columns(sheet: Sheet) -> tuple[dict[str, int], bool]:
    """Our names of the columns by the first row, and whether they are DHIS2's; nothing where they are neither."""
    top = next((row for row, cells in enumerate(sheet.rows) if any(map(is_filled, cells))), 0)
    first = sheet.rows[top] if sheet.rows else []
    texts = {shown(value).strip().lower(): column for column, value in enumerate(first) if is_filled(value)}
    if set(TIDY) <= texts.keys():
        return {name: texts[name] for name in (*TIDY, *TIDY_MORE) if name in texts}, False
    theirs = {DHIS2[name]: column for name, column in texts.items() if name in DHIS2}
    return (theirs if set(TIDY) <= theirs.keys() else {}), True


def _of_rows(sheet: Sheet, columns: Mapping[str, int]) -> list[Given]:
    by_row = dict[int, dict[int, object]]()
    for (row, column), value in sheet.filled.items():
        by_row.setdefault(row, {})[column] = value
    found = []
    for row in sorted(by_row)[1:]:
        fields = {name: shown(by_row[row].get(column, "")).strip() for name, column in columns.items()}
        others = len(by_row[row]) - (columns["value"] in by_row[row])
        found.append(Given(address(row, columns["value"]), fields, others))
    return found


def _of_json(content: bytes) -> list[Given] | None:
    """The values of a dataValueSet; None where it is something else."""
    try:
        said = json.loads(content.decode("utf-8-sig"), parse_float=Decimal)
    except (ValueError, RecursionError) as error:
        if b'"dataValues"' not in content:
            return None
        raise Refusal(
            "unreadable_file",
            f"JSON 的写法不对({error})。",
            f"The JSON is not well formed ({error}).",
            "请重新导出 dataValueSets 后再报。",
            "Export the dataValueSets again.",
        ) from error
    values = said.get("dataValues") if isinstance(said, dict) else None
    if not isinstance(values, list):
        return None
    every = _fields(said)
    return [
        Given(f"dataValues[{number}]", {**every, **_fields(value)}, 0)
        for number, value in enumerate(value if isinstance(value, dict) else {"value": value} for value in values)
    ]


def _fields(said: Mapping[str, Any]) -> dict[str, str]:
    named = ((DHIS2.get(name.lower()), value) for name, value in said.items())
    return {
        name: str(value.get("id", "")) if isinstance(value, dict) else shown(value).strip()
        for name, value in named
        if name and not isinstance(value, list)
    }


@dataclass
class _Values:
    """The values of a file while they are understood."""

    catalog: Catalog
    index: OrgIndex
    sender: str
    dhis2: bool
    found: dict[tuple[str, str, Period], Table] = field(default_factory=dict)
    times: dict[tuple[object, ...], int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        systems = list(self.catalog.exchange.values())
        self.elements = _meanings(systems, "elements")
        self.breakdowns = _meanings(systems, "breakdowns")
        self.orgs = _meanings(systems, "orgs")
        self.forms = _meanings(systems, "forms")

    def tables(self, values: Sequence[Given], sheet: str, labels: int) -> list[Table]:
        """The tables that the values make; `labels`: the cells of the header."""
        astray = list[tuple[Given, Refused]]()
        for given in values:
            try:
                self._take(given, sheet)
            except Refused as told:
                astray.append((given, told))
        tables = list(self.found.values()) or [_nothing(sheet, astray)]
        tables[0].account.read += labels
        tables[0].account.label += labels
        for given, reason in astray:
            _set_aside(tables[0], given, reason)
        return tables

    def _take(self, given: Given, sheet: str) -> None:
        """Puts a value into its table: as a fact, or set aside where the table is known and the rest is not.

        Raises:
            Refused: nobody can tell which table it belongs to.
        """
        fields = given.fields
        form = self._form(fields.get("form_code", ""))
        org = self._org(fields.get("org_code", ""))
        meaning = self._element(fields.get("element_code", ""))
        period = self._period(fields.get("period_code", ""), meaning)
        reporter = self._reporter(fields.get("reported_by", ""), form, org)
        key = (form, reporter.code, period)
        if key not in self.found:
            about = reporter.parent if self._for_area(form, reporter) else reporter.code
            self.found[key] = Table(sheet, form, about, reporter.code, period, account=Account())
        table = self.found[key]
        try:
            table.facts.append(self._fact(given, meaning, org.code, table))
            table.account.read += given.labels + 1
            table.account.label += given.labels
            table.account.fact += 1
        except Refused as told:
            _set_aside(table, given, told)

    def _fact(self, given: Given, meaning: Meaning, org: str, table: Table) -> FactCell:
        fields = given.fields
        breakdown = self._breakdown(fields.get("breakdown_code", "")) or meaning.breakdown
        if self._one(fields.get("attribute", ""), self.breakdowns, "unknown_attribute", DEFAULTS) not in DEFAULTS:
            raise Refused("unknown_attribute", fields["attribute"])
        if table.form != FORM and not self._asked_for(table.form, meaning.element, breakdown):
            raise Refused("unknown_label", f"{meaning.element}[{breakdown}]" if breakdown else meaning.element)
        value, qualifier, state = _value(fields)
        assert table.period is not None
        key = (table.form, table.reported_by, org, table.period, meaning.element, breakdown)
        nth = self.times[key] = self.times.get(key, 0) + 1
        return FactCell(
            org=org, period=table.period, element=meaning.element, breakdown=breakdown, occurrence=nth, value=value,
            qualifier=qualifier, state=state, cell=given.cell, is_total=False,
        )  # fmt: skip

    def _form(self, said: str) -> str:
        form = self._one(said, self.forms, "unknown_form_code", self.catalog.forms) if said else FORM
        if form not in self.catalog.forms:
            raise Refused("unknown_form_code", form)
        return form

    def _org(self, said: str) -> Org:
        code = self._one(said, self.orgs, "unknown_org", self.index.orgs)
        path = self.index.orgs.path(code)
        if self.sender and self.sender not in path:
            office = self.index.orgs[self.sender]
            if office.level != "institution" or office.parent not in path:
                raise Refused("org_not_below", said)
        return self.index.orgs[code]

    def _element(self, said: str) -> Meaning:
        if said in self.catalog.elements:
            return Meaning(element=said)
        found: Meaning = self._one(said, self.elements, "unknown_element", ())
        return found

    def _breakdown(self, said: str) -> str:
        known = {*DEFAULTS, *self.catalog.breakdown_names()}
        code: str = self._one(said, self.breakdowns, "unknown_breakdown", known)
        return "" if code in DEFAULTS else code

    def _period(self, said: str, meaning: Meaning) -> Period:
        as_at = self.catalog.elements[meaning.element].kind != "flow"
        found = dhis2_period.read_period(said, as_at=as_at) if self.dhis2 else None
        try:
            return found or parse_code(said)
        except ValueError as error:
            raise Refused("unknown_period", said) from error

    def _reporter(self, said: str, form: str, org: Org) -> Org:
        """Who reported a value: as it says; else the sender; else the unit above that of a form's row, or the unit."""
        if said:
            return self._org(said)
        if self.sender:
            return self.index.orgs[self.sender]
        row = self.catalog.forms[form].row_level == org.level and org.parent in self.index.orgs
        return self.index.orgs[org.parent] if row else org

    def _for_area(self, form: str, reporter: Org) -> bool:
        return self.catalog.forms[form].subject == "area" and reporter.level == "institution" and bool(reporter.parent)

    def _asked_for(self, form: str, element: str, breakdown: str) -> bool:
        return any((item.element, item.breakdown) == (element, breakdown) for item in self.catalog.forms[form].items)

    def _one(self, said: str, meanings: Mapping[str, list[Any]], reason: str, known: Any) -> Any:
        """What an identifier means: itself, where it is a code of ours."""
        if said in known:
            return said
        found = meanings.get(said, [])
        if len(found) == 1:
            return found[0]
        raise Refused("ambiguous_id" if found else reason, said)


def _meanings(systems: Sequence[Any], name: str) -> dict[str, list[Any]]:
    """What each identifier means in the systems that know it, each meaning once."""
    found = dict[str, list[Any]]()
    for system in systems:
        for said, meaning in getattr(system, name).items():
            known = found.setdefault(said, [])
            known += [meaning] if meaning not in known else []
    return found


def _value(fields: Fields) -> tuple[Decimal | None, str, str]:
    said = fields.get("value", "")
    if not said or fields.get("deleted", "").lower() == "true":
        return None, "exact", "blank"
    if said in STATES:
        return None, "exact", said
    number = read_number(said)
    if number is None or abs(number.value) >= LARGEST or number.value != round(number.value, 4):
        raise Refused("not_a_number", fields.get("element_code", ""))
    commented = fields.get("comment", "").removeprefix(QUALIFIER)
    told = commented if fields.get("comment", "").startswith(QUALIFIER) and commented in QUALIFIERS else ""
    return number.value, told or number.qualifier, "reported"


def _set_aside(table: Table, given: Given, told: Refused) -> None:
    table.account.read += given.labels + 1
    table.account.label += given.labels
    table.account.quarantined += 1
    printed = given.fields.get("value", "")
    table.quarantine.append(Quarantined(given.cell, printed, told.reason, told.label))


def _nothing(sheet: str, astray: Sequence[tuple[Given, Refused]]) -> Table:
    """A file of which no value has a known form, unit, period and element, as a table that is refused."""
    named = list(_named(astray))
    shown_zh, shown_en = "、".join(named[:5]), ", ".join(named[:5])
    refusal = Refusal(
        "no_known_values",
        f"{len(astray)} 个数据值中,没有一个的报表、单位、时期和数据元都认得出"
        + (f"(如 {shown_zh})。" if named else "。"),
        f"Of {len(astray)} data values none has a form, unit, period and element that are known here"
        + (f" (as {shown_en})." if named else "."),
        "请用本系统的编码,或在 catalog/exchange/ 中写明对方的编号各是什么(docs/guide/exchange.md)。",
        "Use the codes of this catalog, or say in catalog/exchange/ what the other system's identifiers mean "
        "(docs/guide/exchange.md).",
        sheet=sheet,
        cell=astray[0][0].cell if astray else "",
    )
    return Table(sheet, refusal=refusal)


def _named(astray: Sequence[tuple[Given, Refused]]) -> Iterator[str]:
    yield from dict.fromkeys(f"{told.reason}: {told.label}" for _, told in astray)
