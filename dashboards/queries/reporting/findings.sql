-- Findings of a unit and those below it for periods that end within a time, or without a period; one page of them.
-- What names no unit is placed by its sender; where that is unknown too it is shown with units that nothing is above.
with
below as (
    select org_code, org_name
    from store.unit_below
    where above_key = $org_key
),

placed as (
    select
        finding.finding_id, finding.severity, finding.rule_code, coalesce(finding.org_code, sender.org_code) as org_code,
        coalesce(unit.org_name, below.org_name, finding.org_code, receipt.sender, '') as org_name,
        finding.period_code, period.period_end, finding.form_code, finding.elements, finding.observed,
        finding.expected, finding.message_zh, finding.message_en, receipt.filename, finding.sheet, finding.cells,
        finding.explanation, finding.explained_by, finding.explained_at, finding.status
    from quality.finding as finding
    left join intake.submission as submission on finding.submission_id = submission.submission_id
    left join intake.receipt as receipt on submission.receipt_id = receipt.receipt_id
    left join core.org_unit as unit on finding.org_code = unit.org_code
    left join core.org_unit as sender on finding.org_code is null and receipt.sender = sender.org_code
    left join below on coalesce(finding.org_code, sender.org_code) = below.org_code
    left join core.period as period on finding.period_code = period.period_code
    where
        (below.org_code is not null or ($is_top and unit.org_code is null and sender.org_code is null))
        and (period.period_key is null or period.period_end between $since::date and $until::date)
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
