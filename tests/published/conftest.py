"""What the tests of the published figures share: the warehouse, and the files as a clerk sees them."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import duckdb
import openpyxl
import pytest

Cells = dict[str, object]
FileCells = Callable[[str], dict[str, Cells]]


@pytest.fixture(scope="session")
def warehouse(published_warehouse: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """All the shipped reports, loaded and checked."""
    with duckdb.connect(str(published_warehouse), read_only=True) as con:
        yield con


@pytest.fixture(scope="session")
def file_cells(repo_root: Path) -> FileCells:
    """The non-empty cells of a shipped report by sheet and address, read without any code of the project."""

    @cache
    def read(filename: str) -> dict[str, Cells]:
        path = repo_root / "data" / "reports" / filename
        if path.suffix == ".xlsx":
            book = openpyxl.load_workbook(path, data_only=True)
            rows = {sheet.title: [[cell.value for cell in row] for row in sheet.iter_rows()] for sheet in book}
        else:
            rows = {"": list(csv.reader(decoded(path.read_bytes()).splitlines()))}
        return {
            name: {
                f"{chr(ord('A') + c)}{r}": value
                for r, row in enumerate(table, 1)
                for c, value in enumerate(row)
                if value is not None and str(value).strip()
            }
            for name, table in rows.items()
        }

    return read


def decoded(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("gb18030")
