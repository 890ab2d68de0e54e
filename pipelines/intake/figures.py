"""The figures of rows: whole numbers from 0 on, as nearly all are, by whole rows; the rest cell by cell."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Callable, Sequence
from itertools import chain
from operator import itemgetter
from typing import TYPE_CHECKING, Any, NamedTuple

from pipelines.catalog.models import Form, Item
from pipelines.catalog.periods import Period
from pipelines.intake.facts import Block, FactCell, Heading, Key
from pipelines.intake.filling import Filling, Where, what_of
from pipelines.intake.sheet import column_letters

if TYPE_CHECKING:
    import numpy as np

LARGEST = 1e15  # a float holds every whole number up to it
TOGETHER = 8192  # rows of a block: memory stays the same however long the sheet is


class Line(NamedTuple):
    """A row of a sheet (from 0), and whose and when its figures are."""

    row: int
    org: str
    period: Period
    is_total: bool


class PlainColumn(NamedTuple):
    """A column of figures: its number, what it holds, its printed name and unit of measure.

    `what`: what its figures are told apart by. `simple`: a whole number in it is the figure itself: no factor, no unit
    of measure, no code that looks like it.
    """

    column: int
    item: Item
    name: str
    unit: str
    what: str
    heading: Heading
    simple: bool


def plain_column(column: int, item: Item, name: str, unit: str, form: Form) -> PlainColumn:
    """A column of figures of a form."""
    codes = any(code[:1].isdigit() for code in form.missing)  # such as 999: not reported
    heading = Heading(column_letters(column), item.element, item.breakdown)
    simple = not codes and not unit and item.unit_factor == 1
    return PlainColumn(column, item, name, unit, what_of(item), heading, simple)


class Columns(NamedTuple):
    """The columns of figures of a layout: all, the simple ones as a block has them, and the rest.

    `again`: whether two of them, or a second figure of a cell, may state the same.
    """

    every: list[PlainColumn]
    simple: list[PlainColumn]
    rest: list[PlainColumn]
    again: bool
    headings: list[Heading]
    whats: frozenset[str]
    places: frozenset[int]


def columns_of(every: list[PlainColumn]) -> Columns:
    """The columns of figures of a layout, told apart."""
    simple = [column for column in every if column.simple]
    again = len({column.what for column in every}) < len(every) or any(column.item.also for column in every)
    return Columns(
        every,
        simple,
        [column for column in every if not column.simple],
        again,
        [column.heading for column in simple],
        frozenset(column.what for column in simple),
        frozenset(column.column for column in simple),
    )


def read_figures(filling: Filling, lines: Sequence[Line], columns: Columns) -> None:
    """Reads the figures of rows into the facts of the table.

    Where a figure is stated again (by another row or column, or a table before), the order decides which one is the
    first: such rows are read cell by cell.
    """
    keys = [(line.org, filling.code(line.period)) for line in lines]
    often, knows, once = Counter(keys), filling.times.knows, list[int]()
    for number, key in enumerate(keys):
        if columns.again or often[key] > 1 or knows(key):
            _read_cells(filling, lines[number], columns.every)
        else:
            once.append(number)
    for first in range(0, len(once) if columns.simple else 0, TOGETHER):
        part = once[first : first + TOGETHER]
        _read_block(filling, [lines[number] for number in part], [keys[number] for number in part], columns)
    for number in once if columns.rest else ():
        _read_cells(filling, lines[number], columns.rest)


def _read_cells(filling: Filling, line: Line, columns: Sequence[PlainColumn]) -> None:
    for column in columns:
        where = Where(line.org, column.item, line.period, column.name, column.unit, line.is_total)
        filling.fact(line.row, column.column, where)


def _read_block(filling: Filling, lines: Sequence[Line], keys: Sequence[Key], columns: Columns) -> None:
    """Reads rows of which no figure was stated before, in the simple columns."""
    import numpy as np

    numbers, width = _numbers(filling, lines, columns.simple), len(columns.simple)
    plain = (numbers >= 0) & (numbers < LARGEST) & (numbers == np.floor(numbers))
    places = np.flatnonzero(plain).astype(np.int32)
    rows, orgs, periods, totals = map(list, zip(*lines, strict=True))
    block = Block(rows, orgs, periods, totals, columns.headings, places, numbers[places].astype(np.int64))
    filling.table.facts.blocks.append(block)
    _account(filling, lines, columns.places, plain.reshape(-1, width).sum(axis=1).tolist())
    odd: list[tuple[str, Key]] = []
    for place in np.flatnonzero(~plain).tolist():
        row, at = divmod(place, width)
        line, column = lines[row], columns.simple[at]
        if filling.region.cell(line.row, column.column) == "":
            _blank(filling, line, column.heading)
        else:
            _read_cells(filling, line, [column])
            odd.append((column.what, keys[row]))
    filling.times.add(columns.whats, keys, odd)


def _blank(filling: Filling, line: Line, heading: Heading) -> None:
    """A cell without anything is a fact with that state; no figure of its place was stated before."""
    account, (letters, element, breakdown) = filling.table.account, heading
    account.read += 1
    account.total += line.is_total
    account.fact += not line.is_total
    cell = f"{letters}{line.row + 1}"
    filling.table.facts.append(
        FactCell(line.org, line.period, element, breakdown, 1, None, "exact", "blank", cell, line.is_total)
    )


def _numbers(filling: Filling, lines: Sequence[Line], columns: Sequence[PlainColumn]) -> np.ndarray:
    """The numbers of the cells, row by row; -1 for what is no number."""
    import numpy as np

    at = [column.column for column in columns]
    take: Callable[[Any], Any] = itemgetter(*at) if len(at) > 1 else lambda cells: (cells[at[0]],)
    width, sheet = max(at) + 1, filling.region.sheet.rows
    rows = (sheet[line.row] for line in lines)
    whole = (cells if len(cells) >= width else [*cells, *[""] * (width - len(cells))] for cells in rows)
    # An array of Python's own first: that takes a third of the time that np.array(list) does.
    found = array("d", [cell if type(cell) is float else -1.0 for cell in chain.from_iterable(map(take, whole))])
    return np.frombuffer(found, np.float64)


def _account(filling: Filling, lines: Sequence[Line], shared: frozenset[int], counts: Sequence[int]) -> None:
    """Counts the plain figures of each row, and marks all of its cells: the others get their disposition next."""
    account = filling.table.account
    for line, count in zip(lines, counts, strict=True):
        used = filling.used.get(line.row)
        filling.used[line.row] = shared | used if used else shared
        account.read += count
        account.total += count * line.is_total
        account.fact += count * (not line.is_total)
