"""Microsoft's compound file (.xls and others): the names of its streams, and the bytes of one.

After [MS-CFB]: sectors chained by an allocation table, a directory that is itself such a chain. Every chain is cut off
at the number of sectors, so that a ring ends.
"""

from __future__ import annotations

import struct
from itertools import islice

from pipelines.intake.files.refusals import damaged

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
LAST = 0xFFFFFFFA  # sector numbers from here on are marks
HEADER_TABLES = 109  # sectors of the allocation table that the header names
MINI = 64


def streams(content: bytes) -> dict[str, tuple[int, int]]:
    """First sector and size of each stream or storage by name.

    Raises:
        Refusal: the container is damaged.
    """
    return _Container(content).entries


def stream(content: bytes, name: str) -> bytes:
    """The bytes of a stream; b'' where there is none.

    Raises:
        Refusal: the container is damaged.
    """
    container = _Container(content)
    return container.read(*container.entries[name]) if name in container.entries else b""


class _Container:
    def __init__(self, content: bytes) -> None:
        try:
            self.content = content
            self.sector = 1 << struct.unpack_from("<H", content, 30)[0]
            if self.sector not in (512, 4096):
                raise ValueError("sector size")
            self.count = len(content) // self.sector
            first, _, self.cutoff, mini = struct.unpack_from("<IIII", content, 48)
            self.table = self._table()
            self.entries: dict[str, tuple[int, int]] = {}
            self.root = (LAST, 0)
            self._directory(b"".join(self._chain(first)))
            self.mini = [number for part in self._chain(mini) for number in _numbers(part)]
        except (struct.error, ValueError, IndexError) as error:
            raise damaged(error) from error

    def _part(self, number: int) -> bytes:
        start = (number + 1) * self.sector
        return self.content[start : start + self.sector]

    def _table(self) -> list[int]:
        parts = [n for n in struct.unpack_from(f"<{HEADER_TABLES}I", self.content, 76) if n < LAST]
        more = struct.unpack_from("<I", self.content, 68)[0]
        for _ in range(self.count):
            if more >= LAST:
                break
            *named, more = _numbers(self._part(more))
            parts += [n for n in named if n < LAST]
        return [number for part in islice(parts, self.count) for number in _numbers(self._part(part))]

    def _chain(self, number: int) -> list[bytes]:
        found: list[bytes] = []
        while number < LAST and len(found) <= self.count:
            found.append(self._part(number))
            number = self.table[number]
        return found

    def _directory(self, data: bytes) -> None:
        for place in range(0, len(data) - 127, 128):
            length, kind = struct.unpack_from("<HB", data, place + 64)
            start, size = struct.unpack_from("<II", data, place + 116)
            if kind == 5:
                self.root = (start, size)
            elif kind:
                name = data[place : place + min(max(length - 2, 0), 64)].decode("utf-16-le", "replace")
                self.entries.setdefault(name, (start, size))

    def read(self, start: int, size: int) -> bytes:
        """A stream by its first sector; a small one lies in the root's."""
        try:
            if size >= self.cutoff:
                return b"".join(self._chain(start))[:size]
            small = b"".join(self._chain(self.root[0]))
            found: list[bytes] = []
            while start < LAST and len(found) <= len(self.mini):
                found.append(small[start * MINI : (start + 1) * MINI])
                start = self.mini[start]
            return b"".join(found)[:size]
        except IndexError as error:
            raise damaged(error) from error


def _numbers(part: bytes) -> tuple[int, ...]:
    return struct.unpack(f"<{len(part) // 4}I", part[: len(part) // 4 * 4])
