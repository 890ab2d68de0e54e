-- One row per broken rule occurrence: in a return, a refused table, a declared correction, the roster, a sign-off.
-- key: finding_id
-- kind: view
with
found as (
    select
        finding_id,
        rule_code,
        severity,
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
    from quality.return_finding
    union all
    select
        finding_id,
        rule_code,
        severity,
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
    from quality.refusal_finding
    union all
    select
        finding_id,
        rule_code,
        severity,
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
    from quality.correction_finding
    union all
    select
        finding_id,
        rule_code,
        severity,
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
    from quality.roster_finding
    union all
    select
        finding_id,
        rule_code,
        severity,
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
    from quality.sign_finding
)

select
    found.*,
    cast(null as varchar) as explanation,
    cast(null as varchar) as explained_by,
    cast(null as timestamp) as explained_at,
    'open' as status
from found
