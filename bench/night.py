"""One night on the shipped reports: the whole command against its limit, and what each part of it costs.

Limit: 20 s and 1 GiB for the whole process on 2 cores, everything installed. The parts are measured in processes of
their own, so that they can be set against the whole: the same steps without Dagster and without Great Expectations,
Dagster running as many empty assets, the import of Great Expectations.
"""

from __future__ import annotations

import os
import platform
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median

LIMIT_SECONDS = 20.0
LIMIT_MIB = 1024
RUNS = 3
ROOT = Path(__file__).resolve().parent.parent

STEPS_ALONE = """
import sys
from pathlib import Path
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


@dataclass
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


def fresh_home(folder: str, name: str) -> str:
    """A site with the shipped reports in its inbox."""
    from pipelines.cli.night import make_demo
    from pipelines.settings import Home

    home = Home(Path(folder) / name)
    make_demo(home, county=False)
    return str(home.path)


def main() -> None:
    """Prints the costs, their ratios to the whole, and whether the limit holds."""
    python = sys.executable
    parts: dict[str, list[Cost]] = {}
    with tempfile.TemporaryDirectory() as folder:
        for run in range(RUNS + 1):  # the first warms caches and is not counted
            commands = {
                "taizhang run, whole": [python, "-m", "pipelines.cli", "run", "--home", fresh_home(folder, f"a{run}")],
                "our steps alone": [python, "-c", STEPS_ALONE, fresh_home(folder, f"b{run}")],
                "Dagster, as many empty assets": [python, "-c", EMPTY_ASSETS, fresh_home(folder, f"c{run}")],
                "import great_expectations": [python, "-c", "import great_expectations"],
            }
            for name, command in commands.items():
                cost = measure(command)
                if run:
                    parts.setdefault(name, []).append(cost)
    report(parts)


def report(parts: dict[str, list[Cost]]) -> None:
    """The table: medians of one run of this benchmark."""
    print(f"machine   {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    print(f"data      {len(list((ROOT / 'data' / 'reports').glob('*.yaml')))} shipped reports; {RUNS} runs, medians\n")
    print(f"{'':32}{'wall s':>9}{'cpu s':>9}{'MiB':>9}{'of whole':>10}")
    whole = median(cost.wall for cost in parts["taizhang run, whole"])
    for name, costs in parts.items():
        wall, cpu, mib = (median(getattr(c, field) for c in costs) for field in ("wall", "cpu", "mib"))
        print(f"{name:32}{wall:9.1f}{cpu:9.1f}{mib:9.0f}{wall / whole:10.2f}")
    mib = max(cost.mib for cost in parts["taizhang run, whole"])
    kept = whole <= LIMIT_SECONDS and mib <= LIMIT_MIB
    print(f"\nlimit     {LIMIT_SECONDS:.0f} s and {LIMIT_MIB} MiB: {'kept' if kept else 'NOT KEPT'}")
    print(f"          {whole / LIMIT_SECONDS:.2f} of the time, {mib / LIMIT_MIB:.2f} of the memory")


if __name__ == "__main__":
    main()
