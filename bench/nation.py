"""A nation's month drawn and written: 618,133 villages × 60 figures as Parquet, a file a province.

Limit: 180 s and 1.5 GiB for the whole command on 2 cores. Beside it stands the same for a fiftieth, whose fixed part
(start, register) shows in the difference, and how fast the written files are read back as they are.
"""

from __future__ import annotations

import os
import platform
import sys
import tempfile
from pathlib import Path

from bench.night import measure

LIMIT_SECONDS = 180.0
LIMIT_MIB = 1536
PARTS = (0.02, 1.0)
READ_BACK = """
import sys, duckdb
con = duckdb.connect()
con.execute("set threads = 2")
print(con.execute("select sum(value), count(distinct org_code) from read_parquet(?)", [sys.argv[1]]).fetchall())
"""


def main() -> None:
    """Prints what each part costs, rows a second, and whether the limit holds."""
    python = sys.executable
    busy = f"load {os.getloadavg()[0]:.1f} before it began"
    print(f"machine   {platform.machine()}, {os.cpu_count()} cores, {busy}, Python {platform.python_version()}")
    print("data      one month of a fraction of the register of 2021, 60 figures a village; one run each\n")
    print(f"{'':32}{'wall s':>9}{'cpu s':>9}{'MiB':>9}{'rows':>13}{'rows a s':>11}{'MB':>8}")
    with tempfile.TemporaryDirectory() as folder:
        for part in PARTS:
            place = Path(folder) / f"{part:g}"
            cost = measure([python, "-m", "pipelines.cli", "sample", str(place), "--nation", f"{part:g}"])
            rows, size = _written(place)
            line(f"taizhang sample --nation {part:g}", (cost.wall, cost.cpu, cost.mib), rows, size)
        back = measure([python, "-c", READ_BACK, str(place / "inbox" / "*" / "*.parquet")])
        line("reading it back (DuckDB)", (back.wall, back.cpu, back.mib), rows, size)
    kept = cost.wall <= LIMIT_SECONDS and cost.mib <= LIMIT_MIB
    print(f"\nlimit     {LIMIT_SECONDS:.0f} s and {LIMIT_MIB} MiB: {'kept' if kept else 'NOT KEPT'}")
    print(f"          {cost.wall / LIMIT_SECONDS:.2f} of the time, {cost.mib / LIMIT_MIB:.2f} of the memory")


def line(name: str, cost: tuple[float, float, float], rows: int, size: int) -> None:
    """One line of the table."""
    wall, cpu, mib = cost
    print(f"{name:32}{wall:9.1f}{cpu:9.1f}{mib:9.0f}{rows:13,}{rows / wall:11,.0f}{size / 1e6:8.1f}")


def _written(place: Path) -> tuple[int, int]:
    """Rows and bytes of the files below a folder."""
    import pyarrow.parquet as pq

    files = list(place.rglob("*.parquet"))
    return sum(pq.read_metadata(path).num_rows for path in files), sum(path.stat().st_size for path in files)


if __name__ == "__main__":
    main()
