-- One row per year: the boundaries at its end; those of the present year as they are today.
-- key: boundary_year
-- kind: view
with
years as (
    select
        unnest(range(least(min(year(period.period_start)), year(today.today)), year(today.today) + 1)) as boundary_year,
        today.today
    from (select cast(night.clock + interval 8 hours as date) as today from run.night as night) as today
    left join core.period as period on true
    group by today.today
),

dated as (
    select
        cast(boundary_year as integer) as boundary_year,
        case when boundary_year = year(today) then today else make_date(cast(boundary_year as integer), 12, 31) end
            as boundary_date,
        boundary_year = year(today) as is_today
    from years
)

select
    dated.boundary_year,
    dated.boundary_date,
    dated.is_today,
    boundary.boundary,
    boundary.valid_from,
    boundary.valid_to
from dated
inner join store.boundary as boundary
    on
        (boundary.valid_from is null or boundary.valid_from <= dated.boundary_date)
        and (boundary.valid_to is null or dated.boundary_date < boundary.valid_to)
