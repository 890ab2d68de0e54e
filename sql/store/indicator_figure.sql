-- One row per boundary, organisation, period, edition, breakdown, basis and period basis: the rate with its interval.
-- key: boundary, org_key, period_key, edition_key, breakdown_key, basis, period_basis
-- kind: scoped table
-- portable: yes
-- Boundary 0 is as reported (store.indicator_value); the others hold only what changes of organisations make different.
with
scoped_periods as (
    select distinct
        period.period_key,
        period.period_start,
        period.period_end,
        period.period_kind,
        date_diff('month', period.period_start, period.period_end) + 1 as months
    from run.scope as scope
    inner join core.period as period on scope.period_key = period.period_key
),

-- The months of a longer period. A month is its own: what is stated for it is added up over units only.
months as (
    select
        whole.period_key,
        whole.months,
        month.period_key as month_key,
        month.period_end,
        case when whole.period_key = month.period_key then 'stated' else 'aggregated' end as period_basis
    from scoped_periods as whole
    inner join core.period as month
        on
            month.period_kind = 'month'
            and month.period_start >= whole.period_start
            and month.period_end <= whole.period_end
    where whole.period_kind in ('month', 'quarter', 'half_year', 'year', 'mch_half_year', 'mch_year')
),

-- A unit enters with its months in which both sides are known, so that it never enters one side alone. What it states
-- as a row of its township's form stands apart: only that is added up over units.
unit_sums as (
    select
        tile.org_key,
        months.period_key,
        months.period_basis,
        months.months,
        tile.edition_key,
        tile.breakdown_key,
        min(case when tile.is_row then tile.form_key end) as form_key,
        case
            when edition.numerator_kind = 'flow' then sum(tile.numerator) else max_by(tile.numerator, months.period_end)
        end as numerator,
        case
            when edition.denominator_kind = 'flow' then sum(tile.denominator)
            else max_by(tile.denominator, months.period_end)
        end as denominator,
        case
            when edition.numerator_kind = 'flow' then sum(case when tile.is_row then tile.numerator end)
            else max_by(tile.numerator, case when tile.is_row then months.period_end end)
        end as row_numerator,
        case
            when edition.denominator_kind = 'flow' then sum(case when tile.is_row then tile.denominator end)
            else max_by(tile.denominator, case when tile.is_row then months.period_end end)
        end as row_denominator,
        count(*) as tiles,
        count(case when tile.is_row then 1 end) as row_tiles,
        max(tile.qualifier) as qualifier,
        max(case when tile.is_row then tile.qualifier end) as row_qualifier
    from store.rate_tile as tile
    inner join months on tile.period_key = months.month_key
    inner join catalog.indicator_edition as edition on tile.edition_key = edition.edition_key
    where tile.numerator is not null and tile.denominator is not null
    group by
        tile.org_key, months.period_key, months.period_basis, months.months, tile.edition_key, tile.breakdown_key,
        edition.numerator_kind, edition.denominator_kind
),

-- Months that the roster owes of a unit: every unit of the form's row level below a unit that owes the form.
unit_owed as (
    select
        below.org_key,
        form.form_key,
        months.period_key,
        count(*) as tiles
    from catalog.roster as roster
    inner join catalog.form as form on roster.form_code = form.form_code and form.row_level is not null
    inner join core.org_unit as sender on roster.org_code = sender.org_code
    inner join core.period as period on roster.period_code = period.period_code
    inner join months on period.period_key = months.month_key
    inner join core.org_ancestor as below
        on
            sender.org_key = below.ancestor_key
            and (below.valid_from is null or below.valid_from <= period.period_end)
            and (below.valid_to is null or period.period_end < below.valid_to)
    inner join core.org_unit as unit
        on
            below.org_key = unit.org_key
            and form.row_level = unit.org_level
            and (unit.valid_from is null or unit.valid_from <= period.period_end)
            and (unit.valid_to is null or period.period_end < unit.valid_to)
    group by below.org_key, form.form_key, months.period_key
),

-- Added up unit by unit, here and below, so that units are counted and not made distinct over all their rows.
owed as (
    select
        above.ancestor_key as org_key,
        unit_owed.form_key,
        unit_owed.period_key,
        count(*) as units,
        sum(unit_owed.tiles) as tiles
    from unit_owed
    inner join scoped_periods as period on unit_owed.period_key = period.period_key
    inner join core.org_ancestor as above
        on
            unit_owed.org_key = above.org_key
            and (above.valid_from is null or above.valid_from <= period.period_end)
            and (above.valid_to is null or period.period_end < above.valid_to)
    group by above.ancestor_key, unit_owed.form_key, unit_owed.period_key
),

