-- One row per organisation, period, indicator, standard, edition, breakdown, basis and period basis.
-- key: org_code, period_code, indicator_code, standard, edition, breakdown_code, basis, period_basis
-- kind: view
with
figures as (
    select
        figure.*,
        edition.indicator_key,
        edition.indicator_code,
        edition.standard,
        edition.edition,
        edition.steps_in,
        unit.org_code,
        unit.org_name,
        unit.org_level,
        unit.parent_code,
        unit.parent_key,
        period.period_code,
        period.period_start,
        period.period_end,
        period.period_kind,
        period.previous_key,
        indicator.name_zh,
        indicator.name_en,
        indicator.domain,
        indicator.unit,
        indicator.better
    from store.figure_target as figure
    inner join catalog.indicator_edition as edition on figure.edition_key = edition.edition_key
    inner join catalog.indicator as indicator on edition.indicator_key = indicator.indicator_key
    inner join core.org_unit as unit on figure.org_key = unit.org_key
    inner join core.period as period on figure.period_key = period.period_key
    where figure.scope_rank = 1
)

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
    figure.name_zh as indicator_name_zh,
    figure.name_en as indicator_name_en,
    figure.domain,
    breakdown.breakdown_code,
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
                when figure.period_kind in ('ten_days', 'month')
                    then figure.steps_in like '%,' || month(figure.period_end) || ',%'
                else figure.period_kind not in ('year', 'mch_year')
            end
            then 'not_comparable'
        when figure.lower > previous.upper then 'up'
        when figure.upper < previous.lower then 'down'
        else 'no_clear_change'
    end as change_status,
    ranks.rank_in_parent,
    ranks.peers,
    'not_tested' as funnel_status,
    cast(null as varchar) as quality_grade
from figures as figure
inner join catalog.breakdown as breakdown on figure.breakdown_key = breakdown.breakdown_key
left join store.indicator_rank as ranks
    on
        figure.org_key = ranks.org_key
        and figure.period_key = ranks.period_key
        and figure.edition_key = ranks.edition_key
        and figure.breakdown_key = ranks.breakdown_key
        and figure.basis = ranks.basis
        and figure.period_basis = ranks.period_basis
left join store.indicator_value as previous
    on
        figure.org_key = previous.org_key
        and figure.previous_key = previous.period_key
        and figure.edition_key = previous.edition_key
        and figure.breakdown_key = previous.breakdown_key
        and figure.basis = previous.basis
        and figure.period_basis = previous.period_basis
