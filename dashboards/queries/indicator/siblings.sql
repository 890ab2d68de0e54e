-- The units beside a unit: those with the same unit above.
select beside.org_code, beside.org_name
from core.org_unit as unit
inner join core.org_unit as beside on unit.parent_code = beside.parent_code
where
    unit.org_code = $org and beside.org_code <> $org and beside.org_level = unit.org_level
order by beside.org_code
limit 300
