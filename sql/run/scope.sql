-- One row per organisation and period that tonight's returns can change.
-- key: org_key, period_key
-- kind: table
with
-- What a unit stated belongs to others within other boundaries.
carried as (
    select
        org_key,
        period_key
    from run.touched
    union
    select
        share.target_key as org_key,
        touched.period_key
    from run.touched as touched
    inner join store.boundary_share as share on touched.org_key = share.org_key
),

counties as (
    select distinct
        unit.scope_key,
        carried.org_key,
        carried.period_key
    from carried
    inner join core.org_unit as unit on carried.org_key = unit.org_key
),

units as (
    select
        county.period_key,
        unit.org_key
    from counties as county
    inner join core.org_unit as unit on county.scope_key = unit.scope_key
    union
    select
        county.period_key,
        above.ancestor_key as org_key
    from counties as county
    inner join core.org_ancestor as above on county.org_key = above.org_key
    union
    select
        county.period_key,
        above.ancestor_key as org_key
    from counties as county
    inner join store.boundary_ancestor as above on county.org_key = above.org_key
),

containing as (
    select distinct
        inner_period.period_key,
        outer_period.period_key as containing_key
    from core.period as inner_period
    inner join core.period as outer_period
        on
            inner_period.period_start >= outer_period.period_start
            and inner_period.period_end <= outer_period.period_end
),

following as (
    select
        period_key,
        containing_key as affected_key
    from containing
    union
    select
        containing.period_key,
        next_period.period_key as affected_key
    from containing
    inner join core.period as next_period on containing.containing_key = next_period.previous_key
    union
    -- Formulas and rules that look back, and stocks that go on to count, reach a year (the longest carry of a stock is
    -- taken to be that).
    select
        earlier.period_key,
        later.period_key as affected_key
    from core.period as earlier
    inner join core.period as later
        on
            later.period_start > earlier.period_start
            and later.period_start <= earlier.period_end + interval 12 months
    where
        exists (select 1 from catalog.rule_term where term_period <> 'same')
        or exists (select 1 from catalog.indicator_term where term_period <> 'same')
        or exists (
            select 1
            from catalog.indicator_term as term
            inner join catalog.element as element on term.element_key = element.element_key and element.kind = 'stock'
        )
)

select distinct
    units.org_key,
    following.affected_key as period_key
from units
inner join following on units.period_key = following.period_key
order by org_key, period_key
