-- One row per printed rate and edition tried: what the counts of the same return give.
-- key: claim_id, edition_key
-- kind: scoped table
-- Rates are compared in whole numbers (hugeint), so that no float decides whether 92.1875 prints as 92.1 or 92.2.
with
claims as (
    select
        claim.*,
        claim_period.period_start,
        claim_period.period_end,
        case claim.unit
            when 'percent' then 100
            when 'per_mille' then 1000
            when 'per_100k' then 100000
            when 'per_100' then 100
            else 1
        end as per
    from store.claim_history as claim
    inner join run.scope as scope on claim.org_key = scope.org_key and claim.period_key = scope.period_key
    inner join core.period as claim_period on claim.period_key = claim_period.period_key
    where claim.known_to is null
),

tried as (
    select
        claims.claim_id,
        edition.edition_key,
        edition.formula,
        edition.indicator_type,
        edition.is_count,
        edition.numerator_terms,
        edition.denominator_terms
    from claims
    inner join catalog.indicator_edition as edition on claims.indicator_key = edition.indicator_key
),

-- A count comes from the return that prints the rate, for the same period; else from what counts for that period;
-- else from the same return for a period inside the rate's (a half-year's count under a year's rate).
candidates as (
    select
        claims.claim_id,
        fact.element_key,
        fact.breakdown_key,
        fact.value,
        case when fact.period_key = claims.period_key then 1 else 3 end as nearness,
        date_diff('day', fact_period.period_start, fact_period.period_end) as days,
        fact_period.period_end
    from claims
    inner join store.fact_current as fact
        on claims.submission_key = fact.submission_key and claims.org_key = fact.org_key
    inner join core.period as fact_period on fact.period_key = fact_period.period_key
    where
        fact.occurrence = 1
        and fact.value is not null
        and fact_period.period_start >= claims.period_start
        and fact_period.period_end <= claims.period_end
    union all
    select
        claims.claim_id,
        chosen.element_key,
        chosen.breakdown_key,
        chosen.value,
        2 as nearness,
        0 as days,
        claims.period_end
    from claims
    inner join store.fact_chosen as chosen
        on claims.org_key = chosen.org_key and claims.period_key = chosen.period_key
    where chosen.value is not null
),

nearest as (
    select
        claim_id,
        element_key,
        breakdown_key,
        value
    from candidates
    qualify
        row_number() over (
            partition by claim_id, element_key, breakdown_key order by nearness, days desc, period_end desc
        ) = 1
),

sides as (
    select
        tried.claim_id,
        tried.edition_key,
        sum(case when term.side = 'numerator' then nearest.value * term.factor end) as numerator,
        sum(case when term.side = 'denominator' then nearest.value * term.factor end) as denominator,
        count(case when term.side = 'numerator' then nearest.value end) as numerator_known,
        count(case when term.side = 'denominator' then nearest.value end) as denominator_known
    from tried
    inner join claims on tried.claim_id = claims.claim_id
    inner join catalog.indicator_term as term on tried.edition_key = term.edition_key
    left join nearest
        on
            tried.claim_id = nearest.claim_id
            and term.element_key = nearest.element_key
            and nearest.breakdown_key
            = case when term.breakdown_key = 0 then claims.breakdown_key else term.breakdown_key end
    group by tried.claim_id, tried.edition_key
),

compared as (
    select
        claims.*,
        tried.edition_key,
        tried.formula,
        tried.indicator_type,
        tried.is_count,
        case when sides.numerator_known = tried.numerator_terms then cast(sides.numerator as decimal(28, 4)) end
            as numerator,
        case
            when sides.denominator_known = tried.denominator_terms and sides.denominator > 0
                then cast(sides.denominator as decimal(28, 4))
        end as denominator,
        cast(power(10, claims.decimals) as hugeint) as ten_power
    from claims
    left join tried on claims.claim_id = tried.claim_id
    left join sides on tried.claim_id = sides.claim_id and tried.edition_key = sides.edition_key
),

whole as (
    select
        compared.*,
        cast(numerator * 10000 as hugeint) as n,
        cast(denominator * 10000 as hugeint) as d,
        cast(reported_value * ten_power as hugeint) as printed,
        cast(numerator as double) * per / cast(denominator as double) as recomputed
    from compared
),

