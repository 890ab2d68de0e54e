-- One row per printed rate: the best verdict over the editions tried, and whether any whole number could print so.
-- key: claim_id
-- kind: view
select
    claim_id,
    org_code,
    period_code,
    indicator_code,
    breakdown_code,
    reported_text,
    unit,
    case
        when max(case when verdict = 'reproduced' then 1 end) = 1 then 'reproduced'
        when max(case when verdict = 'truncated' then 1 end) = 1 then 'truncated'
        when max(case when verdict = 'inconsistent' then 1 end) = 1 then 'inconsistent'
        else 'not_checkable'
    end as verdict,
    bool_or(attainable) as attainable,
    count(distinct case when verdict <> 'not_checkable' then formula end) as formulas_tried,
    min(case when is_explaining_edition then formula end) as explaining_formula,
    min(habit_formula) as habit_formula,
    submission_id,
    sheet,
    cell
from marts.claim_check
group by
    claim_id, org_code, period_code, indicator_code, breakdown_code, reported_text, unit, submission_id, sheet, cell
