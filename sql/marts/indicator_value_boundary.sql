-- One row per boundary year and figure: every rate within the boundaries of that year, from carried counts.
-- key: boundary_year, org_code, period_code, indicator_code, standard, edition, breakdown_code, basis, period_basis
-- kind: view
-- Always say which boundary_year is meant, or is_today. What no change concerns is as reported.
with
figures as (
    select
        years.boundary_year,
        years.boundary_date,
        years.is_today,
        figure.org_key,
        figure.period_key,
        figure.edition_key,
        figure.breakdown_key,
        figure.basis,
        figure.period_basis,
        figure.numerator,
        figure.denominator,
        figure.value,
        figure.lower,
        figure.upper,
        figure.interval_method,
        figure.units_expected,
        figure.units_reported,
        figure.coverage,
        figure.state,
        figure.state_reason,
        figure.is_default_edition,
        case
            when figure.state_reason like '%no_weight_back' then 'not_carried'
            when figure.is_estimated then 'estimated'
            else 'carried'
        end as boundary_state
    from core.boundary_year as years
    inner join store.indicator_figure as figure on years.boundary = figure.boundary and figure.boundary > 0
    union all
    select
        years.boundary_year,
        years.boundary_date,
        years.is_today,
        figure.org_key,
        figure.period_key,
        figure.edition_key,
        figure.breakdown_key,
        figure.basis,
        figure.period_basis,
        figure.numerator,
        figure.denominator,
        figure.value,
        figure.lower,
        figure.upper,
        figure.interval_method,
        figure.units_expected,
        figure.units_reported,
        figure.coverage,
        figure.state,
        figure.state_reason,
        figure.is_default_edition,
        'unchanged' as boundary_state
    from core.boundary_year as years
    cross join store.indicator_figure as figure
    left join store.boundary_delta as delta
        on
            figure.basis = 'rolled_up'
            and years.boundary = delta.boundary
            and figure.org_key = delta.org_key
            and figure.period_key = delta.period_key
            and figure.edition_key = delta.edition_key
            and figure.breakdown_key = delta.breakdown_key
            and figure.period_basis = delta.period_basis
    where
        figure.boundary = 0
        and delta.org_key is null
        and (
            figure.basis = 'rolled_up'
            or figure.org_key not in (select share.org_key from store.boundary_share as share)
        )
)

select
    figure.boundary_year,
    figure.boundary_date,
    figure.is_today,
    unit.org_code,
    coalesce(then_called.org_name, unit.org_name) as org_name,
    unit.org_level,
    case when then_called.org_key is null then unit.parent_code else then_called.parent_code end as parent_code,
    period.period_code,
    period.period_start,
    period.period_end,
    period.period_kind,
    figure.period_basis,
    indicator.indicator_code,
    indicator.name_zh as indicator_name_zh,
    indicator.name_en as indicator_name_en,
    indicator.domain,
    breakdown.breakdown_code,
    edition.standard,
    edition.edition,
    figure.is_default_edition,
    figure.basis,
    figure.numerator,
    figure.denominator,
    figure.value,
    indicator.unit,
    figure.lower,
    figure.upper,
    figure.interval_method,
    figure.units_expected,
    figure.units_reported,
    figure.coverage,
    figure.state,
    figure.state_reason,
    figure.boundary_state
from figures as figure
inner join catalog.indicator_edition as edition on figure.edition_key = edition.edition_key
inner join catalog.indicator as indicator on edition.indicator_key = indicator.indicator_key
inner join catalog.breakdown as breakdown on figure.breakdown_key = breakdown.breakdown_key
inner join core.org_unit as unit on figure.org_key = unit.org_key
inner join core.period as period on figure.period_key = period.period_key
left join store.org_version as then_called
    on
        figure.org_key = then_called.org_key
        and (then_called.valid_from is null or then_called.valid_from <= figure.boundary_date)
        and (then_called.valid_to is null or figure.boundary_date < then_called.valid_to)
