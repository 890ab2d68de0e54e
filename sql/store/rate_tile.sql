-- One row per organisation, stated period, edition and breakdown: numerator and denominator as the unit stated them.
-- key: org_key, period_key, edition_key, breakdown_key
-- kind: scoped table
-- portable: yes
with
sides as (
    select
        chosen.org_key,
        chosen.period_key,
        term.edition_key,
        term.side,
        case when term.breakdown_key = 0 then chosen.breakdown_key else 0 end as breakdown_key,
        sum(chosen.value * term.factor) as amount,
        count(chosen.value) as terms_known,
        max(case when chosen.state <> 'reported' then chosen.state end) as gap,
        max(case when chosen.qualifier <> 'exact' then chosen.qualifier end) as qualifier,
        min(chosen.form_key) as form_key,
        coalesce(
            bool_and(coalesce(form.row_level = unit.org_level, false)) filter (where form.form_key is not null), false
        )
            as is_row
    from store.term_said as chosen
    inner join run.scope as scope on chosen.org_key = scope.org_key and chosen.period_key = scope.period_key
    inner join core.org_unit as unit on chosen.org_key = unit.org_key
    left join catalog.form as form on chosen.form_key = form.form_key
    inner join catalog.indicator_term as term
        on
            chosen.element_key = term.element_key
            and chosen.term_period = term.term_period
            and chosen.term_level = term.term_level
            and (term.breakdown_key = 0 or chosen.breakdown_key = term.breakdown_key)
    group by
        chosen.org_key, chosen.period_key, term.edition_key, term.side,
        case when term.breakdown_key = 0 then chosen.breakdown_key else 0 end
)

select
    above.org_key,
    above.period_key,
    above.edition_key,
    above.breakdown_key,
    case when above.terms_known = edition.numerator_terms then cast(above.amount as decimal(28, 4)) end as numerator,
    case when below.terms_known = edition.denominator_terms then cast(below.amount as decimal(28, 4)) end
        as denominator,
    coalesce(above.gap, 'not_reported') as numerator_gap,
    coalesce(below.gap, 'not_reported') as denominator_gap,
    coalesce(above.qualifier, below.qualifier) as qualifier,
    above.form_key,
    above.is_row
from sides as above
inner join catalog.indicator_edition as edition on above.edition_key = edition.edition_key
left join sides as below
    on
        above.org_key = below.org_key
        and above.period_key = below.period_key
        and above.edition_key = below.edition_key
        and above.breakdown_key = below.breakdown_key
        and below.side = 'denominator'
where above.side = 'numerator'
order by above.org_key, above.period_key, above.edition_key, above.breakdown_key
