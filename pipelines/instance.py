"""A site's own Dagster instance: its settings, kept up to date, and runs that died without saying so.

`python -m pipelines.instance HOME` makes a site ready for `dagster dev` (see the Makefile).
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import dagster as dg
import yaml

from pipelines.errors import TaizhangError, TryAgain
from pipelines.settings import DAGSTER_SETTINGS, Home
from pipelines.warehouse.files import write_atomic
from pipelines.warehouse.lock import writer_lock

IN_PROGRESS = [dg.DagsterRunStatus.STARTING, dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.CANCELING]
UNFINISHED = [dg.DagsterRunStatus.QUEUED, *IN_PROGRESS]
GRACE = 120.0  # seconds: a run that has started takes the writer's lock much sooner
OWN_WORDS = {"concurrency": ("concurrency", "run_queue", "run_coordinator")}  # other ways to say the same


def bring_up_to_date(home: Home) -> None:
    """Adds to a site's dagster.yaml the settings that it lacks; what is written there stays as it is.

    Raises:
        TaizhangError: dagster.yaml is no YAML.
    """
    path = home.dagster / "dagster.yaml"
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    try:
        said = yaml.safe_load(text) or {}
        missing = [
            block for key, block in DAGSTER_SETTINGS.items() if not set(OWN_WORDS.get(key, (key,))) & said.keys()
        ]
    except (yaml.YAMLError, AttributeError) as error:
        raise TaizhangError(
            f"{path} 不是 YAML:{error}",
            f"{path} is no YAML: {error}",
            remedy_zh="改正它;或删去这个文件,下次运行时会写一个新的。",
            remedy_en="mend it, or remove the file: the next run writes a new one.",
        ) from error
    if missing:
        gap = "" if not text or text.endswith("\n") else "\n"
        write_atomic(path, f"{text}{gap}{''.join(missing)}".encode())


def unfinished_runs(instance: dg.DagsterInstance) -> list[dg.DagsterRun]:
    """Runs that wait or are in progress."""
    return list(instance.get_runs(filters=dg.RunsFilter(statuses=UNFINISHED)))


def end_dead_runs(instance: dg.DagsterInstance, home: Home, own_run: str | None = None) -> list[str]:
    """Marks runs as failed whose process is gone (killed, power cut), and returns their ids.

    Dagster shows such a run as going on for ever, and lets no other run of the queue begin. Whoever works on a site
    holds its writer lock: a run that began a while ago, without anybody holding the lock, is dead. `own_run` is the
    run that holds it now.
    """
    records = instance.get_run_records(filters=dg.RunsFilter(statuses=IN_PROGRESS))
    old = [
        record.dagster_run
        for record in records
        if record.dagster_run.run_id != own_run
        and time.time() - (record.start_time or record.create_timestamp.timestamp()) > GRACE
    ]
    if not old or (own_run is None and not _is_free(home)):
        return []
    for run in old:
        instance.report_run_failed(
            run,
            "这次运行的进程已不在(被终止或断电);下一夜会接着做完。"
            "The process of this run is gone (killed, or the power was cut); the next night finishes its work.",
        )
    return [run.run_id for run in old]


def _is_free(home: Home) -> bool:
    try:
        with writer_lock(home.path):
            return True
    except TryAgain:
        return False


def main() -> int:
    """Makes the site that is named ready for Dagster; says in both languages why it cannot be."""
    home = Home(Path(sys.argv[1]).expanduser().resolve())
    try:
        home.require()
        bring_up_to_date(home)
        os.environ["DAGSTER_HOME"] = str(home.dagster)
        with dg.DagsterInstance.from_config(str(home.dagster)) as instance:
            end_dead_runs(instance, home)
    except TaizhangError as error:
        print(f"错误: {error.text('zh')}\nerror: {error.text('en')}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
