-- The last 24 figures of each rate of a unit, in periods of one kind: the kind asked for where it has three, else the
-- kind with most of them.
with
figures as (
    select
        figure.indicator_code, figure.indicator_name_zh, figure.indicator_name_en, figure.unit, figure.basis,
        figure.period_basis, period.period_code, period.period_kind, period.period_start, period.period_end,
        figure.numerator, figure.denominator, figure.value, figure.lower, figure.upper, figure.coverage,
        cast(figure.target_value as double) as target, figure.state
    from store.figure_target as figure
    inner join core.period as period on figure.period_key = period.period_key
    where
        figure.org_key = $org_key and figure.is_default_edition and figure.breakdown_key = 0
        and figure.value is not null and figure.scope_rank = 1 and period.period_end <= $end::date
),

kind as (
    select period_kind
    from figures
    group by period_kind
    order by
        period_kind = $kind and count(distinct period_code) >= 3 desc, count(distinct period_code) desc, period_kind
    limit 1
),

-- Where a unit states a figure and its rows add up to one, the one that there are more of; then what it states.
basis as (
    select
        indicator_code, basis
    from figures
    where period_kind = (select period_kind from kind)
    group by indicator_code, basis
    qualify row_number() over (partition by indicator_code order by count(*) desc, basis) = 1
)

select figures.*
from figures
inner join basis on figures.indicator_code = basis.indicator_code and figures.basis = basis.basis
where figures.period_kind = (select period_kind from kind)
qualify
    row_number() over (
        partition by figures.indicator_code, figures.period_code
        order by figures.period_basis desc
    ) = 1
    and dense_rank() over (
        partition by figures.indicator_code
        order by figures.period_end desc
    ) <= 24
order by figures.indicator_code, figures.period_end
