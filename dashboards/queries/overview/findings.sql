-- Open findings of a unit and those below it for periods within a time, by rule.
select
    finding.severity, finding.rule_code, min(finding.message_zh) as message_zh,
    min(finding.message_en) as message_en, count(*) as findings,
    count(distinct finding.org_code) as units
from quality.finding as finding
inner join core.org_unit as unit on finding.org_code = unit.org_code
inner join core.org_ancestor as chain on unit.org_key = chain.org_key
inner join core.org_unit as above on chain.ancestor_key = above.org_key
left join core.period as period on finding.period_code = period.period_code
where
    above.org_code = $org and finding.status = 'open'
    and (period.period_key is null or (period.period_start >= $start::date and period.period_end <= $end::date))
group by finding.severity, finding.rule_code
order by list_position(['error', 'warning', 'question'], finding.severity), findings desc, finding.rule_code
