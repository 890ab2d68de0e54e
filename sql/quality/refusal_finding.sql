-- One row per table of a file that was refused.
-- key: finding_id
-- kind: view
select
    substr(md5(concat_ws('|', 'table_refused', submission.submission_id)), 1, 16) as finding_id,
    'table_refused' as rule_code,
    'error' as severity,
    submission.org_code,
    submission.period_code,
    submission.form_code,
    receipt.filename as elements,
    submission.reason as observed,
    cast(null as varchar) as expected,
    submission.reason_zh as message_zh,
    submission.reason_en as message_en,
    submission.submission_id,
    submission.sheet,
    submission.cell as cells
from intake.submission as submission
inner join intake.receipt as receipt on submission.receipt_id = receipt.receipt_id
where submission.state = 'refused'
