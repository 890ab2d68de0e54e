-- Some units by their codes.
select org_key, org_code, org_name
from core.org_unit
where org_code in (select unnest(string_split($units, ',')))
order by list_position(string_split($units, ','), org_code)
