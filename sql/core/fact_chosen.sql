-- One row per organisation, period, element, breakdown and period basis: the figure that counts.
-- key: org_code, period_code, element_code, breakdown_code, period_basis
-- kind: view
select
    unit.org_code,
    period.period_code,
    element.element_code,
    breakdown.breakdown_code,
    chosen.period_basis,
    chosen.value,
    chosen.qualifier,
    chosen.state,
    element.unit,
    form.form_code,
    reporter.org_code as reported_by,
    chosen.sources,
    submission.submission_id,
    submission.sheet,
    chosen.cell,
    declared.correction_id
from store.fact_chosen as chosen
inner join core.org_unit as unit on chosen.org_key = unit.org_key
inner join core.period as period on chosen.period_key = period.period_key
inner join catalog.element as element on chosen.element_key = element.element_key
inner join catalog.breakdown as breakdown on chosen.breakdown_key = breakdown.breakdown_key
inner join catalog.form as form on chosen.form_key = form.form_key
inner join core.org_unit as reporter on chosen.reported_by_key = reporter.org_key
inner join intake.submission as submission on chosen.submission_key = submission.submission_key
left join intake.correction as declared on chosen.correction_key = declared.correction_key
