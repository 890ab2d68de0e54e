-- The units directly below a unit with three of its rates, what is missing and what is wrong in a period.
with
children as (
    select org_key, org_code, org_name, org_level, kind
    from core.org_unit
    where parent_code = $org
    order by org_code
    limit 500
),

-- From the store: through marts.indicator_value, which looks at other units too, this takes forty times as long.
rates as (
    select
        child.org_code, edition.indicator_code, figure.basis, figure.numerator, figure.denominator, figure.value,
        indicator.unit, figure.lower, figure.upper, figure.coverage, figure.target_status, figure.state
    from store.figure_target as figure
    inner join children as child on figure.org_key = child.org_key
    inner join catalog.indicator_edition as edition on figure.edition_key = edition.edition_key
    inner join catalog.indicator as indicator on edition.indicator_key = indicator.indicator_key
    where
        figure.period_key = (select span.period_key from core.period as span where span.period_code = $period)
        and edition.indicator_code in ($first, $second, $third) and figure.is_default_edition
        and figure.breakdown_key = 0 and figure.value is not null and figure.scope_rank = 1
    qualify
        row_number() over (
            partition by child.org_code, edition.indicator_code
            order by figure.basis desc, figure.period_basis desc
        ) = 1
),

within as (
    select child.org_code, unit.org_code as unit_code
    from children as child
    inner join core.org_ancestor as chain on child.org_key = chain.ancestor_key
    inner join core.org_unit as unit on chain.org_key = unit.org_key
),

returns as (
    select
        within.org_code, count(*) filter (where status.state <> 'not_due') as owed,
        count(*) filter (where status.state in ('missing', 'refused')) as missing,
        count(*) filter (where status.state = 'late') as late
    from within
    inner join marts.reporting_status as status on within.unit_code = status.org_code
    inner join core.period as period on status.period_code = period.period_code
    where period.period_start >= $start::date and period.period_end <= $end::date
    group by within.org_code
),

wrong as (
    select within.org_code, count(*) as findings
    from within
    inner join quality.finding as finding on within.unit_code = finding.org_code
    left join core.period as period on finding.period_code = period.period_code
    where
        finding.status = 'open'
        and (period.period_key is null or (period.period_start >= $start::date and period.period_end <= $end::date))
    group by within.org_code
)

select
    child.org_code, child.org_name, child.org_level, child.kind, rates.indicator_code, rates.basis,
    rates.numerator, rates.denominator, rates.value, rates.unit, rates.lower, rates.upper, rates.coverage,
    rates.target_status, rates.state, coalesce(returns.owed, 0) as owed, coalesce(returns.missing, 0) as missing,
    coalesce(returns.late, 0) as late, coalesce(wrong.findings, 0) as findings
from children as child
left join rates on child.org_code = rates.org_code
left join returns on child.org_code = returns.org_code
left join wrong on child.org_code = wrong.org_code
order by child.org_level = 'institution', child.org_code, rates.indicator_code
