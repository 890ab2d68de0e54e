-- One row per compare rule that an organisation's figures of one period break.
-- key: rule_code, org_key, period_key, form_code, elements, cells, submission_id
-- kind: view
with
sides as (
    select
        chosen.org_key,
        chosen.period_key,
        term.rule_key,
        term.side,
        sum(chosen.value * term.factor) as amount,
        count(chosen.value) as terms_known,
        min(chosen.submission_key) as submission_key,
        string_agg(chosen.cell, ',' order by chosen.element_key) as cells
    from store.fact_chosen as chosen
    inner join catalog.rule_term as term
        on chosen.element_key = term.element_key and chosen.breakdown_key = term.breakdown_key
    where chosen.period_basis = 'stated'
    group by chosen.org_key, chosen.period_key, term.rule_key, term.side
)

select
    rule.rule_code,
    severity.severity,
    above.org_key,
    above.period_key,
    coalesce(submission.form_code, '') as form_code,
    rule.left_text || ',' || rule.right_text as elements,
    printf('%.15g', cast(above.amount as double)) as observed,
    rule.operator || ' ' || printf('%.15g', cast(below.amount as double)) as expected,
    '不符合“' || rule.name_zh || '”。' as message_zh,
    'Breaks the rule: ' || rule.name_en || '.' as message_en,
    submission.submission_id,
    submission.sheet,
    above.cells || ',' || below.cells as cells
from sides as above
inner join sides as below
    on
        above.org_key = below.org_key
        and above.period_key = below.period_key
        and above.rule_key = below.rule_key
        and above.side = 'left'
        and below.side = 'right'
inner join catalog.rule as rule
    on
        above.rule_key = rule.rule_key
        and above.terms_known = rule.left_terms
        and below.terms_known = rule.right_terms
inner join core.org_unit as unit on above.org_key = unit.org_key
inner join catalog.rule_severity as severity
    on rule.rule_key = severity.rule_key and unit.org_level = severity.org_level
inner join intake.submission as submission on above.submission_key = submission.submission_key
where
    not case rule.operator
        when '>=' then above.amount >= below.amount
        when '>' then above.amount > below.amount
        when '<=' then above.amount <= below.amount
        when '<' then above.amount < below.amount
        else above.amount = below.amount
    end
