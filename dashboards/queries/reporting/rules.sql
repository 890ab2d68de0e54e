-- The rules, states and forms of the findings of a unit and those below it, with how often each occurs.
select
    finding.rule_code, finding.status, coalesce(any_value(declared.name_zh), finding.rule_code) as rule_zh,
    coalesce(any_value(declared.name_en), finding.rule_code) as rule_en, count(*) as findings
from quality.finding as finding
inner join quality.finding_place as place on finding.finding_id = place.finding_id
left join catalog.rule as declared on finding.rule_code = declared.rule_code
left join store.unit_below as below
    on
        below.above_key = $org_key and place.place_code = below.org_code
        and place.stood_on >= below.stood_from and place.stood_on < below.stood_until
where below.org_key is not null or ($is_top and place.place_code is null)
group by finding.rule_code, finding.status
order by findings desc, finding.rule_code, finding.status
