-- The periods for which a unit and those below it owe returns, the newest first. `is_shown`: they are the columns of the
-- page, the newest 12 up to a day of one kind: the kind of the period chosen, else the kind of which most was owed of late.
with
owed as (
    select
        period.period_code, period.period_kind, period.period_start, period.period_end, count(*) as owed,
        count(*) filter (where status.state <> 'not_due') as due
    from marts.reporting_status as status
    inner join core.period as period on status.period_code = period.period_code
    inner join store.unit_below as below
        on
            status.org_code = below.org_code and below.above_key = $org_key
            and period.period_end >= below.stood_from and period.period_end < below.stood_until
    where ($form = '' or status.form_code = $form)
    group by period.period_code, period.period_kind, period.period_start, period.period_end
),

kinds as (
    select
        period_kind, sum(owed) filter (where period_end > $end::date - interval 1 year) as of_late,
        sum(owed) as in_all
    from owed
    where period_end <= $end::date
    group by period_kind
),

chosen as (
    select kinds.period_kind
    from kinds
    order by
        kinds.period_kind = (select period.period_kind from core.period as period where period.period_code = $period)
        desc nulls last,
        kinds.of_late desc nulls last, kinds.in_all desc, kinds.period_kind
    limit 1
)

select
    owed.period_code, owed.period_kind, owed.period_start, owed.period_end, owed.owed, owed.due,
    owed.period_end <= $end::date
    and owed.period_kind = (select chosen.period_kind from chosen)
    and row_number() over (
        partition by owed.period_kind, owed.period_end <= $end::date
        order by owed.period_end desc, owed.period_code
    ) <= 12 as is_shown
from owed
order by owed.period_end desc, owed.period_start desc, owed.period_code
