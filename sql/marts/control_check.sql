-- One row per figure of a year (or of the days published) and scope of published values: the nearest published one.
-- key: org_code, period_code, indicator_code, basis, period_basis, scope_code
-- kind: view
-- It only asks: a place may well differ from the nation. Compared are figures of one year (civil, or of maternal and
-- child health, that ends in it) or of the same days, by the default edition; of others it is told why not.
with
candidates as (
    select
        figure.org_key,
        figure.period_key,
        figure.edition_key,
        figure.basis,
        figure.period_basis,
        figure.value,
        figure.lower,
        figure.upper,
        figure.coverage,
        control.control_code,
        control.scope_code,
        control.period_code as control_period_code,
        control.control_value,
        control.document_code,
        control.evidence,
        case
            when period.period_start = control.period_start and period.period_end = control.period_end then 0
            when control.period_kind = 'year' then abs(year(period.period_end) - year(control.period_end))
            else 1 + abs(year(period.period_end) - year(control.period_end))
        end as years_apart
    from store.indicator_value as figure
    inner join catalog.indicator_edition as edition on figure.edition_key = edition.edition_key
    inner join core.period as period on figure.period_key = period.period_key
    inner join catalog.control_value as control on edition.indicator_key = control.indicator_key
    left join core.org_ancestor as above
        on
            figure.org_key = above.org_key
            and control.scope_key = above.ancestor_key
            and (above.valid_from is null or above.valid_from <= period.period_end)
            and (above.valid_to is null or above.valid_to > period.period_end)
    where
        figure.is_default_edition
        and figure.breakdown_key = 0
        and (control.scope_code = '' or above.org_key is not null)
        and (
            period.period_kind in ('year', 'mch_year')
            or (period.period_start = control.period_start and period.period_end = control.period_end)
        )
),

nearest as (
    select
        candidates.*,
        case
            when value is null then 'no_value'
            when years_apart > 0 then 'other_period'
            when lower is null then 'no_interval'
        end as reason,
        row_number() over (
            partition by org_key, period_key, edition_key, basis, period_basis, scope_code
            order by years_apart, control_period_code desc, control_code
        ) as nearness
    from candidates
)

select
    unit.org_code,
    unit.org_name,
    unit.org_level,
    period.period_code,
    edition.indicator_code,
    indicator.name_zh as indicator_name_zh,
    indicator.name_en as indicator_name_en,
    edition.standard,
    edition.edition,
    nearest.basis,
    nearest.period_basis,
    nearest.value,
    nearest.lower,
    nearest.upper,
    nearest.coverage,
    nearest.control_code,
    nearest.scope_code,
    nearest.control_period_code,
    nearest.control_value,
    indicator.unit,
    nearest.value - cast(nearest.control_value as double) as difference,
    nearest.value / nullif(cast(nearest.control_value as double), 0) as ratio,
    case
        when nearest.reason is not null then 'not_comparable'
        when nearest.control_value > nearest.upper then 'below'
        when nearest.control_value < nearest.lower then 'above'
        else 'within'
    end as status,
    nearest.reason,
    case
        when nearest.reason is null and (nearest.control_value > nearest.upper or nearest.control_value < nearest.lower)
            then 'question'
    end as severity,
    nearest.evidence,
    nearest.document_code,
    document.title,
    document.citation
from nearest
inner join core.org_unit as unit on nearest.org_key = unit.org_key
inner join core.period as period on nearest.period_key = period.period_key
inner join catalog.indicator_edition as edition on nearest.edition_key = edition.edition_key
inner join catalog.indicator as indicator on edition.indicator_key = indicator.indicator_key
inner join catalog.document as document on nearest.document_code = document.document_code
where nearest.nearness = 1
