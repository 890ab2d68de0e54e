-- Splits, merges, moves and new codes that a unit had a part in.
select
    change.changed_on, change.kind, change.old_code, old.org_name as old_name, change.new_code,
    new.org_name as new_name, change.weight, change.note
from core.org_change as change
left join core.org_unit as old on change.old_code = old.org_code
left join core.org_unit as new on change.new_code = new.org_code
where change.old_code = $org or change.new_code = $org
order by change.changed_on, change.old_code, change.new_code
