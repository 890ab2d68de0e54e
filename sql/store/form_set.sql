-- One row per element or edition and row level: which set of forms with such rows carries it.
-- key: subject, subject_key, row_level
-- kind: table
-- An edition is carried by the forms that carry anything of its numerator. Only forms that the roster owes.
with
carriers as (
    select distinct
        'element' as subject,
        carried.element_key as subject_key,
        form.row_level,
        form.form_key,
        form.precedence
    from catalog.form_element as carried
    inner join catalog.form as form on carried.form_key = form.form_key
    where form.row_level is not null
    union
    select distinct
        'edition' as subject,
        term.edition_key as subject_key,
        form.row_level,
        form.form_key,
        form.precedence
    from catalog.indicator_term as term
    inner join catalog.form_element as carried on term.element_key = carried.element_key
    inner join catalog.form as form on carried.form_key = form.form_key
    where term.side = 'numerator' and form.row_level is not null
)

select
    subject,
    subject_key,
    row_level,
    string_agg(cast(form_key as varchar), ',' order by form_key) as form_set,
    min(precedence) as precedence,
    case row_level
        when 'village' then 1
        when 'township' then 2
        when 'county' then 3
        when 'prefecture' then 4
        when 'province' then 5
        when 'nation' then 6
        else 0
    end as depth
from carriers
where form_key in (select form_key from store.row_owed)
group by subject, subject_key, row_level
order by subject, subject_key, row_level
