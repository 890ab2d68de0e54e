-- One row per organisation, period, edition, breakdown and period basis: both sides of a rate added up over rows below.
-- key: org_key, period_key, edition_key, breakdown_key, period_basis
-- kind: scoped table
-- portable: yes
with
-- Where in the rows' county nothing is to be added up, what is stated for one part of the period stands for it.
nearest as (
    select
        org_key,
        period_key,
        period_basis,
        edition_key,
        breakdown_key,
        row_level,
        numerator,
        denominator,
        units,
        tiles,
        is_added,
        false as is_alone,
        qualifier,
        form_key,
        finality_rank
    from store.rate_near
    union all
    select
        near.org_key,
        part.period_key,
        'aggregated' as period_basis,
        near.edition_key,
        near.breakdown_key,
        near.row_level,
        near.numerator,
        near.denominator,
        near.units,
        near.units * case
            when edition.numerator_kind = 'flow' or edition.denominator_kind = 'flow' then part.part_thirds
            when 'year_to_date' in (edition.numerator_kind, edition.denominator_kind)
                then 3 * (date_diff('month', part.period_start, part.part_end) + 1)
            else part.thirds
        end as tiles,
        part.period_basis = 'aggregated' as is_added,
        true as is_alone,
        near.qualifier,
        near.form_key,
        near.finality_rank
    from store.rate_near as near
    inner join store.period_part as part on near.period_key = part.part_key and part.depth > 0
    inner join catalog.indicator_edition as edition on near.edition_key = edition.edition_key
    left join catalog.form as form on near.form_key = form.form_key
    where
        near.period_basis = 'stated'
        and part.period_key in (select period_key from store.rate_asked)
        and (near.scope_key, part.period_key) not in (select (org_key, period_key) from store.rate_asked)
        and (
            edition.numerator_kind = 'flow'
            or edition.denominator_kind = 'flow'
            or (
                'year_to_date' not in (edition.numerator_kind, edition.denominator_kind)
                and date_diff('month', part.part_end, part.period_end) < 12
            )
            -- A figure to date says nothing of a period that reaches over two of its years.
            or date_trunc('year', part.period_start + to_months(case when form.calendar = 'mch_year' then 3 else 0 end))
            = date_trunc('year', part.period_end + to_months(case when form.calendar = 'mch_year' then 3 else 0 end))
        )
),

rolled_by_level as (
    select
        above.ancestor_key as org_key,
        nearest.period_key,
        nearest.period_basis,
        nearest.edition_key,
        nearest.breakdown_key,
        nearest.row_level,
        min(nearest.form_key) as form_key,
        cast(sum(nearest.numerator) as decimal(28, 4)) as numerator,
        cast(sum(nearest.denominator) as decimal(28, 4)) as denominator,
        max(nearest.qualifier) as qualifier,
        cast(sum(nearest.units) as bigint) as units,
        cast(sum(nearest.tiles) as bigint) as tiles,
        min(nearest.finality_rank) as finality_rank
    from nearest
    inner join core.period as period on nearest.period_key = period.period_key
    inner join core.org_ancestor as above
        on
            nearest.org_key = above.org_key
            and (above.valid_from is null or above.valid_from <= period.period_end)
            and (above.valid_to is null or period.period_end < above.valid_to)
    inner join run.scope as scope on above.ancestor_key = scope.org_key and nearest.period_key = scope.period_key
    group by
        above.ancestor_key, nearest.period_key, nearest.period_basis, nearest.edition_key, nearest.breakdown_key,
        nearest.row_level
    -- Where nobody below states shorter periods, what is stated says it all.
    having
        nearest.period_basis = 'stated'
        or bool_or(nearest.is_added and not nearest.is_alone)
        or (
            bool_or(nearest.is_added)
            and (above.ancestor_key, nearest.period_key) in (select (org_key, period_key) from store.period_several)
        )
),

rolled_up as (
    select
        rolled.*,
        owed.units as owed_units,
        owed.thirds as owed_tiles,
        case
            -- Two stocks count the units whose last pair is not too old, anything else its months.
            when edition.numerator_kind = 'stock' and edition.denominator_kind = 'stock'
                then rolled.units / cast(greatest(owed.units, rolled.units) as double)
            else least(cast(rolled.tiles as double) / owed.thirds, 1)
        end as coverage
    from rolled_by_level as rolled
    inner join catalog.indicator_edition as edition on rolled.edition_key = edition.edition_key
    left join store.form_set as carrier
        on
            carrier.subject = 'edition'
            and rolled.edition_key = carrier.subject_key
            and rolled.row_level = carrier.row_level
    left join store.owed as owed
        on
            rolled.org_key = owed.org_key
            and rolled.period_key = owed.period_key
            and carrier.form_set = owed.form_set
    qualify
        row_number() over (
            partition by
                rolled.org_key, rolled.period_key, rolled.edition_key, rolled.breakdown_key, rolled.period_basis
            order by
                coalesce(carrier.precedence, 1000),
                coalesce(least(cast(rolled.tiles as double) / owed.thirds, 1), 1) desc,
                coalesce(carrier.depth, 10)
        ) = 1
)

select *
from rolled_up
order by org_key, period_key, edition_key, breakdown_key, period_basis
