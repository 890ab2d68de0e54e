-- One row per unit right above rows, period, element, breakdown, row level, county of the rows and period basis: sums.
-- key: org_key, period_key, period_basis, element_key, breakdown_key, row_level, scope_key
-- kind: scoped table
-- portable: yes
-- `gaps`: states of the rows without a number as bits: 1 blank, 2 not collected, 4 not carried out, 8 suppressed, 16
-- not applicable. All units further above are added up from these, so that a night reads the rows of touched counties.
with
-- Which unit is right above each row in each period; looked up once, not for each of its figures.
spoken as (
    select distinct period_key from store.fact_chosen
),

placed as (
    select
        unit.org_key,
        scope.period_key,
        above.ancestor_key as above_key,
        unit.scope_key,
        unit.org_level,
        dense_rank() over (
            order by above.ancestor_key, unit.scope_key, unit.org_level
        ) as place
    from run.scope as scope
    inner join spoken on scope.period_key = spoken.period_key
    inner join core.period as period on scope.period_key = period.period_key
    inner join core.org_ancestor as above
        on
            scope.org_key = above.ancestor_key
            and above.distance = 1
            and (above.valid_from is null or above.valid_from <= period.period_end)
            and (above.valid_to is null or period.period_end < above.valid_to)
    inner join core.org_unit as unit on above.org_key = unit.org_key
),

places as (
    select distinct
        place,
        above_key,
        scope_key,
        org_level
    from placed
),

-- By a few integers, the states as bits: with texts it takes three times as long. What they mean is joined to the sums.
sums as (
    select
        placed.place,
        chosen.period_key,
        chosen.element_key,
        chosen.breakdown_key,
        chosen.form_key,
        chosen.submission_key,
        sum(chosen.value) as value,
        count(chosen.value) as units,
        bit_or(
            case
                when chosen.value is not null then 0
                when chosen.state = 'blank' then 1
                when chosen.state = 'not_collected' then 2
                when chosen.state = 'not_carried_out' then 4
                when chosen.state = 'suppressed' then 8
                else 16
            end
        ) as gaps
    from store.fact_chosen as chosen
    inner join placed on chosen.org_key = placed.org_key and chosen.period_key = placed.period_key
    group by
        placed.place, chosen.period_key, chosen.element_key, chosen.breakdown_key, chosen.form_key,
        chosen.submission_key
),

rows_only as (
    select
        sums.*,
        coalesce(finality.finality_rank, 1) as finality_rank
    from sums
    inner join places on sums.place = places.place
    inner join catalog.form as form on sums.form_key = form.form_key and places.org_level = form.row_level
    inner join catalog.element as element on sums.element_key = element.element_key and element.kind <> 'attribute'
    left join store.submission_finality as finality on sums.submission_key = finality.submission_key
),

stated as (
    select
        place,
        period_key,
        element_key,
        breakdown_key,
        sum(value) as value,
        sum(units) as units,
        bit_or(gaps) as gaps,
        min(form_key) as form_key,
        min(finality_rank) as finality_rank
    from rows_only
    group by place, period_key, element_key, breakdown_key
),

found as (
    select
        places.above_key as org_key,
        stated.period_key,
        'stated' as period_basis,
        stated.element_key,
        stated.breakdown_key,
        places.org_level as row_level,
        places.scope_key,
        stated.value,
        stated.units,
        cast(null as bigint) as thirds,
        stated.gaps,
        true as is_added,
        stated.form_key,
        stated.finality_rank
    from stated
    inner join places on stated.place = places.place
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
        0 as gaps,
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
