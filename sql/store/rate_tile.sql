-- One row per organisation, stated period, edition and breakdown: numerator and denominator as the unit stated them.
-- key: org_key, period_key, edition_key, breakdown_key
-- kind: scoped table
-- portable: yes
-- `pair_numerator` and `pair_denominator` are there where one side is stated for this period and what the other lacks
-- is known otherwise (store.term_filled): both or none.
with
terms as (
    select
        said.org_key,
        said.period_key,
        said.element_key,
        said.breakdown_key,
        said.term_period,
        said.term_level,
        said.value,
        said.state,
        said.qualifier,
        said.form_key,
        coalesce(finality.finality_rank, 1) as finality_rank,
        true as is_said,
        cast(null as boolean) as is_row
    from store.term_said as said
    inner join run.scope as scope on said.org_key = scope.org_key and said.period_key = scope.period_key
    left join store.submission_finality as finality on said.submission_key = finality.submission_key
    union all
    select
        filled.org_key,
        filled.period_key,
        filled.element_key,
        filled.breakdown_key,
        'same' as term_period,
        'own' as term_level,
        filled.value,
        'reported' as state,
        'exact' as qualifier,
        cast(null as integer) as form_key,
        filled.finality_rank,
        false as is_said,
        filled.is_row
    from store.term_filled as filled
    inner join run.scope as scope on filled.org_key = scope.org_key and filled.period_key = scope.period_key
),

sides as (
    select
        chosen.org_key,
        chosen.period_key,
        term.edition_key,
        term.side,
        case when term.breakdown_key = 0 then chosen.breakdown_key else 0 end as breakdown_key,
        sum(case when chosen.is_said then chosen.value * term.factor end) as amount,
        count(case when chosen.is_said then chosen.value end) as terms_known,
        sum(chosen.value * term.factor) as filled_amount,
        count(chosen.value) as terms_filled,
        bool_or(chosen.is_said) as is_said,
        max(case when chosen.state <> 'reported' then chosen.state end) as gap,
        max(case when chosen.qualifier <> 'exact' then chosen.qualifier end) as qualifier,
        min(chosen.form_key) as form_key,
        min(chosen.finality_rank) as finality_rank,
        coalesce(
            bool_and(coalesce(chosen.is_row, form.row_level = unit.org_level, false))
            filter (where form.form_key is not null or not chosen.is_said),
            false
        )
            as is_row
    from terms as chosen
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
),

both_sides as (
    select
        above.org_key,
        above.period_key,
        above.edition_key,
        above.breakdown_key,
        case when above.terms_known = edition.numerator_terms then above.amount end as numerator,
        case when below.terms_known = edition.denominator_terms then below.amount end as denominator,
        above.terms_filled = edition.numerator_terms
        and below.terms_filled = edition.denominator_terms
        and (above.terms_known < above.terms_filled or below.terms_known < below.terms_filled)
        and (above.terms_known > 0 or below.terms_known > 0) as is_filled,
        above.filled_amount as filled_numerator,
        below.filled_amount as filled_denominator,
        above.is_said,
        coalesce(above.gap, 'not_reported') as numerator_gap,
        coalesce(below.gap, 'not_reported') as denominator_gap,
        coalesce(above.qualifier, below.qualifier) as qualifier,
        coalesce(above.form_key, below.form_key) as form_key,
        least(above.finality_rank, below.finality_rank) as finality_rank,
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
)

select
    org_key,
    period_key,
    edition_key,
    breakdown_key,
    cast(numerator as decimal(28, 4)) as numerator,
    cast(denominator as decimal(28, 4)) as denominator,
    case when is_filled then cast(filled_numerator as decimal(28, 4)) end as pair_numerator,
    case when is_filled then cast(filled_denominator as decimal(28, 4)) end as pair_denominator,
    is_said,
    numerator_gap,
    denominator_gap,
    qualifier,
    form_key,
    finality_rank,
    is_row
from both_sides
where is_said or is_filled
order by org_key, period_key, edition_key, breakdown_key
