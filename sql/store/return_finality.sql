-- One row per form, sender and period of an accepted return: what may still happen to its figures.
-- key: form_key, org_key, period_key
-- kind: scoped table
-- portable: yes
select
    form.form_key,
    sender.org_key,
    period.period_key,
    1 as finality_rank
from intake.submission as sent
inner join catalog.form as form on sent.form_code = form.form_code
inner join core.org_unit as sender on sent.reported_by = sender.org_code
inner join core.period as period on sent.period_code = period.period_code
inner join run.scope as scope on sender.org_key = scope.org_key and period.period_key = scope.period_key
where sent.state = 'accepted'
group by form.form_key, sender.org_key, period.period_key
order by sender.org_key, period.period_key, form.form_key
