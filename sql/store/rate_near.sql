-- One row per unit right above rows, period, edition, breakdown, row level, county of the rows and period basis: sums.
-- key: org_key, period_key, period_basis, edition_key, breakdown_key, row_level, scope_key
-- kind: scoped table
-- portable: yes
-- What all units further above are added up from, so that a night reads the rows of the touched counties only.
with
found as (
    select
        above.ancestor_key as org_key,
        tile.period_key,
        'stated' as period_basis,
        tile.edition_key,
        tile.breakdown_key,
        unit.org_level as row_level,
        unit.scope_key,
        sum(tile.numerator) as numerator,
        sum(tile.denominator) as denominator,
        count(*) as units,
        sum(self.thirds) as tiles,
        true as is_added,
        max(tile.qualifier) as qualifier,
        min(tile.form_key) as form_key,
        min(tile.finality_rank) as finality_rank
    from store.rate_tile as tile
    inner join core.org_unit as unit on tile.org_key = unit.org_key
    inner join store.period_part as self on tile.period_key = self.part_key and self.period_basis = 'stated'
    inner join core.org_ancestor as above
        on
            tile.org_key = above.org_key
            and above.distance = 1
            and (above.valid_from is null or above.valid_from <= self.period_end)
            and (above.valid_to is null or self.period_end < above.valid_to)
    inner join run.scope as scope on above.ancestor_key = scope.org_key and tile.period_key = scope.period_key
    where tile.is_row and tile.numerator is not null and tile.denominator is not null
    group by above.ancestor_key, tile.period_key, tile.edition_key, tile.breakdown_key, unit.org_level, unit.scope_key
    union all
    select
        above.ancestor_key as org_key,
        sums.period_key,
        'aggregated' as period_basis,
        sums.edition_key,
        sums.breakdown_key,
        unit.org_level as row_level,
        unit.scope_key,
        sum(sums.row_numerator) as numerator,
        sum(sums.row_denominator) as denominator,
        count(*) as units,
        sum(sums.row_thirds) as tiles,
        bool_or(sums.is_added) as is_added,
        max(sums.qualifier) as qualifier,
        min(sums.form_key) as form_key,
        min(sums.finality_rank) as finality_rank
    from store.rate_sum as sums
    inner join core.org_unit as unit on sums.org_key = unit.org_key
    inner join core.period as period on sums.period_key = period.period_key
    inner join core.org_ancestor as above
        on
            sums.org_key = above.org_key
            and above.distance = 1
            and (above.valid_from is null or above.valid_from <= period.period_end)
            and (above.valid_to is null or period.period_end < above.valid_to)
    inner join run.scope as scope on above.ancestor_key = scope.org_key and sums.period_key = scope.period_key
    where sums.row_thirds > 0
    group by above.ancestor_key, sums.period_key, sums.edition_key, sums.breakdown_key, unit.org_level, unit.scope_key
)

select *
from found
order by org_key, period_key, period_basis, edition_key, breakdown_key
