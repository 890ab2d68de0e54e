-- One row per organisation, period, edition and breakdown: a rate of flows, or of a flow and a stock, put together.
-- key: org_key, period_key, edition_key, breakdown_key
-- kind: scoped table
-- portable: yes
-- Numerator and denominator go together for the shortest period for which both are known, so that a unit never enters
-- one side alone. Bottom up: the parts where they are complete, else the period's own pair, else the parts that exist;
-- a stock counts with its last part. `row_…`: the same of what stands in the rows of a form, the stated pair of the
-- whole period among it; only that is added up over units. Only where something is to be added up (store.rate_asked).
with
asked as (
    select
        unit.org_key,
        scope.period_key
    from run.scope as scope
    inner join core.org_unit as unit on scope.org_key = unit.org_key
    inner join store.rate_asked as added on unit.scope_key = added.org_key and scope.period_key = added.period_key
),

parts as (
    select part.*
    from store.period_part as part
    where part.depth > 0 and part.period_key in (select period_key from asked)
),

said as (
    select pair.*
    from store.rate_pair as pair
    where
        pair.org_key in (select org_key from asked)
        and pair.period_key in (select part_key from parts)
        and (pair.numerator_kind = 'flow' or pair.denominator_kind = 'flow')
),

flows as (
    select
        org_key,
        period_key,
        edition_key,
        breakdown_key,
        numerator,
        denominator,
        thirds,
        case when is_row then numerator end as row_numerator,
        case when is_row then denominator end as row_denominator,
        case when is_row then thirds end as row_thirds,
        is_filled,
        qualifier,
        form_key,
        finality_rank,
        depth
    from said
),

sums_2 as (
    select
        below.org_key,
        part.period_key,
        below.edition_key,
        below.breakdown_key,
        case
            when min(edition.numerator_kind) = 'flow' then sum(below.numerator)
            else max_by(below.numerator, part.part_end)
        end as numerator,
        case
            when min(edition.denominator_kind) = 'flow' then sum(below.denominator)
            else max_by(below.denominator, part.part_end)
        end as denominator,
        sum(below.thirds) as thirds,
        case
            when min(edition.numerator_kind) = 'flow' then sum(below.row_numerator)
            else max_by(below.row_numerator, case when below.row_thirds > 0 then part.part_end end)
        end as row_numerator,
        case
            when min(edition.denominator_kind) = 'flow' then sum(below.row_denominator)
            else max_by(below.row_denominator, case when below.row_thirds > 0 then part.part_end end)
        end as row_denominator,
        sum(below.row_thirds) as row_thirds,
        max(below.qualifier) as qualifier,
        min(below.form_key) as form_key,
        min(below.finality_rank) as finality_rank
    from (select * from flows where depth = 1) as below
    inner join store.period_part as part on below.period_key = part.part_key and part.is_next and part.depth = 2
    inner join catalog.indicator_edition as edition on below.edition_key = edition.edition_key
    group by below.org_key, part.period_key, below.edition_key, below.breakdown_key
),

level_2 as (
    select
        coalesce(sums.org_key, said.org_key) as org_key,
        coalesce(sums.period_key, said.period_key) as period_key,
        coalesce(sums.edition_key, said.edition_key) as edition_key,
        coalesce(sums.breakdown_key, said.breakdown_key) as breakdown_key,
        case when sums.thirds = 3 or said.thirds is null then sums.numerator else said.numerator end as numerator,
        case when sums.thirds = 3 or said.thirds is null then sums.denominator else said.denominator end
            as denominator,
        coalesce(said.thirds, sums.thirds) as thirds,
        case when sums.row_thirds = 3 or said.row_thirds is null then sums.row_numerator else said.row_numerator end
            as row_numerator,
        case
            when sums.row_thirds = 3 or said.row_thirds is null then sums.row_denominator
            else said.row_denominator
        end as row_denominator,
        coalesce(said.row_thirds, sums.row_thirds) as row_thirds,
        -- What is put together: of parts, or of sides that are stated for different periods; not what is stated whole.
        case when sums.thirds = 3 or not coalesce(said.is_filled, false) then sums.numerator else said.numerator end
            as own_numerator,
        case
            when sums.thirds = 3 or not coalesce(said.is_filled, false) then sums.denominator
            else said.denominator
        end as own_denominator,
        case when said.is_filled then said.thirds else sums.thirds end as own_thirds,
        greatest(sums.qualifier, said.qualifier) as qualifier,
        least(sums.form_key, said.form_key) as form_key,
        least(sums.finality_rank, said.finality_rank) as finality_rank
    from sums_2 as sums
    full join (select * from flows where depth = 2) as said
        on
            sums.org_key = said.org_key
            and sums.period_key = said.period_key
            and sums.edition_key = said.edition_key
            and sums.breakdown_key = said.breakdown_key
),

