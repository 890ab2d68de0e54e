-- One row per boundary, organisation, period, edition, breakdown, basis and period basis: the rate with its interval.
-- key: boundary, org_key, period_key, edition_key, breakdown_key, basis, period_basis
-- kind: scoped table
-- portable: yes
-- Boundary 0 is as reported (store.indicator_value); the others hold only what changes of organisations make different.
with
-- How much of each side is there, whether or not the other is: the least that any of its terms covers.
side_coverage as (
    select
        figure.org_key,
        figure.period_key,
        term.edition_key,
        case when term.breakdown_key = 0 then figure.breakdown_key else 0 end as breakdown_key,
        figure.basis,
        figure.period_basis,
        min(case when term.side = 'numerator' then figure.coverage end) as coverage_numerator,
        min(case when term.side = 'denominator' then figure.coverage end) as coverage_denominator
    from store.element_figure as figure
    inner join run.scope as scope on figure.org_key = scope.org_key and figure.period_key = scope.period_key
    inner join catalog.indicator_term as term
        on
            figure.element_key = term.element_key
            and (term.breakdown_key = 0 or figure.breakdown_key = term.breakdown_key)
            and term.term_period = 'same'
            and term.term_level = 'own'
    group by
        figure.org_key, figure.period_key, term.edition_key,
        case when term.breakdown_key = 0 then figure.breakdown_key else 0 end, figure.basis, figure.period_basis
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
        coalesce(rolled.finality_rank, 1) as finality_rank,
        coalesce(rolled.units, 0) + delta.units as units,
        coalesce(rolled.tiles, 0) + 3 * delta.tiles as tiles,
        coalesce(owed.units, 0) + delta.owed_units as owed_units,
        greatest(
            coalesce(owed.thirds, 0) + 3 * delta.owed_tiles,
            case when delta.lost_tiles > 0 then coalesce(rolled.tiles, 0) + 3 * delta.tiles else 0 end
        ) + 3 * delta.lost_tiles as owed_tiles,
        delta.is_estimated
    from store.boundary_delta as delta
    inner join run.scope as scope on delta.org_key = scope.org_key and delta.period_key = scope.period_key
    left join store.rate_rolled as rolled
        on
            delta.org_key = rolled.org_key
            and delta.period_key = rolled.period_key
            and delta.edition_key = rolled.edition_key
            and delta.breakdown_key = rolled.breakdown_key
            and delta.period_basis = rolled.period_basis
    left join catalog.form as form on delta.form_key = form.form_key
    left join store.form_set as carrier
        on
            carrier.subject = 'edition'
            and delta.edition_key = carrier.subject_key
            and form.row_level = carrier.row_level
    left join store.owed as owed
        on
            delta.org_key = owed.org_key
            and delta.period_key = owed.period_key
            and carrier.form_set = owed.form_set
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
        tile.finality_rank,
        false as is_estimated
    from store.rate_tile as tile
    inner join run.scope as scope on tile.org_key = scope.org_key and tile.period_key = scope.period_key
    where tile.is_said
    union all
    select
        0 as boundary,
        sums.org_key,
        sums.period_key,
        sums.edition_key,
        sums.breakdown_key,
        'own' as basis,
        'aggregated' as period_basis,
        sums.numerator,
        sums.denominator,
        'not_reported' as numerator_gap,
        'not_reported' as denominator_gap,
        sums.qualifier,
        1 as units_expected,
        1 as units_reported,
        least(cast(sums.thirds as double) / sums.whole_thirds, 1) as coverage,
        least(coalesce(side.coverage_numerator, cast(sums.thirds as double) / sums.whole_thirds), 1)
            as coverage_numerator,
        least(coalesce(side.coverage_denominator, cast(sums.thirds as double) / sums.whole_thirds), 1)
            as coverage_denominator,
        sums.finality_rank,
        false as is_estimated
    from store.rate_sum as sums
    inner join run.scope as scope on sums.org_key = scope.org_key and sums.period_key = scope.period_key
    left join side_coverage as side
        on
            sums.org_key = side.org_key
            and sums.period_key = side.period_key
            and sums.edition_key = side.edition_key
            and sums.breakdown_key = side.breakdown_key
            and side.basis = 'own'
    where sums.is_added
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
        greatest(coalesce(rolled.owed_units, rolled.units), rolled.units) as units_expected,
        rolled.units as units_reported,
        coalesce(rolled.coverage, 1) as coverage,
        coalesce(side.coverage_numerator, rolled.coverage, 1) as coverage_numerator,
        coalesce(side.coverage_denominator, rolled.coverage, 1) as coverage_denominator,
        rolled.finality_rank,
        false as is_estimated
    from store.rate_rolled as rolled
    inner join run.scope as scope on rolled.org_key = scope.org_key and rolled.period_key = scope.period_key
    left join side_coverage as side
        on
            rolled.org_key = side.org_key
            and rolled.period_key = side.period_key
            and rolled.edition_key = side.edition_key
            and rolled.breakdown_key = side.breakdown_key
            and rolled.period_basis = side.period_basis
            and side.basis = 'rolled_up'
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
        1 as finality_rank,
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
        carried.finality_rank,
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
    case finality_rank when 0 then 'open' when 1 then 'submitted' when 2 then 'approved' else 'closed' end as finality,
    is_default_edition,
    is_estimated
from limits
order by boundary, org_key, period_key, edition_key, breakdown_key, basis, period_basis
