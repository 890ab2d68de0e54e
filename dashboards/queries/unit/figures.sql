-- The rates of a unit in a period beside its peers: units of its level with the same parent, same edition and basis.
with
self as (
    select org_key, org_level, parent_key
    from core.org_unit
    where org_code = $org
),

peers as (
    select
        figure.edition_key, figure.basis, figure.period_basis, median(figure.value) as peer_median,
        min(figure.value) as peer_low, max(figure.value) as peer_high, count(*) as peer_units
    from store.indicator_value as figure
    inner join core.period as period on figure.period_key = period.period_key
    inner join core.org_unit as unit on figure.org_key = unit.org_key
    inner join self on unit.parent_key = self.parent_key and unit.org_level = self.org_level
    where
        period.period_code = $period and figure.is_default_edition and figure.breakdown_key = 0
        and figure.value is not null
    group by figure.edition_key, figure.basis, figure.period_basis
)

select
    figure.org_code, figure.org_name, figure.period_code, figure.period_start, figure.period_end,
    figure.period_basis, figure.indicator_code, figure.indicator_name_zh, figure.indicator_name_en, figure.domain,
    domain.name_zh as domain_zh, domain.name_en as domain_en, figure.breakdown_code,
    '' as breakdown_name_zh, '' as breakdown_name_en,
    figure.standard, coalesce(standard.name_zh, figure.standard) as standard_zh,
    coalesce(standard.name_en, figure.standard) as standard_en, figure.edition, figure.is_default_edition,
    figure.basis, figure.numerator, figure.denominator, figure.value, figure.unit, figure.lower, figure.upper,
    figure.interval_method, figure.coverage, figure.state, figure.state_reason, figure.finality, figure.target,
    figure.target_comparator, figure.target_status, figure.previous_value, figure.change, figure.change_status,
    indicator.better, figure.rank_in_parent, figure.peers, peers.peer_median, peers.peer_low, peers.peer_high,
    peers.peer_units
from marts.indicator_value as figure
inner join catalog.indicator as indicator on figure.indicator_code = indicator.indicator_code
inner join catalog.domain as domain on figure.domain = domain.domain
inner join catalog.indicator_edition as edition
    on
        figure.indicator_code = edition.indicator_code and figure.standard = edition.standard
        and figure.edition = edition.edition
left join catalog.standard as standard on figure.standard = standard.standard
left join peers
    on
        edition.edition_key = peers.edition_key and figure.basis = peers.basis
        and figure.period_basis = peers.period_basis
where
    figure.org_code = $org and figure.period_code = $period and figure.is_default_edition
    and figure.breakdown_code = '' and figure.value is not null
qualify
    row_number() over (
        partition by figure.indicator_code, figure.basis
        order by figure.period_basis desc
    ) = 1
order by domain.shown_as, figure.indicator_code, figure.basis desc
