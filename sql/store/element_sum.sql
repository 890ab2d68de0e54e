-- One row per organisation, longer period, element and breakdown: what the unit's own shorter statements add up to.
-- key: org_key, period_key, element_key, breakdown_key
-- kind: scoped table
-- portable: yes
-- Flows bottom up: a period's parts where they are complete, else its own figure, else the parts that exist; never two
-- of these together. A stock is its last value in the period, not older than its carry; a year-to-date figure the last
-- one of its year, and where the period reaches over two of its years, what it grew by. Attributes are never added up.
-- `row_value`: the same of what the unit states as a row of a form, which alone is added up over units; there its own
-- figure for the whole period counts where the parts are not complete. Only periods in which the unit's county states
-- at least two shorter ones.
with
asked as (
    select
        unit.org_key,
        scope.period_key
    from run.scope as scope
    inner join core.org_unit as unit on scope.org_key = unit.org_key
    inner join store.period_several as several
        on unit.scope_key = several.org_key and scope.period_key = several.period_key
),

parts as (
    select part.*
    from store.period_part as part
    where part.period_basis = 'aggregated' and part.period_key in (select period_key from asked)
),

said as (
    select
        chosen.org_key,
        chosen.period_key,
        chosen.element_key,
        chosen.breakdown_key,
        chosen.value,
        case when form.row_level = unit.org_level then chosen.value end as row_value,
        chosen.form_key,
        coalesce(finality.finality_rank, 1) as finality_rank,
        element.kind,
        coalesce(element.carry_months, 12) as carry_months,
        period.period_start,
        period.period_end,
        self.depth,
        self.thirds,
        make_date(
            case
                when form.calendar = 'mch_year' and month(period.period_end) < 10 then year(period.period_end) - 1
                else year(period.period_end)
            end,
            case when form.calendar = 'mch_year' then 10 else 1 end,
            1
        ) as year_start
    from store.fact_chosen as chosen
    inner join catalog.element as element on chosen.element_key = element.element_key
    inner join core.org_unit as unit on chosen.org_key = unit.org_key
    inner join catalog.form as form on chosen.form_key = form.form_key
    inner join core.period as period on chosen.period_key = period.period_key
    inner join store.period_part as self on chosen.period_key = self.part_key and self.period_basis = 'stated'
    left join store.submission_finality as finality on chosen.submission_key = finality.submission_key
    where
        chosen.value is not null
        and self.depth > 0
        and chosen.org_key in (select org_key from asked)
        and element.kind <> 'attribute'
),

flows as (
    select
        org_key,
        period_key,
        element_key,
        breakdown_key,
        value,
        thirds,
        row_value,
        case when row_value is not null then thirds end as row_thirds,
        form_key,
        finality_rank,
        depth
    from said
    where kind = 'flow'
),

sums_2 as (
    select
        below.org_key,
        part.period_key,
        below.element_key,
        below.breakdown_key,
        sum(below.value) as value,
        sum(below.thirds) as thirds,
        sum(below.row_value) as row_value,
        sum(below.row_thirds) as row_thirds,
        min(below.form_key) as form_key,
        min(below.finality_rank) as finality_rank
    from (select * from flows where depth = 1) as below
    inner join store.period_part as part
        on below.period_key = part.part_key and part.is_next and part.depth = 2
    group by below.org_key, part.period_key, below.element_key, below.breakdown_key
),

level_2 as (
    select
        coalesce(sums.org_key, said.org_key) as org_key,
        coalesce(sums.period_key, said.period_key) as period_key,
        coalesce(sums.element_key, said.element_key) as element_key,
        coalesce(sums.breakdown_key, said.breakdown_key) as breakdown_key,
        case when sums.thirds = 3 then sums.value else coalesce(said.value, sums.value) end as value,
        sums.value as own_value,
        sums.thirds as own_thirds,
        case when said.value is not null then 3 else sums.thirds end as thirds,
        case when sums.row_thirds = 3 then sums.row_value else coalesce(said.row_value, sums.row_value) end
            as row_value,
        case when said.row_value is not null then 3 else sums.row_thirds end as row_thirds,
        least(sums.form_key, said.form_key) as form_key,
        least(sums.finality_rank, said.finality_rank) as finality_rank
    from sums_2 as sums
    full join (select * from flows where depth = 2) as said
        on
            sums.org_key = said.org_key
            and sums.period_key = said.period_key
            and sums.element_key = said.element_key
            and sums.breakdown_key = said.breakdown_key
),

sums_3 as (
    select
        below.org_key,
        part.period_key,
        below.element_key,
        below.breakdown_key,
        sum(below.value) as value,
        sum(below.thirds) as thirds,
        sum(below.row_value) as row_value,
        sum(below.row_thirds) as row_thirds,
        min(below.form_key) as form_key,
        min(below.finality_rank) as finality_rank
    from level_2 as below
    inner join store.period_part as part
        on below.period_key = part.part_key and part.is_next and part.depth = 3
    group by below.org_key, part.period_key, below.element_key, below.breakdown_key
),

