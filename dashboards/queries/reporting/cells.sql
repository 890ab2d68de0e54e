-- What became of the cells that were read of a unit's tables and of those below it, by form.
select
    submission.form_code, coalesce(any_value(form.name_zh), submission.form_code) as form_zh,
    coalesce(any_value(form.name_en), submission.form_code) as form_en, count(*) as tables,
    sum(submission.cells_read)::bigint as read, sum(submission.cells_fact)::bigint as facts,
    sum(submission.cells_claim)::bigint as claims, sum(submission.cells_total)::bigint as totals,
    sum(submission.cells_entry)::bigint as entries, sum(submission.cells_label)::bigint as labels,
    sum(submission.cells_quarantined)::bigint as quarantined,
    sum(
        submission.cells_read - submission.cells_fact - submission.cells_claim - submission.cells_total
        - submission.cells_entry - submission.cells_label - submission.cells_quarantined
    )::bigint as unaccounted
from intake.submission as submission
inner join core.period as period on submission.period_code = period.period_code
inner join store.unit_below as below
    on
        submission.org_code = below.org_code and below.above_key = $org_key
        and period.period_end >= below.stood_from and period.period_end < below.stood_until
left join catalog.form as form on submission.form_code = form.form_code
where
    submission.state = 'accepted'
    and ($form = '' or submission.form_code = $form)
    and period.period_end between $since::date and $until::date
group by submission.form_code
order by read desc, submission.form_code
