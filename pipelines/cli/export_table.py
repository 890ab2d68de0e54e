"""`taizhang export TABLE`: a table of a release as a workbook, CSV or Parquet."""

from __future__ import annotations

import csv
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipelines.cli.export import ExportFormat
from pipelines.cli.words import Lang, say
from pipelines.errors import TaizhangError

if TYPE_CHECKING:
    import duckdb

CHUNK = 20_000
MOST_ROWS = 1_048_575  # of a worksheet, below its heading
WIDEST = 60  # characters of a column
COLUMNS = "字段 columns"


def tables_of(database: Path) -> list[str]:
    """The tables and views of a release, as `schema.table`."""
    import duckdb

    with duckdb.connect(str(database), read_only=True) as con:
        found = con.execute(
            "select table_schema || '.' || table_name from information_schema.tables order by all"
        ).fetchall()
    return [name for (name,) in found]


def export_table(database: Path, table: str, output: Path | None, form: ExportFormat | None, spoken: Lang) -> None:
    """Writes a table; without a file as CSV to the screen. How it is written is said, or by the file's ending.

    Args:
        database: of the release.
        table: one of its tables (`tables_of`).
        output: the file.
        form: xlsx, csv or parquet.
        spoken: the language.

    Raises:
        TaizhangError: it is not said how; the rows do not fit on a worksheet.
    """
    import duckdb

    kind = form or _kind_of(output)
    with duckdb.connect(str(database), read_only=True) as con:
        order = _key(table)
        query = f"select * from {table}" + f" order by {', '.join(order)}" * bool(order)
        if output is None:
            if kind is not ExportFormat.csv:
                raise _unsaid("-o FILE")
            count = _write_csv(con.execute(query), sys.stdout)
        else:
            count = _to_file(con, query, table, output, kind)
    told = say(spoken, f"{table}:{count} 行。", f"{table}: {count} row(s).")
    print(told, file=sys.stderr)


def _kind_of(output: Path | None) -> ExportFormat:
    endings = {".xlsx": ExportFormat.xlsx, ".csv": ExportFormat.csv, ".parquet": ExportFormat.parquet}
    if output is None:
        return ExportFormat.csv
    if output.suffix.lower() not in endings:
        raise _unsaid(str(output))
    return endings[output.suffix.lower()]


def _unsaid(what: str) -> TaizhangError:
    return TaizhangError(
        f"看不出怎样写:{what}。", f"It is not said how to write it: {what}.",
        remedy_zh="-o 的文件名以 .xlsx、.csv 或 .parquet 结尾,或用 --format。",
        remedy_en="end the name after -o in .xlsx, .csv or .parquet, or give --format.",
    )  # fmt: skip


def _key(table: str) -> tuple[str, ...]:
    """The columns that tell the rows of a table apart, in whose order they are written."""
    from pipelines.sql import selects

    found = selects().get(table)
    return tuple(found.key) if found else ()


def _to_file(con: duckdb.DuckDBPyConnection, query: str, table: str, output: Path, kind: ExportFormat) -> int:
    """Writes beside the file and renames, so that nobody finds a part of it."""
    half = output.with_name(f".{output.name}.{os.getpid()}.part")
    try:
        if kind is ExportFormat.parquet:
            target = str(half).replace("'", "''")
            [(count,)] = con.execute(f"copy ({query}) to '{target}' (format parquet, compression zstd)").fetchall()
        elif kind is ExportFormat.csv:
            with half.open("w", encoding="utf-8-sig", newline="") as sink:  # Excel takes it for UTF-8 only by its mark
                count = _write_csv(con.execute(query), sink)
        else:
            count = _write_xlsx(con, query, table, half)
        os.replace(half, output)
    finally:
        half.unlink(missing_ok=True)
    return int(count)


def _chunks(result: duckdb.DuckDBPyConnection) -> Iterator[list[tuple[Any, ...]]]:
    while rows := result.fetchmany(CHUNK):
        yield rows


def _write_csv(result: duckdb.DuckDBPyConnection, sink: Any) -> int:
    from pipelines.tabular import csv_cell, formula_safe

    writer, count = csv.writer(sink), 0
    writer.writerow([formula_safe(column[0]) for column in result.description])
    for rows in _chunks(result):
        writer.writerows([csv_cell(value) for value in row] for row in rows)
        count += len(rows)
    return count


def _write_xlsx(con: duckdb.DuckDBPyConnection, query: str, table: str, path: Path) -> int:
    import xlsxwriter

    from pipelines.tabular import cell_writer

    [(count,)] = con.execute(f"select count(*) from {table}").fetchall()
    if count > MOST_ROWS:
        raise TaizhangError(
            f"{table} 有 {count} 行,一张工作表放不下({MOST_ROWS} 行)。",
            f"{table} has {count} rows, more than a worksheet holds ({MOST_ROWS}).",
            remedy_zh="改用 .parquet 或 .csv,或用 taizhang sql 取一部分。",
            remedy_en="write .parquet or .csv, or take a part with taizhang sql.",
        )
    schema, _, name = table.partition(".")
    about = con.execute(
        "select column_name, data_type, coalesce(comment, '') from duckdb_columns() where schema_name = ? "
        "and table_name = ? order by column_index", [schema, name],
    ).fetchall()  # fmt: skip
    with xlsxwriter.Workbook(str(path), {"constant_memory": True}) as book:
        head = book.add_format({"bold": True, "bg_color": "#E2EFDA", "border": 1})
        write = cell_writer(book)
        sheet = book.add_worksheet(name[:31])
        for column, (title, kind, _) in enumerate(about):
            sheet.set_column(column, column, min(max(len(title) + 3, 12 if kind != "VARCHAR" else 18), WIDEST))
            sheet.write_string(0, column, title, head)
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, count, len(about) - 1)
        rows = (values for chunk in _chunks(con.execute(query)) for values in chunk)
        for row, values in enumerate(rows, 1):
            for column, value in enumerate(values):
                write(sheet, row, column, value)
        _write_columns(book.add_worksheet(COLUMNS), about, head)
    return int(count)


def _write_columns(sheet: Any, about: list[tuple[str, str, str]], head: Any) -> None:
    """A second sheet: what each column is."""
    for column, (title, width) in enumerate((("字段 column", 26), ("类型 type", 18), ("说明 meaning", 90))):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, title, head)
    sheet.freeze_panes(1, 0)
    for row, texts in enumerate(about, 1):
        for column, text in enumerate(texts):
            sheet.write_string(row, column, text)
