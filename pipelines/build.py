"""The composition root: everything that the Dagster code location holds, put together in one place."""

from __future__ import annotations

import dagster as dg

import assets
from pipelines import checks, jobs, schedules, sensors
from pipelines.resources import night_of_home
from pipelines.warehouse.night import Night


def build_defs(night: Night | None = None) -> dg.Definitions:
    """The definitions; with `night` the runs work on that one instead of opening the site of TAIZHANG_HOME."""
    resource = night_of_home if night is None else dg.ResourceDefinition.hardcoded_resource(night)
    return dg.Definitions(
        assets=assets.all_assets(),
        asset_checks=checks.all_checks(),
        jobs=[jobs.nightly, jobs.one_period],
        schedules=[schedules.every_night],
        sensors=[sensors.inbox],
        resources={"night": resource},
        executor=dg.in_process_executor,
    )
