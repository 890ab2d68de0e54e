"""A folder that lives as long as its process. One that is left behind by a killed process goes at the next start."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import IO

LOCK = "lock"


class Scratch:
    """A folder among the temporary ones, locked by this process until it is closed; the system lets a lock go."""

    def __init__(self, prefix: str) -> None:
        remove_left(prefix)
        self.folder, self._lock = _locked(prefix)

    def close(self) -> None:
        """Removes the folder."""
        shutil.rmtree(self.folder, ignore_errors=True)
        self._lock.close()


def remove_left(prefix: str) -> None:
    """Removes this user's folders of that prefix whose process is gone, however it ended."""
    for folder in Path(tempfile.gettempdir()).glob(f"{prefix}*"):
        with suppress(OSError):  # somebody else's, without a lock, or held by a process that lives
            if folder.is_symlink() or folder.stat().st_uid != os.getuid():
                continue
            with (folder / LOCK).open("rb") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(folder, ignore_errors=True)


def _locked(prefix: str) -> tuple[Path, IO[bytes]]:
    while True:
        folder = Path(tempfile.mkdtemp(prefix=prefix))
        with suppress(FileNotFoundError):
            lock = (folder / LOCK).open("wb")
            fcntl.flock(lock, fcntl.LOCK_EX)
            if (folder / LOCK).exists():  # else a process that started just now took it for one that was left
                return folder, lock
            lock.close()
