-- An indicator by its code.
select
    indicator.indicator_code, indicator.name_zh, indicator.name_en, indicator.unit, indicator.per, indicator.better,
    indicator.note, domain.name_zh as domain_zh, domain.name_en as domain_en
from catalog.indicator as indicator
inner join catalog.domain as domain on indicator.domain = domain.domain
where indicator.indicator_code = $indicator
