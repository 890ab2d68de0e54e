-- One row per figure and target in force, and per figure without one: whether the target is met, and how surely.
-- key: org_key, period_key, edition_key, breakdown_key, basis, period_basis, scope_rank
-- kind: view
-- The interval that covers the target makes it uncertain. Targets are set for totals, not for parts of a breakdown.
select
    figure.*,
    label.indicator_key,
    label.indicator_code,
    label.standard,
    label.edition,
    label.steps_in,
    label.formula,
    label.indicator_name_zh,
    label.indicator_name_en,
    label.domain,
    label.unit,
    label.better,
    label.domain_zh,
    label.domain_en,
    label.shown_as,
    label.standard_zh,
    label.standard_en,
    coalesce(target.scope_rank, 1) as scope_rank,
    target.target_code,
    target.target_value,
    target.comparator,
    case
        when target.target_value is null or figure.value is null then 'no_target'
        when
            case target.comparator
                when '>=' then figure.value >= target.target_value
                when '>' then figure.value > target.target_value
                when '<=' then figure.value <= target.target_value
                when '<' then figure.value < target.target_value
                else round(figure.value, 2) = target.target_value
            end
            then case
                when target.target_value > figure.lower and target.target_value < figure.upper then 'met_uncertain'
                else 'met'
            end
        when target.target_value > figure.lower and target.target_value < figure.upper then 'not_met_uncertain'
        else 'not_met'
    end as target_status
from store.indicator_value as figure
inner join store.edition_label as label on figure.edition_key = label.edition_key
left join store.indicator_target as target
    on
        figure.org_key = target.org_key
        and figure.period_key = target.period_key
        and label.indicator_key = target.indicator_key
        and figure.breakdown_key = 0
