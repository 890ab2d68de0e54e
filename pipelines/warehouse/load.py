"""From archive and journal into the warehouse: receipts, submissions, facts and printed rates with their history."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import groupby
from pathlib import PurePath

import duckdb

from pipelines.catalog.load import Catalog
from pipelines.catalog.roster import entry_periods
from pipelines.errors import TaizhangError
from pipelines.intake.orgs import OrgIndex
from pipelines.intake.reading import media_type
from pipelines.intake.tables import Refusal, Table
from pipelines.intake.understand import understand
from pipelines.settings import Home
from pipelines.warehouse import archive, corrections, signing
from pipelines.warehouse.batch import Batch, Delivery, add_periods, last_submission
from pipelines.warehouse.bulk.load import load_parquet
from pipelines.warehouse.catalog_tables import Keys
from pipelines.warehouse.files import write_atomic
from pipelines.warehouse.hashing import content_id
from pipelines.warehouse.journal import Entry
from pipelines.warehouse.readers import readers_for
from pipelines.warehouse.rows import as_view, insert
from pipelines.warehouse.understood import UNKNOWN, Reader, Said, Sent, refused, unforeseen
from pipelines.warehouse.writer import transaction

Connection = duckdb.DuckDBPyConnection
KINDS = ("receipt", corrections.KIND, signing.KIND)  # the journal's lines that a warehouse is loaded from
HELD = """
    select receipt_number, receipt_id from intake.receipt
    union select sign_number, sign_id from intake.sign order by 1"""
BLAMELESS = (TaizhangError, OSError, duckdb.Error)  # archive, disk, warehouse: nothing that one file is to blame for
# Of one transaction: memory stays the same however many files wait; from 122,880 rows on DuckDB writes them in place.
MOST_RECEIPTS, MOST_FIGURES = 200, 200_000
LONGEST = 170  # bytes of a sender's file name in refused/: 255 less id, ending, .txt and what `write_atomic` adds


def _id(entry: Entry) -> str:
    return signing.sign_id(entry) if entry.kind == signing.KIND else _receipt_id(entry)


def _receipt_id(entry: Entry) -> str:
    said = (entry.data[name] for name in ("file_id", "filename", "sender"))
    return content_id("receipt", *said, entry.at, entry.seq)


@dataclass(frozen=True)
class Received:
    """A receipt with its file's size and kind and the tables read in it; None: it is read while it is loaded."""

    entry: Entry
    bytes: int
    media: str
    tables: list[Table] | None = None

    @property
    def file_id(self) -> str:
        """The SHA-256 of the bytes."""
        return str(self.entry.data["file_id"])

    @property
    def stands_alone(self) -> bool:
        """Whether it has a transaction of its own."""
        return self.tables is None