sums_3 as (
    select
        below.org_key,
        part.period_key,
        below.edition_key,
        below.breakdown_key,
        case
            when min(edition.numerator_kind) = 'flow' then sum(below.numerator)
            else max_by(below.numerator, part.part_end)
        end as numerator,
        case
            when min(edition.denominator_kind) = 'flow' then sum(below.denominator)
            else max_by(below.denominator, part.part_end)
        end as denominator,
        sum(below.thirds) as thirds,
        case
            when min(edition.numerator_kind) = 'flow' then sum(below.row_numerator)
            else max_by(below.row_numerator, case when below.row_thirds > 0 then part.part_end end)
        end as row_numerator,
        case
            when min(edition.denominator_kind) = 'flow' then sum(below.row_denominator)
            else max_by(below.row_denominator, case when below.row_thirds > 0 then part.part_end end)
        end as row_denominator,
        sum(below.row_thirds) as row_thirds,
        max(below.qualifier) as qualifier,
        min(below.form_key) as form_key,
        min(below.finality_rank) as finality_rank
    from level_2 as below
    inner join store.period_part as part on below.period_key = part.part_key and part.is_next and part.depth = 3
    inner join catalog.indicator_edition as edition on below.edition_key = edition.edition_key
    group by below.org_key, part.period_key, below.edition_key, below.breakdown_key
),

level_3 as (
    select
        coalesce(sums.org_key, said.org_key) as org_key,
        coalesce(sums.period_key, said.period_key) as period_key,
        coalesce(sums.edition_key, said.edition_key) as edition_key,
        coalesce(sums.breakdown_key, said.breakdown_key) as breakdown_key,
        case when sums.thirds = 9 or said.thirds is null then sums.numerator else said.numerator end as numerator,
        case when sums.thirds = 9 or said.thirds is null then sums.denominator else said.denominator end
            as denominator,
        coalesce(said.thirds, sums.thirds) as thirds,
        case when sums.row_thirds = 9 or said.row_thirds is null then sums.row_numerator else said.row_numerator end
            as row_numerator,
        case
            when sums.row_thirds = 9 or said.row_thirds is null then sums.row_denominator
            else said.row_denominator
        end as row_denominator,
        coalesce(said.row_thirds, sums.row_thirds) as row_thirds,
        -- What is put together: of parts, or of sides that are stated for different periods; not what is stated whole.
        case when sums.thirds = 9 or not coalesce(said.is_filled, false) then sums.numerator else said.numerator end
            as own_numerator,
        case
            when sums.thirds = 9 or not coalesce(said.is_filled, false) then sums.denominator
            else said.denominator
        end as own_denominator,
        case when said.is_filled then said.thirds else sums.thirds end as own_thirds,
        greatest(sums.qualifier, said.qualifier) as qualifier,
        least(sums.form_key, said.form_key) as form_key,
        least(sums.finality_rank, said.finality_rank) as finality_rank
    from sums_3 as sums
    full join (select * from flows where depth = 3) as said
        on
            sums.org_key = said.org_key
            and sums.period_key = said.period_key
            and sums.edition_key = said.edition_key
            and sums.breakdown_key = said.breakdown_key
),

sums_4 as (
    select
        below.org_key,
        part.period_key,
        below.edition_key,
        below.breakdown_key,
        case
            when min(edition.numerator_kind) = 'flow' then sum(below.numerator)
            else max_by(below.numerator, part.part_end)
        end as numerator,
        case
            when min(edition.denominator_kind) = 'flow' then sum(below.denominator)
            else max_by(below.denominator, part.part_end)
        end as denominator,
        sum(below.thirds) as thirds,
        case
            when min(edition.numerator_kind) = 'flow' then sum(below.row_numerator)
            else max_by(below.row_numerator, case when below.row_thirds > 0 then part.part_end end)
        end as row_numerator,
        case
            when min(edition.denominator_kind) = 'flow' then sum(below.row_denominator)
            else max_by(below.row_denominator, case when below.row_thirds > 0 then part.part_end end)
        end as row_denominator,
        sum(below.row_thirds) as row_thirds,
        max(below.qualifier) as qualifier,
        min(below.form_key) as form_key,
        min(below.finality_rank) as finality_rank
    from level_3 as below
    inner join store.period_part as part on below.period_key = part.part_key and part.is_next and part.depth = 4
    inner join catalog.indicator_edition as edition on below.edition_key = edition.edition_key
    group by below.org_key, part.period_key, below.edition_key, below.breakdown_key
),

