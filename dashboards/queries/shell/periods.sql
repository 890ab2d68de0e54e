-- The periods in which a unit has a figure, the newest first, the longer of two that end together first.
-- From the store: marts.indicator_value would plan and join what is not asked for.
select
    period.period_code, period.period_kind, period.period_start, period.period_end, period.aliases,
    bool_or(figure.period_basis = 'stated') as is_stated, count(*) as figures
from store.indicator_value as figure
inner join core.org_unit as unit on figure.org_key = unit.org_key
inner join core.period as period on figure.period_key = period.period_key
where unit.org_code = $org and figure.is_default_edition and figure.value is not null
group by all
order by period.period_end desc, period.period_start, period.period_code
