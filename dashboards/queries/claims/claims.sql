-- The printed rates of a unit and those below it (or of all units), each with the edition tried that comes nearest.
with
below as (
    select org_code
    from store.unit_below
    where above_key = $org_key
),

nearest as (
    select
        claim_id, standard, edition, formula, reported_value, numerator, denominator, recomputed,
        case when unit = 'percent' then cast(reported_value as double) - recomputed end as difference
    from marts.claim_check
    where $scope = 'all' or org_code in (select below.org_code from below)
    qualify
        row_number() over (
            partition by claim_id
            order by
                coalesce(is_explaining_edition, false) desc,
                list_position(['reproduced', 'truncated', 'inconsistent', 'not_checkable'], verdict),
                abs(cast(reported_value as double) - recomputed) nulls last, standard, edition
        ) = 1
)

select
    claim.claim_id, claim.org_code, coalesce(unit.org_name, claim.org_code) as org_name, claim.period_code,
    claim.indicator_code, coalesce(indicator.name_zh, claim.indicator_code) as indicator_zh,
    coalesce(indicator.name_en, claim.indicator_code) as indicator_en, claim.breakdown_code,
    coalesce(part.name_zh, claim.breakdown_code) as part_zh,
    coalesce(part.name_en, claim.breakdown_code) as part_en, claim.reported_text, claim.unit, claim.verdict,
    claim.attainable, nearest.numerator, nearest.denominator, nearest.recomputed, nearest.difference, nearest.formula,
    claim.formulas_tried, claim.explaining_formula, claim.habit_formula, receipt.filename, claim.sheet,
    claim.cell as cells, count(*) over () as in_all
from marts.claim_verdict as claim
inner join nearest on claim.claim_id = nearest.claim_id
left join core.org_unit as unit on claim.org_code = unit.org_code
left join catalog.indicator as indicator on claim.indicator_code = indicator.indicator_code
left join catalog.breakdown as part
    on claim.breakdown_code = part.breakdown_code and part.breakdown_code <> ''
left join intake.submission as submission on claim.submission_id = submission.submission_id
left join intake.receipt as receipt on submission.receipt_id = receipt.receipt_id
where
    ($scope = 'all' or claim.org_code in (select below.org_code from below))
    and ($verdict = '' or claim.verdict = $verdict)
    and ($attainable = '' or coalesce(claim.attainable::varchar, 'unknown') = $attainable)
    and ($indicator = '' or claim.indicator_code = $indicator)
order by
    case when $sorting = 'unit' then claim.org_code end, case when $sorting = 'period' then claim.period_code end desc,
    case when $sorting = 'indicator' then claim.indicator_code end,
    case when $sorting = 'difference' then abs(nearest.difference) end desc nulls last,
    list_position(['inconsistent', 'truncated', 'reproduced', 'not_checkable'], claim.verdict),
    claim.attainable nulls last, abs(nearest.difference) desc nulls last, claim.org_code, claim.period_code,
    claim.indicator_code, claim.claim_id
limit $most offset $offset
