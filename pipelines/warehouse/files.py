"""Files that survive a kill: written beside, synced, then renamed."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path


def write_atomic(path: Path, content: bytes) -> None:
    """Writes a file so that a reader sees the old bytes or all the new ones, also after a crash."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = write_beside(path, content)
    try:
        sync(beside)
        beside.replace(path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
    sync(path.parent)


def write_beside(path: Path, content: bytes) -> Path:
    """Writes what shall become a file under another name, and returns it: for many files that are synced together."""
    beside = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with open(beside, "wb", buffering=0) as file:
            written = 0
            while written < len(content):
                written += file.write(content[written:] if written else content)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
    return beside


def sync(path: Path) -> None:
    """Makes a file's bytes, or the renames in a folder, durable."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sha256_file(path: Path) -> str:
    """The SHA-256 of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
