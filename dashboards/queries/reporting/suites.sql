-- The suites of expectations that this night ran before it published, in their order.
select replace(stage, 'expectations ', '') as suite, sum(seconds) as seconds, min(rowid) as place
from meta.run
where starts_with(stage, 'expectations ')
group by suite
order by place