@dataclass
class Loader:
    """Loads journalled receipts in their order, many in a transaction; what is wrong with one refuses that one."""

    con: Connection
    home: Home
    catalog: Catalog
    keys: Keys = field(init=False)
    index: OrgIndex = field(init=False)

    def __post_init__(self) -> None:
        self.keys = Keys(self.catalog)
        self.index = OrgIndex(self.catalog.orgs)
        periods = {p for entry in self.catalog.roster.values() for p in entry_periods(entry, self.catalog)}
        add_periods(self.con, sorted(periods))

    def expect(self, files: int) -> None:
        """Gets ready to read so many files that are about to come."""
        if self.home.limits.processes:
            readers_for(self._reader()).expect(files)

    def _reader(self) -> Reader:
        return Reader(self.catalog, self.index, self.home.limits)

    def load(self, entries: Sequence[Entry], progress: Callable[[str], None] = lambda _: None) -> int:
        """Loads the receipts that the warehouse does not hold yet, in the journal's order; returns how many."""
        done = {number for number, _ in self.con.execute(HELD).fetchall()}
        receipts = [entry for entry in entries if entry.kind in KINDS and entry.seq not in done]
        if not done:  # a warehouse made anew: what was refused may be accepted now
            for path in self.home.refused.iterdir():
                shutil.rmtree(path) if path.is_dir() else path.unlink()
        for signs, group in groupby(receipts, lambda entry: entry.kind == signing.KIND):
            if signs:
                signing.load_signs(self.con, list(group))
            else:
                self._load_receipts(list(group), progress)
        return len(receipts)

    def _load_receipts(self, receipts: Sequence[Entry], progress: Callable[[str], None]) -> None:
        for received in self._batches(receipts, progress):
            try:
                self._load_batch(received)
            except BLAMELESS:
                raise
            except Exception:  # one of them is to blame: each by itself shows which
                for one in received:
                    self._load_alone(one)

    def _batches(self, receipts: Sequence[Entry], progress: Callable[[str], None]) -> Iterator[list[Received]]:
        """The receipts with what they say, as many at a time as one transaction takes."""
        batch, figures = list[Received](), 0
        for number, received in enumerate(self._received(receipts), 1):
            progress(f"{number}/{len(receipts)} {received.entry.data['filename']}")
            if batch and (len(batch) >= MOST_RECEIPTS or figures >= MOST_FIGURES or received.stands_alone):
                yield batch
                batch, figures = [], 0
            batch.append(received)
            figures += sum(len(table.facts) + len(table.quarantine) for table in received.tables or ())
            if received.stands_alone:
                yield batch
                batch, figures = [], 0
        if batch:
            yield batch

    def check(self, entries: Sequence[Entry]) -> None:
        """Makes sure that the warehouse holds nothing but what the journal tells.

        Raises:
            TaizhangError: the journal was cut or put back to an older state.
        """
        told = {entry.seq: _id(entry) for entry in entries if entry.kind in KINDS}
        held = self.con.execute(HELD).fetchall()
        strange = next((number for number, receipt_id in held if told.get(number) != receipt_id), None)
        if strange is not None:
            raise TaizhangError(
                f"仓库里有日志 {self.home.journal} 没有的收件(第 {strange} 行):日志被截短或换过。",
                f"The warehouse holds a receipt that the journal {self.home.journal} does not tell (line {strange}): "
                "the journal was cut or exchanged.",
                remedy_zh="从备份恢复 journal/;确认日志无误时运行 taizhang run --full,由它重建仓库。",
                remedy_en="restore journal/ from a backup; where the journal is right, taizhang run --full rebuilds "
                "the warehouse from it.",
            )

    def _received(self, receipts: Sequence[Entry]) -> Iterator[Received]:
        """The receipts in their order, read by other processes ahead of their turn."""
        files = (self._sent(entry) for entry in receipts if entry.kind != corrections.KIND)
        reader = self._reader()
        if self.home.limits.processes:
            said = readers_for(reader).read(files)
        else:
            said = (reader.read(file, understand) for file in files)
        for entry in receipts:
            told = next(said) if entry.kind != corrections.KIND else self._said_of_correction(entry)
            yield Received(entry, told.bytes, told.media, told.tables)

    def _sent(self, entry: Entry) -> Sent:
        return Sent(self.home.archive, *(entry.data[name] for name in ("file_id", "filename", "sender")))

    def _said_of_correction(self, entry: Entry) -> Said:
        content = archive.get(self.home.archive, entry.data["file_id"])
        return Said(len(content), media_type(content) or UNKNOWN, None)

    def _load_alone(self, received: Received) -> None:
        try:
            self._load_batch([received])
        except BLAMELESS:
            raise
        except Refusal as told:  # of a file that is read while it is loaded; what it had begun is undone
            self._load_batch([replace(received, tables=[refused(told)])])
        except Exception as error:
            self._load_batch([replace(received, tables=[unforeseen(error)])])

    def _load_batch(self, received: Sequence[Received]) -> None:
        """Loads receipts in one transaction: all of them or none."""
        with transaction(self.con):
            became = [self._load_by_itself(one) for one in received if one.stands_alone]
            became = became or self._load_tables(received)
            told = [(*_receipt(one.entry), *outcome) for one, outcome in zip(received, became, strict=True)]
            insert(self.con, "intake.receipt", told)
            files = {one.file_id: (one.file_id, one.bytes, one.media) for one in received}
            with as_view(self.con, "intake.file", list(files.values())) as view:
                self.con.execute(f"insert or ignore into intake.file from {view}")

    def _load_tables(self, received: Sequence[Received]) -> list[tuple[str, str]]:
        """Returns what became of each receipt: its state, and the reason where it is refused."""
        batch = Batch(self.con, self.keys, [table for one in received for table in one.tables or ()])
        became = [self._load_receipt(one, batch) for one in received]
        batch.write()
        return became

    def _load_receipt(self, received: Received, batch: Batch) -> tuple[str, str]:
        entry, tables = received.entry, received.tables or []
        delivery = Delivery(_receipt_id(entry), received.file_id, _utc(entry.at), received_at(entry))
        states = {batch.add(table, delivery) for table in tables}
        refusals = [table.refusal for table in tables if table.refusal]
        if refusals:
            self._write_refusal(delivery, entry.data["filename"], refusals)
        if states <= {"refused"}:
            return "refused", next((refusal.reason for refusal in refusals), "")
        return ("accepted" if "accepted" in states else "duplicate"), ""

    def _load_by_itself(self, received: Received) -> tuple[str, str]:
        return (self._load_corrections if received.entry.kind == corrections.KIND else self._load_bulk)(received)

    def _load_bulk(self, received: Received) -> tuple[str, str]:
        entry, path = received.entry, self.home.archive.resolve() / received.file_id
        delivery = Delivery(_receipt_id(entry), received.file_id, _utc(entry.at), received_at(entry))
        states, refusals = load_parquet(self.con, self.catalog, path, delivery)
        if refusals:
            self._write_refusal(delivery, entry.data["filename"], refusals)
        if states == {"refused"}:
            return "refused", refusals[0].reason
        return ("accepted" if "accepted" in states else "duplicate"), ""

    def _load_corrections(self, received: Received) -> tuple[str, str]:
        receipt_id, at = _receipt_id(received.entry), _utc(received.entry.at)
        content = archive.get(self.home.archive, received.file_id)
        key = last_submission(self.con) + 1
        submission_id = content_id("submission", receipt_id, "", key)
        who, place = received.entry.data["sender"], (key, submission_id, at)
        periods, account, held = corrections.load_rows(self.con, self.catalog, content, who, place)
        row = (key, submission_id, receipt_id, "", None, None, None, None, None, "correction", "", "", "", "", at)
        insert(self.con, "intake.submission", [(*row, *account)])
        insert(self.con, "intake.quarantine", [(submission_id, "", *cell, "") for cell in held])
        add_periods(self.con, periods)
        return "correction", ""

    def _write_refusal(self, delivery: Delivery, filename: str, refusals: list[Refusal]) -> None:
        content = archive.get(self.home.archive, delivery.file_id)
        name = f"{delivery.receipt_id}-{_cut(filename)}"
        write_atomic(self.home.refused / name, content)
        write_atomic(self.home.refused / f"{name}.txt", refusal_text(filename, refusals).encode())