verdicts as (
    select
        whole.*,
        case
            when n is null or d is null or decimals is null then 'not_checkable'
            when qualifier = 'over' then case when recomputed > reported_value then 'reproduced' else 'inconsistent' end
            when
                qualifier = 'at_least'
                then case when recomputed >= reported_value then 'reproduced' else 'inconsistent' end
            when
                qualifier = 'under'
                then case when recomputed < reported_value then 'reproduced' else 'inconsistent' end
            when (2 * n * per * ten_power + d) // (2 * d) = printed then 'reproduced'
            when (n * per * ten_power) // d = printed then 'truncated'
            else 'inconsistent'
        end as verdict,
        -- The smallest whole numerator that would print so, rounded half up, and cut off.
        case
            when
                is_count and d is not null and decimals is not null and qualifier in ('exact', 'about')
                and denominator = floor(denominator)
                then (
                    greatest(2 * printed - 1, 0) * cast(denominator as hugeint) + 2 * per * ten_power - 1
                ) // (2 * per * ten_power)
        end as least_rounded,
        case
            when
                is_count and d is not null and decimals is not null and qualifier in ('exact', 'about')
                and denominator = floor(denominator)
                then (printed * cast(denominator as hugeint) + per * ten_power - 1) // (per * ten_power)
        end as least_cut
    from whole
),

judged as (
    select
        verdicts.*,
        case
            when least_rounded is null then null
            else (
                2 * least_rounded * per * ten_power < (2 * printed + 1) * cast(denominator as hugeint)
                and (indicator_type <> 'proportion' or least_rounded <= denominator)
            )
            or (
                least_cut * per * ten_power < (printed + 1) * cast(denominator as hugeint)
                and (indicator_type <> 'proportion' or least_cut <= denominator)
            )
        end as attainable
    from verdicts
),

candidates_per_claim as (
    select
        claim_id,
        count(distinct case when verdict <> 'not_checkable' then formula end) as formulas,
        count(distinct case when verdict = 'reproduced' then formula end) as reproducing,
        count(distinct case when verdict = 'truncated' then formula end) as truncating
    from judged
    group by claim_id
),

explained as (
    select
        judged.*,
        per_claim.formulas,
        case
            when judged.verdict = 'not_checkable' then null
            when per_claim.reproducing = 1 then judged.verdict = 'reproduced'
            when per_claim.reproducing > 1 then case when judged.verdict = 'reproduced' then null else false end
            when per_claim.truncating = 1 then judged.verdict = 'truncated'
            when per_claim.truncating > 1 then case when judged.verdict = 'truncated' then null else false end
            else false
        end as is_explaining_edition,
        case
            when per_claim.reproducing > 0 then judged.verdict = 'reproduced' else judged.verdict = 'truncated'
        end as could_explain
    from judged
    inner join candidates_per_claim as per_claim on judged.claim_id = per_claim.claim_id
),

-- The return's habit: the denominator by which its rates with several candidates resolve.
habits as (
    select
        submission_key,
        split_part(formula, '/', 2) as denominator_text,
        count(distinct claim_id) as votes
    from explained
    where is_explaining_edition and formulas > 1
    group by submission_key, split_part(formula, '/', 2)
),

habit_of_claim as (
    select
        explained.claim_id,
        explained.formula,
        max(habits.votes) as votes
    from explained
    inner join habits
        on
            explained.submission_key = habits.submission_key
            and split_part(explained.formula, '/', 2) = habits.denominator_text
    where explained.could_explain and explained.formulas > 1
    group by explained.claim_id, explained.formula
    qualify
        rank() over (partition by explained.claim_id order by max(habits.votes) desc) = 1
        and count(*) over (partition by explained.claim_id, max(habits.votes)) = 1
)

select
    explained.org_key,
    explained.period_key,
    explained.claim_id,
    coalesce(explained.edition_key, 0) as edition_key,
    explained.numerator,
    explained.denominator,
    explained.recomputed,
    explained.verdict,
    explained.attainable,
    explained.is_explaining_edition,
    habit.formula as habit_formula
from explained
left join habit_of_claim as habit on explained.claim_id = habit.claim_id
order by explained.claim_id, edition_key
