"""What lies in an inbox: which files are returns, and which of them nobody is writing any more.

A file that is still being copied under its final name must not be taken: the rest of it would be lost. Two signs tell:

1. A program of this machine has it open for writing. Linux says so of a file on a local disk, at once, whatever the
   writer does in the meantime (it grants a read lease only where nobody writes: fcntl(2), F_SETLEASE). That covers
   copies, a file server and an SFTP server on this machine, and Excel that has the file open.
2. Where the system does not tell (a network share, another system), a file that changed within the last ten seconds is
   looked at again two seconds later.
"""

from __future__ import annotations

import fcntl
import os
import re
import signal
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path, PurePath

from pipelines.intake.files.names import is_return

Sign = tuple[int, int]  # size in bytes and modification time in nanoseconds
YOUNG, AGAIN = 10.0, 2.0  # seconds
LOCAL = frozenset(("ext2", "ext3", "ext4", "xfs", "btrfs", "f2fs", "zfs", "tmpfs", "overlay"))


def inbox_files(inbox: Path) -> list[Path]:
    """The returns of an inbox: by modification time, then name; not what is hidden, half copied, or a system's own.

    Links are left alone: what they lead to is not the sender's to give.
    """
    files = []
    for entry in _plain_files(inbox):
        with suppress(OSError):  # it is gone
            name = PurePath(entry.path).relative_to(inbox)
            if is_return(name):
                files.append((entry.stat(follow_symlinks=False).st_mtime_ns, name.as_posix(), entry.path))
    return [Path(path) for *_, path in sorted(files)]


def _plain_files(folder: Path | str) -> Iterator[os.DirEntry[str]]:
    """The plain files in a folder and those below it, no link followed."""
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                yield from _plain_files(entry.path)
            elif entry.is_file(follow_symlinks=False):
                yield entry


def ready_files(inbox: Path) -> list[Path]:
    """The returns of an inbox that nobody is writing, in the order of `inbox_files`.

    Waits two seconds where a file has just changed and the system does not tell whether it is being written.
    """
    writing = being_written(inbox_files(inbox))
    quiet = [path for path, told in writing.items() if not told]
    young = {path: sign(path) for path in quiet if writing[path] is None and _is_young(path)}
    if young:
        time.sleep(AGAIN)
    return [path for path in quiet if path not in young or sign(path) == young[path]]


def signs(inbox: Path) -> dict[str, Sign]:
    """Size and modification time of the returns that no program of this machine is writing, by path below the inbox."""
    quiet = (path for path, told in being_written(inbox_files(inbox)).items() if not told)
    found = ((path.relative_to(inbox).as_posix(), sign(path)) for path in quiet)
    return {name: told for name, told in found if told is not None}


def sign(path: Path) -> Sign | None:
    """Size and modification time of a file, None where it is gone."""
    told = _told(path)
    return (told.st_size, told.st_mtime_ns) if told else None


def being_written(paths: Sequence[Path]) -> dict[Path, bool | None]:
    """Whether a program of this machine has each file open for writing; None where the system does not tell."""
    mounts = _mounts() if hasattr(fcntl, "F_SETLEASE") else {}
    local = {folder: _file_system(folder, mounts) in LOCAL for folder in {path.parent for path in paths}}
    return {path: _has_writer(path) if local[path.parent] else None for path in paths}


def _has_writer(path: Path) -> bool | None:
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW)
    except OSError:
        return None
    try:
        # Who opens the file for writing in this very moment waits until it is closed here; the signal by which the
        # system asks for that is one that does nothing.
        fcntl.fcntl(handle, fcntl.F_SETSIG, signal.SIGURG)
        fcntl.fcntl(handle, fcntl.F_SETLEASE, fcntl.F_RDLCK)
    except BlockingIOError:
        return True
    except OSError:  # somebody else's file
        return None
    finally:
        os.close(handle)
    return False


def _is_young(path: Path) -> bool:
    told = sign(path)
    return told is not None and time.time() - told[1] / 1e9 < YOUNG


def _told(path: Path) -> os.stat_result | None:
    """What the system tells of a plain file; None of anything else, and of what is gone."""
    try:
        return path.stat() if path.is_file() and not path.is_symlink() else None
    except OSError:
        return None


def _mounts() -> dict[str, str]:
    """The kind of file system by the folder where it is mounted; empty where the system does not tell."""
    try:
        lines = Path("/proc/self/mountinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return {}
    parts = [line.split() for line in lines]
    return {
        re.sub(r"\\([0-7]{3})", lambda sign: chr(int(sign[1], 8)), part[4]): part[part.index("-") + 1] for part in parts
    }


def _file_system(folder: Path, mounts: dict[str, str]) -> str:
    """The kind of file system that the files of a folder lie on.

    Only on a local one does a refused lease mean a writer: on a network share it is refused for other reasons too.
    """
    place = folder.resolve()
    return next((mounts[str(above)] for above in (place, *place.parents) if str(above) in mounts), "")
