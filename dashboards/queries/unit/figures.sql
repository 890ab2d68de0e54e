-- The rates of a unit in a period beside its peers: units of its level with the same parent, same edition and basis.
with
peers as (
    select
        figure.edition_key, figure.basis, figure.period_basis, median(figure.value) as peer_median,
        min(figure.value) as peer_low, max(figure.value) as peer_high, count(*) as peer_units
    from store.indicator_value as figure
    where
        figure.period_key = $period_key and figure.is_default_edition and figure.breakdown_key = 0
        and figure.value is not null and figure.org_key between $first_beside and $last_beside
        and figure.org_key in (
            select unit.org_key
            from core.org_unit as unit
            where unit.parent_code = $above and unit.org_level = $level
        )
    group by figure.edition_key, figure.basis, figure.period_basis
)

select
    figure.org_code, figure.org_name, figure.period_code, figure.period_start, figure.period_end,
    figure.period_basis, figure.indicator_code, figure.indicator_name_zh, figure.indicator_name_en, figure.domain,
    figure.domain_zh, figure.domain_en, figure.breakdown_code,
    '' as breakdown_name_zh, '' as breakdown_name_en,
    figure.standard, figure.standard_zh, figure.standard_en, figure.edition, figure.is_default_edition,
    figure.basis, figure.numerator, figure.denominator, figure.value, figure.unit, figure.lower, figure.upper,
    figure.interval_method, figure.coverage, figure.state, figure.state_reason, figure.finality, figure.target,
    figure.target_comparator, figure.target_status, figure.previous_value, figure.change, figure.change_status,
    figure.better, ranks.rank_in_parent, ranks.peers, peers.peer_median, peers.peer_low, peers.peer_high,
    peers.peer_units
from store.figure_shown as figure
left join store.indicator_rank as ranks
    on
        ranks.org_key = $org_key and ranks.period_key = $period_key and ranks.breakdown_key = 0
        and figure.edition_key = ranks.edition_key and figure.basis = ranks.basis
        and figure.period_basis = ranks.period_basis
left join peers
    on
        figure.edition_key = peers.edition_key and figure.basis = peers.basis
        and figure.period_basis = peers.period_basis
where
    figure.org_key = $org_key and figure.period_key = $period_key and figure.is_default_edition
    and figure.breakdown_key = 0 and figure.value is not null
qualify
    row_number() over (
        partition by figure.indicator_code, figure.basis
        order by figure.period_basis desc
    ) = 1
order by figure.shown_as, figure.indicator_code, figure.basis desc
