"""When it runs."""

import dagster as dg

from pipelines.jobs import nightly

every_night = dg.ScheduleDefinition(
    name="every_night",
    job=nightly,
    cron_schedule="0 2 * * *",
    execution_timezone="Asia/Shanghai",
    description="每天凌晨两点。Every night at two.",
)
