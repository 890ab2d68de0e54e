-- Open findings of a unit and those below it for periods within a time, with their place; the worst first.
with
below as (
    select org_code, org_name
    from store.unit_below
    where above_key = $org_key
)

select
    finding.finding_id, finding.severity, finding.rule_code, finding.org_code, below.org_name, finding.period_code,
    finding.message_zh, finding.message_en, finding.observed, finding.expected,
    coalesce(receipt.filename, '') as filename, finding.sheet, finding.cells, finding.explanation,
    count(*) over () as in_all
from quality.finding as finding
inner join below on finding.org_code = below.org_code
left join core.period as period on finding.period_code = period.period_code
left join intake.submission as submission on finding.submission_id = submission.submission_id
left join intake.receipt as receipt on submission.receipt_id = receipt.receipt_id
where
    finding.status = 'open'
    and (period.period_key is null or (period.period_start >= $start::date and period.period_end <= $end::date))
order by
    list_position(['error', 'warning', 'question'], finding.severity), finding.org_code <> $org, finding.org_code,
    finding.period_code, finding.finding_id
limit 100
