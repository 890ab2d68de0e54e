-- The printed rates of a unit and those below it (or of all units) by indicator, verdict and attainability.
with
below as (
    select org_code
    from store.unit_below
    where above_key = $org_key
)

select
    claim.indicator_code, coalesce(any_value(indicator.name_zh), claim.indicator_code) as indicator_zh,
    coalesce(any_value(indicator.name_en), claim.indicator_code) as indicator_en, claim.verdict, claim.attainable,
    count(*) as claims, count(distinct claim.org_code) as units
from marts.claim_verdict as claim
left join catalog.indicator as indicator on claim.indicator_code = indicator.indicator_code
where $scope = 'all' or claim.org_code in (select below.org_code from below)
group by claim.indicator_code, claim.verdict, claim.attainable
order by claim.indicator_code, claim.verdict, claim.attainable