def _cut(filename: str) -> str:
    """The name, cut in the middle where it is too long.

    >>> _cut("a.xlsx"), len(_cut("表" * 80 + ".xlsx").encode())
    ('a.xlsx', 173)
    """
    if len(filename.encode()) <= LONGEST:
        return filename
    return filename.encode()[:LONGEST].decode(errors="ignore") + PurePath(filename).suffix[-8:]


def refusal_text(filename: str, refusals: Sequence[Refusal]) -> str:
    """What the sender is told, in Chinese and English: what was wrong, where, and what to do."""
    lines = []
    for r in refusals:
        zh = (f"工作表“{r.sheet}”" if r.sheet else "") + (f" 单元格 {r.cell}" if r.cell else "")
        en = ", ".join(
            part for part in (f"sheet {r.sheet!r}" if r.sheet else "", f"cell {r.cell}" if r.cell else "") if part
        )
        lines += [
            f"文件:{filename}", f"位置:{zh or '整个文件'}", f"原因:{r.zh}", f"办法:{r.remedy_zh}", "",
            f"File: {filename}", f"Place: {en or 'the whole file'}", f"Reason: {r.en}", f"Remedy: {r.remedy_en}", "",
        ]  # fmt: skip
    return "\n".join(lines)


def _receipt(entry: Entry) -> tuple[object, ...]:
    """A row of intake.receipt, without what became of it."""
    data = entry.data
    said = (data["file_id"], data["filename"], data["sender"], received_at(entry), _utc(data["modified_at"]))
    return (_receipt_id(entry), entry.seq, *said)


def received_at(entry: Entry) -> datetime:
    """When a file was received (UTC): what its line says, where the site goes by the files' own times, else its night.

    What was known when (known_from) goes by the line's own time either way.
    """
    return _utc(entry.data.get("received_at", entry.at))


def _utc(text: str) -> datetime:
    """A journal's time as the warehouse keeps it: UTC, without zone."""
    return datetime.fromisoformat(text).replace(tzinfo=None)
