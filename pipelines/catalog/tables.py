"""The catalog's CSV files: organisations and a site's own working days, each row with its line."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import date
from difflib import get_close_matches
from pathlib import Path

from pipelines.catalog.mistakes import mistake
from pipelines.errors import Mistake

Row = tuple[int, dict[str, str]]


def decoded(path: Path) -> str | Mistake:
    """The text of a file in UTF-8 (a BOM is taken off), or what is wrong with it."""
    content = path.read_bytes()
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        gb = _is_gb18030(content)
        guess_zh, guess_en = (",而是 GB18030(GBK)", ", but in GB18030 (GBK)") if gb else ("", "")
        return mistake(path, line, "not_utf8", guess_zh=guess_zh, guess_en=guess_en)


def _is_gb18030(content: bytes) -> bool:
    try:
        return content.decode("gb18030").isprintable() or b"\0" not in content
    except UnicodeDecodeError:
        return False


def rows_of(path: Path, needed: tuple[str, ...], known: tuple[str, ...], mistakes: list[Mistake]) -> Iterator[Row]:
    """The rows of a CSV file with their lines; nothing where the file cannot be read or lacks a column.

    Args:
        path: the file.
        needed: columns that must be there.
        known: all columns that mean something; others are left out, but for those that are nearly one of these.
        mistakes: takes what is wrong with the file or a row.
    """
    text = decoded(path)
    if isinstance(text, Mistake):
        mistakes.append(text)
        return
    reader, line = csv.DictReader(io.StringIO(text, newline=""), strict=True), 0
    try:
        header = list(reader.fieldnames or ())
        mistakes += header_mistakes(path, header, needed, known)
        if not set(needed) <= set(header):
            return
        line = reader.line_num
        for row in reader:
            line = reader.line_num
            if None in row:
                mistakes.append(mistake(path, line, "longer_than_header"))
            yield line, {name: (row[name] or "").strip() for name in known if name in row}
    except csv.Error as error:  # a quote that is never closed is told where it opens, not at the file's end
        mistakes.append(mistake(path, line + 1, "no_csv", error=error))


def header_mistakes(
    path: Path, header: list[str], needed: tuple[str, ...], known: tuple[str, ...]
) -> Iterator[Mistake]:
    """Columns that are missing, or are nearly one that is known."""
    missing = [name for name in needed if name not in header]
    if missing:
        yield mistake(path, 1, "columns_missing", missing=", ".join(missing), known=",".join(known))
    for column in header:
        near = next(iter(get_close_matches(column, known, 1, 0.75)), "")
        if column not in known and near and near not in (*header, *missing):
            yield mistake(path, 1, "column_misspelt", column=column, near=near)


def holidays_of(path: Path, mistakes: list[Mistake]) -> dict[date, bool]:
    """A site's own days: whether each is a working day; they go before what is published."""
    found: dict[date, bool] = {}
    for line, row in rows_of(path, ("day", "works"), ("day", "works"), mistakes):
        try:
            day, works = date.fromisoformat(row["day"]), {"1": True, "0": False}[row["works"]]
        except (KeyError, ValueError):
            mistakes.append(mistake(path, line, "no_working_day", said=f"{row['day']},{row['works']}"))
            continue
        if found.setdefault(day, works) != works:
            mistakes.append(mistake(path, line, "works_and_not", day=day))
    return found
