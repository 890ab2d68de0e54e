-- The returns of a unit and those below it for periods that end within a time, by form: how they came, how they stand.
-- `next_period` is the newest of which a return waits to be approved, else to be closed.
with
owed as (
    select
        status.org_code, status.form_code, status.period_code, period.period_end, status.state, status.finality,
        status.cells_in_error
    from marts.reporting_status as status
    inner join core.period as period on status.period_code = period.period_code
    inner join store.unit_below as below
        on
            status.org_code = below.org_code and below.above_key = $org_key
            and period.period_end >= below.stood_from and period.period_end < below.stood_until
    where
        ($form = '' or status.form_code = $form)
        and period.period_end between $since::date and $until::date
),

signed as (
    select
        signature.form_code, string_agg(distinct signature.signed_by, '、' order by signature.signed_by)
            as signed_by,
        count(distinct signature.signed_by) as signers, max(signature.signed_at) as signed_at
    from core.return_state as signature
    inner join owed
        on
            signature.form_code = owed.form_code and signature.org_code = owed.org_code
            and signature.period_code = owed.period_code
    where signature.finality in ('approved', 'closed')
    group by signature.form_code
)

select
    owed.form_code, coalesce(form.name_zh, owed.form_code) as form_zh, coalesce(form.name_en, owed.form_code) as form_en,
    count(*) as owed, count(*) filter (where owed.state = 'on_time') as on_time,
    count(*) filter (where owed.state = 'received') as received, count(*) filter (where owed.state = 'late') as late,
    count(*) filter (where owed.state = 'missing') as missing,
    count(*) filter (where owed.state = 'refused') as refused,
    count(*) filter (where owed.state = 'not_due') as not_due,
    count(*) filter (where owed.finality = 'open') as open,
    count(*) filter (where owed.finality = 'submitted') as submitted,
    count(*) filter (where owed.finality = 'approved') as approved,
    count(*) filter (where owed.finality = 'closed') as closed, sum(owed.cells_in_error) as cells_in_error,
    any_value(signed.signed_by) as signed_by, any_value(signed.signers) as signers,
    any_value(signed.signed_at) as signed_at,
    case when bool_or(owed.finality = 'submitted') then 'approved' when bool_or(owed.finality = 'approved') then 'closed'
    end as next_state,
    coalesce(
        arg_max(owed.period_code, owed.period_end) filter (where owed.finality = 'submitted'),
        arg_max(owed.period_code, owed.period_end) filter (where owed.finality = 'approved')
    ) as next_period,
    bool_and(owed.org_code = $org) as is_own
from owed
left join catalog.form as form on owed.form_code = form.form_code
left join signed on owed.form_code = signed.form_code
group by owed.form_code, form.name_zh, form.name_en
order by missing + refused desc, late desc, owed.form_code
