-- One row per form and period whose due day hangs on holidays that are not published yet.
-- key: finding_id
-- kind: view
select
    substr(md5(concat_ws('|', 'due_day_unknown', roster.form_code, roster.period_code)), 1, 16) as finding_id,
    'due_day_unknown' as rule_code,
    'question' as severity,
    cast(null as varchar) as org_code,
    roster.period_code,
    roster.form_code,
    '' as elements,
    cast(count(*) as varchar) as observed,
    '' as expected,
    '应报日按工作日算,而该年的节假日尚未公布:无法判断是否按时。公布后把各日写进站点 catalog/holidays.csv。' as message_zh,
    'The due day is counted in working days, and the holidays of that year are not published: whether returns are on '
    || 'time cannot be said. When they are, write the days into the site''s catalog/holidays.csv.' as message_en,
    cast(null as varchar) as submission_id,
    cast(null as varchar) as sheet,
    cast(null as varchar) as cells
from catalog.roster as roster
where roster.due_unknown
group by roster.form_code, roster.period_code
