-- A unit and the units above it, the highest first.
select
    above.org_key, above.org_code, above.org_name, above.org_level, above.parent_code, above.kind, above.is_synthetic,
    above.is_masked, above.valid_from, above.valid_to, chain.distance
from core.org_unit as unit
inner join core.org_ancestor as chain on unit.org_key = chain.org_key
inner join core.org_unit as above on chain.ancestor_key = above.org_key
where unit.org_code = $org
qualify row_number() over (partition by chain.distance order by chain.valid_to desc nulls first) = 1
order by chain.distance desc
