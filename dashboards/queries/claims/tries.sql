-- The formulas that were tried for the printed rates of a unit and those below it (or of all units).
with
below as (
    select org_code
    from store.unit_below
    where above_key = $org_key
),

tried as (
    select
        checked.*, coalesce(standard.name_zh, checked.standard) || ' · ' || checked.edition as said_zh,
        coalesce(standard.name_en, checked.standard) || ' · ' || checked.edition as said_en
    from marts.claim_check as checked
    left join catalog.standard as standard on checked.standard = standard.standard
    where
        checked.formula <> '' and ($scope = 'all' or checked.org_code in (select below.org_code from below))
        and ($indicator = '' or checked.indicator_code = $indicator)
)

select
    tried.claim_id, tried.formula, any_value(tried.numerator) as numerator,
    any_value(tried.denominator) as denominator, any_value(tried.recomputed) as recomputed,
    any_value(tried.unit) as unit, any_value(tried.verdict) as verdict,
    coalesce(bool_or(tried.is_explaining_edition), false) as explains,
    string_agg(distinct tried.said_zh, ';' order by tried.said_zh) as editions_zh,
    string_agg(distinct tried.said_en, '; ' order by tried.said_en) as editions_en
from tried
group by tried.claim_id, tried.formula
order by tried.claim_id, explains desc, tried.formula
