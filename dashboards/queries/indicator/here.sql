-- What a unit has of an indicator in a period: every standard, edition, basis and breakdown.
select
    figure.org_code, figure.org_name, figure.period_code, figure.period_basis, figure.indicator_code,
    figure.breakdown_code, coalesce(breakdown.name_zh, '') as breakdown_name_zh,
    coalesce(breakdown.name_en, '') as breakdown_name_en, breakdown.code_list, figure.standard,
    figure.standard_zh, figure.standard_en, figure.edition, figure.is_default_edition,
    figure.basis, figure.numerator, figure.denominator, figure.value, figure.unit, figure.lower, figure.upper,
    figure.interval_method, figure.units_expected, figure.units_reported, figure.coverage, figure.state,
    figure.state_reason, figure.finality, figure.target, figure.target_comparator, figure.target_status,
    figure.previous_value, figure.change, figure.change_status, ranks.rank_in_parent, ranks.peers
from store.figure_shown as figure
left join catalog.breakdown as breakdown
    on figure.breakdown_key = breakdown.breakdown_key and figure.breakdown_key <> 0
left join store.indicator_rank as ranks
    on
        ranks.org_key = $org_key and ranks.period_key = $period_key and figure.edition_key = ranks.edition_key
        and figure.breakdown_key = ranks.breakdown_key and figure.basis = ranks.basis
        and figure.period_basis = ranks.period_basis
where figure.org_key = $org_key and figure.period_key = $period_key and figure.indicator_code = $indicator
qualify
    row_number() over (
        partition by figure.standard, figure.edition, figure.breakdown_code, figure.basis
        order by figure.value is null, figure.period_basis desc
    ) = 1
order by
    figure.is_default_edition desc, figure.standard, figure.edition, figure.breakdown_code <> '', breakdown.code_list,
    figure.breakdown_code, figure.basis
