-- One row per printed rate that is wrong, cut off, unattainable, or printed with two values.
-- key: rule_code, org_key, period_key, form_code, elements, cells, submission_id
-- kind: view
with
claims as (
    select
        verdict.*,
        claim.form_code,
        unit.org_key,
        period.period_key,
        indicator.name_zh,
        indicator.name_en,
        coalesce(rule.rounding, 'half_up') as rounding,
        severity.severity as rounding_severity,
        (
            select min(tried.recomputed)
            from marts.claim_check as tried
            where tried.claim_id = verdict.claim_id
        ) as least,
        (
            select max(tried.recomputed)
            from marts.claim_check as tried
            where tried.claim_id = verdict.claim_id
        ) as most
    from marts.claim_verdict as verdict
    inner join core.claim as claim on verdict.claim_id = claim.claim_id
    inner join core.org_unit as unit on verdict.org_code = unit.org_code
    inner join core.period as period on verdict.period_code = period.period_code
    inner join catalog.indicator as indicator on verdict.indicator_code = indicator.indicator_code
    left join catalog.rule as rule on rule.kind = 'rate' and indicator.indicator_key = rule.indicator_key
    left join catalog.rule_severity as severity
        on rule.rule_key = severity.rule_key and unit.org_level = severity.org_level
),

found as (
    select
        'claim_inconsistent' as rule_code,
        'error' as severity,
        claims.*,
        '的上报率与表中的分子分母不符。' as what_zh,
        ': the printed rate does not follow from the counts of the return.' as what_en
    from claims
    where verdict = 'inconsistent'
    union all
    select
        'claim_truncated' as rule_code,
        coalesce(rounding_severity, 'question') as severity,
        claims.*,
        '的上报率是截尾而不是四舍五入得到的。' as what_zh,
        ': the printed rate was cut off instead of rounded.' as what_en
    from claims
    where verdict = 'truncated' and rounding = 'half_up'
    union all
    select
        'claim_unattainable' as rule_code,
        'error' as severity,
        claims.*,
        '的上报率,以表中的分母,没有哪个整数分子(比例不超过分母)能得出。' as what_zh,
        ': no whole number over the denominator of the return (in a proportion: up to it) prints this.' as what_en
    from claims
    where not attainable
    union all
    select
        'claim_printed_twice' as rule_code,
        'question' as severity,
        claims.*,
        '在一张表里印了不同的数。' as what_zh,
        ': one rate is printed with different values in one return.' as what_en
    from claims
    where
        exists (
            select 1
            from claims as other
            where
                other.submission_id = claims.submission_id
                and other.org_code = claims.org_code
                and other.period_code = claims.period_code
                and other.indicator_code = claims.indicator_code
                and other.breakdown_code = claims.breakdown_code
                and other.reported_text <> claims.reported_text
        )
)

select
    rule_code,
    severity,
    org_key,
    period_key,
    form_code,
    indicator_code as elements,
    reported_text as observed,
    case
        when least is null then ''
        when least = most then printf('%.4f', least)
        else printf('%.4f', least) || ' … ' || printf('%.4f', most)
    end as expected,
    name_zh || what_zh as message_zh,
    name_en || what_en as message_en,
    submission_id,
    sheet,
    cell as cells
from found
