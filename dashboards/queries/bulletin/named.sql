-- Units that have a text as their code, their name or one of their other names.
select org_code, org_name, org_level
from core.org_unit
where org_code = $text or org_name = $text or list_contains(string_split(coalesce(aliases, ''), ';'), $text)
order by org_code
