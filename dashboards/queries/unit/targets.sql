-- Every target in force for the rates of a unit in a period, with how the figure stands to it.
select
    target.indicator_code, indicator.name_zh as indicator_name_zh, indicator.name_en as indicator_name_en,
    indicator.unit, target.basis, target.period_basis, target.target_code, target.target_name_zh, target.scope_code,
    scope.org_name as scope_name, target.comparator as target_comparator, target.target, target.value, target.lower,
    target.upper, figure.numerator, figure.denominator, target.target_status, target.is_shown, target.coverage,
    figure.state, target.finality, document.title as document_title
from marts.target_check as target
inner join catalog.indicator as indicator on target.indicator_code = indicator.indicator_code
inner join marts.indicator_value as figure
    on
        target.org_code = figure.org_code and target.period_code = figure.period_code
        and target.indicator_code = figure.indicator_code and target.standard = figure.standard
        and target.edition = figure.edition and target.basis = figure.basis
        and target.period_basis = figure.period_basis and figure.breakdown_code = ''
left join core.org_unit as scope on target.scope_code = scope.org_code
left join catalog.document as document on target.document_code = document.document_code
where
    target.org_code = $org and target.period_code = $period and target.is_default_edition
    and figure.org_code = $org and figure.period_code = $period
order by target.indicator_code, target.basis desc, target.is_shown desc, target.target_code
