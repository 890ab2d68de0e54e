"""An auditor's SELECT on a release, answered by a process that can be killed.

No setting of DuckDB makes hostile SQL harmless (`lpad('x', 2147483647, 'y')` heeds no interrupt,
`list_reduce(range(1e8), …)` takes four times the memory limit), so every query has a worker of its own:
`query_worker.py`, under limits of the operating system, killed when its time is over. What a reader may
see is decided by what the release holds; this module only keeps a query from doing anything but read.
"""

from __future__ import annotations

import json
import math
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import pyarrow as pa

from pipelines.errors import TaizhangError, TryAgain
from pipelines.tabular import as_csv, as_json, as_parquet, as_table

WORKER = Path(__file__).with_name("query_worker.py")
MAX_BYTES = 512 << 20
CHUNK = 1 << 20


@dataclass(frozen=True)
class Result:
    """What a query returned.

    Attributes:
        table: The rows; column names are unique (a second `n` is `n_2`).
        types: DuckDB's type of each column, e.g. `DECIMAL(18,2)`.
        truncated: Whether there were more rows than were asked for.
    """

    table: pa.Table
    types: tuple[str, ...]
    truncated: bool


def render(result: Result, fmt: str) -> str | bytes:
    """The result as `table`, `csv` or `json` text, or as the bytes of a Parquet file.

    Raises:
        TaizhangError: `fmt` is none of them.
    """
    formats: dict[str, Callable[[pa.Table], str | bytes]] = {
        "table": as_table,
        "csv": as_csv,
        "json": as_json,
        "parquet": as_parquet,
    }
    if fmt not in formats:
        raise TaizhangError(
            f"没有这种格式:{fmt}",
            f"no such format: {fmt}",
            remedy_zh="可用:table、csv、json、parquet。",
            remedy_en="use table, csv, json or parquet.",
        )
    return formats[fmt](result.table)


@dataclass(frozen=True)
class Ended:
    """How a worker ended: what it sent, what it said, and whether a limit of ours ended it."""

    output: bytearray
    said: str
    status: int
    timed_out: bool
    too_large: bool


def run_query(
    database: Path,
    statement: str,
    *,
    seconds: float = 60,
    max_rows: int | None = None,
    max_bytes: int = MAX_BYTES,
) -> Result:
    """The rows that one SELECT finds in a release.

    Args:
        database: A release's DuckDB file.
        statement: One SELECT; DESCRIBE, SUMMARIZE and SHOW are SELECTs too.
        seconds: Wall time after which the query is killed.
        max_rows: Rows to return at most; None returns all.
        max_bytes: Size of the result (as Arrow) above which the query is killed.

    Raises:
        TryAgain: Another process is writing the file.
        TaizhangError: The file is missing, the statement is not one SELECT, it is wrong, or it took
            more time or memory than a query may.
    """
    if not database.is_file():
        raise TaizhangError(
            f"没有这个数据文件:{database}",
            f"there is no such database: {database}",
            remedy_zh="先运行 taizhang run 生成发布版,或检查 --home 与 --release。",
            remedy_en="make a release with `taizhang run`, or check --home and --release.",
        )
    ended = _work(database, statement, seconds, max_rows, max_bytes)
    if ended.status != 0 or ended.timed_out or ended.too_large:
        _raise(ended, seconds, max_bytes)
    return _received(ended.output, max_rows)


def _work(database: Path, statement: str, seconds: float, max_rows: int | None, max_bytes: int) -> Ended:
    """Starts a worker, hands it the statement, reads its answer; it is gone when this returns."""
    command = [sys.executable, "-I", "-B", str(WORKER), str(database.resolve())]
    command += [str(math.ceil(seconds)), "" if max_rows is None else str(max_rows)]
    kept = {name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH") if name in os.environ}
    killed = threading.Event()
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**kept, "LANG": "C.UTF-8", "HOME": "/nonexistent"},
        cwd="/",
    ) as worker:
        alarm = threading.Timer(seconds, _kill, (worker, killed))
        alarm.start()
        try:
            output, too_large = _exchange(worker, statement, max_bytes)
        finally:
            alarm.cancel()
            worker.kill()
        assert worker.stderr is not None
        said = worker.stderr.read().decode("utf-8", "replace")
        status = worker.wait()
    return Ended(output, said, status, killed.is_set(), too_large)


def _kill(worker: subprocess.Popen[bytes], killed: threading.Event) -> None:
    """Ends a worker whose time is over, and notes that this was the reason."""
    killed.set()
    worker.kill()


def _exchange(worker: subprocess.Popen[bytes], statement: str, max_bytes: int) -> tuple[bytearray, bool]:
    """Sends the statement and takes the answer until it ends or grows too large."""
    assert worker.stdin is not None
    assert worker.stdout is not None
    try:
        worker.stdin.write(statement.encode("utf-8", "replace"))
        worker.stdin.close()
    except BrokenPipeError:
        pass  # the worker died while starting: its status says why
    answer = bytearray()
    while chunk := worker.stdout.read(CHUNK):
        answer += chunk
        if len(answer) > max_bytes:
            return bytearray(), True
    worker.wait()
    return answer, False


