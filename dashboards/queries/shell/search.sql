-- Units whose name, other name or code holds a text; those that begin with it first, then the higher ones.
select unit.org_code, unit.org_name, unit.org_level, above.org_name as parent_name
from core.org_unit as unit
left join core.org_unit as above on unit.parent_code = above.org_code
where
    contains(lower(unit.org_name), lower($text))
    or contains(lower(coalesce(unit.aliases, '')), lower($text))
    or starts_with(unit.org_code, $text)
order by
    starts_with(unit.org_name, $text) desc,
    list_position(['nation', 'province', 'prefecture', 'county', 'township', 'village'], unit.org_level)
    nulls last, unit.org_code
limit 20
