-- The rules, states and forms of the findings of a unit and those below it, with how often each occurs.
select
    finding.rule_code, finding.status, coalesce(any_value(declared.name_zh), finding.rule_code) as rule_zh,
    coalesce(any_value(declared.name_en), finding.rule_code) as rule_en, count(*) as findings
from quality.finding as finding
left join catalog.rule as declared on finding.rule_code = declared.rule_code
left join store.unit_below as below on finding.org_code = below.org_code and below.above_key = $org_key
where below.org_key is not null or finding.org_code is null
group by finding.rule_code, finding.status
order by findings desc, finding.rule_code, finding.status
