-- The rates of a unit in a period: default editions, totals; a stated figure before one put together of parts.
select
    figure.org_code, figure.org_name, figure.period_code, figure.period_start, figure.period_end,
    figure.period_basis, figure.indicator_code, figure.indicator_name_zh, figure.indicator_name_en, figure.domain,
    figure.domain_zh, figure.domain_en, figure.breakdown_code,
    '' as breakdown_name_zh, '' as breakdown_name_en,
    figure.standard, figure.standard_zh, figure.standard_en, figure.edition, figure.is_default_edition,
    figure.basis, figure.numerator, figure.denominator, figure.value, figure.unit, figure.lower, figure.upper,
    figure.interval_method, figure.coverage, figure.state, figure.state_reason, figure.finality, figure.target,
    figure.target_comparator, figure.target_status, figure.previous_value, figure.change, figure.change_status,
    figure.better
from store.figure_shown as figure
where
    figure.org_key = $org_key and figure.period_key = $period_key and figure.is_default_edition
    and figure.breakdown_key = 0
qualify
    row_number() over (
        partition by figure.indicator_code, figure.basis
        order by figure.value is null, figure.period_basis desc
    ) = 1
order by figure.shown_as, figure.indicator_code, figure.basis desc
