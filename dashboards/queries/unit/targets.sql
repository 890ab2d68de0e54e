-- Every target in force for the rates of a unit in a period, with how the figure stands to it.
select
    figure.indicator_code, figure.indicator_name_zh, figure.indicator_name_en, figure.unit, figure.basis,
    figure.period_basis, figure.target_code, target.name_zh as target_name_zh, target.scope_code,
    scope.org_name as scope_name, figure.comparator as target_comparator,
    cast(figure.target_value as double) as target, figure.value, figure.lower, figure.upper, figure.numerator,
    figure.denominator, figure.target_status, figure.scope_rank = 1 as is_shown, figure.coverage, figure.state,
    figure.finality, document.title as document_title
from store.figure_target as figure
inner join catalog.target as target on figure.target_code = target.target_code
left join core.org_unit as scope on target.scope_code = scope.org_code
left join catalog.document as document on target.document_code = document.document_code
where
    figure.org_key = $org_key and figure.period_key = $period_key and figure.is_default_edition
    and figure.breakdown_key = 0 and figure.value is not null
order by figure.indicator_code, figure.basis desc, is_shown desc, figure.target_code
