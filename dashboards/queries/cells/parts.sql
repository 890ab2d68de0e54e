-- Which periods a period is made of, step by step, with their length in thirds of a month.
with
whole as (
    select period_key
    from core.period
    where period_code = $period
)

select
    part.period_key, part.part_key, above.period_code, below.period_code as part_code, part.thirds,
    part.part_thirds, part.part_start, part.part_end
from store.period_part as part
inner join core.period as above on part.period_key = above.period_key
inner join core.period as below on part.part_key = below.period_key
where
    part.is_next
    and part.period_key in (
        select inside.part_key
        from store.period_part as inside
        inner join whole on inside.period_key = whole.period_key
    )
order by part.period_key, part.part_start
