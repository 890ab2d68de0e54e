-- One row per figure or return whose period does not fit: its form, another period, or what its parts add up to.
-- key: rule_code, org_key, period_key, form_code, elements, cells, submission_id
-- kind: view
with
facts as (
    select
        fact.org_key,
        fact.period_key,
        fact.element_key,
        fact.breakdown_key,
        fact.form_key,
        fact.reported_by_key,
        fact.value,
        fact.cell,
        period.period_code,
        period.period_start,
        period.period_end,
        period.period_kind,
        element.element_code,
        element.name_zh,
        element.name_en,
        form.form_code,
        submission.submission_id,
        submission.sheet
    from store.fact_current as fact
    inner join core.period as period on fact.period_key = period.period_key
    inner join catalog.element as element on fact.element_key = element.element_key and element.kind = 'flow'
    inner join catalog.form as form on fact.form_key = form.form_key
    inner join intake.submission as submission on fact.submission_key = submission.submission_key
    where fact.value is not null and fact.occurrence = 1 and not period.is_as_at
),

-- The whole year, all of its months, and two different numbers.
unequal as (
    select
        'periods_disagree' as rule_code,
        'warning' as severity,
        facts.*,
        facts.value as said,
        sums.value as other,
        '' as other_cell,
        facts.name_zh || '写的全期数与其各期之和不一致。' as message_zh,
        'What is stated for the whole period is not what its parts add up to: ' || facts.name_en || '.' as message_en
    from facts
    inner join store.element_figure as sums
        on
            facts.org_key = sums.org_key
            and facts.period_key = sums.period_key
            and facts.element_key = sums.element_key
            and facts.breakdown_key = sums.breakdown_key
            and sums.basis = 'own'
            and sums.period_basis = 'aggregated'
    where sums.coverage = 1 and sums.value <> facts.value
),

-- Only units with a period of their own making can have one that cuts another.
loose as (
    select distinct org_key
    from facts
    where period_kind = 'interval'
),

-- Periods that cut each other: nothing says which of the days count twice.
crossing as (
    select
        'periods_overlap' as rule_code,
        'warning' as severity,
        facts.*,
        facts.value as said,
        earlier.value as other,
        earlier.cell as other_cell,
        facts.name_zh || '的统计期' || facts.period_code || '与同一种报表的' || earlier.period_code
        || '部分重叠:两数不能相加,请改为相接的时期。' as message_zh,
        'The period ' || facts.period_code || ' cuts ' || earlier.period_code || ' of the same form: '
        || facts.name_en || ' cannot be added up; use periods that follow each other.' as message_en
    from facts
    inner join facts as earlier
        on
            facts.org_key = earlier.org_key
            and facts.element_key = earlier.element_key
            and facts.breakdown_key = earlier.breakdown_key
            and facts.form_key = earlier.form_key
            and earlier.period_start < facts.period_start
            and earlier.period_end >= facts.period_start
            and earlier.period_end < facts.period_end
    inner join loose on facts.org_key = loose.org_key
    where 'interval' in (facts.period_kind, earlier.period_kind)
),

found as (
    select * from unequal
    union all
    select * from crossing
),

misfits as (
    select
        submission.*,
        form.name_zh,
        form.name_en,
        form.frequency,
        unit.org_key,
        period.period_key
    from intake.submission as submission
    inner join catalog.form as form on submission.form_code = form.form_code
    inner join core.org_unit as unit on submission.org_code = unit.org_code
    inner join core.period as period on submission.period_code = period.period_code
    where
        submission.state = 'accepted'
        and form.frequency in ('ten_days', 'month', 'quarter', 'half_year', 'year')
        and period.period_kind <> form.frequency
        and period.period_kind <> 'mch_' || form.frequency
    qualify
        row_number() over (
            partition by submission.form_code, submission.org_code, submission.period_code
            order by submission.submission_key desc
        ) = 1
)

select
    found.rule_code,
    found.severity,
    found.org_key,
    found.period_key,
    found.form_code,
    found.element_code as elements,
    cast(found.said as varchar) as observed,
    cast(found.other as varchar) as expected,
    found.message_zh,
    found.message_en,
    found.submission_id,
    found.sheet,
    ltrim(found.other_cell || ',' || found.cell, ',') as cells
from found
union all
select
    'period_not_of_form' as rule_code,
    'warning' as severity,
    misfits.org_key,
    misfits.period_key,
    misfits.form_code,
    '' as elements,
    misfits.period_code as observed,
    misfits.frequency as expected,
    '“' || misfits.name_zh || '”是按' || case misfits.frequency
        when 'ten_days' then '旬'
        when 'month' then '月'
        when 'quarter' then '季'
        when 'half_year' then '半年'
        else '年'
    end || '报的表,这张写的时期是' || misfits.period_code || ':请核对时期,或改用相应的表。' as message_zh,
    misfits.name_en || ' is a form for each ' || replace(misfits.frequency, '_', ' ') || ', and this return says '
    || misfits.period_code || ': check the period, or use the form that is meant for it.' as message_en,
    misfits.submission_id,
    misfits.sheet,
    misfits.cell as cells
from misfits
