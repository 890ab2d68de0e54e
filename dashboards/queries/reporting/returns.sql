-- The returns that a unit and those below it owe for periods that end within a time, one page of them.
with
owed as (
    select
        status.org_code, below.org_name, status.form_code, status.period_code, period.period_end, status.due_on,
        status.received_on, status.revision, status.state, status.finality, status.cells_expected,
        status.cells_filled, status.cells_in_error, count(*) over () as in_all,
        row_number() over (
            order by
                case when $sorting = 'unit' then status.org_code end, case when $sorting = 'form' then status.form_code end,
                case when $sorting = 'received' then status.received_on end desc nulls last,
                case when $sorting = 'errors' then status.cells_in_error end desc nulls last,
                case when $sorting = 'finality'
                    then list_position(['open', 'submitted', 'approved', 'closed'], status.finality)
                end,
                case when $sorting in ('', 'state')
                    then list_position(['refused', 'missing', 'late', 'received', 'on_time', 'not_due'], status.state)
                end,
                period.period_end desc, status.org_code, status.form_code
        ) as place
    from marts.reporting_status as status
    inner join core.period as period on status.period_code = period.period_code
    inner join store.unit_below as below
        on
            status.org_code = below.org_code and below.above_key = $org_key
            and period.period_end >= below.stood_from and period.period_end < below.stood_until
    where
        ($form = '' or status.form_code = $form) and ($state = '' or status.state = $state)
        and period.period_end between $since::date and $until::date
),

sent as (
    select
        signature.form_code, signature.org_code, signature.period_code,
        string_agg(distinct signature.signed_by, '、' order by signature.signed_by) as signed_by,
        max(signature.signed_at) as signed_at, max(signature.why) as why,
        string_agg(distinct receipt.filename, '、' order by receipt.filename) as filename
    from core.return_state as signature
    inner join owed
        on
            signature.form_code = owed.form_code and signature.org_code = owed.org_code
            and signature.period_code = owed.period_code
    inner join intake.submission as submission on signature.submission_id = submission.submission_id
    inner join intake.receipt as receipt on submission.receipt_id = receipt.receipt_id
    where owed.place > $offset and owed.place <= $offset + $most
    group by signature.form_code, signature.org_code, signature.period_code
)

select
    owed.org_code, owed.org_name, owed.form_code, coalesce(form.name_zh, owed.form_code) as form_zh,
    coalesce(form.name_en, owed.form_code) as form_en, owed.period_code, owed.due_on, owed.received_on, owed.revision,
    owed.state, owed.finality, sent.signed_by, sent.signed_at, sent.why, owed.cells_expected, owed.cells_filled,
    owed.cells_in_error, sent.filename, owed.in_all
from owed
left join catalog.form as form on owed.form_code = form.form_code
left join sent
    on
        owed.form_code = sent.form_code and owed.org_code = sent.org_code
        and owed.period_code = sent.period_code
where owed.place > $offset and owed.place <= $offset + $most
order by owed.place
