-- One row per computed rate above 100 % whose numerator is, or nearly is, a part of its denominator, where it arises.
-- key: rule_code, org_key, period_key, form_code, elements, cells, submission_id
-- kind: view
with above as (
    select distinct
        edition.indicator_key,
        edition.indicator_type,
        edition.standard,
        figure.edition_key,
        figure.breakdown_key,
        figure.org_key,
        figure.period_key,
        period.period_start,
        period.period_end,
        figure.numerator,
        figure.denominator
    from store.indicator_value as figure
    inner join catalog.indicator_edition as edition on figure.edition_key = edition.edition_key
    inner join core.period as period on figure.period_key = period.period_key
    where
        edition.indicator_type in ('proportion', 'near_proportion')
        and figure.numerator > figure.denominator
        and figure.state <> 'missing'
),

-- A township's year follows from a village's month: once that is right, the year is judged anew.
arising as (
    select *
    from above
    where
        not exists (
            select 1
            from above as inside
            inner join core.org_ancestor as part on inside.org_key = part.org_key
            where
                part.ancestor_key = above.org_key
                and inside.edition_key = above.edition_key
                and inside.breakdown_key = above.breakdown_key
                and inside.period_start >= above.period_start
                and inside.period_end <= above.period_end
                and (
                    part.distance > 0
                    or inside.period_start > above.period_start
                    or inside.period_end < above.period_end
                )
        )
),

-- Its cells in one submission, the numerator's first; none where it was added up over months or units.
stated as (
    select
        arising.org_key,
        arising.period_key,
        arising.edition_key,
        arising.breakdown_key,
        said.submission_key,
        string_agg(said.cell, ',' order by term.side desc, said.element_key) filter (where said.cell <> '') as cells
    from arising
    inner join catalog.indicator_term as term on arising.edition_key = term.edition_key
    inner join store.term_said as said
        on
            arising.org_key = said.org_key
            and arising.period_key = said.period_key
            and term.element_key = said.element_key
            and term.term_period = said.term_period
            and term.term_level = said.term_level
            and said.breakdown_key
            = case when term.breakdown_key = 0 then arising.breakdown_key else term.breakdown_key end
    group by
        arising.org_key, arising.period_key, arising.edition_key, arising.breakdown_key, said.submission_key
    qualify
        row_number() over (
            partition by arising.org_key, arising.period_key, arising.edition_key, arising.breakdown_key
            order by max(term.side) desc, said.submission_key
        ) = 1
)

select
    'rate_above_whole' as rule_code,
    case figure.indicator_type when 'proportion' then 'error' else 'question' end as severity,
    figure.org_key,
    figure.period_key,
    '' as form_code,
    indicator.indicator_code
    || case when figure.breakdown_key = 0 then '' else '[' || breakdown.breakdown_code || ']' end
    || ' (' || string_agg(distinct figure.standard, ', ' order by figure.standard) || ')' as elements,
    printf('%.15g', cast(figure.numerator as double)) as observed,
    '<= ' || printf('%.15g', cast(figure.denominator as double)) as expected,
    indicator.name_zh || '超过 100%:分子大于分母。' as message_zh,
    indicator.name_en || ' is above 100 %: the numerator exceeds the denominator.' as message_en,
    min(submission.submission_id) as submission_id,
    min(submission.sheet) as sheet,
    min(stated.cells) as cells
from arising as figure
inner join catalog.indicator as indicator on figure.indicator_key = indicator.indicator_key
inner join catalog.breakdown as breakdown on figure.breakdown_key = breakdown.breakdown_key
left join stated
    on
        figure.org_key = stated.org_key
        and figure.period_key = stated.period_key
        and figure.edition_key = stated.edition_key
        and figure.breakdown_key = stated.breakdown_key
left join intake.submission as submission on stated.submission_key = submission.submission_key
group by
    figure.indicator_type, figure.org_key, figure.period_key, indicator.indicator_code, figure.breakdown_key,
    breakdown.breakdown_code, figure.numerator, figure.denominator, indicator.name_zh, indicator.name_en
