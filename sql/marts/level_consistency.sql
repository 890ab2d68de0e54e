-- One row per organisation, period, element and breakdown that a unit states itself and its rows state, too.
-- key: org_code, period_code, element_code, breakdown_code
-- kind: table
-- The rows as put together of all periods, where they are, else as stated for this one. Verdicts: equal; explained:
-- what is missing may be in the rows that are missing; different; not_comparable. `reason` says what is behind it:
-- coverage (rows are missing), own_work (all rows are there, the unit states more and has no row for what it does
-- itself), rows_exceed (the rows that are there add up to more than the unit states), different, code_list, calendar.
with
rolled as (
    select
        figure.*,
        unit.org_code,
        period.period_code
    from store.element_figure as figure
    inner join core.org_unit as unit on figure.org_key = unit.org_key
    inner join core.period as period on figure.period_key = period.period_key
    where figure.basis = 'rolled_up' and figure.value is not null
    qualify
        row_number() over (
            partition by unit.org_code, period.period_code, figure.element_key, figure.breakdown_key
            order by figure.period_basis
        ) = 1
),

-- Which code lists the rows divide an element by.
lists as (
    select distinct
        rolled.org_code,
        rolled.period_code,
        rolled.element_key,
        breakdown.code_list
    from rolled
    inner join catalog.breakdown as breakdown on rolled.breakdown_key = breakdown.breakdown_key
    where rolled.breakdown_key <> 0
),

own_rows as (
    select distinct parent_key as org_key
    from core.org_unit
    where org_code like '%-own'
),

compared as (
    select
        unit.org_code,
        period.period_code,
        own.element_key,
        own.breakdown_key,
        rolled.period_basis,
        own.value as own_value,
        rolled.value as rolled_up_value,
        own.value - rolled.value as difference,
        rolled.coverage,
        rolled.units_expected,
        rolled.units_reported,
        own.submission_key,
        own.cell,
        case
            when rolled.value is null then 'code_list'
            when own.value = rolled.value then 'equal'
            when element.kind = 'year_to_date' and own_form.calendar <> row_form.calendar then 'calendar'
            when element.is_count and own.value < rolled.value then 'rows_exceed'
            when rolled.coverage < 1 then 'coverage'
            when element.is_count and own_rows.org_key is null then 'own_work'
            else 'different'
        end as reason
    from store.fact_chosen as own
    inner join catalog.element as element on own.element_key = element.element_key
    inner join catalog.breakdown as breakdown on own.breakdown_key = breakdown.breakdown_key
    inner join catalog.form as own_form on own.form_key = own_form.form_key
    inner join core.org_unit as unit on own.org_key = unit.org_key
    inner join core.period as period on own.period_key = period.period_key
    left join rolled
        on
            unit.org_code = rolled.org_code
            and period.period_code = rolled.period_code
            and own.element_key = rolled.element_key
            and own.breakdown_key = rolled.breakdown_key
    left join catalog.form as row_form on rolled.form_key = row_form.form_key
    left join own_rows on own.org_key = own_rows.org_key
    left join lists
        on
            unit.org_code = lists.org_code
            and period.period_code = lists.period_code
            and own.element_key = lists.element_key
            and breakdown.code_list <> lists.code_list
            and own.breakdown_key <> 0
    where own.value is not null and (rolled.value is not null or lists.code_list is not null)
    qualify
        row_number() over (
            partition by unit.org_code, period.period_code, own.element_key, own.breakdown_key
            order by lists.code_list
        ) = 1
)

select
    compared.org_code,
    compared.period_code,
    element.element_code,
    breakdown.breakdown_code,
    compared.period_basis,
    compared.own_value,
    compared.rolled_up_value,
    compared.difference,
    case
        when compared.own_value <> 0
            then cast(compared.difference as double) / cast(abs(compared.own_value) as double)
    end as relative_difference,
    compared.coverage,
    case
        when compared.reason = 'equal' then 'equal'
        when compared.reason in ('code_list', 'calendar') then 'not_comparable'
        when compared.reason = 'coverage' then 'explained'
        else 'different'
    end as verdict,
    nullif(compared.reason, 'equal') as reason,
    compared.units_expected,
    compared.units_reported,
    submission.submission_id,
    submission.sheet,
    compared.cell
from compared
inner join catalog.element as element on compared.element_key = element.element_key
inner join catalog.breakdown as breakdown on compared.breakdown_key = breakdown.breakdown_key
inner join intake.submission as submission on compared.submission_key = submission.submission_key
