-- One row per declared correction that no longer fits what its return says, or that has ended and is still needed.
-- key: finding_id
-- kind: view
select
    substr(md5(concat_ws('|', 'correction', correction.correction_id, correction.state)), 1, 16) as finding_id,
    'correction_' || correction.state as rule_code,
    case correction.state when 'expired' then 'question' else 'error' end as severity,
    correction.org_code,
    correction.period_code,
    correction.form_code,
    correction.element_code as elements,
    coalesce(correction.stated, 'nothing') as observed,
    coalesce(printf('%.15g', cast(correction.found_value as double)), correction.found_state) as expected,
    case correction.state
        when 'expired'
            then
                '更正已于 ' || correction.valid_until || ' 到期,不再生效;报表仍写着 '
                || coalesce(correction.stated, '(无)') || '。请下级更正报表,或重新登记更正。'
        else
            '登记的更正与报表对不上:更正针对的是 '
            || coalesce(printf('%.15g', cast(correction.found_value as double)), correction.found_state) || ',报表现在写着 '
            || coalesce(correction.stated, '(无)') || '。它没有生效;请核对后重新登记。'
    end as message_zh,
    case correction.state
        when 'expired'
            then
                'The correction ended on ' || correction.valid_until || ' and counts no more; the return still states '
                || coalesce(correction.stated, 'nothing') || '. Ask for a corrected return, or declare it again.'
        else
            'A declared correction does not fit the return: it was made for '
            || coalesce(printf('%.15g', cast(correction.found_value as double)), correction.found_state)
            || ', and the return states '
            || coalesce(correction.stated, 'nothing') || '. It does not count; look again and declare it anew.'
    end as message_en,
    correction.submission_id,
    '' as sheet,
    correction.cell as cells
from core.correction as correction
where
    correction.state = 'not_matching'
    or (
        correction.state = 'expired'
        and coalesce(correction.stated, 'nothing')
        <> coalesce(printf('%.15g', cast(correction.corrected_value as double)), correction.corrected_state)
    )
