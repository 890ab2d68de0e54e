-- The unit that a page begins with: of those with rolled-up figures the highest, of these the one with most of them.
select figure.org_code
from marts.indicator_value as figure
where figure.is_default_edition and figure.value is not null
group by figure.org_code, figure.org_level
order by
    count(*) filter (where figure.basis = 'rolled_up') > 0 desc,
    list_position(['nation', 'province', 'prefecture', 'county', 'township', 'village'], figure.org_level)
    nulls last, count(*) desc, figure.org_code
limit 1
