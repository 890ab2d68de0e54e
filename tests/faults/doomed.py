"""A night that is killed, filled up or spoilt at a named place: `python -m tests.faults.doomed PLACE HOME DAY`.

With `taizhang WORD…` behind PLACE it is the real command that is struck. The product knows nothing of this:
functions are replaced by their names, and the process kills itself with SIGKILL, which nothing can catch.
"""

from __future__ import annotations

import os
import resource
import shutil
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from pipelines.cli.main import main
from pipelines.settings import Home
from pipelines.warehouse import batch, collect, journal, load, night, release, writer
from tests.unit.warehouse.sites import plain_night


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def before(owner: Any, name: str, times: int = 1) -> None:
    """Dies where the function is called for the nth time."""
    _replace(owner, name, times, lambda function, *words, **named: die())


def after(owner: Any, name: str, times: int = 1) -> None:
    """Dies where the function has returned for the nth time."""

    def then(function: Callable[..., Any], *words: Any, **named: Any) -> None:
        function(*words, **named)
        die()

    _replace(owner, name, times, then)


def _replace(owner: Any, name: str, times: int, strike: Callable[..., Any]) -> None:
    function, calls = getattr(owner, name), [0]

    def struck(*words: Any, **named: Any) -> Any:
        calls[0] += 1
        return strike(function, *words, **named) if calls[0] == times else function(*words, **named)

    setattr(owner, name, struck)


def tear_a_line(append: Callable[..., Any], lines: journal.Lines, *words: Any) -> None:
    """Writes what the lines would be, without the last third of it."""
    before = lines._file.seek(0, os.SEEK_END)
    append(lines, *words)
    lines._file.truncate(before + (lines._file.seek(0, os.SEEK_END) - before) * 2 // 3)
    die()


def copy_half(source: Path, target: Path) -> None:
    content = source.read_bytes()
    target.write_bytes(content[: len(content) // 2])
    die()


def write_half(path: Path, content: bytes) -> None:
    path.with_name(f".{path.name}.1.part").write_bytes(content[: len(content) // 2])
    die()


def die_at_call(number: int) -> None:
    """Dies at the nth call of any Python function."""
    left = [number]

    def count(*_: object) -> None:
        left[0] -= 1
        if left[0] == 0:
            die()

    sys.setprofile(count)


def one_by_one(strike: Callable[..., None], owner: Any, name: str, times: int) -> None:
    """Files are taken, archived, journalled and loaded one after another; dies at the nth."""
    collect.TOGETHER = load.MOST_RECEIPTS = 1
    strike(owner, name, times)


def insert_twice(table: str, at: str, sql: str) -> None:
    """Spoils a table right after the step that made `at`."""
    derive = night.derive

    def spoilt(tonight: Any, select: Any) -> int:
        rows = derive(tonight, select)
        if select.name == at:
            tonight.con.execute(f"insert into {table} {sql}")
        return rows

    night.derive = spoilt


def limit_files(kilobytes: int) -> None:
    """No file may grow beyond this: writing fails as on a full disk."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (kilobytes << 10, kilobytes << 10))


KILLS: dict[str, Callable[[], None]] = {
    "before a file is taken from the inbox": lambda: before(collect, "_take", 2),
    "after a file was taken from the inbox": lambda: after(collect, "_take", 2),
    "between a file's number and the file": lambda: before(Path, "rename", 2),
    "in the middle of an archived file": lambda: setattr(collect.archive, "write_beside", write_half),
    "between two archived files": lambda: before(collect.archive, "_put", 3),
    "between an archived file's bytes and its name": lambda: before(Path, "replace", 2),
    "after files were archived": lambda: after(collect.archive, "put_all"),
    "in the middle of a journal line": lambda: _replace(journal.Lines, "append", 1, tear_a_line),
    "after lines of the journal": lambda: after(journal.Lines, "append"),
    "after a file's line of the journal": lambda: one_by_one(after, journal.Lines, "append", 2),
    "between two files removed from where they were taken": lambda: before(collect, "_remove", 2),
    "after everything was collected": lambda: after(night, "collect"),
    "in the middle of a load transaction": lambda: before(batch.Batch, "_revise", 2),
    "between two load transactions": lambda: one_by_one(before, load.Loader, "_load_batch", 3),
    "in the middle of a refused file": lambda: setattr(load, "write_atomic", write_half),
    "after a refused file was put beside its reason": lambda: after(load.Loader, "_write_refusal"),
    "after the load, before any select": lambda: before(night, "set_clock"),
    "after some selects": lambda: after(night, "derive", 9),
    "after all selects": lambda: before(release, "settle"),
    "before the checkpoint": lambda: after(release, "contents"),
    "in the middle of the copy": lambda: setattr(
        release, "shutil", SimpleNamespace(copyfile=copy_half, rmtree=shutil.rmtree)
    ),
    "before the page": lambda: before(release, "_write_page"),
    "before the manifest": lambda: before(release, "write_atomic", 2),
    "before the release has its name": lambda: before(release, "_put_in_place"),
    "in the middle of current": lambda: _replace(release, "write_atomic", 3, lambda _, *words: write_half(*words)),
    "before current points to the release": lambda: after(release, "_put_in_place"),
}
REBUILDS: dict[str, Callable[[], None]] = {
    "after the old warehouse was removed": lambda: before(writer, "_connect"),
    "while the catalog goes into a new warehouse": lambda: before(writer, "insert", 7),
}
SPOILS: dict[str, Callable[[], None]] = {
    "a second row of one key": lambda: insert_twice(
        "marts.reporting_status", "marts.reporting_status", "select * from marts.reporting_status limit 1"
    ),
    "a second open value": lambda: insert_twice(
        "store.fact_history", "run.scope", "select * from store.fact_history where known_to is null limit 1"
    ),
}


def arm(place: str) -> None:
    """Makes ready what happens at the place; 'call N' is the nth call, 'limit N' a disk of N kB."""
    kind, _, number = place.rpartition(" ")
    if kind == "call":
        die_at_call(int(number))
    elif kind == "limit":
        limit_files(int(number))
    else:
        {**KILLS, **REBUILDS, **SPOILS}[place]()


def count_calls(home: Home, day: int) -> int:
    """How many calls a whole night makes."""
    calls = [0]

    def count(*_: object) -> None:
        calls[0] += 1

    sys.setprofile(count)
    plain_night(home, day)
    sys.setprofile(None)
    return calls[0]


if __name__ == "__main__":
    chosen, *rest = sys.argv[1:]
    if chosen == "count":
        print(count_calls(Home(Path(rest[0])), int(rest[1])))
        sys.exit()
    arm(chosen)
    if rest[0] == "taizhang":
        sys.argv = rest
        main()
    plain_night(Home(Path(rest[0])), int(rest[1]), full=chosen in REBUILDS)
