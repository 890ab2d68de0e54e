"""The files that the bench of the intake reads: a site's own form and units, and workbooks of them."""

from __future__ import annotations

import random
from dataclasses import dataclass
from pathlib import Path

import xlsxwriter

from pipelines.settings import Home

HEAD_ROWS = 3  # title, unit and period, labels
SEED = 20


@dataclass(frozen=True)
class Shape:
    """So many workbooks, each of so many rows and columns, the head and the two columns of labels among them."""

    files: int
    rows: int
    columns: int

    @property
    def units(self) -> int:
        """Rows that are units."""
        return self.rows - HEAD_ROWS

    @property
    def items(self) -> int:
        """Columns that are figures."""
        return self.columns - 2

    @property
    def cells(self) -> int:
        """Of all files."""
        return self.files * self.rows * self.columns

    @property
    def facts(self) -> int:
        """Of all files."""
        return self.files * self.units * self.items

    @property
    def township_count(self) -> int:
        """One sends twelve months and no more."""
        return -(-self.files // 12)


def prepare(home: Home, shape: Shape) -> None:
    """A site whose inbox holds the workbooks."""
    home.create()
    _write_catalog(home.catalog, shape)
    _write_orgs(home.catalog / "orgs.csv", shape)
    rng = random.Random(SEED)
    for number in range(shape.files):
        township, month = divmod(number, 12)
        folder = home.inbox / _township(township)
        folder.mkdir(exist_ok=True)
        _write(folder / f"{month + 1}月.xlsx", shape, (township, month + 1), rng)


def _township(number: int) -> str:
    return f"x-bench-{number:04d}"


def _write_catalog(folder: Path, shape: Shape) -> None:
    for part in ("elements", "forms"):
        (folder / part).mkdir(parents=True, exist_ok=True)
    elements = (
        f"bench_{n}: {{zh: 测项{n:02d}数, en: item {n}, unit: persons, kind: flow, domain: other}}\n"
        for n in range(shape.items)
    )
    (folder / "elements" / "bench.yaml").write_text("".join(elements), encoding="utf-8")
    items = "".join(f"    - {{element: bench_{n}, labels: [测项{n:02d}数]}}\n" for n in range(shape.items))
    (folder / "forms" / "bench.yaml").write_text(
        "bench_month:\n  zh: 量速月报表\n  en: Bench\n  domain: other\n  orientation: units_in_rows\n"
        "  row_level: village\n  subject: area\n  recognise: {title: 量速月报表$}\n"
        f"  columns: {{number: [序号], unit_name: [村名]}}\n  items:\n{items}",
        encoding="utf-8",
    )


def _write_orgs(path: Path, shape: Shape) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.write("code,name,level,parent\nx-bench,量速县,county,\n")
        for township in range(shape.township_count):
            code = _township(township)
            file.write(f"{code},量速{township:04d}乡,township,x-bench\n")
            file.writelines(f"{code}-{unit},第{unit:06d}村,village,{code}\n" for unit in range(shape.units))


def _write(path: Path, shape: Shape, of: tuple[int, int], rng: random.Random) -> None:
    """Counts mostly; of a hundred cells one is a text of full-width digits, one a text with a comma, one blank."""
    township, month = of
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
        sheet = book.add_worksheet("表")
        sheet.write(0, 0, f"量速{township:04d}乡量速月报表")
        sheet.write(1, 0, f"填报单位:量速{township:04d}乡")
        sheet.write(1, 5, f"报告期:2014年{month}月")
        sheet.write_row(2, 0, ["序号", "村名", *(f"测项{n:02d}数" for n in range(shape.items))])
        for unit in range(shape.units):
            figures = [rng.randrange(2000) for _ in range(shape.items)]
            sheet.write_row(HEAD_ROWS + unit, 0, [unit + 1, f"第{unit:06d}村", *map(_printed, figures)])


def _printed(figure: int) -> int | str | None:
    match figure % 100:
        case 7:
            return "".join(chr(ord(digit) + 0xFEE0) for digit in str(figure))
        case 8:
            return f"{figure:,}"
        case 9:
            return None
    return figure
