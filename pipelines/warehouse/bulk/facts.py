"""What a file's returns put into the warehouse: submissions, quarantine, facts with their history, questions."""

from __future__ import annotations

import duckdb

from pipelines.warehouse.batch import Delivery
from pipelines.warehouse.bulk.returns import IDENTITY

Connection = duckdb.DuckDBPyConnection
STATED = ("org_key", "period_key", "element_key", "breakdown_key", "form_key", "reported_by_key")
SUPERSEDED = f"""
    select before.submission_key from bulk_before as before
    inner join bulk_return as sent using ({IDENTITY}) where sent.state = 'accepted'
    union
    select submission_key from bulk_return where state = 'accepted' and not is_newest"""
PRINTED = "rtrim(rtrim(cast(told.value as varchar), '0'), '.')"
LOADED = "told.fault = '' and sent.state = 'accepted'"


def submit(con: Connection, delivery: Delivery) -> None:
    """Submissions with the account of their cells, and what was set aside."""
    con.execute(
        """
        insert into intake.submission
        select
            sent.submission_key,
            substr(
                sha256(concat_ws(chr(31), 'submission', ?, sent.sheet, sent.submission_key)), 1, 16
            ) as submission_id,
            ?, sent.sheet, form.form_code, unit.org_code, reporter.org_code, period.period_code,
            case when sent.state = 'accepted' then sent.revision_number end, sent.state, sent.reason,
            coalesce(refusal.reason_zh, ''), coalesce(refusal.reason_en, ''), coalesce(refusal.cell, ''),
            sent.received_at, sent.cells, account.parts, 0, account.totals, 0, 0, account.held
        from bulk_return as sent
        inner join (
            select
                submission_key,
                count(*) filter (fault = '' and not is_total) as parts,
                count(*) filter (fault = '' and is_total) as totals,
                count(*) filter (fault <> '') as held
            from bulk_told
            group by submission_key
        ) as account using (submission_key)
        left join catalog.form as form on sent.form_key = form.form_key
        left join core.org_unit as unit on sent.org_key = unit.org_key
        left join core.org_unit as reporter on sent.reported_by_key = reporter.org_key
        left join core.period as period on sent.period_key = period.period_key
        left join bulk_refusal as refusal on sent.submission_key = refusal.submission_key
        order by sent.submission_key""",
        [delivery.receipt_id, delivery.receipt_id],
    )


def set_aside(con: Connection) -> None:
    """What is not loaded, with its value as the file has it and what the fault is about."""
    con.execute(
        f"""
        insert into intake.quarantine
        select
            sent.submission_id, sent.sheet, cast(told.row_number as varchar) as cell,
            coalesce(source.value_text, {PRINTED}, told.state) as printed,
            told.fault as reason,
            case told.fault
                when 'unknown_row_unit' then coalesce(source.org_text, unit.org_code)
                when 'unknown_label'
                    then coalesce(
                        source.element_text,
                        element.element_code || coalesce('[' || nullif(breakdown.breakdown_code, '') || ']', '')
                    )
                when 'unknown_state' then told.state
                when 'stated_again' then cast(first.first_row as varchar)
                else ''
            end as label
        from bulk_told as told
        inner join intake.submission as sent on told.submission_key = sent.submission_key and sent.state <> 'duplicate'
        inner join bulk_row as source on told.row_number = source.row_number
        left join core.org_unit as unit on told.org_key = unit.org_key
        left join catalog.element as element on told.element_key = element.element_key
        left join catalog.breakdown as breakdown on told.breakdown_key = breakdown.breakdown_key
        left join bulk_twice as first
            on
                told.submission_key = first.submission_key and told.org_key = first.org_key
                and told.element_key = first.element_key and told.breakdown_key = first.breakdown_key
        where told.fault <> ''
        order by told.row_number"""
    )


def end_facts(con: Connection) -> None:
    """Ends what earlier files said of the figures that this one states."""
    con.execute(
        f"""
        update store.fact_history as old set known_to = new.known_from
        from (
            select {", ".join(_qualified())}, min(sent.known_from) as known_from
            from bulk_told as told inner join bulk_return as sent using (submission_key)
            where {LOADED} and sent.has_before
            group by all
        ) as new
        where
            old.known_to is null and old.occurrence = 1
            and {" and ".join(f"old.{name} = new.{name}" for name in STATED)}"""
    )


def _qualified() -> list[str]:
    """The columns that name a figure, as the rows of a file and their return have them."""
    of_row = ("org_key", "element_key", "breakdown_key")
    return [f"{'told' if name in of_row else 'sent'}.{name}" for name in STATED]


def state_facts(con: Connection) -> None:
    """The facts; where a file states a figure in several revisions, each holds until the next."""
    con.execute(
        f"""
        insert into store.fact_history
        with followed as (
            select
                told.submission_key, told.row_number,
                lead(sent.known_from) over (
                    partition by {", ".join(_qualified())} order by told.submission_key
                ) as known_to
            from bulk_told as told inner join bulk_return as sent using (submission_key)
            where {LOADED} and sent.versions > 1
        )
        select
            told.org_key, sent.period_key, told.element_key, told.breakdown_key, sent.form_key, sent.reported_by_key,
            1 as occurrence, told.value, 'exact' as qualifier, told.state, told.submission_key,
            cast(told.row_number as varchar) as cell, told.is_total, sent.known_from, followed.known_to
        from bulk_told as told
        inner join bulk_return as sent using (submission_key)
        left join followed using (row_number)
        where {LOADED}"""
    )


def remark(con: Connection) -> None:
    """Questions about figures that were loaded, and about those that a later revision leaves out."""
    con.execute(
        f"""
        insert into intake.remark
        select
            told.submission_key, rule.code, told.org_key, sent.period_key, element.element_code,
            cast(told.row_number as varchar), {PRINTED}, rule.expected
        from bulk_told as told
        inner join bulk_return as sent using (submission_key)
        inner join catalog.element as element using (element_key)
        inner join (
            values ('count_not_whole', '整数 / a whole number'), ('count_negative', '≥ 0')
        ) as rule (code, expected)
            on case rule.code when 'count_negative' then told.value < 0 else told.value <> trunc(told.value) end
        where {LOADED} and element.is_count
        order by told.row_number, rule.code"""
    )
    con.execute(
        f"""
        insert into intake.remark
        select
            old.submission_key, 'absent_in_revision', old.org_key, old.period_key, element.element_code, old.cell,
            '', ''
        from store.fact_history as old
        inner join catalog.element as element using (element_key)
        where old.known_to is null and old.submission_key in ({SUPERSEDED})
        except
        select * from intake.remark"""
    )


def touch(con: Connection) -> None:
    """Tells the selects which organisations and periods may have changed."""
    con.execute(
        f"""
        insert into run.touched
        select org_key, period_key from bulk_return where state = 'accepted'
        union
        select reported_by_key, period_key from bulk_return where state = 'accepted'
        union
        select told.org_key, sent.period_key
        from bulk_told as told inner join bulk_return as sent using (submission_key)
        where {LOADED}
        union
        select org_key, period_key from store.fact_history where submission_key in ({SUPERSEDED})"""
    )
