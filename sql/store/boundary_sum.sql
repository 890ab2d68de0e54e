-- One row per boundary, organisation, period, period basis, edition, breakdown and kind of row: counts carried there.
-- key: boundary, org_key, period_key, period_basis, edition_key, breakdown_key, is_row, is_carried
-- kind: scoped table
-- portable: yes
-- Only organisations that a change concerns; boundary 0 is as reported. What a unit stated is divided by the weights of
-- the changes in such a way that the parts add up to it; what is divided are counts, never rates. What cannot be
-- carried stays with its unit (is_carried is false): it counts above all that it may belong to, and nowhere else.
with
parts as (
    select
        share.boundary,
        share.target_key as org_key,
        tile.period_key,
        period.period_end,
        tile.edition_key,
        tile.breakdown_key,
        tile.is_row,
        tile.form_key,
        tile.qualifier,
        share.is_known as is_carried,
        tile.numerator is not null and tile.denominator is not null as is_known,
        round(cast(tile.numerator as decimal(20, 4)) * share.share_to, 4)
        - round(cast(tile.numerator as decimal(20, 4)) * share.share_from, 4) as numerator,
        round(cast(tile.denominator as decimal(20, 4)) * share.share_to, 4)
        - round(cast(tile.denominator as decimal(20, 4)) * share.share_from, 4) as denominator,
        cast(share.share_to - share.share_from as double) as weight,
        case when tile.numerator is null then tile.numerator_gap end as numerator_gap,
        case when tile.denominator is null then tile.denominator_gap end as denominator_gap
    from store.boundary_share as share
    inner join store.rate_tile as tile on share.org_key = tile.org_key and tile.is_said
    inner join core.period as period
        on
            tile.period_key = period.period_key
            and (share.valid_from is null or share.valid_from <= period.period_end)
            and (share.valid_to is null or period.period_end < share.valid_to)
    where share.target_key in (select org_key from run.scope)
),

tiles as (
    select
        boundary,
        org_key,
        period_key,
        period_end,
        edition_key,
        breakdown_key,
        is_row,
        is_carried,
        min(form_key) as form_key,
        max(qualifier) as qualifier,
        -- One side alone is shown as one side alone; two sides of different units never make a rate.
        cast(
            case
                when bool_or(is_known) then sum(case when is_known then numerator end)
                when count(denominator) = 0 then sum(numerator)
            end as decimal(28, 4)
        ) as numerator,
        cast(
            case
                when bool_or(is_known) then sum(case when is_known then denominator end)
                when count(numerator) = 0 then sum(denominator)
            end as decimal(28, 4)
        ) as denominator,
        coalesce(sum(case when is_known then weight end), 0) as weight,
        count(case when is_known then 1 end) as units,
        max(numerator_gap) as numerator_gap,
        max(denominator_gap) as denominator_gap,
        coalesce(bool_or(is_known and weight < 1), false) as is_estimated
    from parts
    group by boundary, org_key, period_key, period_end, edition_key, breakdown_key, is_row, is_carried
),

-- The units that exist then and belong to the unit within the boundary, by their shares.
due as (
    select
        known.boundary,
        known.org_key,
        known.period_key,
        sum(cast(share.share_to - share.share_from as double)) as weight,
        count(*) as units
    from (
        select distinct
            boundary,
            org_key,
            period_key,
            period_end
        from tiles
    ) as known
    inner join store.boundary_share as share
        on
            known.boundary = share.boundary
            and known.org_key = share.target_key
            and share.is_alive
            and share.is_known
            and (share.valid_from is null or share.valid_from <= known.period_end)
            and (share.valid_to is null or known.period_end < share.valid_to)
    group by known.boundary, known.org_key, known.period_key
),

stated as (
    select
        tiles.*,
        greatest(coalesce(due.units, 0), tiles.units, 1) as units_due,
        case when due.weight > tiles.weight then tiles.weight / due.weight when tiles.units > 0 then 1 else 0 end
            as coverage
    from tiles
    left join due
        on
            tiles.boundary = due.boundary
            and tiles.org_key = due.org_key
            and tiles.period_key = due.period_key
),

months as (
    select distinct
        whole.period_key,
        date_diff('month', whole.period_start, whole.period_end) + 1 as months,
        month.period_key as month_key
    from run.scope as scope
    inner join core.period as whole on scope.period_key = whole.period_key
    inner join core.period as month
        on
            month.period_kind = 'month'
            and month.period_start >= whole.period_start
            and month.period_end <= whole.period_end
    where whole.period_kind in ('quarter', 'half_year', 'year', 'mch_half_year', 'mch_year')
),

aggregated as (
    select
        stated.boundary,
        stated.org_key,
        months.period_key,
        months.months,
        stated.edition_key,
        stated.breakdown_key,
        stated.is_row,
        stated.is_carried,
        min(stated.form_key) as form_key,
        max(stated.qualifier) as qualifier,
        case
            when edition.numerator_kind = 'flow' then sum(stated.numerator)
            else max_by(stated.numerator, stated.period_end)
        end as numerator,
        case
            when edition.denominator_kind = 'flow' then sum(stated.denominator)
            else max_by(stated.denominator, stated.period_end)
        end as denominator,
        sum(stated.weight) as weight,
        max(stated.units) as units,
        max(stated.units_due) as units_due,
        sum(stated.coverage) as coverage,
        bool_or(stated.is_estimated) as is_estimated
    from stated
    inner join months on stated.period_key = months.month_key
    inner join catalog.indicator_edition as edition on stated.edition_key = edition.edition_key
    where stated.units > 0
    group by
        stated.boundary, stated.org_key, months.period_key, months.months, stated.edition_key, stated.breakdown_key,
        stated.is_row, stated.is_carried, edition.numerator_kind, edition.denominator_kind
),

found as (
    select
        boundary,
        org_key,
        period_key,
        'stated' as period_basis,
        edition_key,
        breakdown_key,
        is_row,
        is_carried,
        form_key,
        qualifier,
        numerator,
        denominator,
        coalesce(numerator_gap, 'not_reported') as numerator_gap,
        coalesce(denominator_gap, 'not_reported') as denominator_gap,
        weight as tiles,
        units_due as units_expected,
        units as units_reported,
        coverage,
        is_estimated
    from stated
    union all
    select
        boundary,
        org_key,
        period_key,
        'aggregated' as period_basis,
        edition_key,
        breakdown_key,
        is_row,
        is_carried,
        form_key,
        qualifier,
        numerator,
        denominator,
        'not_reported' as numerator_gap,
        'not_reported' as denominator_gap,
        weight as tiles,
        units_due as units_expected,
        units as units_reported,
        coverage / months as coverage,
        is_estimated
    from aggregated
)

select
    found.*,
    bool_or(not found.is_carried) over (
        partition by
            found.boundary, found.org_key, found.period_key, found.period_basis, found.edition_key, found.breakdown_key,
            found.is_row
    ) as lacks_some
from found
inner join run.scope as scope on found.org_key = scope.org_key and found.period_key = scope.period_key
order by found.boundary, found.org_key, found.period_key, found.edition_key, found.breakdown_key
