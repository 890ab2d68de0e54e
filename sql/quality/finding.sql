-- One row per broken rule occurrence: in a return, a refused table, a declared correction, the roster, a sign-off.
-- key: finding_id
-- kind: table
-- A table, as every page asks it several times: the views beneath would be worked out each time.
with
found as (
    select * exclude (org_key, period_key) from quality.return_finding
    union all by name
    select * from quality.refusal_finding
    union all by name
    select * from quality.correction_finding
    union all by name
    select * from quality.roster_finding
    union all by name
    select * from quality.sign_finding
)

select
    found.*,
    cast(null as varchar) as explanation,
    cast(null as varchar) as explained_by,
    cast(null as timestamp) as explained_at,
    'open' as status
from found
