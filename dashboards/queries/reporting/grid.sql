-- What is owed, by unit directly below (or the unit itself) and period; units that are most behind first, up to a number.
with
owed as (
    select
        coalesce(part.ancestor_key, chain.org_key) as group_key, status.org_code, status.period_code,
        period.period_start, period.period_end, status.state
    from marts.reporting_status as status
    inner join core.period as period on status.period_code = period.period_code
    inner join core.org_unit as unit on status.org_code = unit.org_code
    inner join core.org_ancestor as chain
        on
            unit.org_key = chain.org_key
            and coalesce(chain.valid_from <= period.period_end, true)
            and coalesce(chain.valid_to > period.period_end, true)
    inner join core.org_unit as above on chain.ancestor_key = above.org_key
    left join core.org_ancestor as part
        on
            chain.org_key = part.org_key and chain.distance - 1 = part.distance
            and coalesce(part.valid_from <= period.period_end, true)
            and coalesce(part.valid_to > period.period_end, true)
    where
        above.org_code = $org and ($form = '' or status.form_code = $form)
        and period.period_kind = $kind and period.period_end between $since::date and $until::date
),

cells as (
    select
        group_key, period_code, period_start, period_end, count(*) as owed,
        count(*) filter (where state = 'on_time') as on_time, count(*) filter (where state = 'received') as received,
        count(*) filter (where state = 'late') as late, count(*) filter (where state = 'missing') as missing,
        count(*) filter (where state = 'refused') as refused, count(*) filter (where state = 'not_due') as not_due,
        count(distinct org_code) as senders
    from owed
    group by group_key, period_code, period_start, period_end
),

ranked as (
    select
        group_key, sum(missing + refused) as behind, sum(late) as late_in_all, sum(owed - not_due) as due_in_all,
        count(*) over () as units,
        row_number() over (
            order by sum(missing + refused) desc, sum(late) desc, min(period_end), group_key
        ) as place
    from cells
    group by group_key
)

select
    ranked.place, unit.org_code, unit.org_name, cells.period_code, cells.period_start, cells.period_end, cells.owed,
    cells.on_time, cells.received, cells.late, cells.missing, cells.refused, cells.not_due, cells.senders,
    ranked.behind, ranked.late_in_all, ranked.due_in_all, ranked.units
from cells
inner join ranked on cells.group_key = ranked.group_key
inner join core.org_unit as unit on cells.group_key = unit.org_key
where ranked.place <= $most
order by ranked.place, cells.period_end, cells.period_code
