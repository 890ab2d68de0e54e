-- One row per draw, figure and recounted unit, and per draw and figure for the whole sample: the verification factor.
-- key: draw_id, scope, org_code, element_code, breakdown_code
-- kind: view
-- Verification factor: recounted over reported (WHO, Data quality review, module 3: data verification, 2017); below 1
-- too much was reported, above 1 too little; within 10 % it agrees. Of the sample: ratio of the sums over the units
-- where both are known. Interval: jackknife leaving out one township at a time (one unit, where there is one township),
-- Student's t with the groups less one (Cochran 1977, Sampling Techniques, 6.17). Reported: as known when it was drawn.
with
newest as (
    select
        recount.*,
        row_number() over (
            partition by
                recount.draw_id, recount.org_key, recount.period_key, recount.form_key, recount.element_key,
                recount.breakdown_key
            order by recount.submission_key desc
        ) as newness
    from intake.recount as recount
),

reported as (
    select
        newest.*,
        submission.org_code as drawn_code,
        submission.reported_by as inspected_by,
        submission.submission_id,
        submission.sheet,
        unit.org_code,
        unit.org_name,
        coalesce(case when unit.org_level = 'village' then unit.parent_code end, unit.org_code) as township_code,
        (
            select arg_max(fact.value, fact.known_from)
            from store.fact_history as fact
            where
                fact.org_key = newest.org_key
                and fact.period_key = newest.period_key
                and fact.element_key = newest.element_key
                and fact.breakdown_key = newest.breakdown_key
                and fact.form_key = newest.form_key
                and fact.occurrence = 1
                and fact.known_from <= newest.drawn_at
                and (fact.known_to is null or newest.drawn_at < fact.known_to)
        ) as reported
    from newest
    inner join intake.submission as submission on newest.submission_key = submission.submission_key
    inner join core.org_unit as unit on newest.org_key = unit.org_key
    where newest.newness = 1
),

units as (
    select
        reported.*,
        reported.state = 'reported' and reported.reported is not null as is_compared
    from reported
),

sums as (
    select
        draw_id,
        drawn_code,
        period_key,
        form_key,
        element_key,
        breakdown_key,
        max(inspected_by) as inspected_by,
        count(*) as units_drawn,
        count(case when state = 'reported' then 1 end) as units_answered,
        count(case when is_compared then 1 end) as units_compared,
        count(distinct case when is_compared then township_code end) as townships_compared,
        sum(case when is_compared then recounted end) as recounted,
        sum(case when is_compared then reported end) as reported
    from units
    group by draw_id, drawn_code, period_key, form_key, element_key, breakdown_key
),

-- What is left out one after another: townships, or units where only one township was compared.
groups as (
    select
        units.draw_id,
        units.period_key,
        units.form_key,
        units.element_key,
        units.breakdown_key,
        case when sums.townships_compared > 1 then units.township_code else units.org_code end as left_out,
        sum(units.recounted) as recounted,
        sum(units.reported) as reported
    from units
    inner join sums
        on
            units.draw_id = sums.draw_id
            and units.period_key = sums.period_key
            and units.form_key = sums.form_key
            and units.element_key = sums.element_key
            and units.breakdown_key = sums.breakdown_key
    where units.is_compared
    group by all
),

replicates as (
    select
        groups.draw_id,
        groups.period_key,
        groups.form_key,
        groups.element_key,
        groups.breakdown_key,
        cast(sums.recounted - groups.recounted as double)
        / cast(nullif(sums.reported - groups.reported, 0) as double) as factor
    from groups
    inner join sums
        on
            groups.draw_id = sums.draw_id
            and groups.period_key = sums.period_key
            and groups.form_key = sums.form_key
            and groups.element_key = sums.element_key
            and groups.breakdown_key = sums.breakdown_key
),

