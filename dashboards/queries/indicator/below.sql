-- An indicator in a period for the units directly below, against what they add up to; on the basis that most have.
-- Their first and last key limit what is read of the figures of all units.
with
figures as (
    select
        figure.org_code, figure.org_name, figure.org_level, figure.period_code, figure.period_basis,
        figure.indicator_code, '' as breakdown_name_zh, '' as breakdown_name_en, figure.standard,
        figure.standard_zh, figure.standard_en, figure.edition, figure.is_default_edition,
        figure.basis, figure.numerator, figure.denominator, figure.value, figure.unit, figure.lower, figure.upper,
        figure.interval_method, figure.coverage, figure.state, figure.state_reason, figure.finality, figure.target,
        figure.target_comparator, figure.target_status, figure.previous_value, figure.change, figure.change_status
    from store.figure_shown as figure
    where
        figure.parent_key = $org_key and figure.org_key between $first_below and $last_below
        and figure.org_level <> 'institution'
        and figure.period_key = $period_key and figure.indicator_code = $indicator and figure.breakdown_key = 0
        and if($standard || $edition = '', figure.is_default_edition,
            ($standard = '' or figure.standard = $standard) and ($edition = '' or figure.edition = $edition))
    qualify
        row_number() over (
            partition by figure.org_code, figure.basis
            order by figure.value is null, figure.period_basis desc, figure.is_default_edition desc,
                figure.standard, figure.edition
        ) = 1
),

means as (
    select label.standard, label.edition, figure.value, figure.basis
    from store.indicator_value as figure
    inner join store.edition_label as label on figure.edition_key = label.edition_key
    where
        figure.org_key = $org_key and figure.period_key = $period_key and label.indicator_code = $indicator
        and figure.breakdown_key = 0 and figure.value is not null
    qualify
        row_number() over (
            partition by figure.edition_key order by figure.basis desc, figure.period_basis desc
        ) = 1
)

select
    figures.*, means.value as mean_value, means.basis as mean_basis,
    case
        when means.value is null or figures.lower is null or figures.upper is null then null
        when figures.lower > means.value then 'higher'
        when figures.upper < means.value then 'lower'
        else 'unclear'
    end as against_mean,
    count(figures.value) over () as units_known
from figures
left join means on figures.standard = means.standard and figures.edition = means.edition
where
    figures.basis = (
        select chosen.basis from figures as chosen group by chosen.basis
        order by count(chosen.value) = 0, chosen.basis <> $basis, count(chosen.value) desc, chosen.basis limit 1
    )
order by
    figures.value is null, if($sort = 'name', figures.org_name, null), if($sort = 'coverage', figures.coverage, null),
    if($sort = 'value_up', figures.value, -figures.value), figures.org_code
limit 3000
