-- Rows that owe a month of a period and of which both sides of a rate are not known: by unit, with the reason.
with
whole as (
    select period_key, period_start, period_end
    from core.period
    where period_code = $period
),

rows_below as (
    select chain.org_key, unit.org_code, unit.org_name, above.org_name as parent_name, self.org_key as self_key
    from core.org_ancestor as chain
    inner join core.org_unit as self on chain.ancestor_key = self.org_key
    inner join core.org_unit as unit on chain.org_key = unit.org_key
    left join core.org_unit as above on unit.parent_key = above.org_key
    cross join whole
    where
        self.org_code = $org
        and (chain.valid_from is null or chain.valid_from <= whole.period_end)
        and (chain.valid_to is null or whole.period_end < chain.valid_to)
),

tiles as (
    select
        tile.org_key, span.period_start, span.period_end, tile.numerator_gap, tile.denominator_gap,
        tile.numerator is not null and tile.denominator is not null
        or ($period_basis = 'aggregated' and tile.pair_numerator is not null) as is_pair,
        tile.numerator is null as lacks_numerator, tile.denominator is null as lacks_denominator
    from store.rate_tile as tile
    inner join whole on true
    inner join store.period_part as part on whole.period_key = part.period_key and tile.period_key = part.part_key
    inner join core.period as span on tile.period_key = span.period_key
    where
        tile.edition_key = $edition_key and tile.breakdown_key = 0 and tile.is_row
        and tile.org_key in (select org_key from rows_below)
),

owed as (
    select distinct owed.org_key, owed.month_start
    from store.row_owed as owed
    inner join rows_below on owed.org_key = rows_below.org_key
    inner join store.form_set as carrier
        on
            carrier.subject = 'edition' and carrier.subject_key = $edition_key
            and owed.row_level = carrier.row_level
            and list_contains(string_split(carrier.form_set, ','), owed.form_key::varchar)
    cross join whole
    where owed.month_start between whole.period_start and whole.period_end
)

select
    rows_below.org_code, rows_below.org_name, rows_below.parent_name, strftime(owed.month_start, '%Y-%m') as month,
    case
        when said.org_key is null then 'not_reported'
        when said.lacks_numerator and said.lacks_denominator then 'both'
        when said.lacks_numerator then 'numerator'
        else 'denominator'
    end as lacks,
    said.numerator_gap, said.denominator_gap, count(*) over () as in_all
from owed
inner join rows_below on owed.org_key = rows_below.org_key
anti join tiles as pair
    on
        owed.org_key = pair.org_key and pair.is_pair
        and ($is_level or (pair.period_start <= owed.month_start and owed.month_start <= pair.period_end))
left join tiles as said
    on
        owed.org_key = said.org_key and not said.is_pair
        and said.period_start = owed.month_start and said.period_end < owed.month_start + interval 1 month
order by owed.month_start, rows_below.org_code
limit 200
