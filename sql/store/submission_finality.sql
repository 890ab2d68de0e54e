-- One row per accepted submission: what may still happen to the return that its figures belong to.
-- key: submission_key
-- kind: view
-- portable: yes
-- A figure with a period of its own stands in the return of the submission, not in one of that period.
select
    sent.submission_key,
    finality.finality_rank
from intake.submission as sent
inner join catalog.form as form on sent.form_code = form.form_code
inner join core.org_unit as sender on sent.reported_by = sender.org_code
inner join core.period as period on sent.period_code = period.period_code
inner join store.return_finality as finality
    on
        form.form_key = finality.form_key
        and sender.org_key = finality.org_key
        and period.period_key = finality.period_key
where sent.state = 'accepted'
