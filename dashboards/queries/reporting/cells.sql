-- What became of the cells that were read of a unit's tables and of those below it, by form.
with
below as (
    select org_code
    from store.unit_below
    where above_key = $org_key
)

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
left join catalog.form as form on submission.form_code = form.form_code
where
    submission.state = 'accepted' and submission.org_code in (select below.org_code from below)
    and ($form = '' or submission.form_code = $form)
    and period.period_end between $since::date and $until::date
group by submission.form_code
order by read desc, submission.form_code
