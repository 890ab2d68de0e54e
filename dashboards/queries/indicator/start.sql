-- The indicator that a unit is shown with: of those it has, in this period and with a target if possible.
select edition.indicator_code
from store.figure_target as figure
inner join catalog.indicator_edition as edition on figure.edition_key = edition.edition_key
inner join catalog.indicator as indicator on edition.indicator_key = indicator.indicator_key
inner join catalog.domain as domain on indicator.domain = domain.domain
inner join core.org_unit as unit on figure.org_key = unit.org_key
inner join core.period as period on figure.period_key = period.period_key
where
    unit.org_code = $org and figure.value is not null and figure.is_default_edition and figure.breakdown_key = 0
    and figure.scope_rank = 1
order by
    period.period_code <> $period, figure.target_value is null, indicator.unit <> 'percent', domain.shown_as,
    figure.denominator desc, edition.indicator_code
limit 1
