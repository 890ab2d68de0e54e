"""One writer: a lock on the site's folder that the system lets go when the process ends, however it ends."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pipelines.errors import TryAgain


@contextmanager
def writer_lock(folder: Path) -> Iterator[None]:
    """Holds the site's writer lock.

    Raises:
        TryAgain: another process holds it; its number is in the message.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            file.seek(0)
            owner = file.read().strip() or "?"
            raise TryAgain(
                f"另一个进程(进程号 {owner})正在写这个站点。",
                f"Another process ({owner}) is writing to this site.",
                remedy_zh="等它结束后再运行;若它已不在,锁会自动释放。",
                remedy_en="wait until it has ended and run again; a dead process holds no lock.",
            ) from error
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield
