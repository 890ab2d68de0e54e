-- The editions of an indicator: formula in words, validity, evidence, document, and whether it is in force on a day.
select
    edition.standard, label.standard_zh, label.standard_en, edition.edition, label.numerator_zh,
    label.numerator_en, label.denominator_zh, label.denominator_en, edition.indicator_type, edition.formula, edition.valid_from, edition.valid_to,
    coalesce(edition.valid_from, $end::date) <= $end::date
    and $end::date < coalesce(edition.valid_to, $end::date + 1) as is_in_force,
    edition.steps_in, edition.evidence, edition.document_code, document.title as document_title,
    document.document_number, document.issuer, document.document_date, document.successor, edition.note
from catalog.indicator_edition as edition
inner join store.edition_label as label on edition.edition_key = label.edition_key
left join catalog.document as document on edition.document_code = document.document_code
where edition.indicator_code = $indicator
order by edition.standard, edition.valid_from nulls first, edition.edition
