-- The indicator that a unit is shown with: of those it has, in this period and with a target if possible.
select figure.indicator_code
from store.figure_target as figure
where
    figure.org_key = $org_key and figure.value is not null and figure.is_default_edition and figure.breakdown_key = 0
    and figure.scope_rank = 1
order by
    figure.period_key <> $period_key, figure.target_value is null, figure.unit <> 'percent', figure.shown_as,
    figure.denominator desc, figure.indicator_code
limit 1
