"""The archive: every file ever received, by the SHA-256 of its bytes, never changed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

from pipelines.errors import TaizhangError
from pipelines.warehouse.files import sync, write_beside


def put(archive: Path, content: bytes) -> str:
    """Keeps the bytes and returns their SHA-256; the same bytes are kept once."""
    return put_all(archive, [content])[0]


def put_all(archive: Path, contents: Iterable[bytes]) -> list[str]:
    """As `put`, for many: durable when it returns."""
    archive.mkdir(parents=True, exist_ok=True)
    digests, written = list[str](), dict[str, Path]()
    try:
        for content in contents:
            digests.append(_put(archive, content, written))
        for beside in written.values():  # the disk writes all of them before the first is confirmed
            sync(beside)
        for digest, beside in written.items():
            beside.replace(archive / digest)
    except BaseException:
        for beside in written.values():
            beside.unlink(missing_ok=True)
        raise
    sync(archive)
    return digests


def _put(archive: Path, content: bytes, written: dict[str, Path]) -> str:
    """Writes the bytes beside their place, where they are not there yet; `written` gets them."""
    digest = hashlib.sha256(content).hexdigest()
    path = archive / digest
    if digest not in written and not path.exists():
        written[digest] = write_beside(path, content)
        written[digest].chmod(0o444)
    return digest


def get(archive: Path, digest: str) -> bytes:
    """The bytes of a digest.

    Raises:
        TaizhangError: they are gone, or no longer what they were.
    """
    path = archive.resolve() / digest  # verify looks through a link; the reader is told the real place
    content = path.read_bytes() if path.exists() else None
    if content is None or hashlib.sha256(content).hexdigest() != digest:
        what = ("不见了", "is gone") if content is None else ("被改动过", "was changed")
        raise TaizhangError(
            f"存档文件 {path} {what[0]}。",
            f"The archived file {path} {what[1]}.",
            remedy_zh="从备份恢复 archive/ 中的这个文件;它的名字就是内容的 SHA-256。",
            remedy_en="restore this file of archive/ from a backup; its name is the SHA-256 of its content.",
        )
    return content
