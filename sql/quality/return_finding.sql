-- One row per broken rule occurrence in accepted returns.
-- key: finding_id
-- kind: scoped table
with
found as (
    select * from quality.remark_finding
    union all
    select * from quality.statement_finding
    union all
    select * from quality.period_finding
    union all
    select * from quality.total_finding
    union all
    select * from quality.claim_finding
    union all
    select * from quality.rule_finding
    union all
    select * from quality.rate_finding
    union all
    select * from quality.quarantine_finding
),

named as (
    select
        found.*,
        unit.org_code,
        period.period_code,
        -- What makes the finding the same one tomorrow: not the submission, whose revisions may repeat it.
        concat_ws(
            '|', found.rule_code, unit.org_code, period.period_code, coalesce(found.form_code, ''),
            coalesce(submission.reported_by, ''), coalesce(found.sheet, ''), coalesce(found.elements, ''),
            coalesce(found.cells, ''), coalesce(found.observed, '')
        ) as identity
    from found
    inner join run.scope as scope on found.org_key = scope.org_key and found.period_key = scope.period_key
    inner join core.org_unit as unit on found.org_key = unit.org_key
    inner join core.period as period on found.period_key = period.period_key
    left join intake.submission as submission on found.submission_id = submission.submission_id
),

numbered as (
    select
        named.*,
        row_number() over (partition by identity order by expected, message_en) as twin
    from named
)

select
    substr(md5(identity || '|' || twin), 1, 16) as finding_id,
    rule_code,
    severity,
    org_key,
    period_key,
    org_code,
    period_code,
    form_code,
    elements,
    observed,
    expected,
    message_zh,
    message_en,
    submission_id,
    sheet,
    cells
from numbered
order by finding_id
