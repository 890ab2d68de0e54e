-- The units that a bulletin is about: of those with rolled-up figures the ones without a unit above that has some.
with
rolled as (
    select distinct figure.org_key
    from store.rate_rolled as figure
)

select unit.org_code
from rolled
inner join core.org_unit as unit on rolled.org_key = unit.org_key
where not exists (
    select 1
    from core.org_ancestor as chain
    inner join rolled as above on chain.ancestor_key = above.org_key
    where chain.org_key = rolled.org_key and chain.distance > 0
)
order by unit.org_code
limit 5
