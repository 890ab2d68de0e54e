-- One row per printed rate and edition tried.
-- key: claim_id, standard, edition
-- kind: view
select
    claim.claim_id,
    claim.org_code,
    claim.period_code,
    claim.indicator_code,
    claim.breakdown_code,
    coalesce(edition.standard, '') as standard,
    coalesce(edition.edition, '') as edition,
    coalesce(edition.formula, '') as formula,
    claim.reported_text,
    claim.reported_value,
    claim.qualifier,
    claim.unit,
    claim.decimals,
    tried.numerator,
    tried.denominator,
    tried.recomputed,
    tried.verdict,
    tried.attainable,
    tried.is_explaining_edition,
    tried.habit_formula,
    claim.submission_id,
    claim.sheet,
    claim.cell
from store.claim_check as tried
inner join core.claim as claim on tried.claim_id = claim.claim_id
left join catalog.indicator_edition as edition on tried.edition_key = edition.edition_key
