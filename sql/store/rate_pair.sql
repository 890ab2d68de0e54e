-- One row per organisation, period, edition and breakdown with both sides known, one of them as stated for this period.
-- key: org_key, period_key, edition_key, breakdown_key
-- kind: view
-- portable: yes
select
    tile.org_key,
    tile.period_key,
    tile.edition_key,
    tile.breakdown_key,
    coalesce(tile.pair_numerator, tile.numerator) as numerator,
    coalesce(tile.pair_denominator, tile.denominator) as denominator,
    tile.pair_numerator is not null as is_filled,
    tile.is_row,
    tile.qualifier,
    case when tile.is_row then tile.form_key end as form_key,
    tile.finality_rank,
    edition.numerator_kind,
    edition.denominator_kind,
    self.depth,
    self.thirds,
    self.period_end,
    make_date(
        case
            when form.calendar = 'mch_year' and month(self.period_end) < 10 then year(self.period_end) - 1
            else year(self.period_end)
        end,
        case when form.calendar = 'mch_year' then 10 else 1 end,
        1
    ) as year_start
from store.rate_tile as tile
inner join catalog.indicator_edition as edition on tile.edition_key = edition.edition_key
inner join store.period_part as self on tile.period_key = self.part_key and self.period_basis = 'stated'
left join catalog.form as form on tile.form_key = form.form_key
where
    coalesce(tile.pair_numerator, tile.numerator) is not null
    and coalesce(tile.pair_denominator, tile.denominator) is not null
    and self.depth > 0
