-- One row per organisation, period, edition and breakdown: both sides of a rate put together of what the unit states.
-- key: org_key, period_key, edition_key, breakdown_key
-- kind: view
-- portable: yes
select * from store.rate_flow
union all
select * from store.rate_level
