-- One row per figure that formulas and rules can take: the chosen ones, and those of other periods and levels.
-- key: org_key, period_key, element_key, breakdown_key, term_period, term_level
-- kind: view
-- portable: yes
select
    chosen.org_key,
    chosen.period_key,
    chosen.element_key,
    chosen.breakdown_key,
    'same' as term_period,
    'own' as term_level,
    chosen.value,
    chosen.state,
    chosen.qualifier,
    chosen.form_key,
    chosen.submission_key,
    chosen.cell
from store.fact_chosen as chosen
where chosen.period_basis = 'stated'
union all
select
    found.org_key,
    found.period_key,
    found.element_key,
    found.breakdown_key,
    found.term_period,
    found.term_level,
    found.value,
    'reported' as state,
    'exact' as qualifier,
    cast(null as integer) as form_key,
    found.submission_key,
    found.cell
from store.term_value as found
