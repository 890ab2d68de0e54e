-- How many of the returns that a unit and those below it owe for a time are signed off.
select
    count(*) filter (where status.state not in ('not_due')) as owed,
    count(*) filter (where status.finality in ('approved', 'closed')) as approved
from marts.reporting_status as status
inner join core.org_unit as unit on status.org_code = unit.org_code
inner join core.org_ancestor as chain on unit.org_key = chain.org_key
inner join core.org_unit as above on chain.ancestor_key = above.org_key
inner join core.period as period on status.period_code = period.period_code
where above.org_code = $org and period.period_start >= $start::date and period.period_end <= $end::date
