"""Signing returns off: approved (审核), closed (定案), open again; each a line of the journal.

A closed return takes no new file; a file of an approved one is taken, and a finding tells what it changed.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

import duckdb

from pipelines.intake.tables import Account, Quarantined, Refusal, Table
from pipelines.warehouse.hashing import content_id
from pipelines.warehouse.journal import Entry
from pipelines.warehouse.rows import insert
from pipelines.warehouse.writer import transaction

Connection = duckdb.DuckDBPyConnection
KIND = "sign"
REASON = "period_closed"
CHINA = timedelta(hours=8)
CLOSED = """
    select signed.form_code, signed.org_code, signed.period_code, signed.who, signed.signed_at, unit.org_name,
        form.name_zh, form.name_en
    from (
        select *, row_number() over (partition by form_code, org_code, period_code order by sign_number desc) as newness
        from intake.sign
    ) as signed
    inner join core.org_unit as unit using (org_code)
    inner join catalog.form as form using (form_code)
    where signed.newness = 1 and signed.state = 'closed'"""


class Closing(NamedTuple):
    """Who closed a return, and when (UTC); what the unit and the form are called."""

    who: str
    at: datetime
    org_name: str
    form_zh: str
    form_en: str


Closed = dict[tuple[str, str, str], Closing]  # by form, organisation and period


def sign_id(entry: Entry) -> str:
    """The id of a line of the journal that signs returns."""
    said = (entry.data[name] for name in ("form", "period", "state", "who", "why"))
    return content_id(KIND, *said, *entry.data["orgs"], entry.at, entry.seq)


def load_signs(con: Connection, entries: Sequence[Entry]) -> None:
    """Puts lines of the journal into intake.sign, and tells the selects whose figures they concern.

    A sign counts for what was sent until then: `submission_key` is the last submission before it.
    """
    with transaction(con):
        rows = [
            (sign_id(entry), entry.seq, entry.data["form"], org, entry.data["period"], entry.data["state"],
             entry.data["who"], entry.data["why"], datetime.fromisoformat(entry.at).replace(tzinfo=None), _last(con))
            for entry in entries for org in entry.data["orgs"]
        ]  # fmt: skip
        insert(con, "intake.sign", rows)
        con.execute(
            """
            with signed as (
                select sent.submission_key, unit.org_key, sender.org_key as sender_key, period.period_key
                from intake.sign as sign
                inner join intake.submission as sent using (form_code, org_code, period_code)
                inner join core.org_unit as unit using (org_code)
                inner join core.org_unit as sender on sent.reported_by = sender.org_code
                inner join core.period as period using (period_code)
                where sign.sign_number in (select unnest(?)) and sent.state = 'accepted'
            )
            insert into run.touched
            select org_key, period_key from signed
            union
            select sender_key, period_key from signed
            union
            select org_key, period_key from store.fact_history
            where submission_key in (select submission_key from signed)""",
            [[entry.seq for entry in entries]],
        )


def _last(con: Connection) -> int:
    return int(con.execute("select coalesce(max(submission_key), 0) from intake.submission").fetchall()[0][0])


def closed(con: Connection) -> Closed:
    """The returns that take no new file."""
    return {(form, org, period): Closing(*told) for form, org, period, *told in con.execute(CLOSED).fetchall()}


def set_aside_where_closed(table: Table, closings: Closed) -> bool:
    """Refuses a table of a closed return, or one that states figures of a closed period; tells whether it did."""
    if not closings or table.period is None:
        return False
    periods = {table.period, *table.facts.periods}
    places = [(table.form, table.org, period.code) for period in sorted(periods)]
    place = next((place for place in places if place in closings), None)
    if place is None:
        return False
    held = {fact.cell: (f"{fact.value:f}" if fact.value is not None else "") for fact in table.facts}
    held |= {claim.cell: claim.text for claim in table.claims}
    known = {one.cell for one in table.quarantine}
    table.quarantine += [Quarantined(c, printed, REASON, "") for c, printed in held.items() if c not in known]
    read, count = table.account.read, len(table.quarantine)
    table.account = Account(read=read, quarantined=count, label=read - count)
    table.refusal = refusal(place, closings[place])
    table.refusal.sheet = table.sheet
    return True


def refusal(place: tuple[str, str, str], closing: Closing) -> Refusal:
    """Why a new file of a closed return is refused, and what its sender can do."""
    form, org, period = place
    day, command = f"{closing.at + CHINA:%Y-%m-%d}", f"taizhang sign {form} --org {org} --period {period} --state open"
    return Refusal(
        REASON,
        f"{closing.org_name} {period} 的{closing.form_zh}已由 {closing.who} 于 {day} 定案,不再收新的报表。",
        f"The {closing.form_en} ({form}) of {closing.org_name} for {period} was closed by {closing.who} on {day}; it "
        "takes no new file.",
        f'确需修改的,先写明原因重新打开:{command} --why "…",再把这个文件报一次;'
        "只改个别数的,用 taizhang correct 登记更正。",
        f'Where it must change, open it again with a reason: {command} --why "…", then send this file again; for a few '
        "figures declare a correction (taizhang correct).",
    )
