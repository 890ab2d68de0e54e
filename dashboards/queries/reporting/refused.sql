-- Tables that were refused, of a unit and those below it by what they say or who sent them; what is known of neither is
-- shown with units that nothing is above. `is_open`: nothing that was accepted has replaced it since.
with
below as (
    select org_code
    from store.unit_below
    where above_key = $org_key
)

select
    receipt.received_at, coalesce(unit.org_code, sender.org_code) as org_code,
    coalesce(unit.org_name, sender.org_name, submission.org_code, receipt.sender) as org_name, receipt.receipt_id,
    receipt.filename, submission.sheet, submission.cell as cells, submission.form_code, submission.period_code,
    submission.reason, submission.reason_zh, submission.reason_en, still.finding_id is not null as is_open,
    count(*) over () as in_all, count(still.finding_id) over () as open_in_all
from intake.submission as submission
inner join intake.receipt as receipt on submission.receipt_id = receipt.receipt_id
left join core.org_unit as unit on submission.org_code = unit.org_code
left join core.org_unit as sender on receipt.sender = sender.org_code
left join core.period as period on submission.period_code = period.period_code
left join quality.refusal_finding as still on submission.submission_id = still.submission_id
where
    submission.state = 'refused'
    and (
        coalesce(unit.org_code, sender.org_code) in (select below.org_code from below)
        or ($is_top and unit.org_code is null and sender.org_code is null)
    )
    and (period.period_key is null or period.period_end between $since::date and $until::date)
    and ($form = '' or submission.form_code is null or submission.form_code = $form)
order by is_open desc, receipt.received_at desc, receipt.filename, submission.sheet
limit $most