level_4 as (
    select
        coalesce(sums.org_key, said.org_key) as org_key,
        coalesce(sums.period_key, said.period_key) as period_key,
        coalesce(sums.edition_key, said.edition_key) as edition_key,
        coalesce(sums.breakdown_key, said.breakdown_key) as breakdown_key,
        case when sums.thirds = 18 or said.thirds is null then sums.numerator else said.numerator end as numerator,
        case when sums.thirds = 18 or said.thirds is null then sums.denominator else said.denominator end
            as denominator,
        coalesce(said.thirds, sums.thirds) as thirds,
        case when sums.row_thirds = 18 or said.row_thirds is null then sums.row_numerator else said.row_numerator end
            as row_numerator,
        case
            when sums.row_thirds = 18 or said.row_thirds is null then sums.row_denominator
            else said.row_denominator
        end as row_denominator,
        coalesce(said.row_thirds, sums.row_thirds) as row_thirds,
        -- What is put together: of parts, or of sides that are stated for different periods; not what is stated whole.
        case when sums.thirds = 18 or not coalesce(said.is_filled, false) then sums.numerator else said.numerator end
            as own_numerator,
        case
            when sums.thirds = 18 or not coalesce(said.is_filled, false) then sums.denominator
            else said.denominator
        end as own_denominator,
        case when said.is_filled then said.thirds else sums.thirds end as own_thirds,
        greatest(sums.qualifier, said.qualifier) as qualifier,
        least(sums.form_key, said.form_key) as form_key,
        least(sums.finality_rank, said.finality_rank) as finality_rank
    from sums_4 as sums
    full join (select * from flows where depth = 4) as said
        on
            sums.org_key = said.org_key
            and sums.period_key = said.period_key
            and sums.edition_key = said.edition_key
            and sums.breakdown_key = said.breakdown_key
),

sums_5 as (
    select
        below.org_key,
        part.period_key,
        below.edition_key,
        below.breakdown_key,
        case
            when min(edition.numerator_kind) = 'flow' then sum(below.numerator)
            else max_by(below.numerator, part.part_end)
        end as numerator,
        case
            when min(edition.denominator_kind) = 'flow' then sum(below.denominator)
            else max_by(below.denominator, part.part_end)
        end as denominator,
        sum(below.thirds) as thirds,
        case
            when min(edition.numerator_kind) = 'flow' then sum(below.row_numerator)
            else max_by(below.row_numerator, case when below.row_thirds > 0 then part.part_end end)
        end as row_numerator,
        case
            when min(edition.denominator_kind) = 'flow' then sum(below.row_denominator)
            else max_by(below.row_denominator, case when below.row_thirds > 0 then part.part_end end)
        end as row_denominator,
        sum(below.row_thirds) as row_thirds,
        max(below.qualifier) as qualifier,
        min(below.form_key) as form_key,
        min(below.finality_rank) as finality_rank
    from level_4 as below
    inner join store.period_part as part on below.period_key = part.part_key and part.is_next and part.depth = 5
    inner join catalog.indicator_edition as edition on below.edition_key = edition.edition_key
    group by below.org_key, part.period_key, below.edition_key, below.breakdown_key
),

level_5 as (
    select
        coalesce(sums.org_key, said.org_key) as org_key,
        coalesce(sums.period_key, said.period_key) as period_key,
        coalesce(sums.edition_key, said.edition_key) as edition_key,
        coalesce(sums.breakdown_key, said.breakdown_key) as breakdown_key,
        case when sums.thirds = 36 or said.thirds is null then sums.numerator else said.numerator end as numerator,
        case when sums.thirds = 36 or said.thirds is null then sums.denominator else said.denominator end
            as denominator,
        coalesce(said.thirds, sums.thirds) as thirds,
        case when sums.row_thirds = 36 or said.row_thirds is null then sums.row_numerator else said.row_numerator end
            as row_numerator,
        case
            when sums.row_thirds = 36 or said.row_thirds is null then sums.row_denominator
            else said.row_denominator
        end as row_denominator,
        coalesce(said.row_thirds, sums.row_thirds) as row_thirds,
        -- What is put together: of parts, or of sides that are stated for different periods; not what is stated whole.
        case when sums.thirds = 36 or not coalesce(said.is_filled, false) then sums.numerator else said.numerator end
            as own_numerator,
        case
            when sums.thirds = 36 or not coalesce(said.is_filled, false) then sums.denominator
            else said.denominator
        end as own_denominator,
        case when said.is_filled then said.thirds else sums.thirds end as own_thirds,
        greatest(sums.qualifier, said.qualifier) as qualifier,
        least(sums.form_key, said.form_key) as form_key,
        least(sums.finality_rank, said.finality_rank) as finality_rank
    from sums_5 as sums
    full join (select * from flows where depth = 5) as said
        on
            sums.org_key = said.org_key
            and sums.period_key = said.period_key
            and sums.edition_key = said.edition_key
            and sums.breakdown_key = said.breakdown_key
),

found as (
    select * from level_2
    union all
    select * from level_3
    union all
    select * from level_4
    union all
    select * from level_5
)

select
    found.org_key,
    found.period_key,
    found.edition_key,
    found.breakdown_key,
    cast(found.own_numerator as decimal(28, 4)) as numerator,
    cast(found.own_denominator as decimal(28, 4)) as denominator,
    cast(found.own_thirds as integer) as thirds,
    cast(found.row_numerator as decimal(28, 4)) as row_numerator,
    cast(found.row_denominator as decimal(28, 4)) as row_denominator,
    cast(found.row_thirds as integer) as row_thirds,
    whole.thirds as whole_thirds,
    found.own_thirds is not null as is_added,
    found.qualifier,
    found.form_key,
    found.finality_rank
from found
inner join asked on found.org_key = asked.org_key and found.period_key = asked.period_key
inner join store.period_part as whole on found.period_key = whole.part_key and whole.period_basis = 'stated'
order by found.org_key, found.period_key, found.edition_key, found.breakdown_key
