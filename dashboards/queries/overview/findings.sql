-- Open findings of a unit and those below it for periods within a time, by rule.
select
    finding.severity, finding.rule_code, min(finding.message_zh) as message_zh,
    min(finding.message_en) as message_en, count(*) as findings,
    count(distinct finding.org_code) as units
from quality.finding as finding
inner join store.unit_below as below on finding.org_code = below.org_code
left join core.period as period on finding.period_code = period.period_code
where
    below.above_key = $org_key and finding.status = 'open'
    and (period.period_key is null or (period.period_start >= $start::date and period.period_end <= $end::date))
group by finding.severity, finding.rule_code
order by list_position(['error', 'warning', 'question'], finding.severity), findings desc, finding.rule_code