level_3 as (
    select
        coalesce(sums.org_key, said.org_key) as org_key,
        coalesce(sums.period_key, said.period_key) as period_key,
        coalesce(sums.element_key, said.element_key) as element_key,
        coalesce(sums.breakdown_key, said.breakdown_key) as breakdown_key,
        case when sums.thirds = 9 then sums.value else coalesce(said.value, sums.value) end as value,
        sums.value as own_value,
        sums.thirds as own_thirds,
        case when said.value is not null then 9 else sums.thirds end as thirds,
        case when sums.row_thirds = 9 then sums.row_value else coalesce(said.row_value, sums.row_value) end
            as row_value,
        case when said.row_value is not null then 9 else sums.row_thirds end as row_thirds,
        least(sums.form_key, said.form_key) as form_key,
        least(sums.finality_rank, said.finality_rank) as finality_rank
    from sums_3 as sums
    full join (select * from flows where depth = 3) as said
        on
            sums.org_key = said.org_key
            and sums.period_key = said.period_key
            and sums.element_key = said.element_key
            and sums.breakdown_key = said.breakdown_key
),

sums_4 as (
    select
        below.org_key,
        part.period_key,
        below.element_key,
        below.breakdown_key,
        sum(below.value) as value,
        sum(below.thirds) as thirds,
        sum(below.row_value) as row_value,
        sum(below.row_thirds) as row_thirds,
        min(below.form_key) as form_key,
        min(below.finality_rank) as finality_rank
    from level_3 as below
    inner join store.period_part as part
        on below.period_key = part.part_key and part.is_next and part.depth = 4
    group by below.org_key, part.period_key, below.element_key, below.breakdown_key
),

level_4 as (
    select
        coalesce(sums.org_key, said.org_key) as org_key,
        coalesce(sums.period_key, said.period_key) as period_key,
        coalesce(sums.element_key, said.element_key) as element_key,
        coalesce(sums.breakdown_key, said.breakdown_key) as breakdown_key,
        case when sums.thirds = 18 then sums.value else coalesce(said.value, sums.value) end as value,
        sums.value as own_value,
        sums.thirds as own_thirds,
        case when said.value is not null then 18 else sums.thirds end as thirds,
        case when sums.row_thirds = 18 then sums.row_value else coalesce(said.row_value, sums.row_value) end
            as row_value,
        case when said.row_value is not null then 18 else sums.row_thirds end as row_thirds,
        least(sums.form_key, said.form_key) as form_key,
        least(sums.finality_rank, said.finality_rank) as finality_rank
    from sums_4 as sums
    full join (select * from flows where depth = 4) as said
        on
            sums.org_key = said.org_key
            and sums.period_key = said.period_key
            and sums.element_key = said.element_key
            and sums.breakdown_key = said.breakdown_key
),

sums_5 as (
    select
        below.org_key,
        part.period_key,
        below.element_key,
        below.breakdown_key,
        sum(below.value) as value,
        sum(below.thirds) as thirds,
        sum(below.row_value) as row_value,
        sum(below.row_thirds) as row_thirds,
        min(below.form_key) as form_key,
        min(below.finality_rank) as finality_rank
    from level_4 as below
    inner join store.period_part as part
        on below.period_key = part.part_key and part.is_next and part.depth = 5
    group by below.org_key, part.period_key, below.element_key, below.breakdown_key
),

level_5 as (
    select
        coalesce(sums.org_key, said.org_key) as org_key,
        coalesce(sums.period_key, said.period_key) as period_key,
        coalesce(sums.element_key, said.element_key) as element_key,
        coalesce(sums.breakdown_key, said.breakdown_key) as breakdown_key,
        case when sums.thirds = 36 then sums.value else coalesce(said.value, sums.value) end as value,
        sums.value as own_value,
        sums.thirds as own_thirds,
        case when said.value is not null then 36 else sums.thirds end as thirds,
        case when sums.row_thirds = 36 then sums.row_value else coalesce(said.row_value, sums.row_value) end
            as row_value,
        case when said.row_value is not null then 36 else sums.row_thirds end as row_thirds,
        least(sums.form_key, said.form_key) as form_key,
        least(sums.finality_rank, said.finality_rank) as finality_rank
    from sums_5 as sums
    full join (select * from flows where depth = 5) as said
        on
            sums.org_key = said.org_key
            and sums.period_key = said.period_key
            and sums.element_key = said.element_key
            and sums.breakdown_key = said.breakdown_key
),

