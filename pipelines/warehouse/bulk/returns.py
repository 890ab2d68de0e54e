"""A file's returns: which rows are one submission, what becomes of it, and which rows are not to be loaded."""

from __future__ import annotations

import duckdb

from pipelines.intake.tables import Refusal
from pipelines.warehouse.batch import Delivery
from pipelines.warehouse.bulk import refusals
from pipelines.warehouse.rows import insert
from pipelines.warehouse.signing import CLOSED, REASON, closed, refusal

Connection = duckdb.DuckDBPyConnection
STATES = ("reported", "blank", "not_collected", "not_carried_out", "suppressed", "not_applicable")
GROUPED = ("form_key", "form_text", "reported_by_key", "reporter_text", "period_key", "period_text", "revision")
IDENTITY = "form_key, reported_by_key, org_key, period_key"


def group(con: Connection, delivery: Delivery) -> None:
    """bulk_return: a row for each return, with its submission's key and, where it cannot be placed, the reason."""
    con.execute(
        """
        create or replace temp table bulk_return as
        with returns as (
            select
                form_key, form_text, reported_by_key, reporter_text, period_key, period_text, revision,
                count(*) as cells, min(row_number) as first_row, max(received_at) as received_at
            from bulk_row
            group by form_key, form_text, reported_by_key, reporter_text, period_key, period_text, revision
        )
        select
            returns.*,
            case
                when form.subject = 'area' and reporter.org_level = 'institution' then reporter.parent_key
                else reporter.org_key
            end as org_key,
            form.row_level is not null as has_rows,
            coalesce('#' || revision, '#') as sheet,
            case
                when form_text is not null then 'unknown_form'
                when reporter_text is not null or org_key is null then 'unknown_unit'
                when period_text is not null then 'unknown_period'
                when revision is null or revision < 1 then 'unknown_revision'
                else ''
            end as reason,
            cast(last.submission_key + row_number() over (order by revision, first_row) as integer) as submission_key
        from returns
        left join catalog.form as form using (form_key)
        left join core.org_unit as reporter on returns.reported_by_key = reporter.org_key
        cross join (select coalesce(max(submission_key), 0) as submission_key from intake.submission) as last"""
    )
    con.execute(
        f"""
        create or replace temp table bulk_before as
        select
            {IDENTITY}, told.submission_key, told.sheet, receipt.file_id = ? as same_file,
            (select max(known_from) from store.fact_history as fact where fact.submission_key = told.submission_key)
                as known_from
        from (select distinct {IDENTITY} from bulk_return where reason = '') as placed
        inner join catalog.form as form using (form_key)
        inner join core.org_unit as unit using (org_key)
        inner join core.org_unit as reporter on placed.reported_by_key = reporter.org_key
        inner join core.period as period using (period_key)
        inner join intake.submission as told
            on
                told.state = 'accepted' and told.form_code = form.form_code and told.org_code = unit.org_code
                and told.period_code = period.period_code and told.reported_by = reporter.org_code
        left join intake.receipt as receipt using (receipt_id)""",
        [delivery.file_id],
    )


def decide(con: Connection, delivery: Delivery) -> None:
    """Gives every return its state, its revision's number and the time from which it is known.

    A return is a duplicate where this very file stated it before and no other file has since.
    """
    con.execute(
        f"""
        create or replace temp table bulk_return as
        with others as (
            select
                {IDENTITY}, count(*) as revisions, max(known_from) as known,
                coalesce(max(submission_key) filter (not same_file), 0) as newest
            from bulk_before
            group by {IDENTITY}
        ),
        repeated as (
            select distinct {IDENTITY}, bulk_before.sheet
            from bulk_before inner join others using ({IDENTITY})
            where bulk_before.same_file and bulk_before.submission_key > others.newest
        ),
        closed as (
            select form_key, org_key, period_key
            from ({CLOSED}) as told
            inner join catalog.form using (form_code)
            inner join core.org_unit using (org_code)
            inner join core.period using (period_code)
        ),
        stated as (
            select
                bulk_return.* exclude (reason), others.revisions, others.known,
                case
                    when reason = '' and repeated.sheet is null and closed.form_key is not null then '{REASON}'
                    else reason
                end as reason,
                case
                    when reason <> '' then 'refused' when repeated.sheet is not null then 'duplicate'
                    when closed.form_key is not null then 'refused' else 'accepted'
                end as state
            from bulk_return
            left join others using ({IDENTITY})
            left join repeated using ({IDENTITY}, sheet)
            left join closed using (form_key, org_key, period_key)
        )
        select
            * exclude (revisions, received_at),
            coalesce(revisions, 0) > 0 as has_before,
            least(coalesce(received_at, $received), $at) as received_at,
            coalesce(revisions, 0) + row_number() over same as revision_number,
            greatest(
                max(least(coalesce(received_at, $at), $at)) over same, coalesce(known, timestamp '0001-01-01')
            ) as known_from,
            count(*) over (partition by {IDENTITY}, state) as versions,
            lead(submission_key) over same is null as is_newest
        from stated
        window same as (partition by {IDENTITY}, state order by submission_key)""",
        {"at": delivery.at, "received": delivery.received},
    )


