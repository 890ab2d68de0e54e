-- One row per broken rule occurrence in accepted returns.
-- key: finding_id
-- kind: scoped table
with
found as (
    select * from quality.remark_finding
    union all
    select * from quality.statement_finding
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
)

select
    substr(md5(concat_ws(
        '|',
        found.rule_code,
        unit.org_code,
        period.period_code,
        found.form_code,
        found.elements,
        found.cells,
        found.observed
    )), 1, 16) as finding_id,
    found.rule_code,
    found.severity,
    found.org_key,
    found.period_key,
    unit.org_code,
    period.period_code,
    found.form_code,
    found.elements,
    found.observed,
    found.expected,
    found.message_zh,
    found.message_en,
    found.submission_id,
    found.sheet,
    found.cells
from found
inner join run.scope as scope on found.org_key = scope.org_key and found.period_key = scope.period_key
inner join core.org_unit as unit on found.org_key = unit.org_key
inner join core.period as period on found.period_key = period.period_key
order by finding_id
