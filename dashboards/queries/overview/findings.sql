-- Open findings of a unit and those below it for periods within a time, by rule. What is known of no unit is counted
-- with units that nothing is above.
select
    finding.severity, finding.rule_code, min(finding.message_zh) as message_zh, min(finding.message_en) as message_en,
    count(*) as findings, count(distinct place.place_code) as units
from quality.finding as finding
inner join quality.finding_place as place on finding.finding_id = place.finding_id
left join store.unit_below as below
    on
        below.above_key = $org_key and place.place_code = below.org_code
        and place.stood_on >= below.stood_from and place.stood_on < below.stood_until
where
    finding.status = 'open' and (below.org_key is not null or ($is_top and place.place_code is null))
    and (
        place.period_start is null
        or (place.period_start >= $start::date and place.stood_on <= $end::date)
    )
group by finding.severity, finding.rule_code
order by list_position(['error', 'warning', 'question'], finding.severity), findings desc, finding.rule_code