def judge(con: Connection) -> None:
    """bulk_told: every row with its submission and, where it is not to be loaded, the fault.

    bulk_twice: what a return states more than once, with the row that says it first; the others are not loaded.
    """
    con.execute(
        f"""
        create or replace temp table bulk_told as
        select
            told.row_number, told.org_key, told.element_key, told.breakdown_key, told.value, told.state,
            sent.submission_key, told.org_key = sent.org_key as is_total,
            case
                when sent.state = 'refused' then sent.reason
                when told.org_key is null then 'unknown_row_unit'
                when
                    told.org_key <> sent.org_key
                    and not coalesce(sent.has_rows and told.parent_key = sent.org_key, false)
                    then 'unknown_row_unit'
                when item.form_key is null then 'unknown_label'
                when told.state not in {STATES} then 'unknown_state'
                when told.value_text is not null or (told.state = 'reported') <> (told.value is not null)
                    then 'not_a_number'
                else ''
            end as fault
        from bulk_row as told
        inner join bulk_return as sent
            on {" and ".join(f"told.{name} is not distinct from sent.{name}" for name in GROUPED)}
        left join bulk_item as item
            on
                told.form_key = item.form_key and told.element_key = item.element_key
                and told.breakdown_key = item.breakdown_key"""
    )
    con.execute(
        """
        create or replace temp table bulk_twice as
        select submission_key, org_key, element_key, breakdown_key, min(row_number) as first_row
        from bulk_told
        where fault = ''
        group by submission_key, org_key, element_key, breakdown_key
        having count(*) > 1"""
    )
    con.execute(
        """
        update bulk_told as told set fault = 'stated_again'
        from bulk_twice as first
        where
            told.submission_key = first.submission_key and told.org_key = first.org_key
            and told.element_key = first.element_key and told.breakdown_key = first.breakdown_key
            and told.row_number > first.first_row and told.fault = ''"""
    )


def _closed(con: Connection) -> list[tuple[int, Refusal]]:
    """Why the returns of closed periods are refused."""
    closings = closed(con)
    found = con.execute(
        "select submission_key, form_code, org_code, period_code, sheet, first_row from bulk_return as told "
        "inner join catalog.form using (form_key) inner join core.org_unit as unit on told.org_key = unit.org_key "
        f"inner join core.period using (period_key) where state = 'refused' and reason = '{REASON}' order by first_row"
    ).fetchall() if closings else []  # fmt: skip
    told = [(key, refusal(place := tuple(of), closings[place]), sheet, row) for key, *of, sheet, row in found]
    for _, why, sheet, row in told:
        why.sheet, why.cell = sheet, str(row)
    return [(key, why) for key, why, _, _ in told]


def refuse(con: Connection) -> list[Refusal]:
    """Why returns were refused, in the order of the file; the reasons are kept for the submissions too."""
    found = con.execute(
        "select submission_key, reason, coalesce(form_text, reporter_text, period_text, ''), revision, sheet, "
        f"first_row, cells from bulk_return where state = 'refused' and reason <> '{REASON}' order by first_row"
    ).fetchall()
    told = [
        (key, refusals.of_return(reason, named, revision, tuple(place)))
        for key, reason, named, revision, *place in found
    ] + _closed(con)
    con.execute(
        "create or replace temp table bulk_refusal (submission_key int, reason_zh varchar, reason_en varchar, "
        "cell varchar)"
    )
    insert(con, "bulk_refusal", [(key, refusal.zh, refusal.en, refusal.cell) for key, refusal in told])
    return [refusal for _, refusal in told]
