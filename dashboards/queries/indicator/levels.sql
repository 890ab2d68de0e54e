-- The terms of an indicator's formulas as a unit states them and as the units below add up, in a period.
with
terms as (
    select distinct
        term.element_code, term.breakdown_code, element.name_zh as element_name_zh,
        element.name_en as element_name_en
    from catalog.indicator_term as term
    inner join catalog.element as element on term.element_key = element.element_key
    where term.indicator_code = $indicator
)

select
    terms.element_code, terms.element_name_zh, terms.element_name_en, compared.breakdown_code, compared.own_value,
    compared.rolled_up_value, compared.difference, compared.relative_difference, compared.coverage,
    compared.verdict, compared.reason, compared.units_expected, compared.units_reported, compared.period_basis,
    compared.submission_id, compared.sheet, compared.cell
from marts.level_consistency as compared
inner join terms on compared.element_code = terms.element_code and compared.breakdown_code = terms.breakdown_code
where compared.org_code = $org and compared.period_code = $period
order by list_position(['different', 'not_comparable', 'explained', 'equal'], compared.verdict), terms.element_code
