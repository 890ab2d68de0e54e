"""From archive and journal into the warehouse: receipts, submissions, facts and printed rates with their history."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import takewhile
from pathlib import PurePath
from typing import Any

import duckdb

from pipelines.catalog.load import Catalog
from pipelines.catalog.periods import Period, containing, parse_code
from pipelines.errors import TaizhangError
from pipelines.intake.orgs import OrgIndex
from pipelines.intake.reading import media_type
from pipelines.intake.tables import Refusal, Table
from pipelines.intake.understand import understand
from pipelines.settings import Home
from pipelines.warehouse import archive, corrections
from pipelines.warehouse.catalog_tables import Keys
from pipelines.warehouse.files import write_atomic
from pipelines.warehouse.hashing import content_id
from pipelines.warehouse.journal import Entry
from pipelines.warehouse.writer import insert, transaction

Connection = duckdb.DuckDBPyConnection
KINDS = ("receipt", corrections.KIND)  # the journal's lines that a warehouse is loaded from
LONGEST = 170  # bytes of a sender's file name in refused/: 255 less id, ending, .txt and what `write_atomic` adds


def _receipt_id(entry: Entry) -> str:
    said = (entry.data[name] for name in ("file_id", "filename", "sender"))
    return content_id("receipt", *said, entry.at, entry.seq)


@dataclass
class Loader:
    """Loads journalled receipts one by one, each in a transaction of its own."""

    con: Connection
    home: Home
    catalog: Catalog
    keys: Keys = field(init=False)
    index: OrgIndex = field(init=False)

    def __post_init__(self) -> None:
        self.keys = Keys(self.catalog)
        self.index = OrgIndex(self.catalog.orgs)
        add_periods(self.con, [parse_code(code) for e in self.catalog.roster.values() for code in e.periods])

    def load(self, entries: Sequence[Entry], progress: Callable[[str], None] = lambda _: None) -> int:
        """Loads the receipts that the warehouse does not hold yet, in the journal's order; returns how many."""
        done = {row[0] for row in self.con.execute("select receipt_number from intake.receipt").fetchall()}
        receipts = [entry for entry in entries if entry.kind in KINDS and entry.seq not in done]
        if not done:  # a warehouse made anew: what was refused may be accepted now
            for path in self.home.refused.iterdir():
                shutil.rmtree(path) if path.is_dir() else path.unlink()
        for number, entry in enumerate(receipts, 1):
            progress(f"{number}/{len(receipts)} {entry.data['filename']}")
            try:
                with transaction(self.con):
                    self._load_receipt(entry)
            except (
                TaizhangError,
                OSError,
                duckdb.Error,
            ):  # archive, disk, warehouse: nothing that one file is to blame for
                raise
            except Exception as error:  # whatever is wrong with one file, it must not stop everybody's night
                with transaction(self.con):
                    self._load_receipt(entry, _unforeseen(error))
        return len(receipts)

    def check(self, entries: Sequence[Entry]) -> None:
        """Makes sure that the warehouse holds nothing but what the journal tells.

        Raises:
            TaizhangError: the journal was cut or put back to an older state.
        """
        told = {entry.seq: _receipt_id(entry) for entry in entries if entry.kind in KINDS}
        held = self.con.execute("select receipt_number, receipt_id from intake.receipt order by 1").fetchall()
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

    def _load_receipt(self, entry: Entry, refusal: Refusal | None = None) -> None:
        data, at, received = entry.data, _utc(entry.at), received_at(entry)
        content = archive.get(self.home.archive, data["file_id"])
        receipt_id = _receipt_id(entry)
        if entry.kind == corrections.KIND and refusal is None:
            self._load_corrections(receipt_id, content, data["sender"], at)
            self._insert_receipt(entry, content, "correction", "")
            return
        state, reason, tables = "accepted", "", list[Table]()
        try:
            if refusal is not None:
                raise refusal
            tables = understand(content, self.catalog, self.index, self._sender(data["sender"]))
        except Refusal as told:
            tables = [Table(sheet=told.sheet, refusal=told)]
        states = [self._load_table(table, receipt_id, data["file_id"], at, received) for table in tables]
        if all(state == "refused" for state in states):
            state = "refused"
            reason = next((t.refusal.reason for t in tables if t.refusal), "")
        elif all(state in ("duplicate", "refused") for state in states):
            state = "duplicate"
        if "refused" in states:
            self._write_refusal(receipt_id, data["filename"], content, [t.refusal for t in tables if t.refusal])
        self._insert_receipt(entry, content, state, reason)

    def _insert_receipt(self, entry: Entry, content: bytes, state: str, reason: str) -> None:
        data = entry.data
        receipt = (_receipt_id(entry), entry.seq, data["file_id"], data["filename"], data["sender"], received_at(entry))
        insert(self.con, "intake.receipt", [(*receipt, _utc(data["modified_at"]), state, reason)])
        self.con.execute(
            "insert or ignore into intake.file values (?, ?, ?)",
            [data["file_id"], len(content), media_type(content) or "application/octet-stream"],
        )

    def _load_corrections(self, receipt_id: str, content: bytes, who: str, at: datetime) -> None:
        key = self._next_submission_key()
        submission_id = content_id("submission", receipt_id, "", key)
        place = (key, submission_id, at)
        periods, account, held = corrections.load_rows(self.con, self.catalog, content, who, place)
        row = (key, submission_id, receipt_id, "", None, None, None, None, None, "correction", "", "", "", "", at)
        insert(self.con, "intake.submission", [(*row, *account)])
        insert(self.con, "intake.quarantine", [(submission_id, "", *cell, "") for cell in held])
        add_periods(self.con, periods)

    def _sender(self, folder: str) -> str:
        """The organisation that an inbox folder is named after, or ''."""
        name = folder.split("/")[0]
        try:
            return self.index.resolve(name).code if name else ""
        except Refusal:
            return ""

    def _load_table(self, table: Table, receipt_id: str, file_id: str, at: datetime, received: datetime) -> str:
        key = self._next_submission_key()
        before = [] if table.refusal else self._submissions_before(table)
        newest = takewhile(lambda row: row[1] == file_id, reversed(before))  # a file may hold several such tables
        duplicate = table.sheet in {row[2] for row in newest}
        state = "refused" if table.refusal else "duplicate" if duplicate else "accepted"
        self._insert_submission(key, table, receipt_id, state, len(before) + 1, received)
        if state == "accepted":
            keys = [row[0] for row in before]
            self._load_facts(table, key, at, keys)
            self._load_claims(table, key, at, keys)
            remarks = [(key, r.rule, self.keys.org[r.org], r.period.key, r.element, r.cell, r.observed, r.expected)
                       for r in table.remarks]  # fmt: skip
            insert(self.con, "intake.remark", remarks)
            assert table.period is not None  # what is quarantined is told under the return's own period
            insert(self.con, "run.touched", [(self.keys.org[table.org], table.period.key)])
        if state != "duplicate":
            submission = self._submission_id(key)
            quarantined = [(submission, table.sheet, q.cell, q.printed, q.reason, q.label) for q in table.quarantine]
            insert(self.con, "intake.quarantine", quarantined)
        return state

    def _next_submission_key(self) -> int:
        found = self.con.execute("select coalesce(max(submission_key), 0) + 1 from intake.submission").fetchone()
        return int(found[0]) if found else 1

    def _submission_id(self, key: int) -> str:
        found = self.con.execute("select submission_id from intake.submission where submission_key = ?", [key])
        return str(found.fetchall()[0][0])

    def _submissions_before(self, table: Table) -> list[tuple[int, str, str]]:
        """Accepted submissions of the same form, unit, period and sender, oldest first: key, file, sheet."""
        assert table.period is not None
        return self.con.execute(
            "select s.submission_key, r.file_id, s.sheet from intake.submission s "
            "left join intake.receipt r using (receipt_id) where s.state = 'accepted' and s.form_code = ? "
            "and s.org_code = ? and s.period_code = ? and s.reported_by = ? order by s.submission_key",
            [table.form, table.org, table.period.code, table.reported_by],
        ).fetchall()

    def _insert_submission(
        self, key: int, table: Table, receipt_id: str, state: str, revision: int, received: datetime
    ) -> None:
        refusal, a = table.refusal, table.account
        told = (refusal.reason, refusal.zh, refusal.en, refusal.cell) if refusal else ("", "", "", "")
        period = table.period.code if table.period else None
        row = (
            key, content_id("submission", receipt_id, table.sheet, key), receipt_id, table.sheet, table.form or None,
            table.org or None, table.reported_by or None, period, None if state != "accepted" else revision, state,
            *told, received, a.read, a.fact, a.claim, a.total, a.entry, a.label, a.quarantined,
        )  # fmt: skip
        insert(self.con, "intake.submission", [row])
        if table.period:
            add_periods(self.con, [table.period])

    def _load_facts(self, table: Table, key: int, at: datetime, before: list[int]) -> None:
        k = self.keys
        rows = [
            (
                k.org[f.org], f.period.key, k.element[f.element], k.breakdown[f.breakdown], k.form[table.form],
                k.org[table.reported_by], f.occurrence, f.value, f.qualifier, f.state, key, f.cell, f.is_total, at,
                None,
            )
            for f in table.facts
        ]  # fmt: skip
        add_periods(self.con, [fact.period for fact in table.facts])
        self._revise("store.fact_history", "element_key", "element", rows, key, before)

    def _load_claims(self, table: Table, key: int, at: datetime, before: list[int]) -> None:
        k, submission = self.keys, self._submission_id(key)
        rows = [
            (
                k.org[table.org], c.period.key, k.indicator[c.indicator], k.breakdown[c.breakdown], k.form[table.form],
                k.org[table.reported_by], c.occurrence, content_id("claim", submission, table.sheet, c.cell), c.text,
                c.value, c.qualifier, c.unit, c.decimals, key, c.cell, at, None,
            )
            for c in table.claims
        ]  # fmt: skip
        add_periods(self.con, [claim.period for claim in table.claims])
        self._revise("store.claim_history", "indicator_key", "indicator", rows, key, before)

    def _revise(
        self, table: str, what_key: str, what: str, rows: Sequence[Sequence[Any]], key: int, before: list[int]
    ) -> None:
        """Puts the new rows in place of those that they restate; what is absent keeps its value, with a question."""
        same = (
            "org_key",
            "period_key",
            what_key,
            "breakdown_key",
            "form_key",
            "reported_by_key",
            "occurrence",
        )
        match = " and ".join(f"old.{name} = new.{name}" for name in same)
        con = self.con
        con.execute(f"create temp table new_rows as from {table} limit 0")
        insert(con, "new_rows", rows)
        con.execute(
            f"update {table} old set known_to = new.known_from from new_rows new where old.known_to is null and {match}"
        )
        con.execute(f"insert into {table} from new_rows")
        con.execute(
            f"insert into run.touched select distinct org_key, period_key from {table} "
            "where submission_key in (select unnest(?))",
            [[key, *before]],
        )
        if before:
            con.execute(
                # It stands where the value stands, in the return before; once, however often it is left out.
                "insert into intake.remark select old.submission_key, 'absent_in_revision', old.org_key, "
                f"old.period_key, w.{what}_code, old.cell, '', '' from {table} old join catalog.{what} w "
                f"using ({what_key}) where old.known_to is null and old.submission_key in (select unnest(?)) "
                "except select * from intake.remark",
                [before],
            )
        con.execute("drop table new_rows")

    def _write_refusal(self, receipt_id: str, filename: str, content: bytes, refusals: list[Refusal]) -> None:
        name = f"{receipt_id}-{_cut(filename)}"
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


