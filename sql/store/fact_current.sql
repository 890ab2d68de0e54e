-- One row per statement of a figure as it counts now: as sent, or as a declared correction has it.
-- key: org_key, period_key, element_key, breakdown_key, form_key, reported_by_key, occurrence
-- kind: view
select
    fact.org_key,
    fact.period_key,
    fact.element_key,
    fact.breakdown_key,
    fact.form_key,
    fact.reported_by_key,
    fact.occurrence,
    case when declared.correction_key is null then fact.value else declared.corrected_value end as value,
    case when declared.correction_key is null then fact.qualifier else 'exact' end as qualifier,
    case when declared.correction_key is null then fact.state else declared.corrected_state end as state,
    fact.submission_key,
    fact.cell,
    fact.from_total,
    fact.known_from,
    declared.correction_key
from store.fact_history as fact
left join store.correction as correction
    on
        fact.org_key = correction.met_org_key
        and fact.period_key = correction.met_period_key
        and fact.element_key = correction.met_element_key
        and fact.breakdown_key = correction.met_breakdown_key
        and fact.form_key = correction.met_form_key
        and fact.reported_by_key = correction.met_reported_by_key
        and fact.occurrence = correction.met_occurrence
        and correction.counts
left join intake.correction as declared on correction.correction_key = declared.correction_key
where fact.known_to is null and coalesce(declared.corrected_state, '') <> 'withdrawn'
union all
-- A figure that no return states: the correction's own file and cell are where it comes from.
select
    declared.org_key,
    declared.period_key,
    declared.element_key,
    declared.breakdown_key,
    declared.form_key,
    declared.org_key as reported_by_key,
    1 as occurrence,
    declared.corrected_value as value,
    'exact' as qualifier,
    declared.corrected_state as state,
    declared.submission_key,
    declared.cell,
    false as from_total,
    declared.declared_at as known_from,
    declared.correction_key
from store.correction as correction
inner join intake.correction as declared on correction.correction_key = declared.correction_key
where correction.counts and correction.met_org_key is null
