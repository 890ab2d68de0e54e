-- One row per organisation, period and set of forms: units below it that owe one of them, and their unit-months.
-- key: org_key, period_key, form_set
-- kind: scoped table
-- In thirds of a month. A month that two forms of the set owe counts once.
with
sets as (
    select distinct
        carrier.form_set,
        form.form_key
    from store.form_set as carrier
    inner join catalog.form as form
        on
            carrier.row_level = form.row_level
            and list_contains(string_split(carrier.form_set, ','), cast(form.form_key as varchar))
),

periods as (
    select distinct
        period.period_key,
        period.period_start,
        period.period_end,
        period.period_kind,
        cast(date_trunc('month', period.period_start) as date) as first_month,
        case when period.period_kind = 'ten_days' then (day(period.period_start) + 9) // 10 end as third
    from run.scope as scope
    inner join core.period as period on scope.period_key = period.period_key
),

-- Which months, and which ten days of them, each period asks for.
asked as (
    select distinct
        periods.period_key,
        periods.period_end,
        owed.month_start,
        owed.third,
        case when periods.third is not null then 1 when owed.third = 0 then 3 else 1 end as thirds
    from (
        select distinct
            month_start,
            third
        from store.row_owed
    ) as owed
    inner join periods
        on
            owed.month_start >= periods.first_month
            and owed.month_start <= periods.period_end
            and (periods.third is null or owed.third in (0, periods.third))
),

months as (
    select
        owed.org_key,
        asked.period_key,
        asked.period_end,
        sets.form_set,
        owed.month_start,
        -- The whole month, or as many of its ten days as are owed.
        case when min(owed.third) = 0 then max(asked.thirds) else count(distinct owed.third) end as thirds
    from store.row_owed as owed
    inner join asked on owed.month_start = asked.month_start and owed.third = asked.third
    inner join sets on owed.form_key = sets.form_key
    group by owed.org_key, asked.period_key, asked.period_end, sets.form_set, owed.month_start
),

units as (
    select
        org_key,
        period_key,
        period_end,
        form_set,
        sum(thirds) as thirds
    from months
    group by org_key, period_key, period_end, form_set
),

-- Added up unit by unit, here and by the unit right above, so that units are counted and not made distinct.
near as (
    select
        above.ancestor_key as org_key,
        units.period_key,
        units.period_end,
        units.form_set,
        count(*) as units,
        sum(units.thirds) as thirds
    from units
    inner join core.org_ancestor as above
        on
            units.org_key = above.org_key
            and above.distance = 1
            and (above.valid_from is null or above.valid_from <= units.period_end)
            and (above.valid_to is null or units.period_end < above.valid_to)
    group by above.ancestor_key, units.period_key, units.period_end, units.form_set
),

found as (
    select
        above.ancestor_key as org_key,
        near.period_key,
        near.form_set,
        near.units,
        near.thirds
    from near
    inner join core.org_ancestor as above
        on
            near.org_key = above.org_key
            and (above.valid_from is null or above.valid_from <= near.period_end)
            and (above.valid_to is null or near.period_end < above.valid_to)
)

select
    found.org_key,
    found.period_key,
    found.form_set,
    cast(sum(found.units) as bigint) as units,
    cast(sum(found.thirds) as bigint) as thirds
from found
inner join run.scope as scope on found.org_key = scope.org_key and found.period_key = scope.period_key
group by found.org_key, found.period_key, found.form_set
order by found.org_key, found.period_key, found.form_set
