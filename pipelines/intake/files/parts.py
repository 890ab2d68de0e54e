"""The parts of a zipped workbook, unpacked piece by piece within the limit."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache

from pipelines.intake.files import refusals
from pipelines.limits import limits

BROKEN = (  # what the standard library raises over a damaged zip
    zipfile.BadZipFile, zlib.error, struct.error, NotImplementedError, RuntimeError, OSError, EOFError, ValueError,
    LookupError, OverflowError,
)  # fmt: skip
PIECE = 1 << 22


@lru_cache(maxsize=1)
def unzipped(content: bytes) -> zipfile.ZipFile:
    """The zip in these bytes: it is asked for twice, what it is and what it holds."""
    return zipfile.ZipFile(io.BytesIO(content))


@contextmanager
def opened(content: bytes) -> Iterator[zipfile.ZipFile]:
    """A zip whose parts are within the limit by what it says of them.

    Raises:
        Refusal: it is damaged, encrypted, or unpacks to more than the site allows.
    """
    try:
        packed = unzipped(content)
        parts = packed.infolist()
        if sum(part.file_size for part in parts) > limits().unpacked_megabytes << 20:
            raise refusals.too_many_bytes(limits().unpacked_megabytes, "unpacked_megabytes")
        if any(part.flag_bits & 1 for part in parts):
            raise refusals.encrypted()
        yield packed
    except BROKEN as error:
        raise refusals.damaged(error) from error


def pieces(packed: zipfile.ZipFile, name: str, end: bytes) -> Iterator[bytes]:
    """A part in pieces that end after the last `end` in them (rows of a sheet stay whole)."""
    rest = b""
    with packed.open(name) as part:
        while read := part.read(PIECE):
            rest += read
            cut = rest.rfind(end) + len(end)
            if cut < len(end) and len(rest) < 4 * PIECE:
                continue
            cut = max(cut, 0) if cut >= len(end) else len(rest)
            yield rest[:cut]
            rest = rest[cut:]
    if rest:
        yield rest
