-- One row per organisation, organisation at or below it, and time in which it stood there.
-- key: above_key, org_key, stood_from
-- kind: table
-- A table in the order of what is above, so that who stands below a unit is read from one place of it. Days without a
-- limit are the first and the last there are: what counts in a period is what stood there at the period's end.
select
    chain.ancestor_key as above_key,
    unit.org_key,
    unit.org_code,
    unit.org_name,
    coalesce(chain.valid_from, date '0001-01-01') as stood_from,
    coalesce(chain.valid_to, date '9999-12-31') as stood_until
from core.org_ancestor as chain
inner join core.org_unit as unit on chain.org_key = unit.org_key
order by above_key, unit.org_key, stood_from
