-- One row per organisation, period and set of forms: units below it that owe one of them, and their unit-months.
-- key: org_key, period_key, form_set
-- kind: scoped table
-- In thirds of a month. A month that two forms of the set owe counts once.
with
sets as (
    select distinct
        form_set,
        row_level
    from store.form_set
),

periods as (
    select distinct
        period.period_key,
        period.period_start,
        period.period_end,
        period.period_kind
    from run.scope as scope
    inner join core.period as period on scope.period_key = period.period_key
),

months as (
    select
        owed.org_key,
        periods.period_key,
        periods.period_end,
        sets.form_set,
        owed.month_start,
        case
            when periods.period_kind = 'ten_days' then 1 when min(owed.third) = 0 then 3 else count(distinct owed.third)
        end
            as thirds
    from store.row_owed as owed
    inner join periods
        on
            owed.month_start <= periods.period_end
            and (
                (periods.period_kind <> 'ten_days' and owed.month_start >= date_trunc('month', periods.period_start))
                or (
                    periods.period_kind = 'ten_days'
                    and owed.month_start = date_trunc('month', periods.period_start)
                    and owed.third in (0, (day(periods.period_start) + 9) // 10)
                )
            )
    inner join sets
        on
            owed.row_level = sets.row_level
            and list_contains(string_split(sets.form_set, ','), cast(owed.form_key as varchar))
    group by
        owed.org_key, periods.period_key, periods.period_end, periods.period_kind, sets.form_set, owed.month_start
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
)

-- Added up unit by unit, here and below, so that units are counted and not made distinct over all their months.
select
    above.ancestor_key as org_key,
    units.period_key,
    units.form_set,
    count(*) as units,
    sum(units.thirds) as thirds
from units
inner join core.org_ancestor as above
    on
        units.org_key = above.org_key
        and (above.valid_from is null or above.valid_from <= units.period_end)
        and (above.valid_to is null or units.period_end < above.valid_to)
inner join run.scope as scope on above.ancestor_key = scope.org_key and units.period_key = scope.period_key
group by above.ancestor_key, units.period_key, units.form_set
order by above.ancestor_key, units.period_key, units.form_set
