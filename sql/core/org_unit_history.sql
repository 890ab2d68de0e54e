-- One row per organisation and validity: what it was called, where it stood, from a day up to, not including, another.
-- key: org_code, version
-- kind: view
select
    unit.org_code,
    1 as version,
    unit.org_name,
    unit.org_level,
    unit.parent_code,
    unit.kind,
    unit.aliases,
    unit.valid_from,
    unit.valid_to
from core.org_unit as unit
where unit.org_key not in (select org_key from store.org_version)
union all
select
    unit.org_code,
    row_number() over (partition by unit.org_code order by version.valid_from nulls first) as version,
    version.org_name,
    version.org_level,
    version.parent_code,
    version.kind,
    version.aliases,
    version.valid_from,
    version.valid_to
from store.org_version as version
inner join core.org_unit as unit on version.org_key = unit.org_key
