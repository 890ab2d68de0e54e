-- The units directly below a unit.
select org_code, org_name, org_level
from core.org_unit
where parent_code = $org and org_level <> 'institution'
order by org_code
