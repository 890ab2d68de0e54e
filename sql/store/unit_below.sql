-- One row per organisation and organisation at or below it, at any time: the reach of a page, a finding, a sum.
-- key: above_key, org_key
-- kind: table
-- A table in the order of what is above: who stands below a unit is read from one place of it.
select
    chain.ancestor_key as above_key,
    unit.org_key,
    unit.org_code,
    unit.org_name,
    unit.org_level
from core.org_ancestor as chain
inner join core.org_unit as unit on chain.org_key = unit.org_key
group by chain.ancestor_key, unit.org_key, unit.org_code, unit.org_name, unit.org_level
order by above_key, unit.org_key
