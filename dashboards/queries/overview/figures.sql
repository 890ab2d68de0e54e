-- The rates of a unit in a period: default editions, totals; a stated figure before one put together of parts.
select
    figure.org_code, figure.org_name, figure.period_code, figure.period_start, figure.period_end,
    figure.period_basis, figure.indicator_code, figure.indicator_name_zh, figure.indicator_name_en, figure.domain,
    domain.name_zh as domain_zh, domain.name_en as domain_en, figure.breakdown_code,
    '' as breakdown_name_zh, '' as breakdown_name_en,
    figure.standard, coalesce(standard.name_zh, figure.standard) as standard_zh,
    coalesce(standard.name_en, figure.standard) as standard_en, figure.edition, figure.is_default_edition,
    figure.basis, figure.numerator, figure.denominator, figure.value, figure.unit, figure.lower, figure.upper,
    figure.interval_method, figure.coverage, figure.state, figure.state_reason, figure.finality, figure.target,
    figure.target_comparator, figure.target_status, figure.previous_value, figure.change, figure.change_status,
    indicator.better
from marts.indicator_value as figure
inner join catalog.indicator as indicator on figure.indicator_code = indicator.indicator_code
inner join catalog.domain as domain on figure.domain = domain.domain
left join catalog.standard as standard on figure.standard = standard.standard
where
    figure.org_code = $org and figure.period_code = $period and figure.is_default_edition
    and figure.breakdown_code = ''
qualify
    row_number() over (
        partition by figure.indicator_code, figure.basis
        order by figure.value is null, figure.period_basis desc
    ) = 1
order by domain.shown_as, figure.indicator_code, figure.basis desc
