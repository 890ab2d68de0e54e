-- The targets of an indicator that are in force for a unit and a period, the one that counts first.
select
    applied.scope_rank, target.target_code, target.name_zh, target.comparator, target.target_value, target.unit,
    target.scope_code, scope.org_name as scope_name, target.valid_from, target.valid_to,
    target.document_code, document.title as document_title
from store.indicator_target as applied
inner join catalog.indicator as indicator on applied.indicator_key = indicator.indicator_key
inner join catalog.target as target on applied.target_code = target.target_code
inner join core.org_unit as unit on applied.org_key = unit.org_key
inner join core.period as period on applied.period_key = period.period_key
left join core.org_unit as scope on target.scope_code = scope.org_code
left join catalog.document as document on target.document_code = document.document_code
where indicator.indicator_code = $indicator and unit.org_code = $org and period.period_code = $period
order by applied.scope_rank, target.target_code
