"""Why a Parquet return, or a file of them, is refused, and what its sender can do, in both languages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pipelines.intake.tables import Refusal


def unreadable(error: Exception) -> Refusal:
    """The file is damaged, cut short, encrypted, or no Parquet."""
    told = str(error).partition("\n")[0][:300]
    return Refusal(
        "unreadable_file",
        f"Parquet 文件已损坏、不完整或加了密,无法读取({told})。",
        f"The Parquet file is damaged, incomplete or encrypted and cannot be read ({told}).",
        "请重新导出并核对文件大小后再报。",
        "Export it again, compare its size after copying, and send it again.",
    )


def empty() -> Refusal:
    """No row."""
    return Refusal(
        "empty_file", "文件中没有一行数据。", "The file has no row.", "请重新导出后再报。", "Export it again."
    )


def too_long(rows: int, most: int) -> Refusal:
    """More rows than a file may have."""
    return Refusal(
        "too_large",
        f"文件有 {rows} 行,最多 {most} 行。",
        f"The file has {rows} rows; {most} is the most.",
        "请分成几个文件(如每省一个)再报。",
        "Split it (a file a province, say) and send the parts.",
    )


def check_columns(columns: Mapping[str, str], required: Sequence[str], kinds: Mapping[str, Sequence[str]]) -> None:
    """Makes sure that a file has the columns of the contract, each of a type that it may have, and no other.

    Raises:
        Refusal: with the names of the columns that are missing, unknown or of a wrong type.
    """
    missing = [name for name in required if name not in columns]
    unknown = [name for name in columns if name not in kinds]
    wrong = [f"{name} {kind}" for name, kind in columns.items() if name in kinds and kind not in kinds[name]]
    said = [
        ("missing_column", "缺少列", "lacks the columns", missing),
        ("unknown_column", "有不认识的列", "has unknown columns:", unknown),
        ("wrong_type", "列的类型不对", "has columns of a wrong type:", wrong),
    ]
    faults = [(code, zh, en, names) for code, zh, en, names in said if names]
    if not faults:
        return
    contract = ", ".join(f"{name} ({'/'.join(dict.fromkeys(_kind(k) for k in kind))})" for name, kind in kinds.items())
    raise Refusal(
        faults[0][0],
        f"Parquet 文件{';'.join(f'{zh} {_listed(names)}' for _, zh, _, names in faults)}。",
        f"The Parquet file {'; it '.join(f'{en} {_listed(names)}' for _, _, en, names in faults)}.",
        f"请按约定的列重新导出:{contract};必须有 {', '.join(required)}。",
        f"Export it with the columns of the contract: {contract}; required are {', '.join(required)}.",
        cell=_listed([name.partition(" ")[0] for name in faults[0][3]]),
    )


def _listed(names: Sequence[str], most: int = 10) -> str:
    return ", ".join(names[:most]) + (" …" if len(names) > most else "")


def _kind(kind: str) -> str:
    """A type as a sender knows it."""
    if kind in ("VARCHAR", "ENUM"):
        return "text"
    return "time" if kind == "TIMESTAMP" else "number"


def of_return(reason: str, named: str, revision: int | None, place: tuple[str, int, int]) -> Refusal:
    """Why one return of a file is refused.

    Args:
        reason: unknown_form, unknown_unit, unknown_period or unknown_revision.
        named: the code that leads nowhere.
        revision: as the file has it.
        place: the submission's sheet, its first row in the file, and how many rows it has.
    """
    sheet, row, rows = place
    what = {
        "unknown_form": ("报表编码", "form_code", "请改用 catalog/forms/ 中登记的编码。",
                         "use a code of catalog/forms/."),
        "unknown_unit": ("填报单位编码", "reported_by", "请核对编码;新单位请先加入机构名册(orgs.csv)。",
                         "check the code, or add the unit to the register (orgs.csv) first."),
        "unknown_period": ("统计期编码", "period_code", "请写成 2026-10、2026Q4、2026 的样子。",
                           "write it like 2026-10, 2026Q4 or 2026."),
        "unknown_revision": ("报送次数", "revision", "请写 1、2、3……。", "use 1, 2, 3 and so on."),
    }  # fmt: skip
    zh, en, remedy_zh, remedy_en = what[reason]
    named = str(revision) if reason == "unknown_revision" else named
    return Refusal(
        reason,
        f"不认识{zh} {en}“{named}”(从第 {row} 行起,共 {rows} 行)。",
        f"Unknown {en} {named!r} (from row {row} on, {rows} rows).",
        f"{remedy_zh}这 {rows} 行没有载入,改正后只需重报这些行。",
        f"{remedy_en[0].upper()}{remedy_en[1:]} These {rows} rows were not loaded; send them again when mended.",
        sheet=sheet,
        cell=str(row),
    )
