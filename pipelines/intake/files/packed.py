"""Zip archives of tables: one file, whose members are read in memory and never written anywhere."""

from __future__ import annotations

import io
import re
import stat
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import PurePosixPath

from pipelines.intake.files import refusals
from pipelines.intake.files.kinds import kind_of
from pipelines.intake.files.names import is_return, member_name, printable
from pipelines.intake.files.parts import BROKEN
from pipelines.intake.sheet import Sheet
from pipelines.intake.tables import Refusal
from pipelines.limits import limits

NESTED = ("zip", "rar", "7z", "gzip")
UTF8, ENCRYPTED = 0x800, 1  # bits of a member's flags


def read_packed(content: bytes, read: Callable[[bytes], list[Sheet]]) -> list[Sheet]:
    """The sheets of every member that is a table; a member that cannot be read is a sheet with its refusal.

    Args:
        content: the archive.
        read: reads the sheets of one member; raises Refusal.

    Raises:
        Refusal: the archive as a whole is damaged, too large, or holds no file.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            members = _members(packed)
            sheets = [sheet for name, info in members for sheet in _member(packed, name, info, read)]
    except BROKEN as error:
        raise refusals.damaged(error) from error
    if not sheets:
        raise refusals.empty(whole=False)
    return sheets


def _members(packed: zipfile.ZipFile) -> list[tuple[str, zipfile.ZipInfo]]:
    """The files by their readable names, each name once, without folders and what systems put there."""
    most, files = limits().unpacked_megabytes, packed.infolist()
    if sum(info.file_size for info in files) > most << 20:
        raise refusals.too_many_bytes(most, "unpacked_megabytes")
    if len(files) > limits().archive_files:
        raise _too_many(len(files))
    named = dict[str, zipfile.ZipInfo]()
    for info in files:
        name = printable(member_name(info.orig_filename, bool(info.flag_bits & UTF8)))
        if info.is_dir() or not is_return(PurePosixPath(name.replace("..", "::"))):
            continue
        while name in named:
            name += "'"
        named[name] = info
    return list(named.items())


def _member(
    packed: zipfile.ZipFile, name: str, info: zipfile.ZipInfo, read: Callable[[bytes], list[Sheet]]
) -> Iterator[Sheet]:
    try:
        for sheet in read(_content(packed, name, info)):
            yield replace(sheet, name=f"{name}/{sheet.name}" if sheet.name else name, file=name)
    except Refusal as told:
        told.sheet = f"{name}/{told.sheet}" if told.sheet else name
        yield Sheet(name, [], file=name, refusal=told)


def _content(packed: zipfile.ZipFile, name: str, info: zipfile.ZipInfo) -> bytes:
    if _is_unsafe(name) or stat.S_ISLNK(info.external_attr >> 16):
        raise _unsafe()
    if info.flag_bits & ENCRYPTED:
        raise refusals.encrypted()
    try:
        content = packed.read(info)
    except BROKEN as error:
        raise refusals.damaged(error) from error
    kind = kind_of(content)
    if kind in NESTED or kind == "parquet":
        raise _nested(kind)
    return content


def _is_unsafe(name: str) -> bool:
    r"""Whether a name leads out of the archive's folder.

    >>> [_is_unsafe(name) for name in ("a/b.csv", "../b.csv", "/b.csv", "C:\\b.csv", "a\\..\\b.csv", "a..b.csv")]
    [False, True, True, True, True, False]
    """
    return bool(re.match(r"[/\\]|[A-Za-z]:", name)) or ".." in re.split(r"[/\\]", name)


def _unsafe() -> Refusal:
    return Refusal(
        "unsafe_member",
        "压缩包中的这个条目是链接,或名称指向压缩包之外,不读取。",
        "This entry of the archive is a link, or its name leads out of the archive; it is not read.",
        "请重新压缩:只选表格文件本身。",
        "Pack the tables themselves again, without links.",
    )


def _nested(kind: str) -> Refusal:
    return Refusal(
        "nested_archive",
        f"压缩包里又有 {kind} 文件,不再解开。",
        f"There is a {kind} file inside the archive; it is not unpacked.",
        "请解开后把表格直接放进一个 .zip,或直接上报。",
        "Unpack it and put the tables straight into one .zip, or send them as they are.",
    )


def _too_many(count: int) -> Refusal:
    most = limits().archive_files
    return Refusal(
        "too_large",
        f"压缩包中有 {count} 个条目,超过限额 archive_files({most})。",
        f"The archive holds {count} entries, more than the limit archive_files ({most}).",
        "请分成几个压缩包上报。",
        "Send it as several archives.",
    )
