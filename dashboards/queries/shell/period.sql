-- A period by its code or by an alias of it.
select period_code, period_kind, period_start, period_end, aliases
from core.period
where period_code = $code or list_contains(string_split(aliases, ';'), $code)
order by period_code <> $code
limit 1
