-- A unit as the register has it: its versions, the oldest first.
select
    version.version, version.org_name, version.org_level, version.kind, version.parent_code,
    above.org_name as parent_name, version.aliases, version.valid_from, version.valid_to
from core.org_unit_history as version
left join core.org_unit as above on version.parent_code = above.org_code
where version.org_code = $org
order by version.version
