"""The catalog: read and checked as a whole, and searched, against its limit of one second beyond imports.

Each run is a process of its own that measures itself after its imports; the second number is what the whole command
`taizhang catalog check` takes, imports and all.
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
from statistics import median

from bench.night import ROOT, measure

LIMIT_SECONDS = 1.0
RUNS = 5
ONCE = """
import json, time, polars  # the register of organisations imports it where it is used
from pathlib import Path
from pipelines.catalog.load import load_catalog
from pipelines.catalog.search import find
started = time.perf_counter()
catalog = load_catalog(Path("catalog"))
loaded = time.perf_counter()
find(catalog, ["ycfxtgl"])
found = time.perf_counter()
counts = {name: len(value) for name, value in vars(catalog).items() if isinstance(value, dict)}
print(json.dumps({"load": loaded - started, "find": found - loaded, "counts": counts}))
"""


def once() -> dict[str, object]:
    """One run in a fresh process."""
    said = subprocess.run([sys.executable, "-c", ONCE], cwd=ROOT, capture_output=True, check=True)
    told: dict[str, object] = json.loads(said.stdout)
    return told


def main() -> None:
    """Prints the medians and whether the limit holds."""
    once()  # warms caches and is not counted
    runs = [once() for _ in range(RUNS)]
    load, find = (median(float(str(run[name])) for run in runs) for name in ("load", "find"))
    whole = median(measure([sys.executable, "-m", "pipelines.cli", "catalog", "check"]).wall for _ in range(RUNS))
    counts = runs[0]["counts"]
    assert isinstance(counts, dict)
    lines = sum(len(path.read_text("utf-8").splitlines()) for path in (ROOT / "catalog").rglob("*.yaml"))
    print(f"machine   {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    held = ", ".join(f"{counts[name]} {name}" for name in ("elements", "indicators", "forms", "rules", "obligations"))
    print(f"data      the shipped catalog: {lines} lines, {held}; {RUNS} runs, medians\n")
    print(f"read and check, beyond imports     {load:6.2f} s")
    print(f"search in pinyin, beyond imports   {find:6.2f} s")
    print(f"taizhang catalog check, whole      {whole:6.2f} s")
    kept = load <= LIMIT_SECONDS and find <= LIMIT_SECONDS
    print(f"\nlimit     {LIMIT_SECONDS:.0f} s each beyond imports: {'kept' if kept else 'NOT KEPT'}")
    print(f"          {load / LIMIT_SECONDS:.2f} and {find / LIMIT_SECONDS:.2f} of it")


if __name__ == "__main__":
    main()
