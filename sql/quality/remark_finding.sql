-- One row per remark on a cell of a return that counts: a unit, a count, a row that a revision left out.
-- key: rule_code, org_key, period_key, form_code, elements, cells, submission_id
-- kind: view
select
    remark.rule_code,
    case remark.rule_code
        when 'count_not_whole' then 'error'
        when 'count_negative' then 'error'
        when 'unit_mismatch' then 'warning'
        when 'period_disagrees' then 'warning'
        when 'unit_disagrees' then 'warning'
        else 'question'
    end as severity,
    remark.org_key,
    remark.period_key,
    submission.form_code,
    remark.element_code as elements,
    remark.observed,
    remark.expected,
    case remark.rule_code
        when 'unit_mismatch' then '计量单位写的是“' || remark.observed || '”,该项应以“' || remark.expected || '”计。'
        when 'period_tick' then '报送周期勾的是“' || remark.observed || '”,报告期却是“' || remark.expected || '”。'
        when 'period_disagrees'
            then '表内报告期是 ' || remark.expected || ',标题或文件名却写“' || remark.observed || '”,按表内报告期载入。'
        when 'unit_disagrees'
            then '表内填报单位是“' || remark.expected || '”,文件却在“' || remark.observed || '”的收件夹,按表内单位载入。'
        when 'hidden_cells' then '有隐藏的' || remark.observed || ',其中的数照样载入,请确认不是误留的旧数。'
        when 'count_not_whole' then '计数写成了 ' || remark.observed || ',应为整数。'
        when 'count_negative' then '计数为负:' || remark.observed || '。'
        else
            '更正报表没有给出“' || coalesce(element.name_zh, indicator.name_zh, remark.element_code)
            || '”(没有这一行,或单元格没有载入),沿用这里原来报的数。'
    end as message_zh,
    case remark.rule_code
        when 'unit_mismatch'
            then 'The unit printed is "' || remark.observed || '"; this is counted in "' || remark.expected || '".'
        when 'period_tick'
            then 'The box ticked is "' || remark.observed || '", but the period is a "' || remark.expected || '".'
        when 'period_disagrees'
            then
                'The sheet''s head says ' || remark.expected || ', its title or the file''s name "' || remark.observed
                || '"; loaded under what the head says.'
        when 'unit_disagrees'
            then
                'The sheet''s head names "' || remark.expected || '", but the file lay in the folder of "'
                || remark.observed || '"; loaded for the unit of the head.'
        when 'hidden_cells'
            then 'Hidden: ' || remark.observed || '. What stands there is loaded; make sure that it is no old figure.'
        when 'count_not_whole' then 'A count is given as ' || remark.observed || '; it must be a whole number.'
        when 'count_negative' then 'A count is negative: ' || remark.observed || '.'
        else
            'The revised return gives no "' || coalesce(element.name_en, indicator.name_en, remark.element_code)
            || '" (no such row, or its cell was not loaded); the value stated here before stays.'
    end as message_en,
    submission.submission_id,
    submission.sheet,
    remark.cell as cells
from intake.remark as remark
inner join intake.submission as submission on remark.submission_key = submission.submission_key
left join catalog.element as element on remark.element_code = element.element_code
left join catalog.indicator as indicator on remark.element_code = indicator.indicator_code
where
    -- A remark counts while the figure of its cell does, whichever revision stated it and unless it is corrected;
    -- one on a whole table, while any figure of the newest file of that return does.
    exists (
        select 1
        from store.fact_current as fact
        where
            fact.submission_key = remark.submission_key
            and (fact.cell = remark.cell or remark.element_code = '')
            and fact.correction_key is null
    )
    and (
        remark.element_code <> ''
        or (submission.form_code, submission.org_code, submission.period_code, submission.receipt_id) in (
            select
                latest.form_code,
                latest.org_code,
                latest.period_code,
                arg_max(latest.receipt_id, latest.submission_key) as receipt_id
            from intake.submission as latest
            where latest.state = 'accepted'
            group by latest.form_code, latest.org_code, latest.period_code, latest.reported_by
        )
    )
    or exists (
        select 1
        from store.claim_history as claim
        where
            claim.submission_key = remark.submission_key
            and claim.cell = remark.cell
            and claim.known_to is null
    )
