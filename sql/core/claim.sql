-- One row per printed rate, as printed now.
-- key: claim_id
-- kind: view
select
    claim.claim_id,
    unit.org_code,
    period.period_code,
    indicator.indicator_code,
    breakdown.breakdown_code,
    form.form_code,
    reporter.org_code as reported_by,
    claim.occurrence,
    claim.reported_text,
    claim.reported_value,
    claim.qualifier,
    claim.unit,
    claim.decimals,
    submission.submission_id,
    submission.sheet,
    claim.cell
from store.claim_history as claim
inner join core.org_unit as unit on claim.org_key = unit.org_key
inner join core.period as period on claim.period_key = period.period_key
inner join catalog.indicator as indicator on claim.indicator_key = indicator.indicator_key
inner join catalog.breakdown as breakdown on claim.breakdown_key = breakdown.breakdown_key
inner join catalog.form as form on claim.form_key = form.form_key
inner join core.org_unit as reporter on claim.reported_by_key = reporter.org_key
inner join intake.submission as submission on claim.submission_key = submission.submission_key
where claim.known_to is null
