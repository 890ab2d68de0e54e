-- One row per organisation, period, element, breakdown, form, reporter and occurrence: who says what now.
-- key: org_code, period_code, element_code, breakdown_code, form_code, reported_by, occurrence
-- kind: view
select
    org_code,
    period_code,
    element_code,
    breakdown_code,
    form_code,
    reported_by,
    occurrence,
    value,
    qualifier,
    state,
    unit,
    submission_id,
    sheet,
    cell,
    revision
from core.fact_history
where known_to is null