def _unforeseen(error: Exception) -> Refusal:
    told = f"{type(error).__name__}: {error}"[:300]
    return Refusal(
        "unreadable_file",
        f"读取时出错({told})。",
        f"Reading it failed ({told}).",
        "请在 Excel 或 WPS 中打开,另存为新的 .xlsx 后再报;仍然出错时请把本文件交给台账的维护人员。",
        "Open it in Excel or WPS, save it as a new .xlsx and send it again; if that fails too, give this file to "
        "those who maintain taizhang.",
    )


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


def add_periods(con: Connection, periods: Sequence[Period]) -> None:
    """Puts periods into core.period, once each."""
    known = {row[0] for row in con.execute("select period_key from core.period").fetchall()}
    rows = []
    longer = {outer for inner in periods for outer in containing(inner)}
    for period in sorted({*periods, *longer}):
        if period.key not in known:
            previous = period.previous.key if period.previous else None
            aliases = ";".join(period.aliases)
            rows.append(
                (
                    period.key,
                    period.code,
                    period.start,
                    period.end,
                    period.kind,
                    period.as_at,
                    aliases,
                    previous,
                )
            )
    insert(con, "core.period", rows)


def received_at(entry: Entry) -> datetime:
    """When a file was received (UTC): what its line says, where the site goes by the files' own times, else its night.

    What was known when (known_from) goes by the line's own time either way.
    """
    return _utc(entry.data.get("received_at", entry.at))


def _utc(text: str) -> datetime:
    """A journal's time as the warehouse keeps it: UTC, without zone."""
    return datetime.fromisoformat(text).replace(tzinfo=None)
