-- How an indicator is spread over the units directly below in a period: classes of equal width, and quantiles.
with
figures as (
    select figure.org_key, figure.basis, figure.value, edition.unit, figure.denominator
    from store.indicator_value as figure
    inner join store.edition_label as edition on figure.edition_key = edition.edition_key
    where
        figure.org_key in (
            select unit.org_key from core.org_unit as unit
            where unit.parent_code = $org and unit.org_level <> 'institution'
        )
        and figure.period_key = $period_key and edition.indicator_code = $indicator
        and figure.breakdown_key = 0 and figure.value is not null
        and if(
            $standard || $edition = '', figure.is_default_edition,
            ($standard = '' or edition.standard = $standard) and ($edition = '' or edition.edition = $edition)
        )
    qualify
        row_number() over (
            partition by figure.org_key, figure.basis
            order by figure.period_basis desc, figure.is_default_edition desc, edition.standard, edition.edition
        ) = 1
),

chosen as (
    select *
    from figures
    where
        basis = (
            select each_one.basis from figures as each_one group by each_one.basis
            order by each_one.basis <> $basis, count(*) desc, each_one.basis limit 1
        )
),

spread as (
    select
        count(*) as units, min(value) as lowest, max(value) as highest,
        percentile_cont(0.1) within group (order by value) as p10,
        percentile_cont(0.25) within group (order by value) as p25,
        percentile_cont(0.5) within group (order by value) as median,
        percentile_cont(0.75) within group (order by value) as p75,
        percentile_cont(0.9) within group (order by value) as p90,
        percentile_cont(0.5) within group (order by denominator) as median_denominator,
        any_value(unit) as unit, any_value(basis) as basis,
        least(greatest(ceil(sqrt(count(*))), 4), 24) as classes
    from chosen
),

steps as (
    select spread.*, greatest((highest - lowest) / classes, 1e-9) as width
    from spread
    where units > 0
),

counted as (
    select
        least(floor((chosen.value - steps.lowest) / steps.width), steps.classes - 1) as class,
        count(*) as units_in_class
    from chosen
    cross join steps
    group by class
)

select
    steps.lowest + bin.number * steps.width as class_from, steps.lowest + (bin.number + 1) * steps.width as class_to,
    coalesce(counted.units_in_class, 0) as units_in_class, steps.units, steps.lowest, steps.p10, steps.p25,
    steps.median, steps.p75, steps.p90, steps.highest, steps.median_denominator, steps.unit, steps.basis
from steps
cross join range(24) as bin (number)
left join counted on bin.number = counted.class
where bin.number < steps.classes and (steps.highest > steps.lowest or bin.number = 0)
order by bin.number
