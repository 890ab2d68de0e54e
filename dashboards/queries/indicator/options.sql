-- The indicators that have a figure in this release, by domain.
select
    indicator.indicator_code, indicator.name_zh, indicator.name_en, domain.name_zh as domain_zh,
    domain.name_en as domain_en
from catalog.indicator as indicator
inner join catalog.domain as domain on indicator.domain = domain.domain
where
    indicator.indicator_key in (
        select edition.indicator_key
        from catalog.indicator_edition as edition
        where edition.edition_key in (select figure.edition_key from store.indicator_value as figure where figure.value is not null)
    )
order by domain.shown_as, indicator.indicator_code
