"""The intake against the bare reader library: 2,000 workbooks of 30 × 40 cells, and one of 200,000 × 20.

From the inbox into facts with the addresses of their cells. Limits: at least 25 % of the speed of python-calamine on
one core and 45 % on two, at least 8 times openpyxl and pandas as people write it, memory flat in the number of files.
`taking` is the part of the seconds in which files become durable in archive and journal (the disk's, two confirmations
a file); `cpu` sets the processors' seconds against each other, which a busy machine changes least. Each way runs in a
process of its own; all of a table are of one run. `python -m bench.intake 0.1` measures a tenth.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from bench.intake_files import Shape, prepare
from bench.night import ROOT, machine
from pipelines.settings import Home

SMALL, BIG = Shape(2000, 30, 40), Shape(1, 200_000, 20)
ONE_CORE, TWO_CORES, PEOPLE = 0.25, 0.45, 8.0
FLAT = 1.25  # times the memory of a quarter of the files
OF_PEOPLE = 0.1  # of the small files are enough to know how slow that is


@dataclass(frozen=True)
class Run:
    """One way: seconds, those of processors and of taking in, figures, MiB of the process and of its largest child."""

    cells: int
    seconds: float
    cpu: float
    taking: float
    figures: int
    mib: list[float]

    @property
    def speed(self) -> float:
        """Cells a second."""
        return self.cells / self.seconds


def main(share: float = 1.0) -> None:
    """Prints both tables."""
    print(f"machine   {machine()}")
    print("          seconds without imports and catalog, with the start of the reading processes; one run each")
    small = Shape(max(12, int(SMALL.files * share)), SMALL.rows, SMALL.columns)
    with tempfile.TemporaryDirectory() as folder:
        _table(Path(folder), small)
        _table(Path(folder), Shape(1, max(1000, int(BIG.rows * share)), BIG.columns))


def _table(folder: Path, shape: Shape) -> None:
    ready = Home(folder / f"{shape.files}-{shape.rows}")
    prepare(ready, shape)
    few = Shape(max(1, int(shape.files * OF_PEOPLE)), shape.rows, shape.columns)
    quarter = Shape(max(1, shape.files // 4), shape.rows, shape.columns)
    runs = {
        "python-calamine alone": _run("bare", ready, shape, 1),
        "intake, one core": _run("ours", ready, shape, 1),
        "intake, two cores": _run("ours", ready, shape, 2),
        "openpyxl and pandas": _run("people", ready, few, 1),
    }
    print(f"\ndata      {shape.files:,} workbooks of {shape.rows:,} × {shape.columns} cells, {shape.facts:,} figures")
    print(f"          openpyxl and pandas: {few.files:,} of them\n")
    heads = ("s", "taking", "cpu s", "cells a s", "MiB", "reader", "of bare", "cpu", "limit")
    widths = (8, 8, 8, 12, 6, 8, 9, 7, 7)
    print(" " * 22 + "".join(f"{head:>{width}}" for head, width in zip(heads, widths, strict=True)))
    base = runs["python-calamine alone"]
    for (name, run), least in zip(runs.items(), (None, ONE_CORE, TWO_CORES, None), strict=True):
        told = f"{least:7.2f}" if least else ""
        own, theirs = run.mib
        work = base.cpu / base.cells * run.cells / run.cpu
        print(
            f"{name:22}{run.seconds:8.2f}{run.taking:8.2f}{run.cpu:8.2f}{run.speed:12,.0f}{own:6.0f}{theirs:8.0f}"
            f"{run.speed / base.speed:9.3f}{work:7.3f}{told}"
        )
    _verdict(runs, shape)
    if shape.files > 1:
        _memory(_run("ours", ready, quarter, 2), runs["intake, two cores"], quarter, shape)


def _verdict(runs: dict[str, Run], shape: Shape) -> None:
    bare, one, two, people = runs.values()
    for name, found, least in (
        ("one core, of the bare reader", one.speed / bare.speed, ONE_CORE),
        ("two cores, of the bare reader", two.speed / bare.speed, TWO_CORES),
        ("one core, times openpyxl and pandas", one.speed / people.speed, PEOPLE),
    ):
        print(f"limit     {name}: {found:.2f}, at least {least:g}: {'kept' if found >= least else 'NOT KEPT'}")
    if one.figures != shape.facts or two.figures != shape.facts:
        raise SystemExit(f"{one.figures} and {two.figures} figures came out of {shape.facts}")


def _memory(quarter: Run, whole: Run, few: Shape, shape: Shape) -> None:
    pairs = zip(quarter.mib, whole.mib, strict=True)
    growth = max(much / little for little, much in pairs)
    told = f"{few.files:,} files {max(quarter.mib):.0f} MiB, {shape.files:,} files {max(whole.mib):.0f} MiB"
    print(f"limit     memory: {told}, × {growth:.2f}, at most {FLAT:g}: {'kept' if growth <= FLAT else 'NOT KEPT'}")


def _run(way: str, ready: Home, shape: Shape, cores: int) -> Run:
    """Runs one way on as many of the files as a shape has."""
    home = Home(ready.path.with_name("work"))
    shutil.copytree(ready.path, home.path)
    for path in sorted(home.inbox.rglob("*.xlsx"))[shape.files :]:
        path.unlink()
    with home.config.open("a", encoding="utf-8") as file:
        file.write(f"[limits]\nprocesses = {cores}\nseconds = 3600\nmemory_megabytes = 16000\n")
    command = [sys.executable, "-m", "bench.intake_runs", way, str(home.path), str(cores)]
    said = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, check=True)
    shutil.rmtree(home.path)
    return Run(shape.cells, **json.loads(said.stdout))


if __name__ == "__main__":
    main(float(sys.argv[1]) if sys.argv[1:] else 1.0)
