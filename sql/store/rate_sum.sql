-- One row per organisation, period, edition and breakdown: both sides of a rate put together of what the unit states.
-- key: org_key, period_key, edition_key, breakdown_key
-- kind: view
-- portable: yes
select
    org_key,
    period_key,
    edition_key,
    breakdown_key,
    numerator,
    denominator,
    thirds,
    row_numerator,
    row_denominator,
    row_thirds,
    whole_thirds,
    is_added,
    qualifier,
    form_key,
    finality_rank
from store.rate_flow
union all
select
    org_key,
    period_key,
    edition_key,
    breakdown_key,
    numerator,
    denominator,
    thirds,
    row_numerator,
    row_denominator,
    row_thirds,
    whole_thirds,
    is_added,
    qualifier,
    form_key,
    finality_rank
from store.rate_level
