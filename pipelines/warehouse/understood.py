"""What a received file says, and how that travels from the process that reads to the one that writes."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from pipelines.catalog.load import Catalog
from pipelines.catalog.orgs import Register
from pipelines.intake.facts import Facts
from pipelines.intake.orgs import OrgIndex
from pipelines.intake.reading import MEDIA, media_type
from pipelines.intake.tables import ClaimCell, Quarantined, Refusal, Remark, Table
from pipelines.intake.understand import understand
from pipelines.limits import Limits, within
from pipelines.warehouse import archive
from pipelines.warehouse.fact_columns import FactColumns

Understand = Callable[..., list[Table]]
UNKNOWN = "application/octet-stream"
UNFORESEEN = "unforeseen_error"  # the reason of a refusal that may be the program's own fault
LISTS: dict[str, Callable[..., Any]] = {
    "claims": ClaimCell._make, "quarantine": Quarantined._make, "remarks": Remark._make,
}  # fmt: skip


@dataclass(frozen=True)
class Sent:
    """A received file: where it is archived, its digest, the name that the sender gave it, the folder it lay in."""

    archive: Path
    file_id: str
    filename: str
    folder: str


@dataclass(frozen=True)
class Said:
    """A file's size and kind and the tables read in it; None: it is read while it is loaded."""

    bytes: int
    media: str
    tables: list[Table] | None


@dataclass(frozen=True)
class Reader:
    """Reads files by a catalog, within limits."""

    catalog: Catalog
    index: OrgIndex
    limits: Limits

    def read(self, sent: Sent, how: Understand = understand) -> Said:
        """What a file says; whatever is wrong with it is a refusal.

        Raises:
            TaizhangError: the archive does not hold what was received.
        """
        content = archive.get(sent.archive, sent.file_id)
        media = media_of(content)
        if media == MEDIA["parquet"]:
            return Said(len(content), media, None)
        try:
            with within(self.limits):
                name = f"{sent.folder}/{sent.filename}"
                tables = how(content, self.catalog, self.index, self._sender(sent.folder), name)
        except Refusal as told:
            tables = [Table(sheet=told.sheet, refusal=told)]
        except MemoryError:
            tables = [refused(too_much_memory(self.limits))]
        except Exception as error:  # whatever is wrong with one file, it must not stop everybody's night
            tables = [unforeseen(error)]
        return Said(len(content), media, tables)

    def _sender(self, folder: str) -> str:
        """The organisation that an inbox folder is named after, or ''."""
        name = folder.split("/")[0]
        try:
            return self.index.resolve(name).code if name else ""
        except Refusal:
            return ""


def media_of(content: bytes) -> str:
    """The media type of a file; of a broken one too."""
    try:
        return media_type(content) or UNKNOWN
    except Exception:  # it is refused with a reason when it is read
        return UNKNOWN


def refused(refusal: Refusal) -> Table:
    """A file that could not be read, as a table."""
    return Table(sheet=refusal.sheet, refusal=refusal)


def unforeseen(error: Exception) -> Table:
    """What a file is that could not be read for a reason that nobody foresaw: refused, and told so."""
    told = f"{type(error).__name__}: {error}"[:300]
    refusal = Refusal(
        UNFORESEEN,
        f"读取时出错({told})。",
        f"Reading it failed ({told}).",
        "请在 Excel 或 WPS 中打开,另存为新的 .xlsx 后再报;仍然出错时请把本文件交给台账的维护人员。",
        "Open it in Excel or WPS, save it as a new .xlsx and send it again; if that fails too, give this file to "
        "those who maintain taizhang.",
    )
    return refused(refusal)


REMEDY = (
    "请只留下要报的表,复制到新的 .xlsx 后再报;确有需要时由站点在 taizhang.toml 的 [limits] 中放宽。",
    "Copy only the table to be reported into a new .xlsx and send it again; where a file must be so large, the site "
    "raises the limit under [limits] in taizhang.toml.",
)


def too_much_memory(limits: Limits) -> Refusal:
    """Why a file is refused that needs more memory than the site allows, or that its reader broke down over."""
    most = limits.memory_megabytes
    return Refusal(
        "too_much_memory",
        f"读取它时内存超过限额(memory_megabytes = {most})或读取程序中断。",
        f"Reading it took more memory than the limit (memory_megabytes = {most}), or the reader broke down.",
        *REMEDY,
    )


def too_slow(limits: Limits) -> Refusal:
    """Why a file is refused that takes longer to read than the site allows."""
    return Refusal(
        "too_slow",
        f"读取它的时间超过限额(seconds = {limits.seconds})。",
        f"Reading it took longer than the limit (seconds = {limits.seconds}).",
        *REMEDY,
    )


# ---- between processes


class _Pickler(pickle.Pickler):
    """Knows what does not travel by itself: a register's caches, a refusal's words."""

    def reducer_override(self, thing: Any) -> Any:
        if isinstance(thing, Register):
            return Register, (thing.table,)
        if isinstance(thing, Refusal):
            words = (thing.reason, thing.zh, thing.en, thing.remedy_zh, thing.remedy_en)
            return _refusal, (*words, thing.sheet, thing.cell)
        return NotImplemented


def _refusal(*words: str) -> Refusal:
    *said, sheet, cell = words
    return Refusal(*said, sheet=sheet, cell=cell)


def packed(thing: Any) -> bytes:
    """Anything of these modules as bytes."""
    target = BytesIO()
    _Pickler(target, 5).dump(thing)
    return target.getvalue()


def pack(said: Said) -> bytes:
    """What a file says as bytes, its cells by columns: a tenth of the time that cells one by one would take."""
    tables = [
        {
            **vars(table),
            **{name: tuple(zip(*getattr(table, name), strict=True)) for name in LISTS},
            "facts": (FactColumns.of(table.facts.singles).columns, table.facts.blocks),
        }
        for table in said.tables or ()
    ]
    return packed((said.bytes, said.media, None if said.tables is None else tables))


def unpack(content: bytes) -> Said:
    """The other way."""
    size, media, tables = pickle.loads(content)
    if tables is not None:
        for table in tables:
            table.update({name: list(map(make, zip(*table[name], strict=True))) for name, make in LISTS.items()})
            columns, blocks = table["facts"]
            table["facts"] = Facts(FactColumns(columns), blocks)
        tables = [Table(**table) for table in tables]
    return Said(size, media, tables)
