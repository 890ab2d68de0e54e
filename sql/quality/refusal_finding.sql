-- One row per table of a file that was refused, until the return that it should have been is accepted.
-- key: finding_id
-- kind: view
select
    substr(md5(concat_ws('|', 'table_refused', submission.submission_id)), 1, 16) as finding_id,
    'table_refused' as rule_code,
    'error' as severity,
    submission.org_code,
    submission.period_code,
    submission.form_code,
    receipt.filename as elements,
    submission.reason as observed,
    cast(null as varchar) as expected,
    submission.reason_zh as message_zh,
    submission.reason_en as message_en,
    submission.submission_id,
    submission.sheet,
    submission.cell as cells
from intake.submission as submission
inner join intake.receipt as receipt on submission.receipt_id = receipt.receipt_id
where
    submission.state = 'refused'
    -- What it should have been came later: the same return; or, where that could not be told, the file of that name.
    and not exists (
        select 1
        from intake.submission as later
        where
            later.state = 'accepted'
            and later.submission_key > submission.submission_key
            and later.form_code = submission.form_code
            and later.org_code = submission.org_code
            and later.period_code = submission.period_code
            and later.reported_by = submission.reported_by
    )
    and not exists (
        select 1
        from intake.receipt as again
        where
            again.receipt_number > receipt.receipt_number
            and again.sender = receipt.sender
            and again.filename = receipt.filename
            and again.state in ('accepted', 'duplicate')
            and not exists (
                select 1
                from intake.submission as still
                where still.receipt_id = again.receipt_id and still.state = 'refused'
            )
    )
