"""The process that reads files and may be ended: `python -m pipelines.warehouse.reader_process FOLDER`.

Its orders are lines of JSON on stdin; on stdout it says `ready`, then `begin N` and `done N` for each, and the results
lie in FOLDER. The system itself ends it: by its alarm when a file takes too long, by its address space when a file
takes too much. It ends by itself when nobody has asked for a while or the night is gone.
"""

from __future__ import annotations

import gc
import json
import os
import pickle
import resource
import select
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TextIO

IDLE_SECONDS = 15.0


def main() -> int:
    """Reads one file after another until there are no more orders."""
    folder = Path(sys.argv[1])
    reader: Any = None
    said = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # what libraries print is no answer
    for order in _orders(said):
        if "catalog" in order:
            reader = _reader(order)
            said.write("ready\n")
            continue
        said.write(f"begin {order['number']}\n")
        said.flush()  # with what was done before it
        signal.setitimer(signal.ITIMER_REAL, reader.limits.seconds)
        (folder / f"{order['number']}.said").write_bytes(_answer(reader, order))
        signal.setitimer(signal.ITIMER_REAL, 0)
        said.write(f"done {order['number']}\n")
    return 0


def _reader(order: dict[str, Any]) -> Any:
    from pipelines.intake.orgs import OrgIndex
    from pipelines.warehouse.understood import Reader

    catalog, limits = pickle.loads(Path(order["catalog"]).read_bytes())
    reader = Reader(catalog, OrgIndex(catalog.orgs), limits)
    gc.freeze()  # the catalog stays; and a thousand new cells are no reason to look for rings
    gc.set_threshold(100_000, 20, 20)
    _limit(limits.memory_megabytes)
    return reader


def _answer(reader: Any, order: dict[str, Any]) -> bytes:
    from pipelines.errors import TaizhangError
    from pipelines.warehouse.understood import Said, Sent, pack, refused, too_much_memory

    try:
        said = reader.read(Sent(Path(order["archive"]), order["file_id"], order["filename"], order["folder"]))
        return pack(said)
    except MemoryError:
        return pack(Said(0, "", [refused(too_much_memory(reader.limits))]))
    except (TaizhangError, OSError):  # the archive's; the night finds out by itself
        return b""


def _limit(megabytes: int) -> None:
    """Lets this process grow by so much, and leave no core behind."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[0])
    except OSError:  # another system than Linux
        return
    most = pages * os.sysconf("SC_PAGE_SIZE") + (megabytes << 20)
    resource.setrlimit(resource.RLIMIT_AS, (most, resource.RLIM_INFINITY))


def _orders(said: TextIO) -> Iterator[dict[str, Any]]:
    """The orders; before it waits for one, everything is said."""
    rest = b""
    while said.flush() or select.select([0], [], [], IDLE_SECONDS)[0]:
        read = os.read(0, 1 << 16)
        if not read:
            return
        *lines, rest = (rest + read).split(b"\n")
        yield from map(json.loads, lines)


if __name__ == "__main__":
    try:
        status = main()
    except (BrokenPipeError, KeyboardInterrupt):
        status = 0
    os._exit(status)
