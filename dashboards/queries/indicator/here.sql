-- What a unit has of an indicator in a period: every standard, edition, basis and breakdown.
select
    figure.org_code, figure.org_name, figure.period_code, figure.period_basis, figure.indicator_code,
    figure.breakdown_code, coalesce(breakdown.name_zh, '') as breakdown_name_zh,
    coalesce(breakdown.name_en, '') as breakdown_name_en, breakdown.code_list, figure.standard,
    coalesce(standard.name_zh, figure.standard) as standard_zh,
    coalesce(standard.name_en, figure.standard) as standard_en, figure.edition, figure.is_default_edition,
    figure.basis, figure.numerator, figure.denominator, figure.value, figure.unit, figure.lower, figure.upper,
    figure.interval_method, figure.units_expected, figure.units_reported, figure.coverage, figure.state,
    figure.state_reason, figure.finality, figure.target, figure.target_comparator, figure.target_status,
    figure.previous_value, figure.change, figure.change_status, figure.rank_in_parent, figure.peers
from marts.indicator_value as figure
left join catalog.breakdown as breakdown
    on figure.breakdown_code = breakdown.breakdown_code and figure.breakdown_code <> ''
left join catalog.standard as standard on figure.standard = standard.standard
where figure.org_code = $org and figure.period_code = $period and figure.indicator_code = $indicator
qualify
    row_number() over (
        partition by figure.standard, figure.edition, figure.breakdown_code, figure.basis
        order by figure.value is null, figure.period_basis desc
    ) = 1
order by
    figure.is_default_edition desc, figure.standard, figure.edition, figure.breakdown_code <> '', breakdown.code_list,
    figure.breakdown_code, figure.basis
