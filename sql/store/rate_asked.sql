-- One row per county, or unit above, and period for which rates are put together: of shorter periods, or of two sides.
-- key: org_key, period_key
-- kind: scoped table
-- portable: yes
with
found as (
    select
        org_key,
        period_key
    from store.period_several
    union
    select
        unit.scope_key as org_key,
        tile.period_key
    from store.rate_tile as tile
    inner join core.org_unit as unit on tile.org_key = unit.org_key
    where tile.pair_numerator is not null
)

select
    found.org_key,
    found.period_key
from found
inner join run.scope as scope on found.org_key = scope.org_key and found.period_key = scope.period_key
order by found.org_key, found.period_key
