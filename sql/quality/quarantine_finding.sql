-- One row per cell of an accepted return that was not loaded.
-- key: rule_code, org_key, period_key, form_code, elements, cells, submission_id
-- kind: view
select
    'cell_quarantined' as rule_code,
    'warning' as severity,
    unit.org_key,
    period.period_key,
    submission.form_code,
    held.label as elements,
    held.printed as observed,
    held.reason as expected,
    '“' || held.printed || '”没有载入:'
    || case held.reason
        when 'not_a_number' then '不是数'
        when 'unknown_label' then '报表中没有“' || held.label || '”这一项'
        when 'no_label' then '这一行没有项目名称'
        when 'unknown_row_unit' then '填报单位下没有“' || held.label || '”这个单位'
        when 'ambiguous_row_unit' then '填报单位下同名的单位不止一个,请写单位代码(' || held.label || ')'
        when 'unknown_period' then '统计期看不懂'
        when 'unknown_column' then '不认识这一列“' || held.label || '”'
        when 'unknown_state' then '不认识状态“' || held.label || '”'
        when 'two_values' then '一个单元格里有两个数,报表没有说明第二个是什么'
        when 'formula_not_calculated' then '这里是没有算出结果的公式,请在 Excel 或 WPS 中打开、重算并保存后再报'
        when 'unknown_element' then '不认识数据元“' || held.label || '”'
        when 'unknown_org' then '不认识单位“' || held.label || '”'
        when 'unknown_breakdown' then '不认识分组“' || held.label || '”'
        when 'unknown_attribute' then '不认识属性组合“' || held.label || '”'
        when 'unknown_form_code' then '不认识报表或数据集“' || held.label || '”'
        when 'org_not_below' then '单位“' || held.label || '”不在填报单位之下'
        when 'ambiguous_id' then '对接表中编号“' || held.label || '”有几种意思'
        when 'stated_again' then '第 ' || held.label || ' 行已经报过同一项,请只留一行'
        else held.reason
    end || '。' as message_zh,
    '"' || held.printed || '" was not loaded: '
    || case held.reason
        when 'not_a_number' then 'it is no number'
        when 'unknown_label' then 'the form has no row "' || held.label || '"'
        when 'no_label' then 'its row has no label'
        when 'unknown_row_unit' then 'the sender has no unit "' || held.label || '" below it'
        when 'ambiguous_row_unit' then 'several units below the sender are so called; write a code: ' || held.label
        when 'unknown_period' then 'the period of its row cannot be read'
        when 'unknown_column' then 'its column "' || held.label || '" is unknown'
        when 'unknown_state' then 'the state "' || held.label || '" is unknown'
        when 'two_values' then 'the cell holds two numbers and the form does not say what the second one is'
        when 'formula_not_calculated'
            then 'it is a formula without a result; open the file in Excel or WPS, let it calculate, save and send it'
        when 'unknown_element' then 'the element "' || held.label || '" is unknown'
        when 'unknown_org' then 'the unit "' || held.label || '" is unknown'
        when 'unknown_breakdown' then 'the breakdown "' || held.label || '" is unknown'
        when 'unknown_attribute' then 'the attribute option combination "' || held.label || '" is unknown'
        when 'unknown_form_code' then 'the form or data set "' || held.label || '" is unknown'
        when 'org_not_below' then 'the unit "' || held.label || '" does not stand below the sender'
        when 'ambiguous_id' then 'the identifier "' || held.label || '" means several things in catalog/exchange/'
        when 'stated_again' then 'row ' || held.label || ' states the same figure; keep one of them'
        else held.reason
    end || '.' as message_en,
    held.submission_id,
    held.sheet,
    held.cell as cells
from intake.quarantine as held
inner join intake.submission as submission on held.submission_id = submission.submission_id
inner join core.org_unit as unit on submission.org_code = unit.org_code
inner join core.period as period on submission.period_code = period.period_code
where
    submission.state = 'accepted'
    -- Of the newest file of the return, which may hold it in several tables.
    and (submission.form_code, submission.org_code, submission.period_code, submission.receipt_id) in (
        select
            latest.form_code,
            latest.org_code,
            latest.period_code,
            arg_max(latest.receipt_id, latest.submission_key) as receipt_id
        from intake.submission as latest
        where latest.state = 'accepted'
        group by latest.form_code, latest.org_code, latest.period_code, latest.reported_by
    )
