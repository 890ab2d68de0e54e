-- One row per computed rate above 100 % whose numerator is, or nearly is, a part of its denominator.
-- key: rule_code, org_key, period_key, form_code, elements, cells, submission_id
-- kind: view
select
    'rate_above_whole' as rule_code,
    case edition.indicator_type when 'proportion' then 'error' else 'question' end as severity,
    figure.org_key,
    figure.period_key,
    '' as form_code,
    edition.indicator_code || case when figure.breakdown_key = 0 then '' else '[' || breakdown.breakdown_code || ']' end
    || ' (' || edition.standard || ')' as elements,
    printf('%.15g', cast(figure.numerator as double)) as observed,
    '<= ' || printf('%.15g', cast(figure.denominator as double)) as expected,
    indicator.name_zh || '超过 100%:分子大于分母。' as message_zh,
    indicator.name_en || ' is above 100 %: the numerator exceeds the denominator.' as message_en,
    cast(null as varchar) as submission_id,
    cast(null as varchar) as sheet,
    cast(null as varchar) as cells
from store.indicator_value as figure
inner join catalog.indicator_edition as edition on figure.edition_key = edition.edition_key
inner join catalog.indicator as indicator on edition.indicator_key = indicator.indicator_key
inner join catalog.breakdown as breakdown on figure.breakdown_key = breakdown.breakdown_key
where
    edition.indicator_type in ('proportion', 'near_proportion')
    and figure.numerator > figure.denominator
    and figure.state <> 'missing'
