"""What assets share: the night of a site, opened when a run starts and closed when it ends."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

import dagster as dg

from pipelines.errors import TaizhangError
from pipelines.instance import end_dead_runs
from pipelines.partitions import PERIOD_JOB, months_of_run
from pipelines.settings import Home, default_home
from pipelines.warehouse.again import Again, in_months
from pipelines.warehouse.night import Night, is_file, open_night

SECONDS = 5.0


@dg.resource(description="The night of the site in TAIZHANG_HOME; holds the writer's lock while a run lasts.")
@contextmanager
def night_of_home(context: dg.InitResourceContext) -> Iterator[Night]:
    """Opens the site for a run that Dagster itself started."""
    home, again = Home(default_home().resolve()), _again(context)
    with open_night(home, again=again, progress=_Progress(context.log)) as night:
        if context.instance and context.run:
            end_dead_runs(context.instance, home, own_run=context.run.run_id)
        yield night


class _Progress:
    """Says in the run's log which file is being read, every few seconds: a line costs as much as reading a file."""

    def __init__(self, log: dg.DagsterLogManager | None) -> None:
        self.log, self.last = log, 0.0

    def __call__(self, name: str) -> None:
        if self.log and is_file(name) and time.monotonic() - self.last > SECONDS:
            self.last = time.monotonic()
            self.log.info(name)


def _again(context: dg.InitResourceContext) -> Again | None:
    """What the run is to compute anew, by its months.

    Raises:
        TaizhangError: the job needs months, and the run names none.
    """
    if not context.run or not context.instance:
        return None
    months = months_of_run(context.run.tags, context.instance)
    if not months and context.run.job_name == PERIOD_JOB:
        raise TaizhangError(
            f"作业 {PERIOD_JOB} 要选月份,这次运行没有选。",
            f"The job {PERIOD_JOB} needs a month; this run names none.",
            remedy_zh="在作业页按 Materialize all…,选好月份;或运行 taizhang run --period 2014。",
            remedy_en="press Materialize all… on the job's page and choose months; or run taizhang run --period 2014.",
        )
    return in_months(months) if months else None
