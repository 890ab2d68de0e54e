"""How much one file may ask of the machine: bytes, cells, seconds, memory."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, fields

from pipelines.errors import TaizhangError

LEAST = {"processes": 0}


@dataclass(frozen=True)
class Limits:
    """What taizhang.toml may say under [limits]; the defaults are those of a county's machine."""

    file_megabytes: int = 200  # as it was sent
    unpacked_megabytes: int = 1024  # a workbook's parts or an archive's files, unpacked
    archive_files: int = 5000  # of one archive
    cells: int = 20_000_000  # of one sheet, up to its last cell
    seconds: int = 120  # to read and understand one file
    memory_megabytes: int = 4096  # of the process that reads, beyond what it starts with
    processes: int = min(2, os.cpu_count() or 1)  # that read; 0: the night itself reads, and only size is limited

    @classmethod
    def told(cls, said: object, where: object) -> Limits:
        """The limits of a site.

        Args:
            said: what its settings hold under `limits`; None where they say nothing.
            where: the file that says it, for the message.

        Raises:
            TaizhangError: an unknown name, or no whole number above 0.
        """
        if said is None:
            return cls()
        names = [field.name for field in fields(cls)]
        table = said if isinstance(said, Mapping) else {"[limits]": said}
        for name, value in table.items():
            if name not in names or isinstance(value, bool) or not isinstance(value, int) or value < LEAST.get(name, 1):
                raise TaizhangError(
                    f"{where} 的 [limits] 中“{name} = {value!r}”不对:名称须是 {'、'.join(names)} 之一,"
                    "值须是正整数(processes 可以是 0)。",
                    f"{where}: under [limits] {name} = {value!r} is wrong; a limit is one of {', '.join(names)} and a "
                    "whole number above 0 (processes may be 0).",
                    remedy_zh="按 docs/guide/site.md 改正,或删去这一行。",
                    remedy_en="mend it after docs/guide/site.md, or leave the line out.",
                )
        return cls(**table)


_IN_FORCE: ContextVar[Limits] = ContextVar("limits", default=Limits())  # noqa: B039 -- it is frozen


def limits() -> Limits:
    """The limits in force here."""
    return _IN_FORCE.get()


@contextmanager
def within(those: Limits) -> Iterator[None]:
    """Puts limits in force for a while."""
    token = _IN_FORCE.set(those)
    try:
        yield
    finally:
        _IN_FORCE.reset(token)
