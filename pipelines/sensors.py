"""The inbox as a reason to run: a night when files have come and nobody is writing them any more."""

from __future__ import annotations

import time

import dagster as dg

from pipelines.instance import end_dead_runs, unfinished_runs
from pipelines.jobs import nightly
from pipelines.settings import Home, default_home
from pipelines.warehouse.inbox import signs
from pipelines.warehouse.settled import Look, look, remembered


@dg.sensor(
    name="inbox",
    job=nightly,
    minimum_interval_seconds=30,
    default_status=dg.DefaultSensorStatus.STOPPED,
    description="收件箱里来了文件、且一段时间没有再变,就运行一夜。A night when files have come and no longer change.",
)
def inbox(context: dg.SensorEvaluationContext) -> dg.RunRequest | dg.SkipReason:
    """Asks for one run of `nightly` for each set of settled files, none while a run is in progress."""
    home = Home(default_home().resolve())
    home.require()
    end_dead_runs(context.instance, home)
    busy = len(unfinished_runs(context.instance))
    seconds = home.inbox_settle_seconds
    found = look(signs(home.inbox), remembered(context.cursor), time.time(), seconds, free=not busy)
    context.update_cursor(found.memory.text())
    if found.key:
        return dg.RunRequest(run_key=found.key, tags={"taizhang/files": str(found.settled)})
    return dg.SkipReason(_why(found, busy, seconds))


def _why(found: Look, busy: int, seconds: float) -> str:
    """Why no night is asked for, in Chinese and English."""
    if busy:
        return f"有 {busy} 次运行还没有结束,等它结束。 {busy} run(s) have not ended yet; waiting for them."
    if found.again_in:
        minutes = max(round(found.again_in / 60), 1)
        return (
            f"已为这 {found.settled} 个文件运行过一夜,而它们仍在收件箱:请看上一次运行。{minutes} 分钟后再试。 "
            f"A night has run for these {found.settled} file(s) and they are still in the inbox: see the last run. "
            f"Tried again in {minutes} minute(s)."
        )
    if found.changing:
        return (
            f"收件箱里有 {found.changing} 个文件还在变化,或没有变化还不到 {seconds:g} 秒。 "
            f"{found.changing} file(s) in the inbox still change, or have been unchanged for less than {seconds:g} s."
        )
    return "收件箱里没有新的报表。 There is no new return in the inbox."
