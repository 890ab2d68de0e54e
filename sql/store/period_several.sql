-- One row per organisation and period with something to add up: at least two of its parts are stated here or below.
-- key: org_key, period_key
-- kind: scoped table
-- portable: yes
-- The period itself counts as one of them. Until then a longer period would only say what its one part says.
with
spoken as (
    select distinct
        chosen.org_key,
        chosen.period_key
    from store.fact_chosen as chosen
    where chosen.period_key in (select part_key from store.period_part where depth > 0)
),

-- Periods of which this warehouse holds two parts at all: with the first month of a nation there are none.
wholes as (
    select period_key
    from store.period_part
    where
        depth > 0
        and period_key in (select period_key from run.scope)
        and part_key in (select period_key from spoken)
    group by period_key
    having count(*) > 1
)

select
    above.ancestor_key as org_key,
    part.period_key
from spoken
inner join store.period_part as part on spoken.period_key = part.part_key
inner join wholes on part.period_key = wholes.period_key
inner join core.org_ancestor as above on spoken.org_key = above.org_key
inner join run.scope as scope on above.ancestor_key = scope.org_key and part.period_key = scope.period_key
group by above.ancestor_key, part.period_key
having count(distinct part.part_key) > 1
order by above.ancestor_key, part.period_key
