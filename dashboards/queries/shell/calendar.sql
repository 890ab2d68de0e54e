-- The periods of the release, with the key by which the store keeps them and that of the one before.
select period_key, period_code, period_kind, period_start, period_end, aliases
from core.period
order by period_end desc, period_start, period_code