flow_sums as (
    select
        org_key,
        period_key,
        element_key,
        breakdown_key,
        own_value as value,
        own_thirds as thirds,
        row_value,
        row_thirds,
        form_key,
        finality_rank
    from (
        select * from level_2
        union all
        select * from level_3
        union all
        select * from level_4
        union all
        select * from level_5
    ) as longer
),

-- Of two statements for the same last day the one for the shorter period.
levels as (
    select
        said.org_key,
        parts.period_key,
        parts.period_start as whole_start,
        parts.period_end as whole_end,
        parts.thirds as whole_thirds,
        said.element_key,
        said.breakdown_key,
        said.kind,
        said.carry_months,
        said.period_end,
        said.year_start,
        case when parts.period_basis = 'aggregated' then said.value end as value,
        said.row_value,
        said.form_key,
        said.finality_rank
    from said
    inner join store.period_part as parts on said.period_key = parts.part_key
    where said.kind <> 'flow' and parts.period_key in (select period_key from asked)
    qualify
        row_number() over (
            partition by said.org_key, parts.period_key, said.element_key, said.breakdown_key, said.period_end
            order by said.depth
        ) = 1
),

stocks as (
    select
        org_key,
        period_key,
        element_key,
        breakdown_key,
        max_by(value, case when value is not null then period_end end) as value,
        max(case when value is not null then whole_thirds end) as thirds,
        max_by(row_value, case when row_value is not null then period_end end) as row_value,
        max(case when row_value is not null then whole_thirds end) as row_thirds,
        max_by(form_key, period_end) as form_key,
        max_by(finality_rank, period_end) as finality_rank
    from levels
    where kind = 'stock' and date_diff('month', period_end, whole_end) < carry_months
    group by org_key, period_key, element_key, breakdown_key
),

-- Within one year of the element the last figure says it; its coverage reaches to that day.
to_date as (
    select
        org_key,
        period_key,
        element_key,
        breakdown_key,
        max_by(value, case when value is not null then period_end end) as value,
        3 * (date_diff('month', min(whole_start), max(case when value is not null then period_end end)) + 1) as thirds,
        max_by(row_value, case when row_value is not null then period_end end) as row_value,
        3 * (date_diff('month', min(whole_start), max(case when row_value is not null then period_end end)) + 1)
            as row_thirds,
        max_by(form_key, period_end) as form_key,
        min(finality_rank) as finality_rank
    from levels
    where
        kind = 'year_to_date'
        and whole_start >= year_start
        and whole_end < year_start + interval 12 months
    group by org_key, period_key, element_key, breakdown_key
),

-- Over two years: what the figure grew by between two statements of one year, both of which the period holds.
growths as (
    select
        said.*,
        coalesce(
            lag(period_end) over (
                partition by org_key, element_key, breakdown_key, year_start order by period_end, depth desc
            ) + interval 1 day,
            year_start
        ) as grown_from,
        value - coalesce(
            lag(value) over (
                partition by org_key, element_key, breakdown_key, year_start order by period_end, depth desc
            ), 0
        ) as growth
    from said
    where kind = 'year_to_date'
),

grown as (
    select
        growths.org_key,
        parts.period_key,
        growths.element_key,
        growths.breakdown_key,
        sum(growths.growth) as value,
        sum(3 * (date_diff('month', growths.grown_from, growths.period_end) + 1)) as thirds,
        sum(case when growths.row_value is not null then growths.growth end) as row_value,
        sum(
            case
                when growths.row_value is not null
                    then 3 * (date_diff('month', growths.grown_from, growths.period_end) + 1)
            end
        ) as row_thirds,
        min(growths.form_key) as form_key,
        min(growths.finality_rank) as finality_rank
    from growths
    inner join parts on growths.period_key = parts.part_key
    where
        growths.grown_from >= parts.period_start
        and (parts.period_start < growths.year_start or parts.period_end >= growths.year_start + interval 12 months)
    group by growths.org_key, parts.period_key, growths.element_key, growths.breakdown_key
),

found as (
    select * from flow_sums
    union all
    select * from stocks
    union all
    select * from to_date
    union all
    select * from grown
)

select
    found.org_key,
    found.period_key,
    found.element_key,
    found.breakdown_key,
    cast(found.value as decimal(28, 4)) as value,
    cast(found.thirds as integer) as thirds,
    cast(found.row_value as decimal(28, 4)) as row_value,
    cast(found.row_thirds as integer) as row_thirds,
    whole.thirds as whole_thirds,
    found.value is not null as is_added,
    found.form_key,
    found.finality_rank
from found
inner join asked on found.org_key = asked.org_key and found.period_key = asked.period_key
inner join store.period_part as whole on found.period_key = whole.part_key and whole.period_basis = 'stated'
order by found.org_key, found.period_key, found.element_key, found.breakdown_key
