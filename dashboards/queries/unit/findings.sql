-- Open findings of a unit and those below it for periods within a time, with their place; the worst first. What is
-- known of no unit is shown with units that nothing is above.
select
    finding.finding_id, finding.severity, finding.rule_code, place.place_code as org_code,
    place.place_name as org_name, finding.period_code, finding.message_zh, finding.message_en, finding.observed,
    finding.expected, place.filename, finding.sheet, finding.cells, finding.explanation, count(*) over () as in_all
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
order by
    list_position(['error', 'warning', 'question'], finding.severity), place.place_code is distinct from $org,
    place.place_code, finding.period_code, finding.finding_id
limit 100