rolled_up as (
    select
        above.ancestor_key as org_key,
        sums.period_key,
        sums.period_basis,
        sums.edition_key,
        sums.breakdown_key,
        min(sums.form_key) as form_key,
        sum(sums.row_numerator) as numerator,
        sum(sums.row_denominator) as denominator,
        max(sums.row_qualifier) as qualifier,
        count(*) as units,
        sum(sums.row_tiles) as tiles
    from unit_sums as sums
    inner join scoped_periods as period on sums.period_key = period.period_key
    inner join core.org_ancestor as above
        on
            sums.org_key = above.org_key
            and above.distance > 0
            and (above.valid_from is null or above.valid_from <= period.period_end)
            and (above.valid_to is null or period.period_end < above.valid_to)
    inner join run.scope as scope on above.ancestor_key = scope.org_key and sums.period_key = scope.period_key
    where sums.row_tiles > 0
    group by above.ancestor_key, sums.period_key, sums.period_basis, sums.edition_key, sums.breakdown_key
),

-- Within other boundaries: as reported, less what left the unit, more what came to it.
carried_up as (
    select
        delta.boundary,
        delta.org_key,
        delta.period_key,
        delta.edition_key,
        delta.breakdown_key,
        delta.period_basis,
        coalesce(rolled.numerator, 0) + delta.numerator as numerator,
        coalesce(rolled.denominator, 0) + delta.denominator as denominator,
        rolled.qualifier,
        coalesce(rolled.units, 0) + delta.units as units,
        coalesce(rolled.tiles, 0) + delta.tiles as tiles,
        coalesce(owed.units, 0) + delta.owed_units as owed_units,
        greatest(
            coalesce(owed.tiles, 0) + delta.owed_tiles,
            case when delta.lost_tiles > 0 then coalesce(rolled.tiles, 0) + delta.tiles else 0 end
        ) + delta.lost_tiles as owed_tiles,
        delta.is_estimated
    from store.boundary_delta as delta
    inner join run.scope as scope on delta.org_key = scope.org_key and delta.period_key = scope.period_key
    left join rolled_up as rolled
        on
            delta.org_key = rolled.org_key
            and delta.period_key = rolled.period_key
            and delta.edition_key = rolled.edition_key
            and delta.breakdown_key = rolled.breakdown_key
            and delta.period_basis = rolled.period_basis
    left join owed
        on delta.org_key = owed.org_key and delta.form_key = owed.form_key and delta.period_key = owed.period_key
),

