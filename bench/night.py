"""A night as a whole against its limit, and what each part of it costs; here on the shipped reports.

Limit: 20 s and 1 GiB for the whole process on 2 cores, everything installed. The parts are measured in processes of
their own, so that they can be set against the whole: the same steps without Dagster, with and without Great
Expectations' suites; Dagster running as many empty assets; the import of Great Expectations. What the whole takes
above the steps with the suites is Dagster's share.
"""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from pipelines.settings import Home

ROOT = Path(__file__).resolve().parent.parent
WHOLE, SUITES = "taizhang run, whole", "our steps and the suites"
STEPS_ALONE = """
import sys
from pathlib import Path
from expectations.engine import suite_tables, validate
from pipelines.settings import Home
from pipelines.sql import selects
from pipelines.warehouse import night as steps
from pipelines.warehouse.release import publish
with steps.open_night(Home(Path(sys.argv[1]))) as night:
    steps.read_catalog(night)
    steps.receive(night)
    steps.set_clock(night)
    for select in selects().values():
        steps.derive(night, select)
    if sys.argv[2:] == ["suites"]:
        assert all(result.passed for result in validate(night.con, suite_tables()).values())
    publish(night)
"""
EMPTY_ASSETS = """
import sys
import dagster as dg
from pipelines.build import build_defs
count = len(build_defs().resolve_asset_graph().get_all_asset_keys())
def make(number):
    @dg.asset(name=f"empty_{number}", deps=[f"empty_{number - 1}"] if number else [])
    def empty() -> None: ...
    return empty
assets = [make(number) for number in range(count)]
defs = dg.Definitions(assets=assets, jobs=[dg.define_asset_job("all")], executor=dg.in_process_executor)
with dg.DagsterInstance.from_config(sys.argv[1] + "/dagster") as instance:
    quiet = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
    defs.resolve_job_def("all").execute_in_process(instance=instance, run_config=quiet)
"""


@dataclass(frozen=True)
class Subject:
    """What a night is measured on: how its site is made, how often it is run, and the limit of the whole."""

    data: str
    prepare: Callable[[Home], None]
    runs: int
    seconds: float
    mib: float


@dataclass(frozen=True)
class Cost:
    """What a process took: wall seconds, processor seconds, MiB of its peak."""

    wall: float
    cpu: float
    mib: float


def measure(command: list[str]) -> Cost:
    """Runs a command to its end and returns what the system says that it took."""
    started = time.perf_counter()
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - started
    if os.waitstatus_to_exitcode(status) != 0:
        raise SystemExit(f"failed: {' '.join(command)[:200]}")
    return Cost(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def measure_night(subject: Subject) -> None:
    """Prints the costs, their ratios to the whole, and whether the limit holds."""
    python = sys.executable
    commands = {
        WHOLE: [python, "-m", "pipelines.cli", "run", "--home"],
        SUITES: [python, "-c", STEPS_ALONE],
        "our steps alone": [python, "-c", STEPS_ALONE],
        "Dagster, as many empty assets": [python, "-c", EMPTY_ASSETS],
        "import great_expectations": [python, "-c", "import great_expectations"],
    }
    parts: dict[str, list[Cost]] = {name: [] for name in commands}
    with tempfile.TemporaryDirectory() as folder:
        ready, home = Home(Path(folder) / "ready"), Path(folder) / "site"
        subject.prepare(ready)
        measure([*commands[SUITES], str(shutil.copytree(ready.path, home)), "suites"])  # warms caches, is not counted
        for _ in range(subject.runs):
            for name, command in commands.items():
                shutil.rmtree(home)
                shutil.copytree(ready.path, home)
                parts[name].append(measure([*command, str(home), *(["suites"] if name == SUITES else [])]))
    report(subject, parts)


def machine() -> str:
    """What it was measured on, and whether something else ran."""
    cores, load = os.cpu_count(), os.getloadavg()[0]
    return f"{platform.machine()}, {cores} cores, load {load:.1f}, Python {platform.python_version()}"


def report(subject: Subject, parts: dict[str, list[Cost]]) -> None:
    """The table: medians of one run of this benchmark."""
    print(f"machine   {machine()}")
    print(f"data      {subject.data}; {subject.runs} run(s), medians\n")
    print(f"{'':32}{'wall s':>9}{'cpu s':>9}{'MiB':>9}{'of whole':>10}")
    wall = {name: median(cost.wall for cost in costs) for name, costs in parts.items()}
    for name, costs in parts.items():
        cpu, mib = median(cost.cpu for cost in costs), median(cost.mib for cost in costs)
        print(f"{name:32}{wall[name]:9.1f}{cpu:9.1f}{mib:9.0f}{wall[name] / wall[WHOLE]:10.2f}")
    share = wall[WHOLE] - wall[SUITES]
    print(f"{'Dagster: whole less the above':32}{share:9.1f}{'':18}{share / wall[WHOLE]:10.2f}")
    verdict(subject.seconds, subject.mib, wall[WHOLE], max(cost.mib for cost in parts[WHOLE]))


def verdict(limit_seconds: float, limit_mib: float, seconds: float, mib: float) -> None:
    """Whether a limit holds, and how much of it was used."""
    kept = seconds <= limit_seconds and mib <= limit_mib
    print(f"\nlimit     {limit_seconds:.0f} s and {limit_mib:.0f} MiB: {'kept' if kept else 'NOT KEPT'}")
    print(f"          {seconds / limit_seconds:.2f} of the time, {mib / limit_mib:.2f} of the memory")


def main() -> None:
    """A night on the shipped reports."""
    from pipelines.cli.night import make_demo

    def prepare(home: Home) -> None:
        make_demo(home, county=False)

    files = len(list((ROOT / "data" / "reports").glob("*.yaml")))
    measure_night(Subject(f"{files} shipped reports", prepare, runs=3, seconds=20, mib=1024))


if __name__ == "__main__":
    main()
