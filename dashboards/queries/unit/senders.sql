-- Whose returns state a unit's figures, by form.
select
    form.form_code, form.name_zh, form.name_en, sender.org_code as sender_code,
    sender.org_name as sender_name, count(distinct fact.period_key) as periods,
    max_by(period.period_code, period.period_end) as last_period, count(*) as figures
from store.fact_chosen as fact
inner join core.org_unit as unit on fact.org_key = unit.org_key
inner join catalog.form as form on fact.form_key = form.form_key
inner join core.org_unit as sender on fact.reported_by_key = sender.org_key
inner join core.period as period on fact.period_key = period.period_key
where unit.org_code = $org and fact.period_basis = 'stated'
group by all
order by form.name_zh, sender.org_code
