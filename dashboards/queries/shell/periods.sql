-- The periods in which a unit has a figure, the newest first, the longer of two that end together first.
select
    period.period_key, period.period_code, period.period_kind, period.period_start, period.period_end, period.aliases,
    bool_or(figure.period_basis = 'stated') as is_stated, count(*) as figures
from store.indicator_value as figure
inner join core.period as period on figure.period_key = period.period_key
where figure.org_key = $org_key and figure.is_default_edition and figure.value is not null
group by all
order by period.period_end desc, period.period_start, period.period_code
