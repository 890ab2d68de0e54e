-- One row per organisation, period, edition, breakdown, basis and period basis: the rate with its interval.
-- key: org_key, period_key, edition_key, breakdown_key, basis, period_basis
-- kind: scoped table
-- portable: yes
with
sides as (
    select
        chosen.org_key,
        chosen.period_key,
        chosen.period_basis,
        term.edition_key,
        term.side,
        case when term.breakdown_key = 0 then chosen.breakdown_key else 0 end as breakdown_key,
        sum(chosen.value * term.factor) as amount,
        count(chosen.value) as terms_known,
        max(case when chosen.state <> 'reported' then chosen.state end) as gap,
        max(case when chosen.qualifier <> 'exact' then chosen.qualifier end) as qualifier
    from store.fact_chosen as chosen
    inner join run.scope as scope on chosen.org_key = scope.org_key and chosen.period_key = scope.period_key
    inner join catalog.indicator_term as term
        on
            chosen.element_key = term.element_key
            and (term.breakdown_key = 0 or chosen.breakdown_key = term.breakdown_key)
    group by
        chosen.org_key, chosen.period_key, chosen.period_basis, term.edition_key, term.side,
        case when term.breakdown_key = 0 then chosen.breakdown_key else 0 end
),

pairs as (
    select
        above.org_key,
        above.period_key,
        above.edition_key,
        above.breakdown_key,
        above.period_basis,
        edition.indicator_key,
        edition.standard,
        edition.edition,
        edition.indicator_type,
        edition.is_count,
        indicator.per,
        indicator.domain,
        unit.org_level,
        case when above.terms_known = edition.numerator_terms then cast(above.amount as decimal(28, 4)) end
            as numerator,
        case when below.terms_known = edition.denominator_terms then cast(below.amount as decimal(28, 4)) end
            as denominator,
        coalesce(above.gap, 'not_reported') as numerator_gap,
        coalesce(below.gap, 'not_reported') as denominator_gap,
        coalesce(above.qualifier, below.qualifier) as qualifier
    from sides as above
    inner join catalog.indicator_edition as edition on above.edition_key = edition.edition_key
    inner join catalog.indicator as indicator on edition.indicator_key = indicator.indicator_key
    inner join core.org_unit as unit on above.org_key = unit.org_key
    inner join core.period as period on above.period_key = period.period_key
    left join sides as below
        on
            above.org_key = below.org_key
            and above.period_key = below.period_key
            and above.period_basis = below.period_basis
            and above.edition_key = below.edition_key
            and above.breakdown_key = below.breakdown_key
            and below.side = 'denominator'
    where
        above.side = 'numerator'
        and (edition.valid_from is null or edition.valid_from <= period.period_end)
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
            else 'ok'
        end as state,
        case
            when numerator is null then 'numerator: ' || numerator_gap
            when denominator is null then 'denominator: ' || denominator_gap
            when denominator <= 0 then 'denominator: zero'
            when numerator > denominator and indicator_type = 'proportion' then 'numerator exceeds denominator'
            when qualifier is not null then 'printed as: ' || qualifier
        end as state_reason
    from pairs
),

methods as (
    select
        judged.*,
        case
            when state <> 'ok' or not is_count or x <> floor(x) or x < 0 then null
            when indicator_type = 'proportion' and x <= n then 'wilson'
            when indicator_type = 'near_proportion' and x <= n then 'wilson_near'
            when indicator_type in ('near_proportion', 'rate', 'ratio') and x >= 10 then 'byar'
            when indicator_type in ('near_proportion', 'rate', 'ratio') then 'exact'
        end as interval_method
    from judged
),

counts as (
    select
        methods.*,
        z.level,
        x / n + z.z * z.z / (2 * n) as middle,
        case
            when interval_method in ('wilson', 'wilson_near')
                then z.z * sqrt(x / n * (1 - x / n) / n + z.z * z.z / (4 * n * n))
        end as half,
        1 + z.z * z.z / n as shrink,
        case
            when interval_method = 'byar' then x * power(1 - 1 / (9 * x) - z.z / (3 * sqrt(x)), 3)
            when interval_method = 'exact' and z.level = 95 then exact.lower
            when interval_method = 'exact' then exact.lower_998
        end as least_count,
        case
            when interval_method = 'byar' then (x + 1) * power(1 - 1 / (9 * (x + 1)) + z.z / (3 * sqrt(x + 1)), 3)
            when interval_method = 'exact' and z.level = 95 then exact.upper
            when interval_method = 'exact' then exact.upper_998
        end as most_count
    from methods
    cross join (
        select
            95 as level,
            1.959963984540054 as z
        union all
        select
            998 as level,
            3.090232306167813 as z
    ) as z
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
        end as upper
    from counts
)

select
    org_key,
    period_key,
    edition_key,
    breakdown_key,
    'own' as basis,
    period_basis,
    numerator,
    denominator,
    case when state = 'ok' then x / n * per end as value,
    max(case when level = 95 then lower * per end) as lower,
    max(case when level = 95 then upper * per end) as upper,
    max(case when level = 998 then lower * per end) as lower_998,
    max(case when level = 998 then upper * per end) as upper_998,
    interval_method,
    1 as units_expected,
    case when state = 'missing' then 0 else 1 end as units_reported,
    case when state = 'missing' then 0 else cast(1 as double) end as coverage,
    case when numerator is null then 0 else cast(1 as double) end as coverage_numerator,
    case when denominator is null then 0 else cast(1 as double) end as coverage_denominator,
    state,
    state_reason,
    'submitted' as finality,
    row_number() over (
        partition by org_key, period_key, indicator_key, breakdown_key, period_basis
        order by coalesce(preferred.preference, 1000), limits.standard, edition
    ) = 1 as is_default_edition
from limits
left join catalog.default_standard as preferred
    on
        limits.domain = preferred.domain
        and limits.org_level = preferred.org_level
        and limits.standard = preferred.standard
group by
    org_key, period_key, edition_key, breakdown_key, period_basis, numerator, denominator, state, x, n, per,
    interval_method, state_reason, indicator_key, limits.standard, edition, preferred.preference
order by org_key, period_key, edition_key, breakdown_key
