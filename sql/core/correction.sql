-- One row per declared correction: what it says of which figure, why, who, until when, and what became of it.
-- key: correction_id
-- kind: view
select
    declared.correction_id,
    unit.org_code,
    period.period_code,
    form.form_code,
    coalesce(element.element_code, '*') as element_code,
    breakdown.breakdown_code,
    declared.found_state,
    declared.found_value,
    declared.corrected_state,
    declared.corrected_value,
    declared.why,
    declared.who,
    declared.valid_until,
    declared.declared_at,
    correction.state,
    correction.figures,
    case when declared.element_key > 0 then correction.stated end as stated,
    submission.submission_id,
    declared.cell
from intake.correction as declared
inner join (
    select
        correction_key,
        state,
        count(met_org_key) as figures,
        string_agg(
            distinct coalesce(printf('%.15g', cast(met_value as double)), met_state), ', '
            order by coalesce(printf('%.15g', cast(met_value as double)), met_state)
        ) as stated
    from store.correction
    group by correction_key, state
) as correction on declared.correction_key = correction.correction_key
inner join core.org_unit as unit on declared.org_key = unit.org_key
inner join core.period as period on declared.period_key = period.period_key
inner join catalog.form as form on declared.form_key = form.form_key
left join catalog.element as element on declared.element_key = element.element_key
inner join catalog.breakdown as breakdown on declared.breakdown_key = breakdown.breakdown_key
inner join intake.submission as submission on declared.submission_key = submission.submission_key
