-- One row per unit below a sender, form with rows and month that the roster owes: the unit-months of coverage.
-- key: org_key, form_key, month_start, third
-- kind: table
-- `third` is 0 for the whole month, 1 to 3 for a return of ten days. A return for longer owes each of its months.
with
owed as (
    select
        roster.org_code,
        form.form_key,
        form.row_level,
        period.period_start,
        period.period_end,
        case when period.period_kind = 'ten_days' then (day(period.period_start) + 9) // 10 else 0 end as third
    from catalog.roster as roster
    inner join catalog.form as form on roster.form_code = form.form_code and form.row_level is not null
    inner join core.period as period on roster.period_code = period.period_code
),

months as (
    select distinct
        owed.org_code,
        owed.form_key,
        owed.row_level,
        owed.third,
        cast(month_of.month_start as date) as month_start,
        least(owed.period_end, last_day(cast(month_of.month_start as date))) as last_owed
    from owed
    cross join
        unnest(generate_series(date_trunc('month', owed.period_start), owed.period_end, interval 1 month))
            as month_of (month_start)
)

select distinct
    below.org_key,
    months.form_key,
    months.row_level,
    months.month_start,
    cast(months.third as integer) as third
from months
inner join core.org_unit as sender on months.org_code = sender.org_code
inner join core.org_ancestor as below
    on
        sender.org_key = below.ancestor_key
        and (below.valid_from is null or below.valid_from <= months.last_owed)
        and (below.valid_to is null or months.last_owed < below.valid_to)
inner join core.org_unit as unit
    on
        below.org_key = unit.org_key
        and months.row_level = unit.org_level
        and (unit.valid_from is null or unit.valid_from <= months.last_owed)
        and (unit.valid_to is null or months.last_owed < unit.valid_to)
order by below.org_key, months.form_key, months.month_start, third
