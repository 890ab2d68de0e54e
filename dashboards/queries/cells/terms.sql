-- The terms of an edition, with what the same element adds up to by itself for the unit and period.
select
    term.side, term.element_code, element.name_zh, element.name_en, element.unit, element.kind,
    coalesce(element.carry_months, 12) as carry_months, term.breakdown_code, term.factor, term.term_period,
    term.term_level, figure.value as alone, figure.coverage as alone_coverage, element.note
from catalog.indicator_term as term
inner join catalog.element as element on term.element_key = element.element_key
left join store.element_figure as figure
    on
        term.element_key = figure.element_key and term.breakdown_key = figure.breakdown_key
        and figure.basis = $basis and figure.period_basis = $period_basis and term.term_level = 'own'
        and figure.org_key = (select unit.org_key from core.org_unit as unit where unit.org_code = $org)
        and figure.period_key = (select span.period_key from core.period as span where span.period_code = $period)
where term.edition_key = $edition_key
order by term.side desc, term.element_code, term.term_period
