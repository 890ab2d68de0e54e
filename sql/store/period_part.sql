-- One row per period and part of it: itself (stated), and the shorter regular periods that it is made of (aggregated).
-- key: period_key, part_key
-- kind: table
-- portable: yes
-- Months and quarters belong to the civil half-years and years and to those of maternal and child health, which overlap
-- and are never parts of each other. Sizes are in thirds of a month, so that ten days are one.
with
periods as (
    select
        period_key,
        period_start,
        period_end,
        period_kind,
        case period_kind
            when 'ten_days' then 1
            when 'month' then 3
            when 'quarter' then 9
            when 'half_year' then 18
            when 'mch_half_year' then 18
            when 'year' then 36
            when 'mch_year' then 36
            else greatest((date_diff('day', period_start, period_end) + 1) // 10, 1)
        end as thirds,
        case period_kind
            when 'ten_days' then 1
            when 'month' then 2
            when 'quarter' then 3
            when 'half_year' then 4
            when 'mch_half_year' then 4
            when 'year' then 5
            when 'mch_year' then 5
            else 0
        end as depth
    from core.period
)

select
    whole.period_key,
    part.period_key as part_key,
    case when whole.period_key = part.period_key then 'stated' else 'aggregated' end as period_basis,
    whole.period_start,
    whole.period_end,
    whole.period_kind,
    part.period_start as part_start,
    part.period_end as part_end,
    cast(whole.thirds as integer) as thirds,
    cast(part.thirds as integer) as part_thirds,
    whole.depth,
    part.depth as part_depth,
    part.depth + 1 = whole.depth as is_next
from periods as whole
inner join periods as part
    on
        part.period_start >= whole.period_start
        and part.period_end <= whole.period_end
        and (
            part.period_key = whole.period_key
            or (
                part.depth > 0
                and part.depth < whole.depth
                and (whole.period_kind <> 'year' or part.period_kind <> 'mch_half_year')
                and (whole.period_kind <> 'mch_year' or part.period_kind <> 'half_year')
            )
        )
order by whole.period_key, part.period_start, part.thirds
