-- What a unit, or each row directly below it, states of both sides of a rate within a period; put together of periods,
-- a side that is not stated for this very period may be known otherwise (store.term_filled).
with
self as (
    select org_key
    from core.org_unit
    where org_code = $org
),

whole as (
    select period_key, period_end
    from core.period
    where period_code = $period
),

units as (
    select self.org_key
    from self
    where $basis = 'own'
    union all
    select chain.org_key
    from core.org_ancestor as chain
    inner join self on chain.ancestor_key = self.org_key
    cross join whole
    where
        $basis = 'rolled_up' and chain.distance = 1
        and (chain.valid_from is null or chain.valid_from <= whole.period_end)
        and (chain.valid_to is null or whole.period_end < chain.valid_to)
)

select
    unit.org_code, unit.org_name, span.period_code, span.period_start, span.period_end, part.part_thirds as thirds,
    case when $period_basis = 'stated' then tile.numerator else coalesce(tile.pair_numerator, tile.numerator) end
        as numerator,
    case when $period_basis = 'stated' then tile.denominator else coalesce(tile.pair_denominator, tile.denominator) end
        as denominator,
    $period_basis <> 'stated' and tile.pair_numerator is not null as is_filled, tile.is_row,
    tile.numerator_gap, tile.denominator_gap
from store.rate_tile as tile
inner join units on tile.org_key = units.org_key
inner join core.org_unit as unit on tile.org_key = unit.org_key
inner join whole on true
inner join store.period_part as part
    on whole.period_key = part.period_key and tile.period_key = part.part_key
inner join core.period as span on tile.period_key = span.period_key
where
    tile.edition_key = $edition_key and tile.breakdown_key = 0
    and ($period_basis = 'aggregated' or tile.period_key = whole.period_key)
    and ($basis = 'own' or tile.is_row)
order by unit.org_code, span.period_start, span.period_end
limit 6000
