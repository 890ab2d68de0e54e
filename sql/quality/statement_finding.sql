-- One row per figure that is stated differently: twice in one return, or by two forms or senders.
-- key: rule_code, org_key, period_key, form_code, elements, cells, submission_id
-- kind: view
with
facts as (
    select
        fact.*,
        element.element_code,
        element.name_zh,
        element.name_en,
        form.form_code,
        submission.submission_id,
        submission.sheet,
        first_value(fact.value) over (
            partition by
                fact.org_key, fact.period_key, fact.element_key, fact.breakdown_key, fact.form_key, fact.reported_by_key
            order by fact.occurrence
        ) as first_value,
        first_value(fact.cell) over (
            partition by
                fact.org_key, fact.period_key, fact.element_key, fact.breakdown_key, fact.form_key, fact.reported_by_key
            order by fact.occurrence
        ) as first_cell
    from store.fact_current as fact
    inner join catalog.element as element on fact.element_key = element.element_key
    inner join catalog.form as form on fact.form_key = form.form_key
    inner join intake.submission as submission on fact.submission_key = submission.submission_key
),

repeated as (
    select
        'stated_twice' as rule_code,
        facts.*,
        facts.first_value as other_value,
        facts.first_cell as other_place,
        '同一张表里' as where_zh,
        'in one return' as where_en
    from facts
    where facts.occurrence > 1 and facts.value is distinct from facts.first_value
),

disagreeing as (
    select
        'sources_disagree' as rule_code,
        facts.*,
        chosen.value as other_value,
        chosen.cell as other_place,
        '两个来源' as where_zh,
        'by two sources' as where_en
    from facts
    inner join store.fact_chosen as chosen
        on
            facts.org_key = chosen.org_key
            and facts.period_key = chosen.period_key
            and facts.element_key = chosen.element_key
            and facts.breakdown_key = chosen.breakdown_key
            and chosen.period_basis = 'stated'
    where
        facts.occurrence = 1
        and facts.value <> chosen.value
        and (facts.form_key <> chosen.form_key or facts.reported_by_key <> chosen.reported_by_key)
)

select
    found.rule_code,
    'warning' as severity,
    found.org_key,
    found.period_key,
    found.form_code,
    found.element_code as elements,
    coalesce(cast(found.value as varchar), found.state) as observed,
    coalesce(cast(found.other_value as varchar), 'blank') as expected,
    found.name_zh || '在' || found.where_zh || '写了两个数。' as message_zh,
    found.name_en || ' is stated with two values ' || found.where_en || '.' as message_en,
    found.submission_id,
    found.sheet,
    found.other_place || ',' || found.cell as cells
from (
    select * from repeated
    union all
    select * from disagreeing
) as found
