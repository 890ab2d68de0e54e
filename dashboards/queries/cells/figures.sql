-- Every figure of an indicator that a unit has for a period: by standard, edition and basis; the usual one first.
select
    edition.edition_key, figure.org_code, figure.org_name, figure.period_code, figure.indicator_code,
    figure.indicator_name_zh, figure.indicator_name_en, indicator.note, indicator.per, figure.standard,
    figure.standard_zh, figure.standard_en, figure.edition, figure.is_default_edition,
    edition.numerator_kind, edition.denominator_kind, edition.valid_from, edition.valid_to, edition.evidence,
    edition.note as edition_note, document.title as document_title, figure.basis, figure.period_basis,
    figure.numerator, figure.denominator, figure.value, figure.unit, figure.lower, figure.upper,
    figure.interval_method, figure.units_expected, figure.units_reported, figure.coverage, figure.state,
    figure.state_reason, figure.finality, figure.target, figure.target_comparator, figure.target_status,
    figure.change_status, figure.previous_value, indicator.better
from store.figure_shown as figure
inner join catalog.indicator as indicator on figure.indicator_code = indicator.indicator_code
inner join catalog.indicator_edition as edition on figure.edition_key = edition.edition_key
left join catalog.document as document on edition.document_code = document.document_code
where
    figure.org_key = $org_key and figure.period_key = $period_key and figure.indicator_code = $indicator
    and figure.breakdown_key = 0
order by
    figure.value is null, figure.is_default_edition desc, figure.basis, figure.period_basis desc, figure.standard,
    figure.edition
