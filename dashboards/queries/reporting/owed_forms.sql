-- The forms that a unit and those below it owe.
select
    status.form_code, coalesce(any_value(form.name_zh), status.form_code) as form_zh,
    coalesce(any_value(form.name_en), status.form_code) as form_en, count(*) as returns
from marts.reporting_status as status
inner join core.org_unit as unit on status.org_code = unit.org_code
inner join core.org_ancestor as chain on unit.org_key = chain.org_key
inner join core.org_unit as above on chain.ancestor_key = above.org_key
left join catalog.form as form on status.form_code = form.form_code
where above.org_code = $org
group by status.form_code
order by returns desc, status.form_code
