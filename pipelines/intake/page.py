"""A return as a sheet is laid out: formats, merged cells, the cells of a header of merged headings."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

BOXES = {"year": "年", "half_year": "半年", "quarter": "季", "month": "月"}  # of 报送周期, in their order


def formats(book: Any) -> dict[str, Any]:
    """The cell formats of a workbook of xlsxwriter by what they are for."""
    font = {"font_name": "宋体", "font_size": 10}
    boxed = {**font, "border": 1}
    middle = {"align": "center", "valign": "vcenter"}
    return {
        "title": book.add_format({**font, **middle, "font_size": 16, "bold": True}),
        "head": book.add_format(font),
        "heading": book.add_format({**boxed, **middle, "text_wrap": True}),
        "cell": book.add_format(boxed),
        "total": book.add_format({**boxed, "bold": True}),
    }


def put(sheet: Any, place: tuple[int, int, int, int], text: str, style: Any) -> None:
    """Writes a text into one cell, or into a merged range (first row, first column, last row, last column)."""
    if place[:2] == place[2:]:
        sheet.write_string(*place[:2], text, style)
    else:
        sheet.merge_range(*place, text, style)


def headings(
    paths: list[tuple[str, ...]], top: int, starts: tuple[int, ...] = (0,)
) -> Iterator[tuple[tuple[int, int, int, int], str]]:
    """The merged cells of a header: a heading over all columns that share it, the last one of each down to the rows.

    Args:
        paths: the headings of each column, from the top.
        top: the first row.
        starts: the first column of each printed page; a heading is written anew on each.

    >>> list(headings([("村",), ("甲", "乙"), ("甲", "丙")], 0))
    [((0, 0, 1, 0), '村'), ((0, 1, 0, 2), '甲'), ((1, 1, 1, 1), '乙'), ((1, 2, 1, 2), '丙')]
    """
    bottom = top + max(map(len, paths)) - 1
    for column, path in enumerate(paths):
        for depth, text in enumerate(path):
            shared = path[: depth + 1]
            if column not in starts and paths[column - 1][: depth + 1] == shared and depth + 1 < len(path):
                continue  # written with the column before
            right = column
            while (
                depth + 1 < len(path)
                and right + 1 < len(paths)
                and right + 1 not in starts
                and paths[right + 1][: depth + 1] == shared
            ):
                right += 1
            yield (top + depth, column, bottom if depth + 1 == len(path) else top + depth, right), text
