-- One row per organisation, period, edition and breakdown: a rate of stocks or of figures to date, put together.
-- key: org_key, period_key, edition_key, breakdown_key
-- kind: scoped table
-- portable: yes
-- Two stocks are the last pair that is not too old; two figures to date the last ones of their year, over two of their
-- years what they grew by. `row_…`: of what stands in the rows of a form, the stated pair of the whole period among it.
with
asked as (
    select
        unit.org_key,
        scope.period_key
    from run.scope as scope
    inner join core.org_unit as unit on scope.org_key = unit.org_key
    inner join store.rate_asked as added on unit.scope_key = added.org_key and scope.period_key = added.period_key
),

parts as (
    select part.*
    from store.period_part as part
    where part.depth > 0 and part.period_key in (select period_key from asked)
),

carries as (
    select
        term.edition_key,
        min(coalesce(element.carry_months, 12)) as carry_months
    from catalog.indicator_term as term
    inner join catalog.element as element on term.element_key = element.element_key and element.kind = 'stock'
    group by term.edition_key
),

said as (
    select pair.*
    from store.rate_pair as pair
    where
        pair.org_key in (select org_key from asked)
        and pair.numerator_kind <> 'flow'
        and pair.denominator_kind <> 'flow'
),

levels as (
    select
        said.*,
        whole.period_key as whole_key,
        whole.period_start as whole_start,
        whole.period_end as whole_end,
        whole.thirds as whole_thirds,
        whole.period_basis = 'aggregated' or said.is_filled as is_added,
        'year_to_date' in (said.numerator_kind, said.denominator_kind) as is_to_date
    from said
    inner join parts as whole on said.period_key = whole.part_key
    left join carries on said.edition_key = carries.edition_key
    where
        date_diff('month', said.period_end, whole.period_end) < coalesce(carries.carry_months, 12)
    qualify
        row_number() over (
            partition by said.org_key, whole.period_key, said.edition_key, said.breakdown_key, said.period_end
            order by said.depth
        ) = 1
),

last_ones as (
    select
        org_key,
        whole_key as period_key,
        edition_key,
        breakdown_key,
        max_by(numerator, case when is_added then period_end end) as numerator,
        max_by(denominator, case when is_added then period_end end) as denominator,
        case
            when bool_or(is_to_date)
                then 3 * (date_diff('month', min(whole_start), max(case when is_added then period_end end)) + 1)
            else max(case when is_added then whole_thirds end)
        end as thirds,
        max_by(numerator, case when is_row then period_end end) as row_numerator,
        max_by(denominator, case when is_row then period_end end) as row_denominator,
        case
            when bool_or(is_to_date)
                then 3 * (date_diff('month', min(whole_start), max(case when is_row then period_end end)) + 1)
            else max(case when is_row then whole_thirds end)
        end as row_thirds,
        max(qualifier) as qualifier,
        min(form_key) as form_key,
        min(finality_rank) as finality_rank
    from levels
    where not is_to_date or (whole_start >= year_start and whole_end < year_start + interval 12 months)
    group by org_key, whole_key, edition_key, breakdown_key
),

growths as (
    select
        said.*,
        coalesce(
            lag(period_end) over (
                partition by org_key, edition_key, breakdown_key, year_start order by period_end, depth desc
            ) + interval 1 day,
            year_start
        ) as grown_from,
        numerator - coalesce(
            lag(numerator) over (
                partition by org_key, edition_key, breakdown_key, year_start order by period_end, depth desc
            ), 0
        ) as more_numerator,
        denominator - coalesce(
            lag(denominator) over (
                partition by org_key, edition_key, breakdown_key, year_start order by period_end, depth desc
            ), 0
        ) as more_denominator
    from said
    where numerator_kind = 'year_to_date' and denominator_kind = 'year_to_date'
),

grown as (
    select
        growths.org_key,
        whole.period_key,
        growths.edition_key,
        growths.breakdown_key,
        sum(growths.more_numerator) as numerator,
        sum(growths.more_denominator) as denominator,
        sum(3 * (date_diff('month', growths.grown_from, growths.period_end) + 1)) as thirds,
        sum(case when growths.is_row then growths.more_numerator end) as row_numerator,
        sum(case when growths.is_row then growths.more_denominator end) as row_denominator,
        sum(case when growths.is_row then 3 * (date_diff('month', growths.grown_from, growths.period_end) + 1) end)
            as row_thirds,
        max(growths.qualifier) as qualifier,
        min(growths.form_key) as form_key,
        min(growths.finality_rank) as finality_rank
    from growths
    inner join parts as whole on growths.period_key = whole.part_key and whole.period_basis = 'aggregated'
    where
        growths.grown_from >= whole.period_start
        and (whole.period_start < growths.year_start or whole.period_end >= growths.year_start + interval 12 months)
    group by growths.org_key, whole.period_key, growths.edition_key, growths.breakdown_key
),

found as (
    select * from last_ones
    union all
    select * from grown
)

select
    found.org_key,
    found.period_key,
    found.edition_key,
    found.breakdown_key,
    cast(found.numerator as decimal(28, 4)) as numerator,
    cast(found.denominator as decimal(28, 4)) as denominator,
    cast(found.thirds as integer) as thirds,
    cast(found.row_numerator as decimal(28, 4)) as row_numerator,
    cast(found.row_denominator as decimal(28, 4)) as row_denominator,
    cast(found.row_thirds as integer) as row_thirds,
    whole.thirds as whole_thirds,
    found.thirds is not null as is_added,
    found.qualifier,
    found.form_key,
    found.finality_rank
from found
inner join asked on found.org_key = asked.org_key and found.period_key = asked.period_key
inner join store.period_part as whole on found.period_key = whole.part_key and whole.period_basis = 'stated'
order by found.org_key, found.period_key, found.edition_key, found.breakdown_key
