-- One row per organisation, period, element, breakdown and period basis: what counts, by the catalog's precedence.
-- key: org_key, period_key, element_key, breakdown_key, period_basis
-- kind: scoped table
with
ranked as (
    select
        fact.*,
        sum(case when fact.occurrence = 1 then 1 else 0 end) over (
            partition by fact.org_key, fact.period_key, fact.element_key, fact.breakdown_key
        ) as sources,
        row_number() over (
            partition by fact.org_key, fact.period_key, fact.element_key, fact.breakdown_key
            order by
                case when fact.state = 'reported' then 0 else 1 end,
                case when element.is_count and fact.value < 0 then 1 else 0 end,
                form.precedence,
                fact.known_from desc,
                fact.form_key,
                fact.reported_by_key,
                fact.occurrence
        ) as preference
    from store.fact_current as fact
    inner join run.scope as scope on fact.org_key = scope.org_key and fact.period_key = scope.period_key
    inner join catalog.form as form on fact.form_key = form.form_key
    inner join catalog.element as element on fact.element_key = element.element_key
)

select
    org_key,
    period_key,
    element_key,
    breakdown_key,
    'stated' as period_basis,
    value,
    qualifier,
    state,
    form_key,
    reported_by_key,
    submission_key,
    cell,
    cast(sources as integer) as sources,
    correction_key
from ranked
where preference = 1
order by org_key, period_key, element_key, breakdown_key
