-- One row per organisation, period, indicator and target in force, the most specific scope first, then the newest.
-- key: org_key, period_key, indicator_key, scope_rank
-- kind: scoped table
select
    scope.org_key,
    scope.period_key,
    target.indicator_key,
    cast(
        row_number() over (
            partition by scope.org_key, scope.period_key, target.indicator_key
            order by coalesce(above.distance, 1000), target.valid_from desc, target.target_code
        ) as integer
    ) as scope_rank,
    target.target_code,
    target.target_value,
    target.comparator
from run.scope as scope
inner join core.period as period on scope.period_key = period.period_key
inner join catalog.target as target
    on period.period_end >= target.valid_from and period.period_end < target.valid_to
left join core.org_ancestor as above
    on
        scope.org_key = above.org_key
        and target.scope_key = above.ancestor_key
        and (above.valid_from is null or above.valid_from <= period.period_end)
        and (above.valid_to is null or period.period_end < above.valid_to)
where target.scope_code = '' or above.ancestor_key is not null
order by scope.org_key, scope.period_key, target.indicator_key, scope_rank
