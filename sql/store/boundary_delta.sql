-- One row per boundary, organisation, period, period basis, edition and breakdown: what changes add to its roll-up.
-- key: boundary, org_key, period_key, period_basis, edition_key, breakdown_key
-- kind: scoped table
-- portable: yes
-- What left a unit counts below zero. So a roll-up within other boundaries costs as much as there are changed units,
-- however many others stand below.
with
carried as (
    select
        sums.*,
        period.period_end
    from store.boundary_sum as sums
    inner join core.period as period on sums.period_key = period.period_key
    where
        sums.is_row
        and sums.numerator is not null
        and sums.denominator is not null
        and (sums.period_basis = 'aggregated' or period.period_kind = 'month')
),

moves as (
    select
        boundary.boundary,
        above.ancestor_key as org_key,
        carried.period_key,
        carried.period_basis,
        carried.edition_key,
        carried.breakdown_key,
        carried.form_key,
        -carried.numerator as numerator,
        -carried.denominator as denominator,
        -1 as units,
        -carried.tiles as tiles,
        0 as lost_tiles
    from carried
    cross join store.boundary as boundary
    inner join core.org_ancestor as above
        on
            carried.org_key = above.org_key
            and above.distance > 0
            and (above.valid_from is null or above.valid_from <= carried.period_end)
            and (above.valid_to is null or carried.period_end < above.valid_to)
    inner join run.scope as scope on above.ancestor_key = scope.org_key and carried.period_key = scope.period_key
    where carried.boundary = 0
    union all
    select
        carried.boundary,
        above.ancestor_key as org_key,
        carried.period_key,
        carried.period_basis,
        carried.edition_key,
        carried.breakdown_key,
        carried.form_key,
        case when above.holds = 'part' then 0 else carried.numerator end as numerator,
        case when above.holds = 'part' then 0 else carried.denominator end as denominator,
        case when above.holds = 'part' then 0 else 1 end as units,
        case when above.holds = 'part' then 0 else carried.tiles end as tiles,
        case when above.holds = 'part' then carried.tiles else 0 end as lost_tiles
    from carried
    inner join store.boundary_ancestor as above
        on
            carried.boundary = above.boundary
            and carried.org_key = above.org_key
            and carried.is_carried = (above.holds = 'known')
    inner join run.scope as scope on above.ancestor_key = scope.org_key and carried.period_key = scope.period_key
    where carried.boundary > 0
),

delta as (
    select
        boundary,
        org_key,
        period_key,
        period_basis,
        edition_key,
        breakdown_key,
        min(form_key) as form_key,
        cast(sum(numerator) as decimal(28, 4)) as numerator,
        cast(sum(denominator) as decimal(28, 4)) as denominator,
        sum(units) as units,
        sum(tiles) as tiles,
        sum(lost_tiles) as lost_tiles
    from moves
    group by boundary, org_key, period_key, period_basis, edition_key, breakdown_key
    having
        sum(numerator) <> 0
        or sum(denominator) <> 0
        or sum(units) <> 0
        or abs(sum(tiles)) > 0.000001
        or sum(lost_tiles) > 0
),

-- What the roster owes of the units that changes concern, month by month, carried as figures are.
owed_parts as (
    select
        share.boundary,
        share.target_key as org_key,
        form.form_key,
        whole.period_key,
        whole.period_end,
        share.is_known,
        sum(cast(share.share_to - share.share_from as double)) as tiles
    from catalog.roster as roster
    inner join catalog.form as form on roster.form_code = form.form_code and form.row_level is not null
    inner join core.org_unit as sender on roster.org_code = sender.org_code
    inner join core.period as month on roster.period_code = month.period_code and month.period_kind = 'month'
    inner join core.org_ancestor as below
        on
            sender.org_key = below.ancestor_key
            and (below.valid_from is null or below.valid_from <= month.period_end)
            and (below.valid_to is null or month.period_end < below.valid_to)
    inner join core.org_unit as unit on below.org_key = unit.org_key and form.row_level = unit.org_level
    inner join store.boundary_share as share
        on
            unit.org_key = share.org_key
            and share.is_alive
            and (share.valid_from is null or share.valid_from <= month.period_end)
            and (share.valid_to is null or month.period_end < share.valid_to)
    inner join core.period as whole
        on
            month.period_start >= whole.period_start
            and month.period_end <= whole.period_end
            and whole.period_kind in ('month', 'quarter', 'half_year', 'year', 'mch_half_year', 'mch_year')
    where whole.period_key in (select period_key from run.scope)
    group by share.boundary, share.target_key, form.form_key, whole.period_key, whole.period_end, share.is_known
),

owed_moves as (
    select
        boundary.boundary,
        above.ancestor_key as org_key,
        parts.form_key,
        parts.period_key,
        -1 as units,
        -parts.tiles as tiles
    from owed_parts as parts
    cross join store.boundary as boundary
    inner join core.org_ancestor as above
        on
            parts.org_key = above.org_key
            and above.distance > 0
            and (above.valid_from is null or above.valid_from <= parts.period_end)
            and (above.valid_to is null or parts.period_end < above.valid_to)
    where parts.boundary = 0
    union all
    select
        parts.boundary,
        above.ancestor_key as org_key,
        parts.form_key,
        parts.period_key,
        1 as units,
        parts.tiles
    from owed_parts as parts
    inner join store.boundary_ancestor as above
        on
            parts.boundary = above.boundary
            and parts.org_key = above.org_key
            and above.holds = case when parts.is_known then 'known' else 'whole' end
    where parts.boundary > 0
),

owed as (
    select
        boundary,
        org_key,
        form_key,
        period_key,
        sum(units) as units,
        sum(tiles) as tiles
    from owed_moves
    group by boundary, org_key, form_key, period_key
),

-- Where a unit above holds only some parts of a divided one, its sum hangs on the weights.
divided as (
    select
        share.boundary,
        share.org_key as divided_key,
        above.ancestor_key as org_key,
        share.valid_from,
        share.valid_to
    from store.boundary_share as share
    inner join store.boundary_ancestor as above
        on
            share.boundary = above.boundary
            and share.target_key = above.org_key
            and share.is_known
            and above.holds = 'known'
    group by share.boundary, share.org_key, above.ancestor_key, share.valid_from, share.valid_to
    having sum(share.share_to - share.share_from) < 1
),

estimated as (
    select distinct
        divided.boundary,
        divided.org_key,
        period.period_key
    from divided
    inner join core.period as period
        on
            (divided.valid_from is null or divided.valid_from <= period.period_end)
            and (divided.valid_to is null or period.period_end < divided.valid_to)
)

select
    delta.boundary,
    delta.org_key,
    delta.period_key,
    delta.period_basis,
    delta.edition_key,
    delta.breakdown_key,
    delta.form_key,
    delta.numerator,
    delta.denominator,
    delta.units,
    delta.tiles,
    delta.lost_tiles,
    coalesce(owed.units, 0) as owed_units,
    coalesce(owed.tiles, 0) as owed_tiles,
    divided.org_key is not null as is_estimated
from delta
left join owed
    on
        delta.boundary = owed.boundary
        and delta.org_key = owed.org_key
        and delta.form_key = owed.form_key
        and delta.period_key = owed.period_key
left join estimated as divided
    on
        delta.boundary = divided.boundary
        and delta.org_key = divided.org_key
        and delta.period_key = divided.period_key
order by delta.boundary, delta.org_key, delta.period_key, delta.edition_key, delta.breakdown_key
