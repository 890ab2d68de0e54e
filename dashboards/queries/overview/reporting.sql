-- What senders owe within a time, of a unit and those below it: those furthest behind, and the sums of all.
with
owed as (
    select
        status.org_code, below.org_name, status.form_code, status.period_code, status.state, status.due_on,
        status.received_on
    from marts.reporting_status as status
    inner join store.unit_below as below on status.org_code = below.org_code
    inner join core.period as period on status.period_code = period.period_code
    where
        below.above_key = $org_key and period.period_start >= $start::date and period.period_end <= $end::date
        and period.period_end >= below.stood_from and period.period_end < below.stood_until
),

senders as (
    select
        org_code, org_name, count(*) filter (where state <> 'not_due') as owed,
        count(*) filter (where state in ('on_time', 'received')) as on_time,
        count(*) filter (where state = 'late') as late, count(*) filter (where state = 'missing') as missing,
        count(*) filter (where state = 'refused') as refused, count(*) filter (where state = 'not_due') as not_due
    from owed
    group by org_code, org_name
)

select
    *, sum(owed) over () as owed_in_all, sum(late) over () as late_in_all, sum(missing) over () as missing_in_all,
    sum(refused) over () as refused_in_all, count(*) filter (where missing + refused > 0) over () as behind_in_all,
    count(*) filter (where missing + refused + late > 0) over () as listed_in_all
from senders
order by missing + refused desc, late desc, org_code
limit 500
