-- The formulas that were tried for the printed rates of a unit and those below it (or of all units).
with
below as (
    select distinct unit.org_code
    from core.org_ancestor as chain
    inner join core.org_unit as unit on chain.org_key = unit.org_key
    inner join core.org_unit as above on chain.ancestor_key = above.org_key
    where above.org_code = $org
)

select
    tried.claim_id, tried.formula, any_value(tried.numerator) as numerator,
    any_value(tried.denominator) as denominator, any_value(tried.recomputed) as recomputed,
    any_value(tried.unit) as unit, any_value(tried.verdict) as verdict,
    coalesce(bool_or(tried.is_explaining_edition), false) as explains,
    string_agg(distinct coalesce(standard.name_zh, tried.standard) || ' · ' || tried.edition, ';') as editions_zh,
    string_agg(distinct coalesce(standard.name_en, tried.standard) || ' · ' || tried.edition, '; ') as editions_en
from marts.claim_check as tried
left join catalog.standard as standard on tried.standard = standard.standard
where
    tried.formula <> '' and ($scope = 'all' or tried.org_code in (select below.org_code from below))
    and ($indicator = '' or tried.indicator_code = $indicator)
group by tried.claim_id, tried.formula
order by tried.claim_id, explains desc, tried.formula
