-- The forms that a unit and those below it owe.
select
    status.form_code, coalesce(any_value(form.name_zh), status.form_code) as form_zh,
    coalesce(any_value(form.name_en), status.form_code) as form_en, count(*) as returns
from marts.reporting_status as status
inner join core.period as period on status.period_code = period.period_code
inner join store.unit_below as below
    on
        status.org_code = below.org_code and below.above_key = $org_key
        and period.period_end >= below.stood_from and period.period_end < below.stood_until
left join catalog.form as form on status.form_code = form.form_code
group by status.form_code
order by returns desc, status.form_code
