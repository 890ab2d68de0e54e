-- One row per statement of a figure, as core.fact, and submission that made it: with the time while it was known.
-- key: org_code, period_code, element_code, breakdown_code, form_code, reported_by, occurrence, submission_id
-- kind: view
select
    unit.org_code,
    period.period_code,
    element.element_code,
    breakdown.breakdown_code,
    form.form_code,
    reporter.org_code as reported_by,
    fact.occurrence,
    fact.value,
    fact.qualifier,
    fact.state,
    element.unit,
    submission.submission_id,
    submission.sheet,
    fact.cell,
    submission.revision,
    fact.known_from,
    fact.known_to
from store.fact_history as fact
inner join core.org_unit as unit on fact.org_key = unit.org_key
inner join core.period as period on fact.period_key = period.period_key
inner join catalog.element as element on fact.element_key = element.element_key
inner join catalog.breakdown as breakdown on fact.breakdown_key = breakdown.breakdown_key
inner join catalog.form as form on fact.form_key = form.form_key
inner join core.org_unit as reporter on fact.reported_by_key = reporter.org_key
inner join intake.submission as submission on fact.submission_key = submission.submission_key
