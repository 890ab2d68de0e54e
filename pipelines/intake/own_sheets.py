"""The sheets that we ourselves put into a workbook, never a table: a stamp, a list of what is wrong, a cover."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from pipelines.intake.reading import Sheet
from pipelines.intake.tables import Refusal

OURS = "_taizhang"  # their names begin so
STAMP = OURS  # hidden, in a template: names in column A, what they say in column B
STAMP_VERSION = "1"
LISTED = f"{OURS}核对结果"  # in a marked copy
COVER = f"{OURS}汇总说明"  # in a return that goes up


def is_ours(sheet: str) -> bool:
    """Whether a sheet is ours, also within an archive.

    >>> is_ours("_taizhang核对结果"), is_ours("九月.xlsx/_taizhang"), is_ours("9月")
    (True, True, False)
    """
    return sheet.rpartition("/")[2].startswith(OURS)


def returns_of(sheets: Sequence[Sheet]) -> list[Sheet]:
    """The sheets that somebody sends.

    Raises:
        Refusal: all of them are ours.
    """
    found = [sheet for sheet in sheets if not is_ours(sheet.name)]
    if found:
        return found
    raise Refusal(
        "empty_file",
        "文件中只有台账自己的工作表,没有报表。",
        "The file holds nothing but taizhang's own sheets.",
        "请报送填好的报表。",
        "Send the return that was filled in.",
    )


class Stamp(NamedTuple):
    """What a template says of itself: codes of form, reporter, organisation and period, the catalog's digest."""

    form: str
    reported_by: str
    org: str
    period: str
    catalog: str


def read_stamp(sheets: Sequence[Sheet]) -> Stamp | None:
    """The stamp of a template among the sheets of a file; None where there is none, or more than one."""
    stamps = [sheet for sheet in sheets if sheet.name == STAMP]
    found = {str(row[0]): str(row[1]) for sheet in stamps for row in sheet.rows if len(row) > 1}
    if len(stamps) != 1 or found.get("taizhang") != STAMP_VERSION:
        return None
    return Stamp(*(found.get(name, "") for name in Stamp._fields))
