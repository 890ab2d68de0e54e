-- One row per organisation, period, element, breakdown, basis and period basis: figures added up over rows or periods.
-- key: org_key, period_key, element_key, breakdown_key, basis, period_basis
-- kind: scoped table
-- portable: yes
-- What a unit states itself is store.fact_chosen's. A roll-up sums the rows of one level of forms and never a unit's
-- own total; where rows of several levels carry an element, those of the form that goes first, then those that cover
-- most.
with
-- Where the rows' county has no two parts, the one that there is stands for it.
nearest as (
    select
        org_key,
        period_key,
        period_basis,
        element_key,
        breakdown_key,
        row_level,
        value,
        units,
        thirds,
        gaps,
        is_added,
        form_key,
        finality_rank
    from store.element_near
    union all
    select
        near.org_key,
        part.period_key,
        'aggregated' as period_basis,
        near.element_key,
        near.breakdown_key,
        near.row_level,
        near.value,
        near.units,
        near.units * case element.kind
            when 'stock' then part.thirds
            when 'year_to_date' then 3 * (date_diff('month', part.period_start, part.part_end) + 1)
            else part.part_thirds
        end as thirds,
        near.gaps,
        part.period_basis = 'aggregated' as is_added,
        near.form_key,
        near.finality_rank
    from store.element_near as near
    inner join store.period_part as part on near.period_key = part.part_key and part.depth > 0
    inner join catalog.element as element on near.element_key = element.element_key
    inner join catalog.form as form on near.form_key = form.form_key
    where
        near.period_basis = 'stated'
        and near.units > 0
        and (
            element.kind <> 'stock'
            or date_diff('month', part.part_end, part.period_end) < coalesce(element.carry_months, 12)
        )
        -- A figure to date says nothing of a period that reaches over two of its years.
        and (
            element.kind <> 'year_to_date'
            or date_trunc('year', part.period_start + to_months(case when form.calendar = 'mch_year' then 3 else 0 end))
            = date_trunc('year', part.period_end + to_months(case when form.calendar = 'mch_year' then 3 else 0 end))
        )
        and part.period_key in (select period_key from store.period_several)
        and (near.scope_key, part.period_key) not in (select (org_key, period_key) from store.period_several)
),

-- By integers alone, as in store.element_near.
coded as (
    select
        nearest.*,
        whole.period_end,
        whole.thirds as whole_thirds,
        nearest.period_basis = 'stated' as is_stated,
        case nearest.row_level
            when 'village' then 1
            when 'township' then 2
            when 'county' then 3
            when 'prefecture' then 4
            when 'province' then 5
            when 'nation' then 6
            else 0
        end as level_code
    from nearest
    inner join store.period_part as whole on nearest.period_key = whole.part_key and whole.period_basis = 'stated'
),

sums as (
    select
        above.ancestor_key as org_key,
        coded.period_key,
        coded.is_stated,
        coded.element_key,
        coded.breakdown_key,
        coded.level_code,
        sum(coded.value) as value,
        sum(coded.units) as units,
        sum(coalesce(coded.thirds, coded.units * coded.whole_thirds)) as thirds,
        bit_or(coded.gaps) as gaps,
        bool_or(coded.is_added) as is_added,
        min(coded.form_key) as form_key,
        min(coded.finality_rank) as finality_rank
    from coded
    inner join core.org_ancestor as above
        on
            coded.org_key = above.org_key
            and (above.valid_from is null or above.valid_from <= coded.period_end)
            and (above.valid_to is null or coded.period_end < above.valid_to)
    group by
        above.ancestor_key, coded.period_key, coded.is_stated, coded.element_key, coded.breakdown_key, coded.level_code
),

rolled as (
    select
        sums.org_key,
        sums.period_key,
        case when sums.is_stated then 'stated' else 'aggregated' end as period_basis,
        sums.element_key,
        sums.breakdown_key,
        case sums.level_code
            when 1 then 'village'
            when 2 then 'township'
            when 3 then 'county'
            when 4 then 'prefecture'
            when 5 then 'province'
            when 6 then 'nation'
            else 'institution'
        end as row_level,
        cast(sums.value as decimal(28, 4)) as value,
        cast(sums.units as bigint) as units,
        cast(sums.thirds as bigint) as thirds,
        case
            when sums.units > 0 then null
            when sums.gaps = 2 then 'not_collected'
            when sums.gaps = 4 then 'not_carried_out'
            when sums.gaps = 8 then 'suppressed'
            when sums.gaps = 16 then 'not_applicable'
            else 'blank'
        end as gap,
        sums.form_key,
        sums.finality_rank
    from sums
    inner join run.scope as scope on sums.org_key = scope.org_key and sums.period_key = scope.period_key
    -- Where nobody below states shorter periods, what is stated says it all.
    where
        sums.is_stated
        or (
            sums.is_added
            and (sums.org_key, sums.period_key) in (select (org_key, period_key) from store.period_several)
        )
),

covered as (
    select
        rolled.*,
        coalesce(owed.units, rolled.units) as units_owed,
        case
            -- A stock counts the units whose last value is not too old; a flow the months.
            when element.kind = 'stock' then rolled.units / cast(greatest(owed.units, rolled.units) as double)
            else least(cast(rolled.thirds as double) / owed.thirds, 1)
        end as coverage,
        coalesce(carrier.precedence, 1000) as precedence,
        coalesce(carrier.depth, 10) as depth
    from rolled
    inner join catalog.element as element on rolled.element_key = element.element_key
    left join store.form_set as carrier
        on
            carrier.subject = 'element'
            and rolled.element_key = carrier.subject_key
            and rolled.row_level = carrier.row_level
    left join store.owed as owed
        on
            rolled.org_key = owed.org_key
            and rolled.period_key = owed.period_key
            and carrier.form_set = owed.form_set
),

-- Most elements stand in rows of one level: only where there are several is one to be picked.
several_levels as (
    select element_key
    from store.element_near
    group by element_key
    having count(distinct row_level) > 1
),

picked as (
    select *
    from covered
    where element_key not in (select element_key from several_levels)
    union all
    select *
    from covered
    where element_key in (select element_key from several_levels)
    qualify
        row_number() over (
            partition by org_key, period_key, element_key, breakdown_key, period_basis
            order by precedence, case when units = 0 then 0 else coalesce(coverage, 1) end desc, depth
        ) = 1
),

figures as (
    select
        org_key,
        period_key,
        element_key,
        breakdown_key,
        'rolled_up' as basis,
        period_basis,
        form_key,
        value,
        gap,
        greatest(units_owed, units) as units_expected,
        units as units_reported,
        case when units = 0 then 0 else coalesce(coverage, 1) end as coverage,
        finality_rank
    from picked
    union all
    select
        sums.org_key,
        sums.period_key,
        sums.element_key,
        sums.breakdown_key,
        'own' as basis,
        'aggregated' as period_basis,
        sums.form_key,
        sums.value,
        cast(null as varchar) as gap,
        1 as units_expected,
        1 as units_reported,
        least(cast(sums.thirds as double) / sums.whole_thirds, 1) as coverage,
        sums.finality_rank
    from store.element_sum as sums
    inner join run.scope as scope on sums.org_key = scope.org_key and sums.period_key = scope.period_key
    where sums.value is not null
)

select *
from figures
order by org_key, period_key, element_key, breakdown_key, basis, period_basis
