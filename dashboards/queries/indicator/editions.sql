-- The editions of an indicator: formula in words, validity, evidence, document, and whether it is in force on a day.
with
terms as (
    select
        term.edition_key, term.side,
        ltrim(string_agg(
            if(term.factor < 0, '− ', '+ ') || if(abs(term.factor) = 1, '', abs(term.factor)::double || ' × ')
            || element.name_zh
            || if(term.breakdown_key = 0, '', '(' || breakdown.name_zh || ')')
            || case term.term_period
                when 'previous' then '(上期)' when 'same_last_year' then '(上年同期)'
                when 'to_date' then '(本年累计)' else ''
            end
            || if(term.term_level = 'children', '(下级之和)', ''),
            ' ' order by term.factor < 0, term.element_code, term.breakdown_code
        ), '+ ') as words_zh,
        ltrim(string_agg(
            if(term.factor < 0, '− ', '+ ') || if(abs(term.factor) = 1, '', abs(term.factor)::double || ' × ')
            || element.name_en
            || if(term.breakdown_key = 0, '', ' (' || breakdown.name_en || ')')
            || case term.term_period
                when 'previous' then ' (period before)' when 'same_last_year' then ' (same period of last year)'
                when 'to_date' then ' (year to date)' else ''
            end
            || if(term.term_level = 'children', ' (sum of the rows below)', ''),
            ' ' order by term.factor < 0, term.element_code, term.breakdown_code
        ), '+ ') as words_en
    from catalog.indicator_term as term
    inner join catalog.element as element on term.element_key = element.element_key
    inner join catalog.breakdown as breakdown on term.breakdown_key = breakdown.breakdown_key
    where term.indicator_code = $indicator
    group by term.edition_key, term.side
)

select
    edition.standard, coalesce(standard.name_zh, edition.standard) as standard_zh,
    coalesce(standard.name_en, edition.standard) as standard_en, edition.edition,
    above.words_zh as numerator_zh, above.words_en as numerator_en, below.words_zh as denominator_zh,
    below.words_en as denominator_en, edition.indicator_type, edition.formula, edition.valid_from, edition.valid_to,
    coalesce(edition.valid_from, $end::date) <= $end::date
    and $end::date < coalesce(edition.valid_to, $end::date + 1) as is_in_force,
    edition.steps_in, edition.evidence, edition.document_code, document.title as document_title,
    document.document_number, document.issuer, document.document_date, document.successor, edition.note
from catalog.indicator_edition as edition
left join catalog.standard as standard on edition.standard = standard.standard
left join catalog.document as document on edition.document_code = document.document_code
left join terms as above on edition.edition_key = above.edition_key and above.side = 'numerator'
left join terms as below on edition.edition_key = below.edition_key and below.side = 'denominator'
where edition.indicator_code = $indicator
order by edition.standard, edition.valid_from nulls first, edition.edition
