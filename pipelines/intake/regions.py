"""Where the tables of a sheet are: each with its form, head and header, and the heads that a page break repeats."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from pipelines.catalog.models import Form
from pipelines.intake.reading import Sheet, column_number
from pipelines.intake.text import label, plain

LONGEST_LABEL = 60  # characters: longer texts are no labels
HEADER_ROWS = 4  # of merged headings
MOST_TEXTS, MOST_HEADERS = 1 << 16, 256  # that are remembered


@dataclass
class Region:
    """One table of a sheet, in rows from 0: its head from `first`, its header at `header`, its end at `last`.

    `repeats`: rows of titles and headers that a page break repeats. `known`: what the headers of the form mean, kept
    from one table of it to the next, as thousands print the same.
    """

    sheet: Sheet
    code: str
    form: Form
    first: int
    header: int
    last: int
    title: str = ""
    repeats: set[int] = field(default_factory=set)
    known: dict[object, Any] = field(default_factory=dict)

    def cell(self, row: int, column: int) -> object:
        """What stands in a cell; '' outside the sheet."""
        rows = self.sheet.rows
        return rows[row][column] if 0 <= row < len(rows) and 0 <= column < len(rows[row]) else ""

    def seen(self, row: int, column: int) -> object:
        """What is seen at a place: the content of the merged range that covers it, or the cell's own."""
        return self.cell(*self.anchors.get((row, column), (row, column)))

    @cached_property
    def anchors(self) -> dict[tuple[int, int], tuple[int, int]]:
        """For each covered place of a merged range in this region, the place that holds its content."""
        return {
            (row, column): (top, left)
            for top, left, bottom, right in self.sheet.merged
            if top <= self.last and bottom >= self.first
            for row in range(top, bottom + 1)
            for column in range(left, right + 1)
        }

    @cached_property
    def width(self) -> int:
        """The number of columns up to the last one that holds anything."""
        return max(map(len, self.sheet.rows[self.first : self.last + 1]), default=0)

    def rows(self, first: int) -> Iterator[int]:
        """The rows from `first` to the end, without the heads that page breaks repeat."""
        return (row for row in range(first, self.last + 1) if row not in self.repeats)

    def texts(self, first: int, end: int) -> Iterator[tuple[int, int, str]]:
        """Row, column and text of the cells from row `first` to before `end`."""
        for row in range(max(first, 0), min(end, len(self.sheet.rows))):
            for column, value in enumerate(self.sheet.rows[row]):
                if is_filled(value):
                    yield row, column, plain(value)


def is_filled(value: object) -> bool:
    """Whether a cell holds anything but blanks."""
    return value is not None and (not isinstance(value, str) or value.strip() != "")


_finders: list[tuple[tuple[tuple[str, Form], ...], FormFinder]] = []


def finder_of(forms: Mapping[str, Form]) -> FormFinder:
    """The finder of these forms; the last one is kept, as a night asks for the same one for every file."""
    key = tuple(forms.items())
    if not _finders or _finders[0][0] != key:
        _finders[:] = [(key, FormFinder(dict(forms)))]
    return _finders[0][1]


