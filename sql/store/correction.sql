-- One row per declared correction and figure that it meets; one without a figure where it meets none.
-- key: correction_key, meeting
-- kind: table
-- A later correction of the same figure takes the place of an earlier one. Dates are days in China (UTC+8).
with
standing as (
    select
        declared.*,
        case
            when
                row_number() over (
                    partition by
                        declared.org_key, declared.period_key, declared.form_key, declared.element_key,
                        declared.breakdown_key
                    order by declared.correction_key desc
                ) > 1
                then 'replaced'
            when declared.valid_until < cast(night.clock + interval 8 hours as date) then 'expired'
        end as ended
    from intake.correction as declared
    cross join run.night as night
),

-- A correction of one figure meets every statement of it in the form; '*' (element 0) meets a whole return.
met as (
    select
        standing.correction_key,
        fact.org_key,
        fact.period_key,
        fact.element_key,
        fact.breakdown_key,
        fact.form_key,
        fact.reported_by_key,
        fact.occurrence,
        fact.state,
        fact.value
    from standing
    inner join store.fact_history as fact
        on
            standing.org_key = fact.org_key
            and standing.period_key = fact.period_key
            and standing.form_key = fact.form_key
            and standing.element_key = fact.element_key
            and standing.breakdown_key = fact.breakdown_key
    where standing.element_key > 0 and fact.known_to is null
    union all
    select
        standing.correction_key,
        fact.org_key,
        fact.period_key,
        fact.element_key,
        fact.breakdown_key,
        fact.form_key,
        fact.reported_by_key,
        fact.occurrence,
        fact.state,
        fact.value
    from standing
    inner join core.org_unit as unit on standing.org_key = unit.org_key
    inner join core.period as period on standing.period_key = period.period_key
    inner join catalog.form as form on standing.form_key = form.form_key
    inner join intake.submission as submission
        on
            unit.org_code = submission.org_code
            and period.period_code = submission.period_code
            and form.form_code = submission.form_code
    inner join store.fact_history as fact on submission.submission_key = fact.submission_key
    where standing.element_key = 0 and fact.known_to is null
),

judged as (
    select
        standing.*,
        met.org_key as met_org_key,
        met.period_key as met_period_key,
        met.element_key as met_element_key,
        met.breakdown_key as met_breakdown_key,
        met.form_key as met_form_key,
        met.reported_by_key as met_reported_by_key,
        met.occurrence as met_occurrence,
        met.state as met_state,
        met.value as met_value,
        case
            when met.correction_key is null then standing.found_state = 'nothing'
            else
                standing.found_state = '*'
                or (standing.found_state = met.state and standing.found_value is not distinct from met.value)
        end as fits,
        case
            when met.correction_key is null then standing.corrected_state = 'withdrawn'
            else (standing.corrected_state = met.state and standing.corrected_value is not distinct from met.value)
        end as is_settled
    from standing
    left join met on standing.correction_key = met.correction_key
),

told as (
    select
        judged.*,
        coalesce(
            judged.ended,
            case
                when bool_or(judged.fits) over (partition by judged.correction_key) then 'applied'
                when bool_or(judged.is_settled) over (partition by judged.correction_key) then 'settled'
                else 'not_matching'
            end
        ) as state
    from judged
),

-- Where a whole return is withdrawn and one of its figures corrected, the later word counts.
heard as (
    select
        told.correction_key,
        told.met_reported_by_key,
        told.met_org_key,
        told.met_period_key,
        told.met_element_key,
        told.met_breakdown_key,
        told.met_form_key,
        told.met_occurrence,
        row_number() over (
            partition by
                told.met_org_key, told.met_period_key, told.met_element_key, told.met_breakdown_key, told.met_form_key,
                told.met_reported_by_key, told.met_occurrence
            order by told.correction_key desc
        ) as lateness
    from told
    where told.state = 'applied' and told.fits and told.met_org_key is not null
)

select
    told.correction_key,
    row_number() over (
        partition by told.correction_key
        order by
            told.met_org_key, told.met_period_key, told.met_element_key, told.met_breakdown_key,
            told.met_reported_by_key, told.met_occurrence
    ) as meeting,
    told.state,
    told.state = 'applied' and told.fits and coalesce(heard.lateness, 1) = 1 as counts,
    told.met_org_key,
    told.met_period_key,
    told.met_element_key,
    told.met_breakdown_key,
    told.met_form_key,
    told.met_reported_by_key,
    told.met_occurrence,
    told.met_state,
    told.met_value
from told
left join heard
    on
        told.correction_key = heard.correction_key
        and told.met_org_key = heard.met_org_key
        and told.met_period_key = heard.met_period_key
        and told.met_element_key = heard.met_element_key
        and told.met_breakdown_key = heard.met_breakdown_key
        and told.met_form_key = heard.met_form_key
        and told.met_reported_by_key = heard.met_reported_by_key
        and told.met_occurrence = heard.met_occurrence
order by told.correction_key, meeting
