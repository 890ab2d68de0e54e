-- One row per figure and target in force, all of them: is_shown is the one that marts.indicator_value shows.
-- key: org_code, period_code, indicator_code, standard, edition, basis, period_basis, target_code
-- kind: view
select
    unit.org_code,
    unit.org_name,
    period.period_code,
    period.period_kind,
    period.period_end,
    figure.indicator_code,
    figure.standard,
    figure.edition,
    figure.is_default_edition,
    figure.basis,
    figure.period_basis,
    figure.target_code,
    target.name_zh as target_name_zh,
    target.scope_code,
    figure.scope_rank,
    figure.comparator,
    cast(figure.target_value as double) as target,
    figure.value,
    figure.lower,
    figure.upper,
    figure.target_status,
    figure.scope_rank = 1 as is_shown,
    figure.coverage,
    figure.finality,
    target.document_code
from store.figure_target as figure
inner join catalog.target as target on figure.target_code = target.target_code
inner join core.org_unit as unit on figure.org_key = unit.org_key
inner join core.period as period on figure.period_key = period.period_key
where figure.value is not null
