"""One query on one release, inside a process that may do nothing else.

Run by its path as a program of its own (`query.py` starts it); it imports nothing of this project, so
that it starts fast. The statement arrives on stdin, the result leaves as an Arrow stream on stdout, an
error as one JSON object on stderr. Limits come first, then the database, then the locks, then the SQL.
"""

from __future__ import annotations

import json
import os
import resource
import sys
from pathlib import Path
from typing import Any

if __name__ == "__main__":
    sys.modules["numpy"] = None  # type: ignore[assignment]  # pyarrow does without and starts 0.1 s sooner

import duckdb
import pyarrow as pa

ADDRESS_SPACE = 3 << 30
THREADS = 2
ERROR_BYTES = 32_000  # fits a pipe's buffer: the worker never waits for its reader with an error
MEMORY_SIGNS = ("bad_alloc", "Out of Memory", "could not allocate", "malloc of size", "failed to allocate")


class Refused(Exception):
    """The statement is not one SELECT."""


class Unreadable(Exception):
    """The file cannot be opened as a database."""


def limit_process(seconds: int) -> None:
    """Memory, processor seconds and file size of this process, for good: hard limits."""
    for what, most in (
        (resource.RLIMIT_AS, ADDRESS_SPACE),
        (resource.RLIMIT_CPU, seconds * THREADS + 1),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))


def open_locked(database: str) -> duckdb.DuckDBPyConnection:
    """The release, read-only, its doors to files, network, Python and settings closed.

    The order matters: temp_directory cannot be set once external access is off, nothing once the
    configuration is locked.
    """
    config: dict[str, str | bool | int | float | list[str]] = {
        "autoload_known_extensions": False,
        "autoinstall_known_extensions": False,
        "allow_persistent_secrets": False,
        "memory_limit": "1GB",
        "threads": THREADS,
    }
    try:
        con = duckdb.connect(database, read_only=True, config=config)
    except duckdb.Error as error:
        raise Unreadable(str(error)) from error
    for setting in (
        "enable_progress_bar = false",
        "python_enable_replacements = false",
        "temp_directory = ''",
        "enable_external_access = false",
        "lock_configuration = true",
    ):
        con.execute(f"set {setting}")
    return con


def only_select(con: duckdb.DuckDBPyConnection, text: str) -> str:
    """The text of the one SELECT (DESCRIBE, SUMMARIZE and SHOW are SELECTs too); raises Refused."""
    statements = con.extract_statements(text)
    if len(statements) != 1:
        raise Refused(f"{len(statements)} statements")
    kind = statements[0].type
    if kind != duckdb.StatementType.SELECT:
        raise Refused(str(kind).rpartition(".")[2])
    return str(statements[0].query)


def send(relation: Any, max_rows: int | None, sink: Any) -> None:
    """Writes the relation as an Arrow stream, DuckDB's type names beside it, at most `max_rows` + 1 rows."""
    types = json.dumps([str(kind) for kind in relation.types])
    reader = pa.RecordBatchReader.from_stream(relation)
    schema = reader.schema.with_metadata({"duckdb_types": types})
    left = None if max_rows is None else max_rows + 1
    with pa.ipc.new_stream(sink, schema) as stream:
        for batch in reader:
            stream.write_batch(batch if left is None else batch.slice(0, left))
            left = None if left is None else left - len(batch)
            if left is not None and left <= 0:
                return


def kind_of(error: BaseException) -> str:
    """The family of an error: refused, busy, unreadable, memory or sql."""
    text = str(error)
    if isinstance(error, Refused):
        return "refused"
    if isinstance(error, Unreadable):
        return "busy" if "lock" in text else "unreadable"
    if isinstance(error, MemoryError | duckdb.OutOfMemoryException):
        return "memory"
    return "memory" if any(sign in text for sign in MEMORY_SIGNS) else "sql"


def main() -> int:
    """Answers the statement on stdin: exit status 0 with a result, 3 with an error."""
    database, seconds, rows = sys.argv[1:4]
    errors = os.fdopen(os.dup(2), "w", encoding="utf-8")
    with Path(os.devnull).open("w") as devnull:
        os.dup2(devnull.fileno(), 2)
    try:
        text = sys.stdin.buffer.read().decode("utf-8")
        limit_process(int(seconds))
        con = open_locked(database)
        send(con.sql(only_select(con, text)), int(rows) if rows else None, sys.stdout.buffer)
        sys.stdout.buffer.flush()
        return 0
    except BaseException as error:  # whatever it is, the reader is told before the process ends
        message = str(error).encode()[:ERROR_BYTES].decode(errors="ignore")
        errors.write(json.dumps({"kind": kind_of(error), "message": message}))
        errors.flush()
        return 3


if __name__ == "__main__":
    os._exit(main())  # no tidying up: DuckDB's threads may still be at work
