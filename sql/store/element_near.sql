-- One row per unit right above rows, period, element, breakdown, row level, county of the rows and period basis: sums.
-- key: org_key, period_key, period_basis, element_key, breakdown_key, row_level, scope_key
-- kind: scoped table
-- portable: yes
-- What all units further above are added up from, so that a night reads the rows of the touched counties only.
with
stated as (
    select
        above.ancestor_key as org_key,
        chosen.period_key,
        chosen.element_key,
        chosen.breakdown_key,
        unit.org_level as row_level,
        unit.scope_key,
        sum(chosen.value) as value,
        count(chosen.value) as units,
        min(chosen.state) as least_state,
        max(chosen.state) as most_state,
        min(chosen.form_key) as form_key,
        min(coalesce(finality.finality_rank, 1)) as finality_rank
    from store.fact_chosen as chosen
    inner join catalog.form as form on chosen.form_key = form.form_key
    inner join core.org_unit as unit on chosen.org_key = unit.org_key and form.row_level = unit.org_level
    inner join catalog.element as element on chosen.element_key = element.element_key and element.kind <> 'attribute'
    inner join core.period as period on chosen.period_key = period.period_key
    inner join core.org_ancestor as above
        on
            chosen.org_key = above.org_key
            and above.distance = 1
            and (above.valid_from is null or above.valid_from <= period.period_end)
            and (above.valid_to is null or period.period_end < above.valid_to)
    inner join run.scope as scope on above.ancestor_key = scope.org_key and chosen.period_key = scope.period_key
    left join store.submission_finality as finality on chosen.submission_key = finality.submission_key
    group by
        above.ancestor_key, chosen.period_key, chosen.element_key, chosen.breakdown_key, unit.org_level,
        unit.scope_key
),

found as (
    select
        org_key,
        period_key,
        'stated' as period_basis,
        element_key,
        breakdown_key,
        row_level,
        scope_key,
        value,
        units,
        cast(null as bigint) as thirds,
        case when units > 0 then null when least_state = most_state then least_state else 'blank' end as gap,
        true as is_added,
        form_key,
        finality_rank
    from stated
    union all
    select
        above.ancestor_key as org_key,
        sums.period_key,
        'aggregated' as period_basis,
        sums.element_key,
        sums.breakdown_key,
        unit.org_level as row_level,
        unit.scope_key,
        sum(sums.row_value) as value,
        count(*) as units,
        sum(sums.row_thirds) as thirds,
        cast(null as varchar) as gap,
        bool_or(sums.is_added) as is_added,
        min(sums.form_key) as form_key,
        min(sums.finality_rank) as finality_rank
    from store.element_sum as sums
    inner join core.org_unit as unit on sums.org_key = unit.org_key
    inner join core.period as period on sums.period_key = period.period_key
    inner join core.org_ancestor as above
        on
            sums.org_key = above.org_key
            and above.distance = 1
            and (above.valid_from is null or above.valid_from <= period.period_end)
            and (above.valid_to is null or period.period_end < above.valid_to)
    inner join run.scope as scope on above.ancestor_key = scope.org_key and sums.period_key = scope.period_key
    where sums.row_value is not null
    group by
        above.ancestor_key, sums.period_key, sums.element_key, sums.breakdown_key, unit.org_level, unit.scope_key
)

select *
from found
order by org_key, period_key, period_basis, element_key, breakdown_key
