-- What each unit directly below gives to a rolled-up rate: as a row of a form, or added up of the rows below it.
with
whole as (
    select period_key, period_end
    from core.period
    where period_code = $period
),

children as (
    select unit.org_key, unit.org_code, unit.org_name, unit.org_level
    from core.org_ancestor as chain
    inner join core.org_unit as self on chain.ancestor_key = self.org_key
    inner join core.org_unit as unit on chain.org_key = unit.org_key
    cross join whole
    where
        self.org_code = $org and chain.distance = 1
        and (chain.valid_from is null or chain.valid_from <= whole.period_end)
        and (chain.valid_to is null or whole.period_end < chain.valid_to)
),

gives as (
    select
        tile.org_key, 'own' as basis, 'stated' as period_basis, tile.numerator, tile.denominator, 1 as units,
        cast(null as bigint) as thirds, 1 as preference
    from store.rate_tile as tile
    inner join whole on tile.period_key = whole.period_key
    where
        $period_basis = 'stated' and tile.edition_key = $edition_key and tile.breakdown_key = 0 and tile.is_row
        and tile.numerator is not null and tile.denominator is not null
        and tile.org_key in (select org_key from children)
    union all
    select
        sums.org_key, 'own' as basis, 'aggregated' as period_basis, sums.row_numerator, sums.row_denominator,
        1 as units, sums.row_thirds, 1 as preference
    from store.rate_sum as sums
    inner join whole on sums.period_key = whole.period_key
    where
        $period_basis = 'aggregated' and sums.edition_key = $edition_key and sums.breakdown_key = 0
        and sums.row_thirds > 0 and sums.org_key in (select org_key from children)
    union all
    select
        rolled.org_key, 'rolled_up' as basis, rolled.period_basis, rolled.numerator, rolled.denominator,
        rolled.units, rolled.tiles,
        case when rolled.period_basis = $period_basis then 2 else 3 end as preference
    from store.rate_rolled as rolled
    inner join whole on rolled.period_key = whole.period_key
    where
        rolled.edition_key = $edition_key and rolled.breakdown_key = 0
        and ($period_basis = 'aggregated' or rolled.period_basis = 'stated')
        and rolled.org_key in (select org_key from children)
)

select
    child.org_code, child.org_name, child.org_level, gives.basis, gives.period_basis, gives.numerator,
    gives.denominator, gives.units, gives.thirds / 3 as months
from children as child
inner join gives on child.org_key = gives.org_key
qualify row_number() over (partition by child.org_key, gives.basis order by gives.preference) = 1
order by child.org_code, gives.basis
