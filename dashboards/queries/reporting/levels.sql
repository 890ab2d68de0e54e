-- Figures that a unit, or one below it, states itself against the sum of its rows: up to a number of each verdict.
with
compared as (
    select
        level.org_code, below.org_name, level.period_code, level.element_code, level.breakdown_code,
        level.period_basis, level.own_value, level.rolled_up_value, level.difference, level.relative_difference,
        level.coverage, level.units_reported, level.units_expected, level.verdict, level.reason,
        level.submission_id, level.sheet, level.cell, count(*) over (partition by level.verdict) as in_all,
        row_number() over (
            partition by level.verdict
            order by
                abs(level.relative_difference) desc nulls last, level.period_code desc, level.org_code,
                level.element_code, level.breakdown_code
        ) as place
    from marts.level_consistency as level
    inner join core.period as period on level.period_code = period.period_code
    inner join store.unit_below as below
        on
            level.org_code = below.org_code and below.above_key = $org_key
            and period.period_end >= below.stood_from and period.period_end < below.stood_until
    where period.period_end between $since::date and $until::date
)

select
    compared.org_code, compared.org_name, compared.period_code, compared.element_code,
    coalesce(element.name_zh, compared.element_code) as element_zh,
    coalesce(element.name_en, compared.element_code) as element_en, compared.breakdown_code,
    coalesce(part.name_zh, compared.breakdown_code) as part_zh,
    coalesce(part.name_en, compared.breakdown_code) as part_en, compared.period_basis, compared.own_value,
    compared.rolled_up_value, compared.difference, compared.relative_difference, compared.coverage,
    compared.units_reported, compared.units_expected, compared.verdict, compared.reason, receipt.filename,
    compared.sheet, compared.cell as cells, compared.in_all
from compared
left join catalog.element as element on compared.element_code = element.element_code
left join catalog.breakdown as part
    on compared.breakdown_code = part.breakdown_code and part.breakdown_code <> ''
left join intake.submission as submission on compared.submission_id = submission.submission_id
left join intake.receipt as receipt on submission.receipt_id = receipt.receipt_id
where compared.place <= $most
order by
    list_position(['different', 'not_comparable', 'explained', 'equal'], compared.verdict), compared.place