sources as (
    select
        0 as boundary,
        tile.org_key,
        tile.period_key,
        tile.edition_key,
        tile.breakdown_key,
        'own' as basis,
        'stated' as period_basis,
        tile.numerator,
        tile.denominator,
        tile.numerator_gap,
        tile.denominator_gap,
        tile.qualifier,
        1 as units_expected,
        case when tile.numerator is null or tile.denominator is null then 0 else 1 end as units_reported,
        case when tile.numerator is null or tile.denominator is null then 0 else cast(1 as double) end as coverage,
        case when tile.numerator is null then 0 else cast(1 as double) end as coverage_numerator,
        case when tile.denominator is null then 0 else cast(1 as double) end as coverage_denominator,
        false as is_estimated
    from store.rate_tile as tile
    inner join run.scope as scope on tile.org_key = scope.org_key and tile.period_key = scope.period_key
    union all
    select
        0 as boundary,
        sums.org_key,
        sums.period_key,
        sums.edition_key,
        sums.breakdown_key,
        'own' as basis,
        sums.period_basis,
        sums.numerator,
        sums.denominator,
        'not_reported' as numerator_gap,
        'not_reported' as denominator_gap,
        sums.qualifier,
        1 as units_expected,
        1 as units_reported,
        cast(sums.tiles as double) / sums.months as coverage,
        cast(sums.tiles as double) / sums.months as coverage_numerator,
        cast(sums.tiles as double) / sums.months as coverage_denominator,
        false as is_estimated
    from unit_sums as sums
    inner join run.scope as scope on sums.org_key = scope.org_key and sums.period_key = scope.period_key
    where sums.period_basis = 'aggregated'
    union all
    select
        0 as boundary,
        rolled.org_key,
        rolled.period_key,
        rolled.edition_key,
        rolled.breakdown_key,
        'rolled_up' as basis,
        rolled.period_basis,
        rolled.numerator,
        rolled.denominator,
        'not_reported' as numerator_gap,
        'not_reported' as denominator_gap,
        rolled.qualifier,
        coalesce(owed.units, rolled.units) as units_expected,
        rolled.units as units_reported,
        coalesce(least(cast(rolled.tiles as double) / owed.tiles, 1), 1) as coverage,
        coalesce(least(cast(rolled.tiles as double) / owed.tiles, 1), 1) as coverage_numerator,
        coalesce(least(cast(rolled.tiles as double) / owed.tiles, 1), 1) as coverage_denominator,
        false as is_estimated
    from rolled_up as rolled
    left join owed
        on
            rolled.org_key = owed.org_key
            and rolled.form_key = owed.form_key
            and rolled.period_key = owed.period_key
    union all
    select
        sums.boundary,
        sums.org_key,
        sums.period_key,
        sums.edition_key,
        sums.breakdown_key,
        'own' as basis,
        sums.period_basis,
        case when sums.is_carried then sums.numerator end as numerator,
        case when sums.is_carried then sums.denominator end as denominator,
        case when sums.is_carried then sums.numerator_gap else 'no_weight_back' end as numerator_gap,
        case when sums.is_carried then sums.denominator_gap else 'no_weight_back' end as denominator_gap,
        sums.qualifier,
        sums.units_expected,
        case when sums.is_carried then sums.units_reported else 0 end as units_reported,
        case when sums.is_carried then sums.coverage else 0 end as coverage,
        case when sums.is_carried then sums.coverage else 0 end as coverage_numerator,
        case when sums.is_carried then sums.coverage else 0 end as coverage_denominator,
        sums.is_estimated
    from store.boundary_sum as sums
    inner join run.scope as scope on sums.org_key = scope.org_key and sums.period_key = scope.period_key
    where sums.boundary > 0 and sums.is_carried <> sums.lacks_some
    union all
    select
        carried.boundary,
        carried.org_key,
        carried.period_key,
        carried.edition_key,
        carried.breakdown_key,
        'rolled_up' as basis,
        carried.period_basis,
        carried.numerator,
        carried.denominator,
        'not_reported' as numerator_gap,
        'not_reported' as denominator_gap,
        carried.qualifier,
        case when carried.owed_tiles > 0 then greatest(carried.owed_units, carried.units) else carried.units end
            as units_expected,
        carried.units as units_reported,
        case when carried.owed_tiles > 0 then least(cast(carried.tiles as double) / carried.owed_tiles, 1) else 1 end
            as coverage,
        case when carried.owed_tiles > 0 then least(cast(carried.tiles as double) / carried.owed_tiles, 1) else 1 end
            as coverage_numerator,
        case when carried.owed_tiles > 0 then least(cast(carried.tiles as double) / carried.owed_tiles, 1) else 1 end
            as coverage_denominator,
        carried.is_estimated
    from carried_up as carried
    where carried.units > 0
),

pairs as (
    select
        sources.*,
        edition.indicator_type,
        edition.is_count,
        indicator.per,
        row_number() over (
            partition by
                sources.boundary, sources.org_key, sources.period_key, edition.indicator_key, sources.breakdown_key,
                sources.basis, sources.period_basis
            -- A formula whose counts are there goes before a preferred one whose counts are not.
            order by
                case when sources.numerator is not null and sources.denominator > 0 then 0 else 1 end,
                coalesce(preferred.preference, 1000), edition.standard, edition.edition
        ) = 1 as is_default_edition
    from sources
    inner join catalog.indicator_edition as edition on sources.edition_key = edition.edition_key
    inner join catalog.indicator as indicator on edition.indicator_key = indicator.indicator_key
    inner join core.org_unit as unit on sources.org_key = unit.org_key
    inner join core.period as period on sources.period_key = period.period_key
    left join catalog.default_standard as preferred
        on
            indicator.domain = preferred.domain
            and unit.org_level = preferred.org_level
            and edition.standard = preferred.standard
    where
        (edition.valid_from is null or edition.valid_from <= period.period_end)
        and (edition.valid_to is null or period.period_end < edition.valid_to)
),

