"""How each cell of a file was understood."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

from pipelines.intake.reading import Sheet, address, column_number
from pipelines.intake.tables import Table


class Understood(NamedTuple):
    """What one cell says: `kind` is fact, total, claim, label or quarantined; a cell with two values comes twice.

    `code` is an element's or an indicator's; for what was set aside `state` is the reason and `label` the label of its
    row or column.
    """

    sheet: str
    cell: str
    printed: str
    kind: str
    form: str = ""
    org: str = ""
    period: str = ""
    code: str = ""
    breakdown: str = ""
    value: str = ""
    qualifier: str = ""
    state: str = ""
    label: str = ""


def explain(sheets: Sequence[Sheet], tables: Sequence[Table]) -> list[Understood]:
    """Every cell that was read, sheet by sheet, row by row; what belongs to no fact, rate or quarantine is a label."""
    by_sheet = defaultdict[str, list[Table]](list)
    for table in tables:
        by_sheet[table.sheet].append(table)
    names = {sheet.name for sheet in sheets}
    elsewhere = [told for table in tables if table.sheet not in names for told in _of_table(table, {})]
    by_place = sorted(elsewhere, key=lambda told: place(told.cell))
    return [told for sheet in sheets for told in _of_sheet(sheet, by_sheet[sheet.name])] + by_place


def _of_sheet(sheet: Sheet, tables: Sequence[Table]) -> list[Understood]:
    printed = {address(*place): shown(value) for place, value in sheet.filled.items()}
    found = [told for table in tables for told in _of_table(table, printed)]
    known = {told.cell for told in found}
    form = next((table.form for table in tables if table.form), "")
    found += [Understood(sheet.name, c, text, "label", form) for c, text in printed.items() if c not in known]
    return sorted(found, key=lambda told: place(told.cell))


def _of_table(table: Table, printed: dict[str, str]) -> Iterator[Understood]:
    for fact in table.facts:
        value = "" if fact.value is None else shown(fact.value)
        yield Understood(
            table.sheet, fact.cell, printed.get(fact.cell, value if not printed else ""),
            "total" if fact.is_total else "fact", table.form, fact.org, fact.period.code, fact.element,
            fact.breakdown, value, fact.qualifier, fact.state,
        )  # fmt: skip
    for claim in table.claims:
        yield Understood(
            table.sheet, claim.cell, printed.get(claim.cell, claim.text), "claim", table.form, claim.org,
            claim.period.code, claim.indicator, claim.breakdown, shown(claim.value), claim.qualifier, "reported",
        )  # fmt: skip
    for held in table.quarantine:
        where = table.sheet, held.cell, held.printed
        yield Understood(*where, "quarantined", table.form, state=held.reason, label=held.label)


def place(cell: str) -> tuple[int, int]:
    """Row and column of an address, to sort by; of what is no address, its number and 0.

    >>> place("AB7"), place("12"), place("dataValues[3]")
    ((7, 28), (12, 0), (3, 0))
    """
    match = re.fullmatch(r"([A-Z]*)(\d+)", cell) or re.fullmatch(r"dataValues()\[(\d+)\]", cell)
    return (int(match[2]), column_number(match[1])) if match else (0, 0)


def shown(value: object) -> str:
    """What a cell holds, as a spreadsheet shows it.

    >>> shown(12.0), shown(Decimal("470000000.00")), shown("12.0")
    ('12', '470000000', '12.0')
    """
    if isinstance(value, float | Decimal) and math.isfinite(value):
        text = f"{value:.15g}" if isinstance(value, float) else f"{value:f}"
        return text.rstrip("0").rstrip(".") if "." in text and "e" not in text else text
    return str(value)
