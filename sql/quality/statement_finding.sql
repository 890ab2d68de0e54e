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
),

-- A row that two senders have in their tables, told once for each of the others, equal figures or not.
claimed as (
    select
        'row_of_two_senders' as rule_code,
        facts.*,
        sender.org_name as sender_name,
        other.org_name as other_name,
        chosen.cell as other_place
    from facts
    inner join store.fact_chosen as chosen
        on
            facts.org_key = chosen.org_key
            and facts.period_key = chosen.period_key
            and facts.element_key = chosen.element_key
            and facts.breakdown_key = chosen.breakdown_key
            and facts.form_key = chosen.form_key
            and facts.reported_by_key <> chosen.reported_by_key
    inner join core.org_unit as sender on facts.reported_by_key = sender.org_key
    inner join core.org_unit as other on chosen.reported_by_key = other.org_key
    where facts.occurrence = 1 and facts.org_key not in (facts.reported_by_key, chosen.reported_by_key)
    qualify
        row_number() over (
            partition by facts.org_key, facts.period_key, facts.form_key, facts.reported_by_key
            order by facts.element_key, facts.breakdown_key
        ) = 1
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
union all
select
    claimed.rule_code,
    'warning' as severity,
    claimed.org_key,
    claimed.period_key,
    claimed.form_code,
    claimed.element_code as elements,
    claimed.sender_name as observed,
    claimed.other_name as expected,
    '同一单位的行出现在' || claimed.sender_name || '和' || claimed.other_name || '两家的表里,只算一次:请核对归谁上报。'
        as message_zh,
    'The row of one unit is in the tables of ' || claimed.sender_name || ' and of ' || claimed.other_name
    || '; it counts once: see who is to report it.' as message_en,
    claimed.submission_id,
    claimed.sheet,
    claimed.other_place || ',' || claimed.cell as cells
from claimed
