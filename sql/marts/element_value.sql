-- One row per organisation, period, element, breakdown, basis and period basis: what was counted, and how much of it.
-- key: org_code, period_code, element_code, breakdown_code, basis, period_basis
-- kind: view
-- `own`, `stated` is the figure that counts of what the unit says itself; the others are added up.
with
figures as (
    select
        chosen.org_key,
        chosen.period_key,
        chosen.element_key,
        chosen.breakdown_key,
        'own' as basis,
        chosen.period_basis,
        chosen.form_key,
        chosen.value,
        case when chosen.value is null then chosen.state end as gap,
        1 as units_expected,
        case when chosen.value is null then 0 else 1 end as units_reported,
        case when chosen.value is null then 0 else cast(1 as double) end as coverage,
        coalesce(finality.finality_rank, 1) as finality_rank
    from store.fact_chosen as chosen
    left join store.submission_finality as finality on chosen.submission_key = finality.submission_key
    union all
    select
        figure.org_key,
        figure.period_key,
        figure.element_key,
        figure.breakdown_key,
        figure.basis,
        figure.period_basis,
        figure.form_key,
        figure.value,
        figure.gap,
        figure.units_expected,
        figure.units_reported,
        figure.coverage,
        figure.finality_rank
    from store.element_figure as figure
)

select
    unit.org_code,
    unit.org_name,
    unit.org_level,
    unit.parent_code,
    period.period_code,
    period.period_start,
    period.period_end,
    period.period_kind,
    element.element_code,
    element.name_zh as element_name_zh,
    element.name_en as element_name_en,
    element.unit,
    element.kind as element_kind,
    breakdown.breakdown_code,
    form.form_code,
    figure.basis,
    figure.period_basis,
    figure.value,
    case when figure.value is null then 'missing' when figure.coverage < 1 then 'partial' else 'ok' end as state,
    case when figure.value is null then figure.gap when figure.coverage < 1 then 'coverage below 1' end as state_reason,
    figure.units_expected,
    figure.units_reported,
    figure.coverage,
    case figure.finality_rank when 0 then 'open' when 1 then 'submitted' when 2 then 'approved' else 'closed' end
        as finality
from figures as figure
inner join core.org_unit as unit on figure.org_key = unit.org_key
inner join core.period as period on figure.period_key = period.period_key
inner join catalog.element as element on figure.element_key = element.element_key
inner join catalog.breakdown as breakdown on figure.breakdown_key = breakdown.breakdown_key
inner join catalog.form as form on figure.form_key = form.form_key