judged as (
    select
        pairs.*,
        cast(numerator as double) as x,
        cast(denominator as double) as n,
        case
            when numerator is null or denominator is null then 'missing'
            when denominator <= 0 then 'not_computable'
            when coverage < 1 then 'partial'
            else 'ok'
        end as state,
        case
            when numerator is null then 'numerator: ' || numerator_gap
            when denominator is null then 'denominator: ' || denominator_gap
            when denominator <= 0 then 'denominator: zero'
            when numerator > denominator and indicator_type = 'proportion' then 'numerator exceeds denominator'
            when coverage < 1 then 'coverage below 1'
            when qualifier is not null then 'printed as: ' || qualifier
        end as state_reason
    from pairs
),

methods as (
    select
        judged.*,
        case
            when state not in ('ok', 'partial') or not is_count or x <> floor(x) or x < 0 then null
            when indicator_type = 'proportion' and x <= n then 'wilson'
            when indicator_type = 'near_proportion' and x <= n then 'wilson_near'
            when indicator_type in ('near_proportion', 'rate', 'ratio') and x >= 10 then 'byar'
            when indicator_type in ('near_proportion', 'rate', 'ratio') then 'exact'
        end as interval_method
    from judged
),

-- Both levels side by side, 95 % (z = 1.96) and 99.8 % (z = 3.09): a row a level would be joined together again.
counts as (
    select
        methods.*,
        x / n + 1.959963984540054 * 1.959963984540054 / (2 * n) as middle,
        x / n + 3.090232306167813 * 3.090232306167813 / (2 * n) as middle_998,
        case
            when interval_method in ('wilson', 'wilson_near')
                then
                    1.959963984540054
                    * sqrt(x / n * (1 - x / n) / n + 1.959963984540054 * 1.959963984540054 / (4 * n * n))
        end as half,
        case
            when interval_method in ('wilson', 'wilson_near')
                then
                    3.090232306167813
                    * sqrt(x / n * (1 - x / n) / n + 3.090232306167813 * 3.090232306167813 / (4 * n * n))
        end as half_998,
        1 + 1.959963984540054 * 1.959963984540054 / n as shrink,
        1 + 3.090232306167813 * 3.090232306167813 / n as shrink_998,
        case interval_method
            when 'byar' then x * power(1 - 1 / (9 * x) - 1.959963984540054 / (3 * sqrt(x)), 3)
            when 'exact' then exact.lower
        end as least_count,
        case interval_method
            when 'byar' then x * power(1 - 1 / (9 * x) - 3.090232306167813 / (3 * sqrt(x)), 3)
            when 'exact' then exact.lower_998
        end as least_count_998,
        case interval_method
            when 'byar' then (x + 1) * power(1 - 1 / (9 * (x + 1)) + 1.959963984540054 / (3 * sqrt(x + 1)), 3)
            when 'exact' then exact.upper
        end as most_count,
        case interval_method
            when 'byar' then (x + 1) * power(1 - 1 / (9 * (x + 1)) + 3.090232306167813 / (3 * sqrt(x + 1)), 3)
            when 'exact' then exact.upper_998
        end as most_count_998
    from methods
    left join catalog.poisson_limit as exact on methods.numerator = exact.events
),

limits as (
    select
        counts.*,
        case
            when half is null then least_count / n
            when middle > half then (middle - half) / shrink
            else 0
        end as lower,
        case
            when half is null then most_count / n
            when middle + half < shrink then (middle + half) / shrink
            else 1
        end as upper,
        case
            when half_998 is null then least_count_998 / n
            when middle_998 > half_998 then (middle_998 - half_998) / shrink_998
            else 0
        end as lower_998,
        case
            when half_998 is null then most_count_998 / n
            when middle_998 + half_998 < shrink_998 then (middle_998 + half_998) / shrink_998
            else 1
        end as upper_998
    from counts
)

select
    boundary,
    org_key,
    period_key,
    edition_key,
    breakdown_key,
    basis,
    period_basis,
    numerator,
    denominator,
    case when state in ('ok', 'partial') then x / n * per end as value,
    lower * per as lower,
    upper * per as upper,
    lower_998 * per as lower_998,
    upper_998 * per as upper_998,
    interval_method,
    units_expected,
    units_reported,
    coverage,
    coverage_numerator,
    coverage_denominator,
    state,
    state_reason,
    'submitted' as finality,
    is_default_edition,
    is_estimated
from limits
order by boundary, org_key, period_key, edition_key, breakdown_key, basis, period_basis
