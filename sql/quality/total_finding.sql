-- One row per stated total that breaks the relation that its form declares.
-- key: rule_code, org_key, period_key, form_code, elements, cells, submission_id
-- kind: view
select
    'total_' || total.partition as rule_code,
    total.severity,
    checked.org_key,
    checked.period_key,
    total.form_code,
    total.element_code as elements,
    cast(checked.stated_total as varchar) as observed,
    case total.relation when 'at_least' then '>= ' when 'at_most' then '<= ' else '= ' end
    || cast(checked.sum_of_parts as varchar) as expected,
    element.name_zh || '与各分项之和不符,相差 '
    || regexp_replace(
        cast(cast(checked.stated_total - checked.sum_of_parts as double) as varchar), '[.]0$', ''
    ) || '。' as message_zh,
    element.name_en || ' and the sum of its parts differ by '
    || regexp_replace(
        cast(cast(checked.stated_total - checked.sum_of_parts as double) as varchar), '[.]0$', ''
    ) || '.' as message_en,
    submission.submission_id,
    submission.sheet,
    checked.cells
from store.total_check as checked
inner join catalog.total as total on checked.total_key = total.total_key
inner join catalog.element as element on total.element_key = element.element_key
inner join intake.submission as submission on checked.submission_key = submission.submission_key
where checked.within_relation = false