class FormFinder:
    """Finds the tables of sheets by the labels and titles of the catalog's forms."""

    def __init__(self, forms: Mapping[str, Form]) -> None:
        self.forms = forms
        self._roles: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))  # label → form → roles
        self._texts: dict[str, dict[str, set[str]]] = {}  # the same by text as printed; thousands of files print it
        self._wanted = {code: set(map(label, form.recognise.labels)) for code, form in forms.items()}
        self._known: dict[str, dict[object, Any]] = defaultdict(dict)  # by form, see Region
        self._titles = {code: re.compile(form.recognise.title) for code, form in forms.items()}
        for code, form in forms.items():
            for role, names in form.columns.items():
                for name in names:
                    if column_of(name) is None:
                        self._roles[label(name)][code].add(role)
            for name in form.recognise.labels:
                self._roles[label(name)][code].add("recognise")

    def tables(self, sheet: Sheet) -> tuple[list[Region], list[str]]:
        """The tables of a sheet from the top, and the forms of a header that more than one form fits ([] if none)."""
        found: list[Region] = []
        begin = 0
        for row, fitting in self._headers(sheet):
            if found and row <= found[-1].header + HEADER_ROWS - 1 and _beneath(found[-1], row):
                continue
            titled = self._titled(sheet, begin, row, fitting)
            if len(titled) > 1:
                return found, [code for code, _, _ in titled]
            again = bool(found) and found[-1].code in fitting
            if titled and (titled[0][2] or not again):
                code, first, title = titled[0]
                if found:
                    found[-1].last = first - 1
                found.append(self._region(sheet, code, first if found else 0, row, title))
                begin = row + 1
            elif again:
                found[-1].repeats |= repeated(found[-1], row)
        for region in found[-1:]:
            region.last = len(sheet.rows) - 1
        return found, []

    def untitled(self, sheet: Sheet, codes: set[str]) -> Region | None:
        """The table of a sheet that goes on from one before: it has no title of its own, or one that says 续.

        Its header is that of just one of the forms `codes`.
        """
        for row, fitting in self._headers(sheet):
            fits = [code for code in codes if code in fitting]
            above = (plain(value) for cells in sheet.rows[:row] for value in cells if is_filled(value))
            if len(fits) == 1 and all("续" in text or ":" in text for text in above):
                found = self._region(sheet, fits[0], 0, row, "")
                found.last = len(sheet.rows) - 1
                for again, other in self._headers(sheet):
                    if again > row + HEADER_ROWS - 1 and found.code in other:
                        found.repeats |= repeated(found, again)
                return found
        return None

    def _region(self, sheet: Sheet, code: str, first: int, header: int, title: str) -> Region:
        known = self._known[code]
        if len(known) >= MOST_HEADERS:
            known.clear()
        return Region(sheet, code, self.forms[code], first, header, 0, title, known=known)

    def _headers(self, sheet: Sheet) -> Iterator[tuple[int, list[str]]]:
        """The rows that may be headers, with the forms whose header they may be."""
        known = self._texts
        for row, texts in enumerate(sheet.texts):
            named: dict[str, set[str]] = {}
            for text in texts:
                found = known.get(text)
                for code, roles in (self._roles_of(text) if found is None else found).items():
                    named.setdefault(code, set()).update(roles)
            fitting = [code for code, roles in named.items() if self._is_header(code, roles, sheet, row)]
            if fitting:
                yield row, fitting

    def _roles_of(self, text: str) -> dict[str, set[str]]:
        if len(self._texts) >= MOST_TEXTS:
            self._texts.clear()
        found = self._texts[text] = self._roles.get(label(text), {}) if len(text) <= LONGEST_LABEL else {}
        return found

    def _is_header(self, code: str, roles: set[str], sheet: Sheet, row: int) -> bool:
        form, wanted = self.forms[code], self._wanted[code]
        if form.orientation == "one_unit":
            fits = {"item", "value"} <= roles or {"claim_name", "claim"} <= roles
        elif form.orientation == "units_in_rows":
            fits = "unit_name" in roles or "unit_code" in roles
        else:
            fits = "unit_name" in roles or "item" in roles
        fits = fits or (not form.recognise.title and "recognise" in roles)
        if fits and wanted:
            near = sheet.rows[row : row + HEADER_ROWS]
            wanted = wanted - {label(value) for cells in near for value in cells if isinstance(value, str)}
        return fits and not wanted

    def _titled(self, sheet: Sheet, begin: int, row: int, fitting: list[str]) -> list[tuple[str, int, str]]:
        """The forms whose title, and sheet's name, are there: code, row of the title, the title."""
        found: list[tuple[str, int, str]] = []
        above: dict[int, list[tuple[str, str]]] = {
            at: [(plain(value), label(value)) for value in sheet.rows[at] if is_filled(value)]
            for at in range(row - 1, begin - 1, -1)
        }
        for code in fitting:
            known = self.forms[code].recognise
            if known.sheet and not re.search(known.sheet, sheet.name):
                continue
            if not known.title:
                found.append((code, row, ""))
                continue
            title = self._titles[code]
            for at, texts in above.items():
                text = next(
                    (text for text, short in texts if title.search(text) or (short != text and title.search(short))), ""
                )
                if text:
                    found.append((code, at, text))
                    break
        named = [one for one in found if one[2]]
        nearest = max((at for _, at, _ in named), default=0)
        return [one for one in named if one[1] == nearest] or found


def _beneath(region: Region, row: int) -> bool:
    """Whether a row still belongs to the header above it: under its merged headings, not a header of its own."""
    return any(top == region.header and bottom >= row for top, _, bottom, _ in region.sheet.merged)


def repeated(region: Region, row: int) -> set[int]:
    """The rows of a header that a page break repeats at `row`, as far as they say the same as the table's own."""
    rows = {row}
    for number in range(1, HEADER_ROWS):
        own, again = (_words(region.sheet, at + number) for at in (region.header, row))
        if not own or own != again:
            break
        rows.add(row + number)
    return rows


def _words(sheet: Sheet, row: int) -> list[str]:
    return [label(value) for value in sheet.rows[row] if is_filled(value)] if row < len(sheet.rows) else []


def column_of(name: str) -> int | None:
    """The column (from 0) of a name such as '@B'; None for a label.

    >>> column_of("@B"), column_of("村名")
    (1, None)
    """
    return column_number(name[1:]) - 1 if re.fullmatch(r"@[A-Z]{1,3}", name) else None


def columns(region: Region) -> dict[str, list[int]]:
    """The columns of each role of the form, by their labels in the rows of the header or by their letters."""
    roles: dict[str, list[str]] = defaultdict(list)
    found: dict[str, list[int]] = {}
    for role, names in region.form.columns.items():
        for name in names:
            at = column_of(name)
            if at is not None:
                found.setdefault(role, []).append(at)
            elif role not in roles[label(name)]:
                roles[label(name)].append(role)
    for column in range(region.width):
        for headed in roles.get(label(region.cell(region.header, column)), ()):
            found.setdefault(headed, []).append(column)
    return found
