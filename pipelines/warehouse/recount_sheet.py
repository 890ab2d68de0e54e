"""The recount sheet of a draw: the drawn figures, row by row, with what was reported beside the cell to fill in."""

from __future__ import annotations

import io
from datetime import datetime
from typing import Any

from pipelines.catalog.load import Catalog
from pipelines.intake.page import formats, put
from pipelines.intake.recount import COLUMNS, HEAD, TITLE
from pipelines.warehouse.draw import Draw

MADE = datetime(2014, 1, 1)  # of every sheet, so that equal content is equal bytes
WIDTHS = (16, 16, 20, 18, 30, 34, 16, 10, 10, 24)
LABELS = ("序号", "乡镇", COLUMNS["org"], "单位", COLUMNS["element"], "数据元", COLUMNS["breakdown"], "上报数",
          COLUMNS["recounted"], "备注")  # fmt: skip


def recount_sheet(draw: Draw, catalog: Catalog, *, blind: bool) -> bytes:
    """The workbook of a draw. `blind`: without the reported figures."""
    import xlsxwriter

    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    book.set_properties({"title": TITLE, "created": MADE})
    sheet, styles = book.add_worksheet(TITLE), formats(book)
    styles["input"] = book.add_format({"font_name": "宋体", "font_size": 10, "border": 1, "locked": False})
    top = _write_head(sheet, styles, draw, catalog)
    for column, (text, width) in enumerate(zip(LABELS, WIDTHS, strict=True)):
        sheet.write_string(top, column, text, styles["heading"])
        sheet.set_column(column, column, width)
    if blind:
        sheet.set_column(7, 7, WIDTHS[7], None, {"hidden": True})
    _write_rows(sheet, styles, draw, catalog, top + 1, blind=blind)
    sheet.freeze_panes(top + 1, 4)
    sheet.repeat_rows(top)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.protect("", {"format_columns": not blind, "format_rows": True})
    book.close()
    return target.getvalue()


def _write_head(sheet: Any, styles: dict[str, Any], draw: Draw, catalog: Catalog) -> int:
    put(sheet, (0, 0, 0, len(LABELS) - 1), f"{catalog.forms[draw.form].zh}{TITLE}", styles["title"])
    said = {"draw": draw.id, "by": draw.by, "org": draw.org, "form": draw.form, "period": draw.period.code,
            "drawn_at": draw.at.isoformat()}  # fmt: skip
    lines = [(HEAD[role], text) for role, text in said.items()]
    design = draw.design
    lines.append(("抽样", f"种子 {design.seed};乡镇 {len(draw.drawn_townships)}/{draw.townships};"
                  f"单位 {len(draw.drawn)}/{draw.units};每个单位 {len(draw.items)} 个数"))  # fmt: skip
    lines.append(("填法", "“复核数”填按原始登记重新数出的数;没有登记可数的填 / 或 …;空着为没有复核。代码不要改动。"))
    for row, (name, text) in enumerate(lines, 1):
        sheet.write_string(row, 0, name, styles["head"])
        sheet.write_string(row, 1, text, styles["head"])
    return len(lines) + 2


def _write_rows(sheet: Any, styles: dict[str, Any], draw: Draw, catalog: Catalog, first: int, *, blind: bool) -> None:
    names = catalog.breakdown_names()
    rows = [(unit, element, breakdown) for unit in draw.drawn for element, breakdown in draw.items]
    for number, (unit, element, breakdown) in enumerate(rows, 1):
        row = first + number - 1
        part = names[breakdown].zh if breakdown else ""
        name = catalog.elements[element].zh + (f"({part})" if part else "")
        sheet.write_number(row, 0, number, styles["cell"])
        for column, text in enumerate((unit.township_name, unit.code, unit.name, element, name, breakdown), 1):
            sheet.write_string(row, column, text, styles["cell"])
        said = None if blind else draw.said.get((unit.code, element, breakdown))
        sheet.write(row, 7, None if said is None else float(said), styles["cell"])
        sheet.write_blank(row, 8, None, styles["input"])
        sheet.write_blank(row, 9, None, styles["input"])
