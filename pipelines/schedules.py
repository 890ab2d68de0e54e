"""When it runs."""

import dagster as dg

from pipelines.instance import end_dead_runs
from pipelines.jobs import nightly
from pipelines.settings import Home, default_home


@dg.schedule(
    name="every_night",
    job=nightly,
    cron_schedule="0 2 * * *",
    execution_timezone="Asia/Shanghai",
    default_status=dg.DefaultScheduleStatus.STOPPED,
    description="每天凌晨两点运行一夜。 A night every day at two.",
)
def every_night(context: dg.ScheduleEvaluationContext) -> dg.RunRequest:
    """Asks for a night, after the queue was freed of runs that died."""
    end_dead_runs(context.instance, Home(default_home().resolve()))
    return dg.RunRequest()
