-- An indicator of some units over the periods of one kind; the so many periods that are nearest to a day.
with
figures as (
    select
        figure.org_code, figure.org_name, figure.period_code, figure.period_start, figure.period_end,
        figure.period_kind, figure.period_basis, figure.indicator_code, '' as breakdown_name_zh,
        '' as breakdown_name_en, figure.standard, figure.standard_zh, figure.standard_en, figure.edition, figure.is_default_edition,
        figure.basis, figure.numerator, figure.denominator, figure.value, figure.unit, figure.lower, figure.upper,
        figure.interval_method, figure.coverage, figure.state, figure.state_reason, figure.finality, figure.target,
        figure.target_comparator, figure.target_status, figure.previous_value, figure.change, figure.change_status,
        figure.formula, figure.steps_in
    from store.figure_shown as figure
    where
        figure.org_key in ($org_key, $beside_first, $beside_second, $beside_third, $beside_fourth)
        and figure.indicator_code = $indicator and figure.period_kind = $kind and figure.breakdown_key = 0 and ($basis = '' or figure.basis = $basis)
        and if($standard || $edition = '', figure.is_default_edition,
            ($standard = '' or figure.standard = $standard) and ($edition = '' or figure.edition = $edition))
    qualify
        row_number() over (
            partition by figure.org_code, figure.period_code, figure.basis
            order by figure.value is null, figure.period_basis desc, figure.is_default_edition desc,
                figure.standard, figure.edition
        ) = 1
)

select
    *,
    -- Where the line is not to be read across: another edition, or a month in which what is counted begins anew.
    case
        when
            lag(standard || ' ' || edition) over series <> standard || ' ' || edition
            then if(lag(formula) over series = formula, 'edition_same', 'edition')
        when
            period_kind in ('ten_days', 'month') and steps_in like '%,' || month(period_end) || ',%'
            then 'step'
    end as definition_break,
    (select count(distinct every.period_code) from figures as every) as periods,
    dense_rank() over (order by abs(date_diff('day', period_end, $end::date)), period_code) as nearness
from figures
window series as (partition by org_code, basis order by period_end, period_start)
qualify dense_rank() over (order by abs(date_diff('day', period_end, $end::date)), period_code) <= $most
order by list_position(string_split($units, ','), org_code), basis, period_end, period_start
