-- One row per organisation, form and period that the roster owes.
-- key: org_code, form_code, period_code
-- kind: table
-- Due dates are days in China (UTC+8); times are kept in UTC.
with
accepted as (
    select
        submission.*,
        row_number() over (
            partition by submission.form_code, submission.org_code, submission.period_code
            order by submission.submission_key desc
        ) as newness
    from intake.submission as submission
    where submission.state = 'accepted'
),

first_received as (
    select
        form_code,
        org_code,
        period_code,
        min(received_at) as received_at
    from accepted
    group by form_code, org_code, period_code
),

refused as (
    select distinct
        form_code,
        org_code,
        period_code
    from intake.submission
    where state = 'refused'
),

-- Where several senders sent it, the lowest of them.
sent as (
    select
        form.form_code,
        unit.org_code,
        period.period_code,
        min(state.finality_rank) as finality_rank
    from store.return_state as state
    inner join catalog.form as form on state.form_key = form.form_key
    inner join core.org_unit as unit on state.org_key = unit.org_key
    inner join core.period as period on state.period_key = period.period_key
    group by form.form_code, unit.org_code, period.period_code
),

filled as (
    select
        submission_key,
        count(distinct cell) as cells
    from store.fact_history
    where state = 'reported'
    group by submission_key
),

in_error as (
    select
        submission_id,
        count(distinct cells) as cells
    from quality.finding
    where severity = 'error'
    group by submission_id
)

select
    owed.org_code,
    owed.form_code,
    owed.period_code,
    owed.due_on,
    first_received.received_at as received_on,
    latest.revision,
    case
        when first_received.received_at is not null and owed.due_on is null then 'received'
        when cast(first_received.received_at + interval 8 hours as date) <= owed.due_on then 'on_time'
        when first_received.received_at is not null then 'late'
        when refused.form_code is not null then 'refused'
        when
            coalesce(owed.due_on, owed_period.period_end) >= cast(night.clock + interval 8 hours as date)
            then 'not_due'
        else 'missing'
    end as state,
    case sent.finality_rank
        when 3 then 'closed' when 2 then 'approved' when 1 then 'submitted' else 'open'
    end as finality,
    latest.cells_fact + latest.cells_total + latest.cells_claim as cells_expected,
    coalesce(filled.cells, 0) + latest.cells_claim as cells_filled,
    case when latest.revision is not null then coalesce(in_error.cells, 0) end as cells_in_error
from catalog.roster as owed
cross join run.night as night
inner join core.period as owed_period on owed.period_code = owed_period.period_code
left join first_received
    on
        owed.form_code = first_received.form_code
        and owed.org_code = first_received.org_code
        and owed.period_code = first_received.period_code
left join accepted as latest
    on
        owed.form_code = latest.form_code
        and owed.org_code = latest.org_code
        and owed.period_code = latest.period_code
        and latest.newness = 1
left join sent
    on
        owed.form_code = sent.form_code
        and owed.org_code = sent.org_code
        and owed.period_code = sent.period_code
left join refused
    on
        owed.form_code = refused.form_code
        and owed.org_code = refused.org_code
        and owed.period_code = refused.period_code
left join filled on latest.submission_key = filled.submission_key
left join in_error on latest.submission_id = in_error.submission_id
order by owed.org_code, owed.form_code, owed.period_code
