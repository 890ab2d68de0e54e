-- The units whose returns print rates, those with most of them first.
select
    claim.org_code, coalesce(any_value(unit.org_name), claim.org_code) as org_name, count(*) as claims,
    min(period.period_code) as first_period, max(period.period_code) as last_period, count(*) over () as in_all
from core.claim as claim
left join core.org_unit as unit on claim.org_code = unit.org_code
left join core.period as period on claim.period_code = period.period_code
group by claim.org_code
order by claims desc, claim.org_code
limit 30
