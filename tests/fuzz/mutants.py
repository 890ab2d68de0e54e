"""Returns as nobody meant them: cells swapped, types changed, rows cut, sheets merged, bytes flipped. A fixed seed."""

from __future__ import annotations

import csv
import io
import random
import zipfile
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any, NamedTuple

import xlsxwriter

from pipelines.catalog.load import Catalog
from pipelines.intake.reading import read_sheets
from pipelines.sample.examples import example, periods
from tests.unit.intake.files import made

Grid = list[list[Any]]
STRANGE: list[Any] = [
    0, -1, 1e300, 0.1, "", " ", "-", "—", "/", "*", "n/a", "１２", "1,234", "1，234", "12 %", "3‰", "约5", "5万",
    "#DIV/0!", "#REF!", "=1+1", "'", "91.1 (91.3)", "≥95", "<5", "[x]", "合计", "小计", "□", "☑", "二〇一四年九月",
    "民国三年", "\u200b", "a\nb", "長" * 300, "\u202e1", "NaN", "1e5", "１．５", "(3)", "报告期:2014年", "填报单位:",
    True, date(2014, 9, 30), datetime(1899, 12, 31, 8),
]  # fmt: skip


class Mutant(NamedTuple):
    """A file, and whether its bytes are those of a whole file (then its cells can be counted)."""

    name: str
    content: bytes
    whole: bool


def bases(catalog: Catalog, reports: Path) -> list[Grid]:
    """The cells of every shipped report, and of an example of every form that has a frequency."""
    files = sorted(path for path in reports.iterdir() if path.suffix in (".csv", ".xlsx"))
    contents = [path.read_bytes() for path in files]
    contents += [
        example(code, catalog, periods(form)[0]).content for code, form in catalog.forms.items() if periods(form)
    ]
    return [[list(row) for row in sheet.rows] for content in contents for sheet in read_sheets(content)]


def mutants(grids: Sequence[Grid], count: int, seed: int) -> Iterator[Mutant]:
    """So many files; the same seed gives the same ones."""
    rng = random.Random(seed)
    for number in range(count):
        grid = [list(row) for row in rng.choice(grids)]
        for _ in range(rng.choice((0, 1, 1, 2, 3, 8))):
            rng.choice(CHANGES)(rng, grid, grids)
        ending, write = rng.choice(FORMATS)
        content = write(grid)
        whole = rng.random() < 0.75
        yield Mutant(f"{number}.{ending}", content if whole else damage(rng, content), whole)


def _place(rng: random.Random, grid: Grid) -> tuple[int, int] | None:
    rows = [number for number, row in enumerate(grid) if row]
    row = rng.choice(rows) if rows else 0
    return (row, rng.randrange(len(grid[row]))) if rows else None


def _set(rng: random.Random, grid: Grid, grids: Sequence[Grid]) -> None:
    if place := _place(rng, grid):
        grid[place[0]][place[1]] = rng.choice(STRANGE)


def _swap(rng: random.Random, grid: Grid, grids: Sequence[Grid]) -> None:
    one, other = _place(rng, grid), _place(rng, grid)
    if one and other:
        a, b = grid[one[0]][one[1]], grid[other[0]][other[1]]
        grid[one[0]][one[1]], grid[other[0]][other[1]] = b, a


def _as_text(rng: random.Random, grid: Grid, grids: Sequence[Grid]) -> None:
    if place := _place(rng, grid):
        grid[place[0]][:] = [str(value) for value in grid[place[0]]]


def _cut_row(rng: random.Random, grid: Grid, grids: Sequence[Grid]) -> None:
    if place := _place(rng, grid):
        del grid[place[0]]


def _cut_below(rng: random.Random, grid: Grid, grids: Sequence[Grid]) -> None:
    if place := _place(rng, grid):
        del grid[place[0] + 1 :]


def _twice(rng: random.Random, grid: Grid, grids: Sequence[Grid]) -> None:
    if place := _place(rng, grid):
        grid.insert(rng.randrange(len(grid) + 1), list(grid[place[0]]))


