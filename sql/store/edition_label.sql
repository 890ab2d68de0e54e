-- One row per edition of an indicator: its codes, the names beside them, and its formula in words.
-- key: edition_key
-- kind: table
-- A table, as each join more costs every query that is planned a millisecond or two: pages ask dozens a second.
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
    group by term.edition_key, term.side
)

select
    edition.edition_key,
    edition.indicator_key,
    edition.indicator_code,
    edition.standard,
    edition.edition,
    edition.steps_in,
    edition.formula,
    indicator.name_zh as indicator_name_zh,
    indicator.name_en as indicator_name_en,
    indicator.domain,
    indicator.unit,
    indicator.better,
    domain.name_zh as domain_zh,
    domain.name_en as domain_en,
    domain.shown_as,
    coalesce(standard.name_zh, edition.standard) as standard_zh,
    coalesce(standard.name_en, edition.standard) as standard_en,
    above.words_zh as numerator_zh,
    above.words_en as numerator_en,
    below.words_zh as denominator_zh,
    below.words_en as denominator_en
from catalog.indicator_edition as edition
inner join catalog.indicator as indicator on edition.indicator_key = indicator.indicator_key
left join catalog.domain as domain on indicator.domain = domain.domain
left join catalog.standard as standard on edition.standard = standard.standard
left join terms as above on edition.edition_key = above.edition_key and above.side = 'numerator'
left join terms as below on edition.edition_key = below.edition_key and below.side = 'denominator'
