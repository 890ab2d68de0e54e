-- The unit that a page begins with: of those with rolled-up figures the highest, of these the one with most of them.
with
having_figures as (
    select org_key, count(*) as figures, bool_or(basis = 'rolled_up') as has_rolled_up
    from store.indicator_value
    where is_default_edition and value is not null
    group by org_key
)

select unit.org_code
from having_figures
inner join core.org_unit as unit on having_figures.org_key = unit.org_key
order by
    having_figures.has_rolled_up desc,
    list_position(['nation', 'province', 'prefecture', 'county', 'township', 'village'], unit.org_level)
    nulls last, having_figures.figures desc, unit.org_code
limit 1
