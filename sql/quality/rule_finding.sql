-- One row per comparison of a rule that an organisation's figures of one period break.
-- key: rule_code, org_key, period_key, form_code, elements, cells, submission_id
-- kind: view
-- All kinds of rules compile to comparisons (catalog.rule_comparison), so that one statement judges them all.
with
sums as (
    select
        said.org_key,
        said.period_key,
        term.rule_key,
        term.comparison,
        coalesce(sum(said.value * term.factor) filter (where term.side = 'left'), 0) as left_amount,
        coalesce(sum(said.value * term.factor) filter (where term.side = 'right'), 0) as right_amount,
        count(said.value) filter (where term.side = 'left') as left_known,
        count(said.value) filter (where term.side = 'right') as right_known,
        coalesce(
            min(said.submission_key) filter (where term.side = 'left'), min(said.submission_key)
        ) as submission_key,
        coalesce(
            string_agg(said.cell, ',' order by said.element_key, said.breakdown_key, said.term_period)
            filter (where term.side = 'left' and said.cell <> ''),
            ''
        ) as left_cells,
        coalesce(
            string_agg(said.cell, ',' order by said.element_key, said.breakdown_key, said.term_period)
            filter (where term.side = 'right' and said.cell <> ''),
            ''
        ) as right_cells
    from store.term_said as said
    inner join catalog.rule_term as term
        on
            said.element_key = term.element_key
            and said.breakdown_key = term.breakdown_key
            and said.term_period = term.term_period
            and said.term_level = term.term_level
    group by said.org_key, said.period_key, term.rule_key, term.comparison
),

judged as (
    select
        sums.*,
        rule.rule_code,
        rule.name_zh,
        rule.name_en,
        rule.when_missing,
        rule.tolerance,
        compared.operator,
        compared.left_text,
        compared.right_text,
        sums.right_amount + compared.constant as limit_amount,
        sums.left_known < compared.left_terms or sums.right_known < compared.right_terms as lacks_terms
    from sums
    inner join catalog.rule as rule on sums.rule_key = rule.rule_key
    inner join catalog.rule_comparison as compared
        on sums.rule_key = compared.rule_key and sums.comparison = compared.comparison
    where
        (sums.left_known = compared.left_terms and sums.right_known = compared.right_terms)
        or (rule.when_missing = 'zero' and sums.left_known > 0)
)

select
    judged.rule_code,
    case when judged.lacks_terms then 'question' else severity.severity end as severity,
    judged.org_key,
    judged.period_key,
    coalesce(submission.form_code, '') as form_code,
    judged.left_text || ',' || judged.right_text as elements,
    printf('%.15g', cast(judged.left_amount as double)) as observed,
    judged.operator || ' ' || printf('%.15g', cast(judged.limit_amount as double)) as expected,
    '不符合“' || judged.name_zh || '”。' as message_zh,
    'Breaks the rule: ' || judged.name_en || '.' as message_en,
    submission.submission_id,
    submission.sheet,
    case
        when judged.left_cells <> '' and judged.right_cells <> '' then judged.left_cells || ',' || judged.right_cells
        else judged.left_cells || judged.right_cells
    end as cells
from judged
inner join core.org_unit as unit on judged.org_key = unit.org_key
inner join catalog.rule_severity as severity
    on judged.rule_key = severity.rule_key and unit.org_level = severity.org_level
inner join intake.submission as submission on judged.submission_key = submission.submission_key
where
    not case judged.operator
        when '>=' then judged.left_amount >= judged.limit_amount - judged.tolerance
        when '>' then judged.left_amount > judged.limit_amount - judged.tolerance
        when '<=' then judged.left_amount <= judged.limit_amount + judged.tolerance
        when '<' then judged.left_amount < judged.limit_amount + judged.tolerance
        else abs(judged.left_amount - judged.limit_amount) <= judged.tolerance
    end