def _received(output: bytearray, max_rows: int | None) -> Result:
    """The result in a worker's output."""
    table = pa.ipc.open_stream(pa.py_buffer(output)).read_all()
    types = tuple(json.loads(table.schema.metadata[b"duckdb_types"]))
    truncated = max_rows is not None and len(table) > max_rows
    table = table.slice(0, max_rows) if truncated else table
    return Result(table.rename_columns(_unique(table.column_names)).replace_schema_metadata(), types, truncated)


def _unique(names: list[str]) -> list[str]:
    """Column names, a repeated one numbered.

    >>> _unique(["n", "n", "n_2", "n"])
    ['n', 'n_2', 'n_2_2', 'n_3']
    """
    taken: list[str] = []
    for name in names:
        new, count = name, 1
        while new in taken:
            count += 1
            new = f"{name}_{count}"
        taken.append(new)
    return taken


def _raise(ended: Ended, seconds: float, max_bytes: int) -> NoReturn:
    """Says in both languages why a worker gave no result."""
    if ended.too_large:
        raise _too_large(max_bytes)
    if ended.timed_out or (ended.status == -signal.SIGKILL and not ended.said):
        raise _too_long(seconds)
    try:
        told = json.loads(ended.said)
    except ValueError:  # the worker could not say it: it was out of memory, or broke
        told = {"kind": "memory" if ended.status < 0 else "broken", "message": ended.said[-2000:]}
    raise _ERRORS[told["kind"]](told["message"])


def _too_long(seconds: float) -> TaizhangError:
    return TaizhangError(
        f"查询超过 {seconds:g} 秒,已中止。",
        f"the query took more than {seconds:g} s and was ended.",
        remedy_zh="缩小范围:加上 where(单位、时期、指标),或先汇总再查。",
        remedy_en="ask for less: a where on organisation, period or indicator, or aggregate first.",
    )


def _too_large(max_bytes: int) -> TaizhangError:
    return TaizhangError(
        f"结果超过 {max_bytes >> 20} MiB,已中止。",
        f"the result is larger than {max_bytes >> 20} MiB; the query was ended.",
        remedy_zh="加上 limit 或 where,或用 taizhang export 导出整张表。",
        remedy_en="add a limit or a where, or export the whole table with `taizhang export`.",
    )


def _out_of_memory(message: str) -> TaizhangError:
    first = message.partition("\n")[0]
    return TaizhangError(
        f"查询所需内存超过允许的上限,已中止。{first}",
        f"the query needs more memory than a query may have and was ended. {first}".rstrip(),
        remedy_zh="缩小范围:减少行或列,先汇总再连接,避免对整张表排序。",
        remedy_en="ask for less: fewer rows or columns, aggregate before joining, no sort of a whole table.",
    )


def _not_one_select(found: str) -> TaizhangError:
    return TaizhangError(
        f"只接受一条 SELECT 语句(含 DESCRIBE、SUMMARIZE、SHOW);收到的是:{found}。",
        f"only one SELECT is accepted (DESCRIBE, SUMMARIZE and SHOW too); this is: {found}.",
        remedy_zh="去掉其他语句;PIVOT 请写明 in (…) 的取值。发布版只读,不能修改。",
        remedy_en="leave the rest out; give PIVOT its values with in (…). A release cannot be changed.",
    )


def _wrong_sql(message: str) -> TaizhangError:
    return TaizhangError(
        f"SQL 有误:{message}",
        f"the SQL is wrong: {message}",
        remedy_zh='按提示改正;用 taizhang sql "show all tables" 查看有哪些表和列。',
        remedy_en='mend it as the message says; `taizhang sql "show all tables"` lists tables and columns.',
    )


def _busy(message: str) -> TaizhangError:
    return TryAgain(
        "另一个进程正在写这个数据文件。",
        "another process is writing this database.",
        remedy_zh="稍后重试,或查询已发布的版本。",
        remedy_en="try again in a moment, or query a published release.",
    )


def _unreadable(message: str) -> TaizhangError:
    return TaizhangError(
        f"无法打开数据文件:{message}",
        f"the database cannot be opened: {message}",
        remedy_zh="用 taizhang verify 检查发布版;DuckDB 版本较旧时请更新。",
        remedy_en="check the release with `taizhang verify`; update DuckDB where it is older than the file.",
    )


def _broken(message: str) -> TaizhangError:
    return TaizhangError(
        f"查询进程没有启动:{message}",
        f"the query's process did not start: {message}",
        remedy_zh="运行 make test 检查安装是否完整。",
        remedy_en="run `make test` to see whether the installation is complete.",
    )


_ERRORS: dict[str, Callable[[str], TaizhangError]] = {
    "refused": _not_one_select,
    "memory": _out_of_memory,
    "sql": _wrong_sql,
    "busy": _busy,
    "unreadable": _unreadable,
    "broken": _broken,
}
