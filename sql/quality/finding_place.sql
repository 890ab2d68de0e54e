-- One row per finding: the unit that it concerns, or whose file it was, and the day by which that unit has its place.
-- key: finding_id
-- kind: table
-- What names no unit is placed by its sender; place_code is null where that is unknown, too. stood_on is the end of the
-- period; without one a finding is of today.
select
    finding.finding_id,
    unit.org_code as place_code,
    coalesce(unit.org_name, finding.org_code, receipt.sender, '') as place_name,
    coalesce(receipt.filename, '') as filename,
    period.period_start,
    coalesce(period.period_end, date '9999-12-30') as stood_on
from quality.finding as finding
left join intake.submission as submission on finding.submission_id = submission.submission_id
left join intake.receipt as receipt on submission.receipt_id = receipt.receipt_id
left join core.org_unit as unit on coalesce(finding.org_code, receipt.sender) = unit.org_code
left join core.period as period on finding.period_code = period.period_code
