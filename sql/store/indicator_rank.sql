-- One row per ranked figure: its place among the units of the same level and parent.
-- key: org_key, period_key, edition_key, breakdown_key, basis, period_basis
-- kind: table
-- A table of its own: as a window inside the view marts.indicator_value, joined to the figures that it reads,
-- DuckDB 2.0 never came back from `select 1 … limit 1` over 134,690 rows.
select
    figure.org_key,
    figure.period_key,
    figure.edition_key,
    figure.breakdown_key,
    figure.basis,
    figure.period_basis,
    rank() over (
        partition by
            unit.parent_key, unit.org_level, figure.period_key, figure.edition_key, figure.breakdown_key, figure.basis,
            figure.period_basis
        order by case when indicator.better = 'lower' then figure.value else -figure.value end
    ) as rank_in_parent,
    count(*) over (
        partition by
            unit.parent_key, unit.org_level, figure.period_key, figure.edition_key, figure.breakdown_key, figure.basis,
            figure.period_basis
    ) as peers
from store.indicator_value as figure
inner join catalog.indicator_edition as edition on figure.edition_key = edition.edition_key
inner join catalog.indicator as indicator on edition.indicator_key = indicator.indicator_key
inner join core.org_unit as unit on figure.org_key = unit.org_key
where
    figure.state in ('ok', 'partial')
    and indicator.better <> 'neither'
    and unit.parent_key is not null
