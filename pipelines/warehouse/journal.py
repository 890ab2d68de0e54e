"""The journal: what happened, in order, one JSON object a line, each line chained to the one before by its hash."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

from pipelines.errors import TaizhangError

START = "0" * 64


@dataclass(frozen=True)
class Entry:
    """One line: its number (from 1), kind, time and what it says."""

    seq: int
    kind: str
    at: str
    data: dict[str, Any]


@dataclass(frozen=True)
class Journal:
    """All lines that were read, and the hash of each."""

    entries: tuple[Entry, ...]
    hashes: tuple[str, ...]

    @property
    def sha256(self) -> str:
        """The hash of the last line."""
        return self.sha256_at(len(self.hashes))

    def sha256_at(self, seq: int) -> str:
        """The hash of line `seq`, which stands for all lines up to it; '' where there is no such line."""
        if seq == 0:
            return START
        return self.hashes[seq - 1] if seq <= len(self.hashes) else ""

    def of_kind(self, kind: str) -> list[Entry]:
        """The lines of one kind, in order."""
        return [entry for entry in self.entries if entry.kind == kind]

    def until(self, seq: int) -> tuple[Entry, ...]:
        """The lines up to number `seq`."""
        return tuple(entry for entry in self.entries if entry.seq <= seq)


def read(path: Path) -> Journal:
    """Reads and checks the chain; a last line that a crash tore is not part of it.

    Raises:
        TaizhangError: a line was changed, removed or put in.
    """
    content = path.read_bytes() if path.exists() else b""
    entries, hashes = list[Entry](), list[str]()
    for number, line in enumerate(content.split(b"\n")[:-1], 1):
        try:
            found = json.loads(line)
            intact = found["prev"] == (hashes[-1] if hashes else START) and found["seq"] == number
        except (ValueError, KeyError, TypeError):
            intact = False
        if not intact:
            raise TaizhangError(
                f"日志 {path} 第 {number} 行与上一行对不上:有人改动过它。",
                f"Line {number} of the journal {path} does not follow from the line before: it was tampered with.",
                remedy_zh="从备份恢复 journal/。",
                remedy_en="restore journal/ from a backup.",
            )
        data = {k: v for k, v in found.items() if k not in ("seq", "kind", "at", "prev")}
        entries.append(Entry(number, found["kind"], found["at"], data))
        hashes.append(hashlib.sha256(line).hexdigest())
    return Journal(tuple(entries), tuple(hashes))


def append(path: Path, kind: str, at: datetime, **data: Any) -> Entry:
    """Adds one line and makes it durable before returning; safe with other writers."""
    with appending(path) as lines:
        return lines.append(kind, at, [data])[0]


@contextmanager
def appending(path: Path) -> Iterator[Lines]:
    """The journal, read once and open for new lines; other writers wait until it is left."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("ab+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        journal = read(path)
        _cut_torn_line(path, file)
        yield Lines(journal, file)


class Lines:
    """A journal that lines are added to: `journal` is what it held before."""

    def __init__(self, journal: Journal, file: BinaryIO) -> None:
        self.journal = journal
        self._file, self._count, self._last = file, len(journal.entries), journal.sha256

    def append(self, kind: str, at: datetime, told: Iterable[dict[str, Any]]) -> list[Entry]:
        """Adds a line for each of what is told and makes them durable together before returning."""
        entries = []
        for data in told:
            self._count += 1
            entries.append(Entry(self._count, kind, at.isoformat(), data))
            line = {"seq": self._count, "kind": kind, "at": at.isoformat(), **data, "prev": self._last}
            raw = json.dumps(line, ensure_ascii=False).encode()
            self._file.write(raw + b"\n")
            self._last = hashlib.sha256(raw).hexdigest()
        self._file.flush()
        os.fsync(self._file.fileno())
        return entries


def _cut_torn_line(path: Path, file: BinaryIO) -> None:
    content = path.read_bytes()
    whole = content.rfind(b"\n") + 1
    if whole < len(content):
        file.truncate(whole)
