-- One row per organisation, period, indicator, standard, edition, breakdown, basis and period basis.
-- key: org_code, period_code, indicator_code, standard, edition, breakdown_code, basis, period_basis
-- kind: view
select
    figure.org_code,
    figure.org_name,
    figure.org_level,
    figure.parent_code,
    figure.period_code,
    figure.period_start,
    figure.period_end,
    figure.period_kind,
    figure.period_basis,
    figure.indicator_code,
    figure.indicator_name_zh,
    figure.indicator_name_en,
    figure.domain,
    figure.breakdown_code,
    figure.standard,
    figure.edition,
    figure.is_default_edition,
    figure.basis,
    figure.numerator,
    figure.denominator,
    figure.value,
    figure.unit,
    figure.lower,
    figure.upper,
    figure.lower_998,
    figure.upper_998,
    figure.interval_method,
    figure.units_expected,
    figure.units_reported,
    figure.coverage,
    figure.coverage_numerator,
    figure.coverage_denominator,
    figure.state,
    figure.state_reason,
    figure.finality,
    figure.target,
    figure.target_comparator,
    figure.target_status,
    figure.previous_value,
    figure.change,
    figure.change_status,
    ranks.rank_in_parent,
    ranks.peers,
    'not_tested' as funnel_status,
    cast(null as varchar) as quality_grade
from store.figure_shown as figure
left join store.indicator_rank as ranks
    on
        figure.org_key = ranks.org_key
        and figure.period_key = ranks.period_key
        and figure.edition_key = ranks.edition_key
        and figure.breakdown_key = ranks.breakdown_key
        and figure.basis = ranks.basis
        and figure.period_basis = ranks.period_basis
