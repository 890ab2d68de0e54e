-- One row per stated total and declared partition.
-- key: org_code, period_code, form_code, reported_by, total_element, partition
-- kind: view
select
    unit.org_code,
    period.period_code,
    total.form_code,
    reporter.org_code as reported_by,
    total.element_code as total_element,
    total.partition,
    checked.stated_total,
    checked.sum_of_parts,
    checked.stated_total - checked.sum_of_parts as difference,
    checked.parts_known,
    checked.parts_missing,
    checked.verdict,
    total.relation,
    checked.within_relation,
    total.severity,
    submission.submission_id,
    submission.sheet,
    checked.cells
from store.total_check as checked
inner join catalog.total as total on checked.total_key = total.total_key
inner join core.org_unit as unit on checked.org_key = unit.org_key
inner join core.period as period on checked.period_key = period.period_key
inner join core.org_unit as reporter on checked.reported_by_key = reporter.org_key
inner join intake.submission as submission on checked.submission_key = submission.submission_key