spread as (
    select
        draw_id,
        period_key,
        form_key,
        element_key,
        breakdown_key,
        count(*) as left_out,
        count(factor) as replicates,
        sqrt((count(*) - 1) * var_pop(factor)) as standard_error
    from replicates
    group by draw_id, period_key, form_key, element_key, breakdown_key
),

-- Student's t, 97.5 %, by degrees of freedom; from 30 on the value of 30 (wider than the true one).
student as (
    select
        unnest(range(1, 31)) as freedom,
        unnest(
            [
                12.7062, 4.3027, 3.1824, 2.7764, 2.5706, 2.4469, 2.3646, 2.3060, 2.2622, 2.2281,
                2.2010, 2.1788, 2.1604, 2.1448, 2.1314, 2.1199, 2.1098, 2.1009, 2.0930, 2.0860,
                2.0796, 2.0739, 2.0687, 2.0639, 2.0595, 2.0555, 2.0518, 2.0484, 2.0452, 2.0423
            ]
        ) as quantile
),

told as (
    select
        draw_id,
        'unit' as scope,
        org_code,
        inspected_by,
        period_key,
        form_key,
        element_key,
        breakdown_key,
        1 as units_drawn,
        cast(state = 'reported' as integer) as units_answered,
        cast(is_compared as integer) as units_compared,
        case when state = 'reported' then recounted end as recounted,
        reported,
        cast(null as double) as standard_error,
        cast(null as double) as quantile,
        submission_id,
        sheet,
        cell
    from units
    union all
    select
        sums.draw_id,
        'sample' as scope,
        sums.drawn_code as org_code,
        sums.inspected_by,
        sums.period_key,
        sums.form_key,
        sums.element_key,
        sums.breakdown_key,
        sums.units_drawn,
        sums.units_answered,
        sums.units_compared,
        sums.recounted,
        sums.reported,
        case when spread.left_out > 1 and spread.replicates = spread.left_out then spread.standard_error end
            as standard_error,
        student.quantile,
        cast(null as varchar) as submission_id,
        cast(null as varchar) as sheet,
        cast(null as varchar) as cell
    from sums
    left join spread
        on
            sums.draw_id = spread.draw_id
            and sums.period_key = spread.period_key
            and sums.form_key = spread.form_key
            and sums.element_key = spread.element_key
            and sums.breakdown_key = spread.breakdown_key
    left join student on student.freedom = least(spread.left_out - 1, 30)
),

judged as (
    select
        told.*,
        case
            when told.units_compared = 0 then null
            when told.reported <> 0 then cast(told.recounted as double) / cast(told.reported as double)
            when told.recounted = 0 then 1
        end as factor
    from told
)

select
    judged.draw_id,
    judged.scope,
    judged.org_code,
    unit.org_name,
    period.period_code,
    form.form_code,
    element.element_code,
    element.name_zh as element_name_zh,
    element.name_en as element_name_en,
    breakdown.breakdown_code,
    judged.reported,
    judged.recounted,
    judged.factor as verification_factor,
    case
        when judged.factor > judged.quantile * judged.standard_error
            then judged.factor - judged.quantile * judged.standard_error
        when judged.standard_error is not null then 0
    end as lower,
    judged.factor + judged.quantile * judged.standard_error as upper,
    judged.units_drawn,
    judged.units_answered,
    judged.units_compared,
    case
        when judged.units_answered = 0 then 'not_answered'
        when judged.units_compared = 0 then 'not_reported'
        when judged.factor is null then 'reported_zero'
        when judged.factor < 0.9 then 'over_reported'
        when judged.factor > 1.1 then 'under_reported'
        else 'agrees'
    end as verdict,
    judged.inspected_by,
    judged.submission_id,
    judged.sheet,
    judged.cell
from judged
inner join core.org_unit as unit on judged.org_code = unit.org_code
inner join core.period as period on judged.period_key = period.period_key
inner join catalog.form as form on judged.form_key = form.form_key
inner join catalog.element as element on judged.element_key = element.element_key
inner join catalog.breakdown as breakdown on judged.breakdown_key = breakdown.breakdown_key
