"""From the inbox to archive and journal: no file is lost or taken twice, wherever a crash comes."""

from __future__ import annotations

import errno
import os
import shutil
from datetime import UTC, datetime
from pathlib import Path

from pipelines.settings import Home
from pipelines.warehouse import archive, journal
from pipelines.warehouse.files import sync


def collect(home: Home, clock: datetime) -> int:
    """Takes every file of the inbox, oldest first, and returns how many were journalled.

    A file is renamed into taking/ under a number, archived, journalled with that number, and only then removed
    from taking/. After a crash the number tells whether the journal knows it already.

    Raises:
        TaizhangError: taizhang.toml says of receipt_time what it cannot be; nothing was taken.
    """
    by_change = home.receipt_time == "modified"
    known = {entry.data["taken"] for entry in journal.read(home.journal).of_kind("receipt")}
    folders = sorted(path for path in home.taking.iterdir() if path.name.isdecimal())  # not what others put there
    last = max((int(token) for token in [*known, *(folder.name for folder in folders)]), default=0)
    waiting = [path for folder in folders for path in folder.iterdir() if not path.name.startswith(".")]
    taken = sum(_receive(home, path, clock, known, by_change) for path in waiting)
    for number, path in enumerate(inbox_files(home.inbox), last + 1):
        taken += _receive(home, _take(home, path, number), clock, known, by_change)
    for folder in filter(Path.exists, folders):
        shutil.rmtree(folder)
    return taken


def inbox_files(inbox: Path) -> list[Path]:
    """The files to take: by modification time, then name; not hidden ones, nor those still being copied.

    Links are left alone: what they lead to is not the sender's to give.
    """
    files = [
        path
        for path in inbox.rglob("*")
        if path.is_file()
        and not path.is_symlink()
        and not any(part.startswith((".", "~$")) for part in path.relative_to(inbox).parts)
        and path.suffix.lower() not in (".part", ".tmp", ".crdownload")
    ]
    return sorted(files, key=lambda path: (path.stat().st_mtime_ns, path.relative_to(inbox).as_posix()))


def readable(name: str) -> str:
    """A file's name as text; bytes that are no UTF-8 are read as GB18030, the way older Windows tools write them.

    >>> readable(os.fsdecode("村卫生室.xlsx".encode("gb18030")))
    '村卫生室.xlsx'
    """
    raw = os.fsencode(name)
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("gb18030", "backslashreplace")


def _take(home: Home, path: Path, number: int) -> Path:
    sender = path.relative_to(home.inbox).parent.as_posix()
    folder = home.taking / f"{number:08d}"
    target = folder / path.name
    folder.mkdir(parents=True)
    (folder / ".sender").write_text("" if sender == "." else readable(sender), encoding="utf-8")
    try:
        path.rename(target)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        shutil.copy2(path, folder / f".{path.name}.part")  # the inbox is on another disk
        (folder / f".{path.name}.part").rename(target)
        path.unlink()
    sync(folder)
    return target


def _receive(home: Home, path: Path, clock: datetime, known: set[str], by_change: bool) -> bool:
    token = path.parent.name
    fresh = token not in known
    if fresh:
        sender = path.parent / ".sender"
        modified = datetime.fromtimestamp(path.stat().st_mtime, UTC).replace(microsecond=0)
        # The journal says when a file was received, so that a rebuild does not depend on the setting of its day.
        received = {"received_at": min(modified, clock).isoformat()} if by_change else {}
        journal.append(
            home.journal,
            "receipt",
            clock,
            file_id=archive.put(home.archive, path.read_bytes()),
            filename=readable(path.name),
            sender=sender.read_text(encoding="utf-8") if sender.exists() else "",
            modified_at=modified.isoformat(),
            **received,
            taken=token,
        )
    shutil.rmtree(path.parent)
    return fresh
