-- The returns that a unit and those below it owe, by form and period, over the last 14 periods up to a day.
with
owed as (
    select
        status.form_code, status.period_code, period.period_end, status.state, status.due_on, status.received_on,
        status.revision, status.finality, status.org_code = $org as is_own
    from marts.reporting_status as status
    inner join core.period as period on status.period_code = period.period_code
    inner join store.unit_below as below
        on
            status.org_code = below.org_code and below.above_key = $org_key
            and period.period_end >= below.stood_from and period.period_end < below.stood_until
    where
        period.period_end <= $end::date
),

lately as (
    select period_code
    from owed
    group by period_code, period_end
    order by period_end desc, period_code desc
    limit 14
)

select
    owed.form_code, form.name_zh, form.name_en, owed.period_code, owed.period_end, count(*) as owed,
    count(*) filter (where owed.state in ('on_time', 'received')) as on_time,
    count(*) filter (where owed.state = 'late') as late, count(*) filter (where owed.state = 'missing') as missing,
    count(*) filter (where owed.state = 'refused') as refused,
    count(*) filter (where owed.state = 'not_due') as not_due,
    max(case when owed.is_own then owed.state end) as own_state,
    max(case when owed.is_own then owed.due_on end) as due_on,
    max(case when owed.is_own then owed.received_on end) as received_on,
    max(case when owed.is_own then owed.revision end) as revision,
    max(case when owed.is_own then owed.finality end) as finality
from owed
inner join lately on owed.period_code = lately.period_code
left join catalog.form as form on owed.form_code = form.form_code
group by owed.form_code, form.name_zh, form.name_en, owed.period_code, owed.period_end
order by form.name_zh, owed.form_code, owed.period_end, owed.period_code
