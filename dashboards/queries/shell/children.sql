-- The units directly below a unit, its institutions last.
select org_key, org_code, org_name, org_level
from core.org_unit
where parent_code = $org
order by org_level = 'institution', org_code
