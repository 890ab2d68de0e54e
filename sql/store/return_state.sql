-- One row per form, organisation, sender and period of an accepted return: its state, and the newest file's signature.
-- key: form_key, org_key, reported_by_key, period_key
-- kind: scoped table
-- What came last counts: a file of the sender (approved where its foot names who checked it), or a sign.
with
files as (
    select
        sent.form_code,
        sent.org_code,
        sent.reported_by,
        sent.period_code,
        form.form_key,
        unit.org_key,
        sender.org_key as reported_by_key,
        period.period_key,
        max(sent.submission_key) as submission_key,
        coalesce(min(signature.name), '') as approver
    from intake.submission as sent
    inner join catalog.form as form on sent.form_code = form.form_code
    inner join core.org_unit as unit on sent.org_code = unit.org_code
    inner join core.org_unit as sender on sent.reported_by = sender.org_code
    inner join core.period as period on sent.period_code = period.period_code
    inner join run.scope as scope on unit.org_key = scope.org_key and period.period_key = scope.period_key
    left join intake.signature as signature
        on sent.submission_id = signature.submission_id and signature.role = 'approver'
    where sent.state = 'accepted'
    group by
        sent.form_code, sent.org_code, sent.reported_by, sent.period_code, form.form_key, unit.org_key,
        sender.org_key, period.period_key, sent.receipt_id
),

newest as (
    select
        form_code,
        org_code,
        period_code,
        form_key,
        org_key,
        reported_by_key,
        period_key,
        max(submission_key) as submission_key,
        arg_max(approver, submission_key) as approver
    from files
    group by form_code, org_code, period_code, form_key, org_key, reported_by_key, period_key
),

signed as (
    select
        form_code,
        org_code,
        period_code,
        max(sign_number) as sign_number,
        arg_max(state, sign_number) as state,
        arg_max(submission_key, sign_number) as submission_key
    from intake.sign
    group by form_code, org_code, period_code
)

select
    newest.form_key,
    newest.org_key,
    newest.reported_by_key,
    newest.period_key,
    case
        when signed.sign_number is not null
            then case signed.state when 'closed' then 3 when 'approved' then 2 else 0 end
        when newest.approver <> '' then 2
        else 1
    end as finality_rank,
    newest.submission_key,
    newest.approver,
    signed.sign_number
from newest
left join signed
    on
        newest.form_code = signed.form_code
        and newest.org_code = signed.org_code
        and newest.period_code = signed.period_code
        and newest.submission_key <= signed.submission_key
order by newest.org_key, newest.period_key, newest.form_key, newest.reported_by_key
