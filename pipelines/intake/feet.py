"""Who signed a sheet: 审核人, 填表人, 单位负责人 and 填报日期, in its foot or its head, with the cell of each."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from itertools import islice

from pipelines.intake.reading import address
from pipelines.intake.regions import Region, is_filled
from pipelines.intake.tables import Signature
from pipelines.intake.text import plain

ROLES = {
    "审核人": "approver", "复核人": "approver",
    "填表人": "clerk", "制表人": "clerk", "填报人": "clerk",
    "单位负责人": "head", "统计负责人": "head", "负责人": "head",
    "填报日期": "date", "填表日期": "date", "报出日期": "date", "填报时间": "date",
}  # fmt: skip
LABEL = re.compile(rf"(?<![^\s,;、()])({'|'.join(sorted(ROLES, key=len, reverse=True))})\s*(?:\([^)]*\))?\s*(?::|$)")
OTHER_LABEL = re.compile(r"[\s,;、][^\s:,;、]{2,10}:")  # 联系电话: and the like begin something else
PLACEHOLDER = re.compile(r"[(\[]?(?:签名|签字|签章|盖章|公章|手签)[)\]]?|[_*]|\.{3,}|…")
NOBODY = {"无", "空", "同上", "未审", "未审核", "待审", "待审核", "暂无", "待定"}
LAST_ROWS = 12  # filled rows at a table's end among which its foot stands
LONGEST = 60


def read_signatures(region: Region) -> list[Signature]:
    """The signatures of a table that are filled in; a name left empty, a line or 未审核 signs nothing."""
    found: dict[tuple[str, str], Signature] = {}
    for row in _rows(region):
        cells = region.sheet.rows[row]
        for column, value in enumerate(cells):
            if not isinstance(value, str) or ("人" not in value and "填" not in value and "日期" not in value):
                continue
            place = address(row, column)
            for label, printed in _named(plain(value)):
                beside = "" if printed is not None else _beside(cells, column)
                name = _cleaned(beside if printed is None else printed)
                if name:
                    role = ROLES[label]
                    found.setdefault((role, place), Signature(role, name, place))
    return list(found.values())


def _rows(region: Region) -> list[int]:
    """The rows above the header, and the last ones that hold something."""
    end = min(region.last + 1, len(region.sheet.rows))
    filled = (row for row in range(end - 1, region.header, -1) if any(map(is_filled, region.sheet.rows[row])))
    return [*range(region.first, min(region.header, end)), *sorted(islice(filled, LAST_ROWS))]


def _named(text: str) -> Iterator[tuple[str, str | None]]:
    """Each label of a cell with what stands behind it; None where the cell ends with the label."""
    labels = list(LABEL.finditer(text))
    ends = [*(label.start() for label in labels[1:]), len(text)]
    for label, end in zip(labels, ends, strict=False):  # without labels one end is left
        behind = text[label.end() : end]
        other = OTHER_LABEL.search(behind)
        behind = behind[: other.start()] if other else behind
        yield label[1], None if label is labels[-1] and not behind.strip() and not other else behind


def _beside(cells: list[object], column: int) -> str:
    """What stands in one of the next three cells, where that is no label itself."""
    value = next((cell for cell in cells[column + 1 : column + 4] if is_filled(cell)), None)
    if isinstance(value, date):
        return value.isoformat()[:10]
    text = plain(value)
    return "" if LABEL.search(text) or text.endswith(":") or OTHER_LABEL.search(f" {text}") else text


def _cleaned(printed: str) -> str:
    """A name without placeholders and inner blanks of Chinese names; '' for nobody.

    >>> _cleaned(" 张  三 "), _cleaned("(签字)"), _cleaned("____"), _cleaned("未审核"), _cleaned("2014年10月8日")
    ('张三', '', '', '', '2014年10月8日')
    """
    name = PLACEHOLDER.sub("", printed).strip(" ,;、:/-—")
    if re.fullmatch(r"[\u3400-\u9fff·\s\d]+", name):
        name = "".join(name.split())
    return "" if name in NOBODY or not any(map(str.isalnum, name)) else name[:LONGEST]
