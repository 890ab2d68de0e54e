-- One row per organisation, period, element and breakdown that a rate needs and is not stated for this period.
-- key: org_key, period_key, element_key, breakdown_key
-- kind: scoped table
-- portable: yes
-- A flow where its shorter statements are complete; a stock as it was last stated, not longer ago than its carry. So
-- both sides of a rate are found for the shortest period that they share, whatever each is reported for.
with
wanted as (
    select distinct
        term.element_key,
        element.kind,
        coalesce(element.carry_months, 12) as carry_months
    from catalog.indicator_term as term
    inner join catalog.element as element on term.element_key = element.element_key
    where term.term_period = 'same' and term.term_level = 'own' and element.kind in ('flow', 'stock')
),

spoken as (
    select distinct
        chosen.org_key,
        chosen.period_key,
        self.period_end
    from store.fact_chosen as chosen
    inner join store.period_part as self on chosen.period_key = self.part_key and self.period_basis = 'stated'
    where self.depth > 0
),

asked as (
    select spoken.*
    from spoken
    inner join run.scope as scope on spoken.org_key = scope.org_key and spoken.period_key = scope.period_key
),

-- Most units state everything for the same periods: only those with several periods can lack something.
several as (
    select org_key
    from spoken
    group by org_key
    having count(*) > 1
),

known as (
    select
        chosen.org_key,
        chosen.period_key,
        chosen.element_key,
        chosen.breakdown_key,
        chosen.value,
        coalesce(form.row_level = unit.org_level, false) as is_row,
        coalesce(finality.finality_rank, 1) as finality_rank,
        self.period_end,
        -- Of two statements for the same last day the one for the shorter period.
        date_diff('day', date '1900-01-01', self.period_end) * 10 - self.depth as newness,
        wanted.kind,
        wanted.carry_months
    from store.fact_chosen as chosen
    inner join wanted on chosen.element_key = wanted.element_key
    inner join several on chosen.org_key = several.org_key
    inner join catalog.form as form on chosen.form_key = form.form_key
    inner join core.org_unit as unit on chosen.org_key = unit.org_key
    inner join store.period_part as self on chosen.period_key = self.part_key and self.period_basis = 'stated'
    left join store.submission_finality as finality on chosen.submission_key = finality.submission_key
    where chosen.value is not null and self.depth > 0
),

found as (
    select
        asked.org_key,
        asked.period_key,
        known.element_key,
        known.breakdown_key,
        max_by(known.value, known.newness) as value,
        max_by(known.is_row, known.newness) as is_row,
        max_by(known.finality_rank, known.newness) as finality_rank
    from asked
    inner join known
        on
            asked.org_key = known.org_key
            and known.kind = 'stock'
            and known.period_key <> asked.period_key
            and known.period_end <= asked.period_end
            and date_diff('month', known.period_end, asked.period_end) < known.carry_months
    group by asked.org_key, asked.period_key, known.element_key, known.breakdown_key
    union all
    select
        sums.org_key,
        sums.period_key,
        sums.element_key,
        sums.breakdown_key,
        sums.value,
        sums.row_thirds = sums.whole_thirds as is_row,
        sums.finality_rank
    from store.element_sum as sums
    inner join wanted on sums.element_key = wanted.element_key and wanted.kind = 'flow'
    inner join asked on sums.org_key = asked.org_key and sums.period_key = asked.period_key
    where sums.thirds = sums.whole_thirds
)

select
    found.org_key,
    found.period_key,
    found.element_key,
    found.breakdown_key,
    found.value,
    coalesce(found.is_row, false) as is_row,
    found.finality_rank
from found
anti join known
    on
        found.org_key = known.org_key
        and found.period_key = known.period_key
        and found.element_key = known.element_key
        and found.breakdown_key = known.breakdown_key
order by found.org_key, found.period_key, found.element_key, found.breakdown_key
