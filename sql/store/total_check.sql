-- One row per stated total and declared partition of its form.
-- key: org_key, period_key, total_key, reported_by_key
-- kind: scoped table
with
current_facts as (
    select fact.*
    from store.fact_current as fact
    inner join run.scope as scope on fact.org_key = scope.org_key and fact.period_key = scope.period_key
    where fact.occurrence = 1
),

-- A part stands in the same return under the total's period; else under a period inside it; else, where it is a
-- stock or an attribute, under the only other period that the return states it for.
parts as (
    select
        stated.org_key,
        stated.period_key,
        stated.form_key,
        stated.reported_by_key,
        declared.total_key,
        declared.element_key,
        declared.breakdown_key,
        part.value,
        part.cell
    from current_facts as stated
    inner join catalog.total as total
        on stated.form_key = total.form_key and stated.element_key = total.element_key and stated.breakdown_key = 0
    inner join catalog.total_part as declared on total.total_key = declared.total_key
    inner join catalog.element as element on declared.element_key = element.element_key
    inner join core.period as total_period on stated.period_key = total_period.period_key
    inner join store.fact_current as part
        on
            stated.submission_key = part.submission_key
            and stated.org_key = part.org_key
            and declared.element_key = part.element_key
            and declared.breakdown_key = part.breakdown_key
            and part.occurrence = 1
    inner join core.period as part_period on part.period_key = part_period.period_key
    where
        (
            part_period.period_start >= total_period.period_start
            and part_period.period_end <= total_period.period_end
        )
        or element.kind in ('stock', 'attribute')
    qualify
        row_number() over (
            partition by
                stated.org_key, stated.period_key, stated.reported_by_key, declared.total_key,
                declared.element_key, declared.breakdown_key
            order by
                case when part.period_key = stated.period_key then 0 else 1 end,
                case
                    when
                        part_period.period_start >= total_period.period_start
                        and part_period.period_end <= total_period.period_end
                        then 0
                    else 1
                end,
                part_period.period_end desc
        ) = 1
),

sums as (
    select
        stated.org_key,
        stated.period_key,
        stated.reported_by_key,
        total.total_key,
        total.relation,
        total.reading,
        stated.submission_key,
        stated.value as stated_total,
        cast(sum(part.value * declared.factor) as decimal(28, 4)) as sum_of_parts,
        count(part.value) as parts_known,
        count(*) - count(part.value) as parts_missing,
        count(part.cell) as parts_stated,
        bool_and(coalesce(part.value, 1) * declared.factor >= 0) as parts_non_negative,
        stated.cell || '=' || string_agg(part.cell, '+' order by declared.element_key, declared.breakdown_key) as cells
    from current_facts as stated
    inner join catalog.total as total
        on stated.form_key = total.form_key and stated.element_key = total.element_key and stated.breakdown_key = 0
    inner join catalog.total_part as declared on total.total_key = declared.total_key
    left join parts as part
        on
            stated.org_key = part.org_key
            and stated.period_key = part.period_key
            and stated.form_key = part.form_key
            and stated.reported_by_key = part.reported_by_key
            and declared.total_key = part.total_key
            and declared.element_key = part.element_key
            and declared.breakdown_key = part.breakdown_key
    where stated.value is not null
    group by
        stated.org_key, stated.period_key, stated.reported_by_key, total.total_key, total.relation, total.reading,
        stated.submission_key, stated.value, stated.cell
),

verdicts as (
    select
        sums.*,
        case
            when sum_of_parts = stated_total then 'holds'
            when parts_missing = 0 or (parts_non_negative and sum_of_parts > stated_total) then 'broken'
            else 'incomplete'
        end as verdict
    from sums
    where parts_stated > 0
),

relations as (
    select
        verdicts.*,
        case
            when verdict = 'holds' then true
            when relation = 'at_least' and parts_missing = 0 and sum_of_parts <= stated_total then true
            when
                relation = 'at_most' and (parts_missing = 0 or parts_non_negative) and sum_of_parts >= stated_total
                then true
            when verdict = 'broken' then false
        end as within_alone
    from verdicts
)

select
    org_key,
    period_key,
    total_key,
    reported_by_key,
    stated_total,
    sum_of_parts,
    parts_known,
    parts_missing,
    verdict,
    case
        when bool_or(within_alone) over (partition by org_key, period_key, reported_by_key, reading) then true
        else within_alone
    end as within_relation,
    submission_key,
    cells
from relations
order by org_key, period_key, total_key, reported_by_key