def _gap(rng: random.Random, grid: Grid, grids: Sequence[Grid]) -> None:
    at = rng.randrange(len(grid) + 1)
    grid[at:at] = [[] for _ in range(rng.choice((1, 3, 40)))]


def _cut_column(rng: random.Random, grid: Grid, grids: Sequence[Grid]) -> None:
    if place := _place(rng, grid):
        for row in grid:
            del row[place[1] : place[1] + 1]


def _move_right(rng: random.Random, grid: Grid, grids: Sequence[Grid]) -> None:
    for row in grid:
        row[:0] = [""] * 2


def _shuffle(rng: random.Random, grid: Grid, grids: Sequence[Grid]) -> None:
    rng.shuffle(grid)


def _merge_sheets(rng: random.Random, grid: Grid, grids: Sequence[Grid]) -> None:
    other = [list(row) for row in rng.choice(grids)]
    if rng.random() < 0.5:
        grid += other
    else:
        width = max(map(len, grid), default=0)
        for row, more in zip(grid, other, strict=False):
            row += [""] * (width + 1 - len(row)) + more


CHANGES: tuple[Callable[[random.Random, Grid, Sequence[Grid]], None], ...] = (
    _set, _set, _set, _swap, _swap, _as_text, _cut_row, _cut_below, _twice, _gap, _cut_column, _move_right, _shuffle,
    _merge_sheets,
)  # fmt: skip


def _text(value: Any) -> Any:
    return value if isinstance(value, int | float | str) and not isinstance(value, bool) else str(value)


def _xlsx(grid: Grid) -> bytes:
    target = io.BytesIO()
    options = {"in_memory": True, "default_date_format": "yyyy-mm-dd", "strings_to_formulas": False}
    with xlsxwriter.Workbook(target, {**options, "strings_to_urls": False}) as book:
        sheet = book.add_worksheet("表")
        for r, row in enumerate(grid):
            for c, value in enumerate(row):
                if value not in ("", None):
                    sheet.write(r, c, value)
    return target.getvalue()


def _xls(grid: Grid) -> bytes:
    return made.xls({"表": [[_text(value) for value in row] for row in grid]})


def _ods(grid: Grid) -> bytes:
    return made.ods_of(表=[[_text(value) for value in row] for row in grid])


def _csv(grid: Grid) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows(grid)
    return text.getvalue().encode()


FORMATS: tuple[tuple[str, Callable[[Grid], bytes]], ...] = (
    ("xlsx", _xlsx), ("xls", _xls), ("et", _xls), ("ods", _ods), ("csv", _csv),
    ("csv", lambda grid: _csv(grid).decode().encode("gb18030", "replace")),
    ("zip", lambda grid: made.packed({"甲/一.xlsx": _xlsx(grid), "乙.csv": _csv(grid[::-1])})),
)  # fmt: skip


def damage(rng: random.Random, content: bytes) -> bytes:
    """Flips, cuts or moves bytes; in a zip also of what is packed."""
    if not content:
        return content
    if content[:2] == b"PK" and rng.random() < 0.6:
        return _damage_part(rng, content)
    broken = bytearray(content)
    for _ in range(rng.choice((1, 1, 2, 10, 100))):
        broken[rng.randrange(len(broken))] = rng.randrange(256)
    if rng.random() < 0.3:
        del broken[rng.randrange(len(broken)) :]
    if rng.random() < 0.1:
        broken += broken[rng.randrange(len(broken) + 1) :]
    return bytes(broken)


def _damage_part(rng: random.Random, content: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        parts = {name: packed.read(name) for name in packed.namelist()}
    name = rng.choice(sorted(parts))
    if rng.random() < 0.15:
        del parts[name]
        return made.packed(parts)
    part = bytearray(parts[name])
    for _ in range(rng.choice((1, 2, 5))):
        if part:
            at = rng.randrange(len(part))
            part[at : at + rng.randrange(3)] = bytes(
                rng.choice(b'<>/"=&0189rcv tseA\n') for _ in range(rng.randrange(3))
            )
    return made.packed({**parts, name: bytes(part)})
