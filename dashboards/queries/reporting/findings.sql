-- Findings of a unit and those below it for periods that end within a time, or without a period; one page of them.
-- What names no unit is placed by its sender; where that is unknown too it is shown with units that nothing is above.
with
placed as (
    select
        finding.finding_id, finding.severity, finding.rule_code, coalesce(place.place_code, finding.org_code) as org_code,
        place.place_name as org_name, finding.period_code, nullif(place.stood_on, date '9999-12-30') as period_end,
        finding.form_code, finding.elements, finding.observed, finding.expected, finding.message_zh,
        finding.message_en, nullif(place.filename, '') as filename, finding.sheet, finding.cells,
        finding.explanation, finding.explained_by, finding.explained_at, finding.status
    from quality.finding as finding
    inner join quality.finding_place as place on finding.finding_id = place.finding_id
    left join store.unit_below as below
        on
            below.above_key = $org_key and place.place_code = below.org_code
            and place.stood_on >= below.stood_from and place.stood_on < below.stood_until
    where
        (below.org_key is not null or ($is_top and place.place_code is null))
        and (place.period_start is null or place.stood_on between $since::date and $until::date)
        and ($severity = '' or finding.severity = $severity) and ($status = '' or finding.status = $status)
        and ($rule = '' or finding.rule_code = $rule) and ($form = '' or finding.form_code = $form)
)

select
    placed.finding_id, placed.severity, placed.rule_code, coalesce(declared.name_zh, '') as rule_zh,
    coalesce(declared.name_en, '') as rule_en, placed.org_code, placed.org_name, placed.period_code, placed.form_code,
    coalesce(form.name_zh, placed.form_code, '') as form_zh, coalesce(form.name_en, placed.form_code, '') as form_en,
    placed.elements, placed.observed, placed.expected, placed.message_zh, placed.message_en, placed.filename,
    placed.sheet, placed.cells, placed.explanation, placed.explained_by, placed.explained_at, placed.status,
    count(*) over () as in_all, count(*) filter (where placed.severity = 'error') over () as errors,
    count(*) filter (where placed.severity = 'warning') over () as warnings,
    count(*) filter (where placed.severity = 'question') over () as questions,
    count(*) filter (where placed.status = 'open') over () as still_open
from placed
left join catalog.rule as declared on placed.rule_code = declared.rule_code
left join catalog.form as form on placed.form_code = form.form_code
where
    $q = ''
    or contains(
        lower(
            concat_ws(
                ' ', placed.org_name, placed.org_code, placed.rule_code, declared.name_zh, declared.name_en,
                placed.message_zh, placed.message_en, placed.elements, placed.observed, placed.filename, placed.sheet,
                placed.cells, placed.explanation, placed.period_code
            )
        ),
        lower($q)
    )
order by
    case when $sorting = 'unit' then placed.org_name end, case when $sorting = 'rule' then placed.rule_code end,
    case when $sorting = 'form' then placed.form_code end nulls last,
    case when $sorting = 'period' then placed.period_end end desc nulls last,
    list_position(['error', 'warning', 'question'], placed.severity), placed.period_end desc nulls last,
    placed.org_code, placed.rule_code, placed.finding_id
limit $most offset $offset
