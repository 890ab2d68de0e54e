"""The sheets that we ourselves put into a workbook: a template's stamp, the list of a marked copy. Never a table."""

from __future__ import annotations

from collections.abc import Sequence

from pipelines.intake.reading import Sheet
from pipelines.intake.tables import Refusal

OURS = "_taizhang"  # their names begin so
STAMP = OURS  # hidden, in a template
LISTED = f"{OURS}核对结果"  # in a marked copy


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
