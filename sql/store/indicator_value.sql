-- One row per organisation, period, edition, breakdown, basis and period basis: the rate and its interval, as reported.
-- key: org_key, period_key, edition_key, breakdown_key, basis, period_basis
-- kind: view
-- portable: yes
select
    org_key,
    period_key,
    edition_key,
    breakdown_key,
    basis,
    period_basis,
    numerator,
    denominator,
    value,
    lower,
    upper,
    lower_998,
    upper_998,
    interval_method,
    units_expected,
    units_reported,
    coverage,
    coverage_numerator,
    coverage_denominator,
    state,
    state_reason,
    finality,
    is_default_edition
from store.indicator_figure
where boundary = 0
