-- One row per form, organisation, sender and period of an accepted return: its finality; who signed it, when, why.
-- key: form_code, org_code, reported_by, period_code
-- kind: view
select
    form.form_code,
    unit.org_code,
    unit.org_name,
    sender.org_code as reported_by,
    period.period_code,
    submission.revision,
    submission.received_at,
    case state.finality_rank
        when 3 then 'closed' when 2 then 'approved' when 1 then 'submitted' else 'open'
    end as finality,
    coalesce(sign.who, nullif(state.approver, '')) as signed_by,
    sign.signed_at,
    sign.why,
    submission.submission_id
from store.return_state as state
inner join catalog.form as form on state.form_key = form.form_key
inner join core.org_unit as unit on state.org_key = unit.org_key
inner join core.org_unit as sender on state.reported_by_key = sender.org_key
inner join core.period as period on state.period_key = period.period_key
inner join intake.submission as submission on state.submission_key = submission.submission_key
left join intake.sign as sign on state.sign_number = sign.sign_number and unit.org_code = sign.org_code
