-- The figures of a unit that the terms of a rate take within a period, with file, sheet, cell and SHA-256.
with
whole as (
    select period_key
    from core.period
    where period_code = $period
),

self as (
    select org_key
    from core.org_unit
    where org_code = $org
),

terms as (
    select distinct side, element_key, element_code, breakdown_key, factor, term_period, term_level
    from catalog.indicator_term
    where edition_key = $edition_key
)

select
    span.period_code, span.period_start, span.period_end, terms.side, terms.element_code, element.name_zh,
    element.name_en, element.unit, terms.term_period, terms.term_level, terms.factor, said.value, said.state,
    said.qualifier, said.value * terms.factor as amount, form.name_zh as form_zh, form.name_en as form_en,
    coalesce(receipt.sender, '') as sender, coalesce(receipt.filename, '') as filename, submission.sheet, said.cell,
    coalesce(receipt.file_id, '') as sha256, submission.revision, receipt.received_at, chosen.sources,
    declared.correction_id, declared.why as correction_why, declared.who as correction_who
from store.term_said as said
inner join self on said.org_key = self.org_key
inner join terms
    on
        said.element_key = terms.element_key and said.breakdown_key = terms.breakdown_key
        and said.term_period = terms.term_period and said.term_level = terms.term_level
inner join catalog.element as element on said.element_key = element.element_key
inner join core.period as span on said.period_key = span.period_key
left join store.fact_chosen as chosen
    on
        said.term_period = 'same' and said.term_level = 'own' and said.org_key = chosen.org_key
        and said.period_key = chosen.period_key and said.element_key = chosen.element_key
        and said.breakdown_key = chosen.breakdown_key and chosen.period_basis = 'stated'
left join intake.correction as declared on chosen.correction_key = declared.correction_key
left join intake.submission as submission on said.submission_key = submission.submission_key
left join intake.receipt as receipt on submission.receipt_id = receipt.receipt_id
left join catalog.form as form on submission.form_code = form.form_code
where
    said.period_key in (
        select part.part_key
        from store.period_part as part
        inner join whole on part.period_key = whole.period_key
        where $period_basis = 'aggregated' or part.part_key = whole.period_key
    )
order by span.period_start, span.period_end, terms.side desc, terms.element_code
limit 2000
