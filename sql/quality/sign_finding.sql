-- One row per approved return whose figures a later file changed, and per sign-off of a return that was never sent.
-- key: finding_id
-- kind: table
-- A sign after the change (approved, closed, or open again with a reason) settles it.
with
again as (
    select distinct
        sent.form_code,
        sent.org_code,
        sent.reported_by,
        sent.period_code
    from intake.submission as sent
    where sent.state = 'accepted' and sent.revision > 1
),

-- The files of the returns that were sent more than once.
files as (
    select
        sent.form_code,
        sent.org_code,
        sent.reported_by,
        sent.period_code,
        sent.receipt_id,
        min(sent.submission_key) as first_key,
        max(sent.submission_key) as last_key,
        max(sent.revision) as revision,
        max(signature.name) as approver
    from intake.submission as sent
    inner join again
        on
            sent.form_code = again.form_code
            and sent.org_code = again.org_code
            and sent.reported_by = again.reported_by
            and sent.period_code = again.period_code
    left join intake.signature as signature
        on sent.submission_id = signature.submission_id and signature.role = 'approver'
    where sent.state = 'accepted'
    group by sent.form_code, sent.org_code, sent.reported_by, sent.period_code, sent.receipt_id
),

-- What approved a return, or opened it: a file's foot, or a sign.
events as (
    select
        form_code,
        org_code,
        reported_by,
        period_code,
        last_key as at_key,
        0 as sign_number,
        'approved' as state,
        approver as who
    from files
    where approver is not null
    union all
    select distinct
        files.form_code,
        files.org_code,
        files.reported_by,
        files.period_code,
        sign.submission_key as at_key,
        sign.sign_number,
        sign.state,
        sign.who
    from files
    inner join intake.sign as sign
        on
            files.form_code = sign.form_code
            and files.org_code = sign.org_code
            and files.period_code = sign.period_code
),

newest as (
    select
        form_code,
        org_code,
        reported_by,
        period_code,
        max(last_key) as last_key,
        arg_max(first_key, last_key) as first_key,
        max(revision) as revision
    from files
    group by form_code, org_code, reported_by, period_code
),

-- The last event before the newest file, where no sign came after it.
judged as (
    select
        newest.*,
        events.at_key,
        events.state,
        events.who,
        row_number() over (
            partition by newest.form_code, newest.org_code, newest.reported_by, newest.period_code
            order by events.at_key desc, events.sign_number desc
        ) as lateness
    from newest
    inner join events
        on
            newest.form_code = events.form_code
            and newest.org_code = events.org_code
            and newest.reported_by = events.reported_by
            and newest.period_code = events.period_code
            and newest.first_key > events.at_key
    where
        not exists (
            select 1
            from intake.sign as later
            where
                later.form_code = newest.form_code
                and later.org_code = newest.org_code
                and later.period_code = newest.period_code
                and later.submission_key >= newest.last_key
        )
),

changed as (
    select
        judged.form_code,
        judged.org_code,
        judged.reported_by,
        judged.period_code,
        judged.last_key,
        judged.revision,
        judged.who,
        element.element_code,
        breakdown.breakdown_code,
        subject.org_code as subject_code,
        element.name_zh,
        element.name_en,
        fact.cell,
        coalesce(printf('%.15g', cast(fact.value as double)), fact.state) as now_said,
        (
            select arg_max(coalesce(printf('%.15g', cast(old.value as double)), old.state), old.submission_key)
            from store.fact_history as old
            where
                old.org_key = fact.org_key
                and old.period_key = fact.period_key
                and old.element_key = fact.element_key
                and old.breakdown_key = fact.breakdown_key
                and old.form_key = fact.form_key
                and old.reported_by_key = fact.reported_by_key
                and old.occurrence = fact.occurrence
                and old.submission_key <= judged.at_key
        ) as then_said
    from judged
    inner join intake.submission as sent
        on
            judged.form_code = sent.form_code
            and judged.org_code = sent.org_code
            and judged.reported_by = sent.reported_by
            and judged.period_code = sent.period_code
            and judged.at_key < sent.submission_key
            and sent.state = 'accepted'
    inner join store.fact_history as fact on sent.submission_key = fact.submission_key and fact.known_to is null
    inner join catalog.element as element on fact.element_key = element.element_key
    inner join catalog.breakdown as breakdown on fact.breakdown_key = breakdown.breakdown_key
    inner join core.org_unit as subject on fact.org_key = subject.org_key
    where judged.lateness = 1 and judged.state <> 'open'
),

