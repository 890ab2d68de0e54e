-- One row per organisation, period, element, breakdown, term period and level that a formula or rule asks for.
-- key: org_key, period_key, element_key, breakdown_key, term_period, term_level
-- kind: scoped table
-- portable: yes
-- The figure of the same period that a unit states itself is not here: it is store.fact_chosen's.
with
wanted as (
    select
        element_key,
        term_period,
        term_level
    from catalog.rule_term
    where term_period <> 'same' or term_level <> 'own'
    union
    select
        element_key,
        term_period,
        term_level
    from catalog.indicator_term
    where term_period <> 'same' or term_level <> 'own'
),

stated as (
    select
        chosen.org_key,
        chosen.period_key,
        chosen.element_key,
        chosen.breakdown_key,
        chosen.value,
        chosen.submission_key,
        chosen.cell,
        element.kind,
        element.carry_months,
        period.period_start,
        period.period_end,
        period.period_kind,
        period.previous_key,
        date_diff('day', period.period_start, period.period_end) + 1 as days,
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
    inner join core.period as period on chosen.period_key = period.period_key
    inner join catalog.form as form on chosen.form_key = form.form_key
    where
        chosen.period_basis = 'stated'
        and chosen.value is not null
        and chosen.element_key in (select element_key from wanted)
),

-- Where something is asked for: organisations and periods in which a unit states anything.
asked as (
    select distinct
        chosen.org_key,
        period.period_key,
        period.period_start,
        period.period_end,
        period.period_kind,
        period.previous_key
    from store.fact_chosen as chosen
    inner join run.scope as scope on chosen.org_key = scope.org_key and chosen.period_key = scope.period_key
    inner join core.period as period on chosen.period_key = period.period_key
    where exists (select 1 from wanted)
),

previous_flow as (
    select
        asked.org_key,
        asked.period_key,
        stated.element_key,
        stated.breakdown_key,
        'previous' as term_period,
        'own' as term_level,
        stated.value,
        stated.submission_key,
        stated.cell
    from asked
    inner join stated on asked.org_key = stated.org_key and asked.previous_key = stated.period_key
    where
        stated.kind in ('flow', 'attribute')
        or (stated.kind = 'year_to_date' and asked.period_end < stated.year_start + interval 12 months)
),

-- A year-to-date figure begins at nothing: before the first period of its year stands 0.
previous_start as (
    select
        asked.org_key,
        asked.period_key,
        stated.element_key,
        stated.breakdown_key,
        'previous' as term_period,
        'own' as term_level,
        cast(0 as decimal(20, 4)) as value,
        stated.submission_key,
        stated.cell
    from asked
    inner join stated on asked.org_key = stated.org_key and asked.period_key = stated.period_key
    where stated.kind = 'year_to_date' and stated.period_start = stated.year_start
),

-- Of a stock the last value before the period starts, whatever period stated it, not older than the element's carry.
previous_stock as (
    select
        asked.org_key,
        asked.period_key,
        stated.element_key,
        stated.breakdown_key,
        'previous' as term_period,
        'own' as term_level,
        stated.value,
        stated.submission_key,
        stated.cell
    from asked
    inner join stated on asked.org_key = stated.org_key and stated.period_end < asked.period_start
    where
        stated.kind = 'stock'
        and stated.period_end >= asked.period_start - to_months(coalesce(stated.carry_months, 12)) - interval 1 day
    qualify
        row_number() over (
            partition by asked.org_key, asked.period_key, stated.element_key, stated.breakdown_key
            order by stated.period_end desc, stated.period_start desc
        ) = 1
),

same_last_year as (
    select
        asked.org_key,
        asked.period_key,
        stated.element_key,
        stated.breakdown_key,
        'same_last_year' as term_period,
        'own' as term_level,
        stated.value,
        stated.submission_key,
        stated.cell
    from asked
    inner join stated
        on
            asked.org_key = stated.org_key
            and asked.period_kind = stated.period_kind
            and stated.period_start = asked.period_start - interval 12 months
),

-- Flows from the year's start to the period's end, where no period of the kind is missing; what is a level stands.
to_date as (
    select
        asked.org_key,
        asked.period_key,
        stated.element_key,
        stated.breakdown_key,
        'to_date' as term_period,
        'own' as term_level,
        case when min(stated.kind) = 'flow' then sum(stated.value) else max_by(stated.value, stated.period_end) end
            as value,
        max(stated.submission_key) as submission_key,
        max_by(stated.cell, stated.period_end) as cell
    from asked
    inner join stated
        on
            asked.org_key = stated.org_key
            and asked.period_kind = stated.period_kind
            and stated.period_end <= asked.period_end
            and asked.period_end < stated.year_start + interval 12 months
    where stated.kind = 'flow' or stated.period_key = asked.period_key
    group by asked.org_key, asked.period_key, stated.element_key, stated.breakdown_key, asked.period_end
    having
        min(stated.kind) <> 'flow'
        or sum(stated.days) = date_diff('day', min(stated.year_start), asked.period_end) + 1
),

-- What the rows below state, where every row that is owed is there.
owed as (
    select
        above.ancestor_key as org_key,
        form.form_key,
        period.period_key,
        count(distinct below.org_key) as units
    from catalog.roster as roster
    inner join catalog.form as form on roster.form_code = form.form_code and form.row_level is not null
    inner join core.org_unit as sender on roster.org_code = sender.org_code
    inner join core.period as period on roster.period_code = period.period_code
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
    inner join core.org_ancestor as above
        on
            unit.org_key = above.org_key
            and (above.valid_from is null or above.valid_from <= period.period_end)
            and (above.valid_to is null or period.period_end < above.valid_to)
    where exists (select 1 from wanted where term_level = 'children')
    group by above.ancestor_key, form.form_key, period.period_key
),

children as (
    select
        asked.org_key,
        asked.period_key,
        chosen.element_key,
        chosen.breakdown_key,
        'same' as term_period,
        'children' as term_level,
        sum(chosen.value) as value,
        max(chosen.submission_key) as submission_key,
        '' as cell
    from asked
    inner join core.org_ancestor as below
        on
            asked.org_key = below.ancestor_key
            and below.distance > 0
            and (below.valid_from is null or below.valid_from <= asked.period_end)
            and (below.valid_to is null or asked.period_end < below.valid_to)
    inner join store.fact_chosen as chosen on below.org_key = chosen.org_key and asked.period_key = chosen.period_key
    inner join core.org_unit as unit on chosen.org_key = unit.org_key
    inner join catalog.form as form on chosen.form_key = form.form_key and form.row_level = unit.org_level
    inner join wanted on chosen.element_key = wanted.element_key and wanted.term_level = 'children'
    left join owed
        on
            asked.org_key = owed.org_key
            and chosen.form_key = owed.form_key
            and asked.period_key = owed.period_key
    where chosen.period_basis = 'stated' and chosen.value is not null
    group by asked.org_key, asked.period_key, chosen.element_key, chosen.breakdown_key
    having count(distinct chosen.org_key) >= coalesce(max(owed.units), 1)
),

found as (
    select * from previous_flow
    union all
    select * from previous_start
    union all
    select * from previous_stock
    union all
    select * from same_last_year
    union all
    select * from to_date
    union all
    select * from children
)

select
    found.org_key,
    found.period_key,
    found.element_key,
    found.breakdown_key,
    found.term_period,
    found.term_level,
    found.value,
    found.submission_key,
    found.cell
from found
inner join wanted
    on
        found.element_key = wanted.element_key
        and found.term_period = wanted.term_period
        and found.term_level = wanted.term_level
order by found.org_key, found.period_key, found.element_key, found.breakdown_key
