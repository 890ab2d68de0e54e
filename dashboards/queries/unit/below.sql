-- The units directly below a unit with three of its rates, what is missing and what is wrong in a period.
with
children as (
    select org_key, org_code, org_name, org_level, kind
    from core.org_unit
    where parent_code = $org
    order by org_code
    limit 500
),

rates as (
    select
        figure.org_key, figure.indicator_code, figure.basis, figure.numerator, figure.denominator, figure.value,
        figure.unit, figure.lower, figure.upper, figure.coverage, figure.target_status, figure.state
    from store.figure_target as figure
    where
        figure.period_key = $period_key and figure.org_key in (select child.org_key from children as child)
        and figure.indicator_code in ($first, $second, $third) and figure.is_default_edition
        and figure.breakdown_key = 0 and figure.value is not null and figure.scope_rank = 1
    qualify
        row_number() over (
            partition by figure.org_key, figure.indicator_code
            order by figure.basis desc, figure.period_basis desc
        ) = 1
),

within as (
    select below.above_key, below.org_code, below.stood_from, below.stood_until
    from store.unit_below as below
    where below.above_key in (select child.org_key from children as child)
),

returns as (
    select
        within.above_key, count(*) filter (where status.state <> 'not_due') as owed,
        count(*) filter (where status.state in ('missing', 'refused')) as missing,
        count(*) filter (where status.state = 'late') as late
    from marts.reporting_status as status
    inner join within on status.org_code = within.org_code
    inner join core.period as period on status.period_code = period.period_code
    where
        period.period_start >= $start::date and period.period_end <= $end::date
        and period.period_end >= within.stood_from and period.period_end < within.stood_until
    group by within.above_key
),

wrong as (
    select within.above_key, count(*) as findings
    from quality.finding as finding
    inner join quality.finding_place as place on finding.finding_id = place.finding_id
    inner join within
        on
            place.place_code = within.org_code and place.stood_on >= within.stood_from
            and place.stood_on < within.stood_until
    where
        finding.status = 'open'
        and (place.period_start is null or (place.period_start >= $start::date and place.stood_on <= $end::date))
    group by within.above_key
)

select
    child.org_code, child.org_name, child.org_level, child.kind, rates.indicator_code, rates.basis,
    rates.numerator, rates.denominator, rates.value, rates.unit, rates.lower, rates.upper, rates.coverage,
    rates.target_status, rates.state, coalesce(returns.owed, 0) as owed, coalesce(returns.missing, 0) as missing,
    coalesce(returns.late, 0) as late, coalesce(wrong.findings, 0) as findings
from children as child
left join rates on child.org_key = rates.org_key
left join returns on child.org_key = returns.above_key
left join wrong on child.org_key = wrong.above_key
order by child.org_level = 'institution', child.org_code, rates.indicator_code
