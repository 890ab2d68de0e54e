-- One row per organisation, period, edition, breakdown, basis and period basis: the rate with names, target and change.
-- key: org_key, period_key, edition_key, breakdown_key, basis, period_basis
-- kind: view
-- What marts.indicator_value shows but the rank, by keys: asked by keys, a page's query is planned in half the time.
select
    figure.org_key,
    figure.period_key,
    figure.edition_key,
    figure.breakdown_key,
    unit.parent_key,
    unit.org_code,
    unit.org_name,
    unit.org_level,
    unit.parent_code,
    period.period_code,
    period.period_start,
    period.period_end,
    period.period_kind,
    figure.period_basis,
    figure.indicator_code,
    figure.indicator_name_zh,
    figure.indicator_name_en,
    figure.domain,
    figure.domain_zh,
    figure.domain_en,
    figure.shown_as,
    breakdown.breakdown_code,
    figure.standard,
    figure.standard_zh,
    figure.standard_en,
    figure.edition,
    figure.formula,
    figure.steps_in,
    figure.better,
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
    cast(figure.target_value as double) as target,
    figure.comparator as target_comparator,
    figure.target_status,
    previous.value as previous_value,
    figure.value - previous.value as change,
    case
        when previous.value is null or figure.value is null then null
        when previous.lower is null or figure.lower is null then 'not_comparable'
        -- In these months what is counted is defined anew: a jump is no change. A year is one round of them.
        when
            figure.steps_in <> ''
            and case
                when period.period_kind in ('ten_days', 'month')
                    then figure.steps_in like '%,' || month(period.period_end) || ',%'
                else period.period_kind not in ('year', 'mch_year')
            end
            then 'not_comparable'
        when figure.lower > previous.upper then 'up'
        when figure.upper < previous.lower then 'down'
        else 'no_clear_change'
    end as change_status
from store.figure_target as figure
inner join core.org_unit as unit on figure.org_key = unit.org_key
inner join core.period as period on figure.period_key = period.period_key
inner join catalog.breakdown as breakdown on figure.breakdown_key = breakdown.breakdown_key
left join store.indicator_value as previous
    on
        figure.org_key = previous.org_key
        and period.previous_key = previous.period_key
        and figure.edition_key = previous.edition_key
        and figure.breakdown_key = previous.breakdown_key
        and figure.basis = previous.basis
        and figure.period_basis = previous.period_basis
where figure.scope_rank = 1
