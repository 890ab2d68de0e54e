-- How many of the returns that a unit and those below it owe for a time are signed off.
select
    count(*) filter (where status.state not in ('not_due')) as owed,
    count(*) filter (where status.finality in ('approved', 'closed')) as approved
from store.unit_below as below
inner join marts.reporting_status as status on below.org_code = status.org_code
inner join core.period as period on status.period_code = period.period_code
where
    below.above_key = $org_key and period.period_start >= $start::date and period.period_end <= $end::date
    and period.period_end >= below.stood_from and period.period_end < below.stood_until
