-- One row per form, sender and period of an accepted return: what may still happen to its figures.
-- key: form_key, org_key, period_key
-- kind: scoped table
-- portable: yes
-- Where a sender sent the form for several organisations, the lowest of them.
select
    sent.form_key,
    sent.reported_by_key as org_key,
    sent.period_key,
    min(sent.finality_rank) as finality_rank
from store.return_state as sent
inner join run.scope as scope on sent.reported_by_key = scope.org_key and sent.period_key = scope.period_key
group by sent.form_key, sent.reported_by_key, sent.period_key
order by sent.reported_by_key, sent.period_key, sent.form_key
