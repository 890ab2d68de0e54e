"""The tables of several receipts, written together: what comes out is what one after another would have given.

A file at a time costs a dozen small statements and a commit that the disk must confirm; a batch costs them once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from datetime import datetime
from itertools import takewhile
from typing import Any, NamedTuple

import duckdb

from pipelines.catalog.periods import Period, containing
from pipelines.intake.tables import Table
from pipelines.warehouse.catalog_tables import Keys
from pipelines.warehouse.hashing import content_id
from pipelines.warehouse.rows import as_columns, as_view, insert
from pipelines.warehouse.signing import closed, set_aside_where_closed
from pipelines.warehouse.waiting import Shared, Waiting, as_figures, keyed

Connection = duckdb.DuckDBPyConnection
Return = tuple[str, str, str, str]  # form, organisation, period, reported by
FACTS, CLAIMS = "store.fact_history", "store.claim_history"
HISTORIES = {FACTS: "element", CLAIMS: "indicator"}
SAME = ("org_key", "period_key", "{}_key", "breakdown_key", "form_key", "reported_by_key", "occurrence")


class Delivery(NamedTuple):
    """The receipt that a table came with: `at`, when a night took it; `received`, when it counts as received (UTC)."""

    receipt_id: str
    file_id: str
    at: datetime
    received: datetime


class Earlier(NamedTuple):
    """An accepted submission of a return."""

    key: int
    file_id: str
    sheet: str
    receipt_id: str


class Batch:
    """Rows of tables that wait to be written, inside the transaction of the caller.

    Where the outcome would depend on what is written together, what waits is written first: before a figure that
    it states too, and before a table that may state what one of its revisions leaves out.
    """

    def __init__(self, con: Connection, keys: Keys, tables: Iterable[Table]) -> None:
        """`tables`: all those that will be added, to look up in one query what was sent before them."""
        self.con, self.keys = con, keys
        self._last = last_submission(con)
        self._earlier = _earlier(con, {_return(table) for table in tables if table.refusal is None})
        self._closed = closed(con)
        self._forget()

    def _forget(self) -> None:
        self._rows: dict[str, list[Sequence[Any]]] = defaultdict(list)
        self._periods: set[Period] = set()
        self._facts = Waiting()
        self._rates: set[tuple[Any, ...]] = set()  # what the waiting printed rates are about
        self._revised: set[tuple[str, str]] = set()  # form and sender of the waiting revisions
        self._replaced: list[int] = []  # submissions that the waiting ones revise
        self._accepted: list[int] = []

    def add(self, table: Table, delivery: Delivery) -> str:
        """Takes one table in and returns its state: accepted, duplicate or refused."""
        self._last += 1
        key, receipt_id, file_id = self._last, delivery.receipt_id, delivery.file_id
        submission = content_id("submission", receipt_id, table.sheet, key)
        before = [] if table.refusal else self._earlier[_return(table)]
        newest = takewhile(lambda e: e.file_id == file_id and e.receipt_id != receipt_id, reversed(before))
        duplicate = table.sheet in {earlier.sheet for earlier in newest}  # a file may hold several such tables
        state = "refused" if table.refusal else "duplicate" if duplicate else "accepted"
        others = {earlier.receipt_id for earlier in before if earlier.receipt_id != receipt_id}
        revision = len(others) + 1 if state == "accepted" else None  # the tables of one return in one file are one
        if state == "accepted" and set_aside_where_closed(table, self._closed):
            state, revision = "refused", None
        if state == "accepted":
            self._accept(table, key, submission, delivery)
            before.append(Earlier(key, file_id, table.sheet, receipt_id))
        ids = (key, submission, receipt_id)
        self._rows["intake.submission"].append(_submission(table, ids, state, revision, delivery.received))
        if table.period:
            self._periods.add(table.period)
        if state != "duplicate":
            quarantined = ((submission, table.sheet, q.cell, q.printed, q.reason, q.label) for q in table.quarantine)
            self._rows["intake.quarantine"] += quarantined
        return state

    def write(self) -> None:
        """Writes what waits: new figures in place of those that they restate."""
        add_periods(self.con, self._periods)
        for name in self._rows.keys() - HISTORIES.keys():
            insert(self.con, name, self._rows[name])
        if self._accepted:
            with ExitStack() as stack:
                singles, blocks = self._facts.singles, self._facts.blocks
                views = [stack.enter_context(as_figures(self.con, blocks))] if blocks else []
                views += [stack.enter_context(as_columns(self.con, FACTS, singles))] if any(singles) else []
                self._revise(FACTS, views)
            with as_view(self.con, CLAIMS, self._rows[CLAIMS]) as view:
                self._revise(CLAIMS, [view] if self._rows[CLAIMS] else [])
        self._forget()

    def _accept(self, table: Table, key: int, submission: str, delivery: Delivery) -> None:
        assert table.period is not None
        at, earlier = delivery.at, self._earlier[_return(table)]
        before = [one.key for one in earlier if one.receipt_id != delivery.receipt_id]
        form, reported_by = self.keys.form[table.form], self.keys.org[table.reported_by]
        facts = keyed(table.facts, Shared(form, reported_by, key, at), self.keys)
        claims = self._claims(table, key, submission, at)
        rates, sent = {row[:7] for row in claims}, (table.form, table.reported_by)
        if sent in self._revised or self._facts.states(facts) or not self._rates.isdisjoint(rates):
            self.write()
        self._rates |= rates
        self._revised |= {sent} if before else set()
        self._replaced += before
        self._accepted.append(key)
        self._facts.add(facts)
        self._rows[CLAIMS] += claims
        self._periods |= facts.periods | {claim.period for claim in table.claims}
        self._rows["intake.recount"] += (
            (key, r.cell, r.draw, self.keys.org[r.org], table.period.key, self.keys.form[r.form],
             self.keys.element[r.element], self.keys.breakdown[r.breakdown], r.value, r.state, r.drawn_at)
            for r in table.recounts
        )  # fmt: skip
        self._rows["intake.signature"] += ((submission, *signature) for signature in table.signatures)
        self._rows["intake.remark"] += (
            (key, r.rule, self.keys.org[r.org], r.period.key, r.element, r.cell, r.observed, r.expected)
            for r in table.remarks
        )
        # What is quarantined is told under the return's own period; a return's finality belongs to who sent it.
        self._rows["run.touched"] += ((org, table.period.key) for org in {self.keys.org[table.org], reported_by})

    def _claims(self, table: Table, key: int, submission: str, at: datetime) -> list[tuple[Any, ...]]:
        k = self.keys
        return [
            (
                k.org[c.org], c.period.key, k.indicator[c.indicator], k.breakdown[c.breakdown], k.form[table.form],
                k.org[table.reported_by], c.occurrence, content_id("claim", submission, table.sheet, c.cell), c.text,
                c.value, c.qualifier, c.unit, c.decimals, key, c.cell, at, None,
            )
            for c in table.claims
        ]  # fmt: skip

    def _revise(self, table: str, views: Sequence[str]) -> None:
        """Puts new rows in place of those that they restate; what is absent keeps its value, with a question.

        `views` hold the new rows; no two of these are about the same.
        """
        con, what = self.con, HISTORIES[table]
        match = " and ".join(f"old.{name} = new.{name}" for name in (same.format(what) for same in SAME))
        for new in views:
            con.execute(
                f"update {table} old set known_to = new.known_from from {new} new "
                f"where old.known_to is null and {match}"
            )
        for new in views:
            con.execute(f"insert into {table} from {new}")
            con.execute(f"insert into run.touched select distinct org_key, period_key from {new}")
        if self._replaced:
            con.execute(
                f"insert into run.touched select distinct org_key, period_key from {table} "
                "where submission_key in (select unnest(?))",
                [self._replaced],
            )
            con.execute(
                # It stands where the value stands, in the return before; once, however often it is left out.
                "insert into intake.remark select old.submission_key, 'absent_in_revision', old.org_key, "
                f"old.period_key, w.{what}_code, old.cell, '', '' from {table} old join catalog.{what} w "
                f"using ({what}_key) where old.known_to is null and old.submission_key in (select unnest(?)) "
                "except select * from intake.remark",
                [self._replaced],
            )


def last_submission(con: Connection) -> int:
    """The highest key of a submission; 0 where there is none."""
    return int(con.execute("select coalesce(max(submission_key), 0) from intake.submission").fetchall()[0][0])


def _return(table: Table) -> Return:
    assert table.period is not None
    return table.form, table.org, table.period.code, table.reported_by


def _earlier(con: Connection, returns: set[Return]) -> dict[Return, list[Earlier]]:
    """Accepted submissions of each of these returns, oldest first."""
    columns = [[one[n] for one in returns] for n in range(4)]
    found = con.execute(
        "select s.form_code, s.org_code, s.period_code, s.reported_by, s.submission_key, r.file_id, s.sheet, "
        "s.receipt_id from intake.submission s join intake.receipt r using (receipt_id) join (select unnest(?) as "
        "form_code, unnest(?) as org_code, unnest(?) as period_code, unnest(?) as reported_by) wanted "
        "using (form_code, org_code, period_code, reported_by) where s.state = 'accepted' order by s.submission_key",
        columns,
    ).fetchall()
    earlier: dict[Return, list[Earlier]] = defaultdict(list)
    for *of, key, file_id, sheet, receipt_id in found:
        earlier[of[0], of[1], of[2], of[3]].append(Earlier(key, file_id, sheet, receipt_id))
    return earlier


def _submission(
    table: Table, ids: tuple[int, str, str], state: str, revision: int | None, received: datetime
) -> tuple[Any, ...]:
    refusal, a = table.refusal, table.account
    told = (refusal.reason, refusal.zh, refusal.en, refusal.cell) if refusal else ("", "", "", "")
    period = table.period.code if table.period else None
    return (
        *ids, table.sheet, table.form or None, table.org or None, table.reported_by or None,
        period, revision, state, *told, received, a.read, a.fact, a.claim, a.total, a.entry, a.label, a.quarantined,
    )  # fmt: skip


def add_periods(con: Connection, periods: Iterable[Period]) -> None:
    """Puts periods, and the longer ones that they are part of, into core.period, once each."""
    given = set(periods)
    known = {row[0] for row in con.execute("select period_key from core.period").fetchall()}
    longer = {outer for inner in given for outer in containing(inner)}
    rows = []
    for period in sorted(given | longer):
        if period.key not in known:
            previous = period.previous.key if period.previous else None
            aliases = ";".join(period.aliases)
            span = (period.start, period.end)
            rows.append((period.key, period.code, *span, period.kind, period.as_at, aliases, previous))
    insert(con, "core.period", rows)
