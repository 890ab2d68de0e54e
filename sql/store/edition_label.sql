-- One row per edition of an indicator: its codes and the names beside them.
-- key: edition_key
-- kind: table
-- A table, as each join more costs every query that is planned a millisecond or two: pages ask dozens a second.
select
    edition.edition_key,
    edition.indicator_key,
    edition.indicator_code,
    edition.standard,
    edition.edition,
    edition.steps_in,
    edition.formula,
    indicator.name_zh as indicator_name_zh,
    indicator.name_en as indicator_name_en,
    indicator.domain,
    indicator.unit,
    indicator.better,
    domain.name_zh as domain_zh,
    domain.name_en as domain_en,
    domain.shown_as,
    coalesce(standard.name_zh, edition.standard) as standard_zh,
    coalesce(standard.name_en, edition.standard) as standard_en
from catalog.indicator_edition as edition
inner join catalog.indicator as indicator on edition.indicator_key = indicator.indicator_key
left join catalog.domain as domain on indicator.domain = domain.domain
left join catalog.standard as standard on edition.standard = standard.standard
