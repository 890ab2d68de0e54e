"""From the inbox to archive and journal: no file is lost or taken twice, wherever a crash comes."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from pipelines.settings import Home
from pipelines.warehouse import archive, journal
from pipelines.warehouse.files import sync
from pipelines.warehouse.inbox import ready_files

SENDER = ".sender"  # beside a file that was taken: the folder of the inbox that it lay in
TOGETHER = 100  # files that are taken before their bytes are archived, and archived before they are journalled


def collect(home: Home, clock: datetime, expect: Callable[[int], None] = lambda _: None) -> int:
    """Takes every return of the inbox that nobody is writing, oldest first; returns how many were journalled.

    A file is renamed into taking/ under a number, archived, journalled with that number, and only then removed
    from taking/. After a crash the number tells whether the journal knows it already. Each of these steps is done
    for many files before the next one, so that the disk confirms a step once. `expect` is told how many there are,
    before the first is taken.

    Raises:
        TaizhangError: taizhang.toml says of receipt_time what it cannot be; nothing was taken.
    """
    by_change, files = home.receipt_time == "modified", ready_files(home.inbox)
    folders = sorted(path for path in home.taking.iterdir() if path.name.isdecimal())  # not what others put there
    if not files and not folders:
        return 0
    expect(len(files) + len(folders))
    with journal.appending(home.journal) as lines:
        known = {entry.data["taken"] for entry in lines.journal.of_kind("receipt")}
        waiting = [path for folder in folders for path in folder.iterdir() if not path.name.startswith(".")]
        fresh = [path for path in waiting if path.parent.name not in known]
        for folder in {*folders} - {path.parent for path in fresh}:
            shutil.rmtree(folder)  # journalled already, or nothing had come into it: its number is free
        last = max((int(token) for token in known | {path.parent.name for path in fresh}), default=0)
        if fresh:
            _receive(home, fresh, clock, lines, by_change)
        for first in range(0, len(files), TOGETHER):
            numbered = enumerate(files[first : first + TOGETHER], last + 1 + first)
            _receive(home, [_take(home, path, number) for number, path in numbered], clock, lines, by_change)
    return len(fresh) + len(files)


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
    folder.mkdir()
    (folder / SENDER).write_bytes(b"" if sender == "." else readable(sender).encode())
    try:
        path.rename(target)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        shutil.copy2(path, folder / f".{path.name}.part")  # the inbox is on another disk
        (folder / f".{path.name}.part").rename(target)
        path.unlink()
    return target


def _receive(home: Home, paths: list[Path], clock: datetime, lines: journal.Lines, by_change: bool) -> None:
    """Archives and journals files of taking/ that the journal does not know yet, then removes them.

    That they were taken is made durable before anything else: the first confirmation of the disk covers them all.
    """
    for folder in (*(path.parent for path in paths), home.taking):
        sync(folder)
    digests = archive.put_all(home.archive, (path.read_bytes() for path in paths))
    said = zip(paths, digests, strict=True)
    lines.append("receipt", clock, (_told(path, digest, clock, by_change) for path, digest in said))
    for path in paths:
        _remove(path)


def _remove(taken: Path) -> None:
    """Removes a file of taking/ with its folder."""
    try:
        taken.unlink()
        (taken.parent / SENDER).unlink(missing_ok=True)
        taken.parent.rmdir()
    except OSError:  # something else lies there, as half a copy from another disk
        shutil.rmtree(taken.parent)


def _told(path: Path, digest: str, clock: datetime, by_change: bool) -> dict[str, str]:
    sender = path.parent / SENDER
    modified = datetime.fromtimestamp(path.stat().st_mtime, UTC).replace(microsecond=0)
    # The journal says when a file was received, so that a rebuild does not depend on the setting of its day.
    received = {"received_at": min(modified, clock).isoformat()} if by_change else {}
    return {
        "file_id": digest,
        "filename": readable(path.name),
        "sender": sender.read_text(encoding="utf-8") if sender.exists() else "",
        "modified_at": modified.isoformat(),
        **received,
        "taken": path.parent.name,
    }
