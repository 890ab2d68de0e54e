-- One row per form and period of the roster about which something is to be asked.
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
union all
-- A unit that owes a form before and after a period, and not for it: forgotten, or meant so.
select
    substr(md5(concat_ws('|', 'roster_gap', gaps.form_code, gaps.period_code)), 1, 16) as finding_id,
    'roster_gap' as rule_code,
    'question' as severity,
    case when count(*) = 1 then min(gaps.org_code) end as org_code,
    gaps.period_code,
    gaps.form_code,
    '' as elements,
    cast(count(*) as varchar) as observed,
    '' as expected,
    '应报名单有缺口:' || count(*) || ' 个单位(如 ' || min(gaps.org_code) || ')在 ' || min(gaps.before_code) || ' 之后、'
    || gaps.period_code || ' 之前没有列为应报,覆盖率不算这段时间;请核对 catalog/roster。' as message_zh,
    'The roster has a gap: ' || count(*) || ' unit(s), as ' || min(gaps.org_code) || ', owe nothing between '
    || min(gaps.before_code) || ' and ' || gaps.period_code
    || ', and coverage leaves that time out; see catalog/roster.' as message_en,
    cast(null as varchar) as submission_id,
    cast(null as varchar) as sheet,
    cast(null as varchar) as cells
from (
    select
        roster.form_code,
        roster.org_code,
        roster.period_code,
        period.period_start,
        period.period_kind,
        lag(roster.period_code) over (
            partition by roster.form_code, roster.org_code, period.period_kind order by period.period_start
        ) as before_code,
        lag(period.period_end) over (
            partition by roster.form_code, roster.org_code, period.period_kind order by period.period_start
        ) as before_end
    from catalog.roster as roster
    inner join core.period as period on roster.period_code = period.period_code
    where period.period_kind in ('ten_days', 'month', 'quarter', 'half_year')
) as gaps
-- Years apart are reports of their own.
where gaps.before_end + interval 1 day < gaps.period_start and gaps.before_end + interval 12 months >= gaps.period_start
group by gaps.form_code, gaps.period_code
