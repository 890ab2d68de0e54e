-- Cells of accepted returns that were not loaded, of a unit and those below it, for periods that end within a time.
select
    submission.org_code, below.org_name, submission.period_code, submission.form_code,
    coalesce(form.name_zh, submission.form_code) as form_zh, coalesce(form.name_en, submission.form_code) as form_en,
    receipt.filename, held.sheet, held.cell as cells, held.printed, held.reason, held.label,
    count(*) over () as in_all
from intake.quarantine as held
inner join intake.submission as submission on held.submission_id = submission.submission_id
inner join intake.receipt as receipt on submission.receipt_id = receipt.receipt_id
inner join core.period as period on submission.period_code = period.period_code
inner join store.unit_below as below
    on
        submission.org_code = below.org_code and below.above_key = $org_key
        and period.period_end >= below.stood_from and period.period_end < below.stood_until
left join catalog.form as form on submission.form_code = form.form_code
where
    submission.state = 'accepted' and ($form = '' or submission.form_code = $form)
    and period.period_end between $since::date and $until::date
order by period.period_end desc, submission.org_code, receipt.filename, held.sheet, held.cell
limit $most
