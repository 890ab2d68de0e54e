-- One row per boundary, organisation, time of its figures and organisation that they are carried to: the share.
-- key: boundary, org_code, times, target_code
-- kind: view
select
    share.boundary,
    boundary.valid_from as boundary_from,
    boundary.valid_to as boundary_to,
    unit.org_code,
    coalesce(cast(share.valid_from as varchar), '') || '/' || coalesce(cast(share.valid_to as varchar), '') as times,
    share.valid_from,
    share.valid_to,
    target.org_code as target_code,
    case when share.is_known then cast(share.share_to - share.share_from as double) end as weight
from store.boundary_share as share
inner join store.boundary as boundary on share.boundary = boundary.boundary
inner join core.org_unit as unit on share.org_key = unit.org_key
inner join core.org_unit as target on share.target_key = target.org_key