ranked as (
    select
        changed.*,
        row_number() over (
            partition by form_code, org_code, reported_by, period_code
            order by element_code, breakdown_code, subject_code
        ) as place
    from changed
    where now_said is distinct from then_said
),

told as (
    select
        form_code,
        org_code,
        reported_by,
        period_code,
        last_key,
        revision,
        who,
        count(*) as figures,
        string_agg(distinct element_code, ',' order by element_code) as elements,
        string_agg(distinct cell, ',' order by cell) as cells,
        string_agg(
            case
                when place <= 5
                    then subject_code || ' ' || name_zh || ' ' || coalesce(then_said, '(无)') || '→' || now_said
            end, ';' order by place
        ) as changes_zh,
        string_agg(
            case
                when place <= 5
                    then subject_code || ' ' || name_en || ' ' || coalesce(then_said, 'nothing') || ' → ' || now_said
            end, '; ' order by place
        ) as changes_en
    from ranked
    group by form_code, org_code, reported_by, period_code, last_key, revision, who
),

found as (
    select
        'approved_revised' as rule_code,
        'warning' as severity,
        told.org_code,
        told.period_code,
        told.form_code,
        told.elements,
        told.changes_en as observed,
        told.who as expected,
        '这张报表已由 ' || told.who || ' 审核,后来又报来第 ' || told.revision || ' 次,改了 ' || told.figures || ' 个数:'
        || told.changes_zh || case when told.figures > 5 then '……' else '' end || '。请核对后再审核:taizhang sign '
        || told.form_code || ' --org ' || told.org_code || ' --period ' || told.period_code || ' --state approved。'
            as message_zh,
        'This return was approved by ' || told.who || '; a later file (revision ' || told.revision || ') changed '
        || told.figures || ' figure(s): ' || told.changes_en || case when told.figures > 5 then ' …' else '' end
        || '. Look at it and approve it anew: taizhang sign ' || told.form_code || ' --org ' || told.org_code
        || ' --period ' || told.period_code || ' --state approved.' as message_en,
        submission.submission_id,
        submission.sheet,
        told.cells
    from told
    inner join intake.submission as submission on told.last_key = submission.submission_key
    union all
    select
        'sign_unmatched' as rule_code,
        'warning' as severity,
        unit.org_code,
        period.period_code,
        form.form_code,
        sign.form_code || ' ' || sign.org_code || ' ' || sign.period_code as elements,
        sign.state as observed,
        sign.who as expected,
        sign.who || ' 审核或定案了 ' || sign.org_code || ' ' || sign.period_code || ' 的 ' || sign.form_code
        || ',但没有收下这张报表。它不起作用;请核对名册和目录的改动。' as message_zh,
        sign.who || ' signed ' || sign.form_code || ' of ' || sign.org_code || ' for ' || sign.period_code
        || ', but no such return was accepted. It has no effect; look at what changed in register and catalog.'
            as message_en,
        cast(null as varchar) as submission_id,
        '' as sheet,
        '' as cells
    from intake.sign as sign
    left join core.org_unit as unit on sign.org_code = unit.org_code
    left join core.period as period on sign.period_code = period.period_code
    left join catalog.form as form on sign.form_code = form.form_code
    where
        sign.state <> 'open'
        and not exists (
            select 1
            from intake.submission as sent
            where
                sent.state = 'accepted'
                and sent.form_code = sign.form_code
                and sent.org_code = sign.org_code
                and sent.period_code = sign.period_code
        )
)

select
    substr(
        md5(
            concat_ws(
                '|', rule_code, form_code, org_code, period_code, elements, observed, expected,
                coalesce(submission_id, '')
            )
        ), 1, 16
    ) as finding_id,
    rule_code,
    severity,
    org_code,
    period_code,
    form_code,
    elements,
    observed,
    expected,
    message_zh,
    message_en,
    submission_id,
    sheet,
    cells
from found
order by finding_id
