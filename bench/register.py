"""The national register with its changes to 2023 into a warehouse: 663,705 units of 2021 and 2023.

Limit: 15 s and 1.5 GiB for the process that reads, checks and loads it, on 2 cores. Beside it stand what a further
night pays for it (reading and checking alone; the warehouse is there), and finding units by their printed names.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from bench.night import Cost, machine, measure, verdict

LIMIT_SECONDS = 15.0
LIMIT_MIB = 1536
LOAD = """
import sys
from datetime import date
from pathlib import Path
from pipelines.catalog.load import load_catalog
from pipelines.settings import SHIPPED_CATALOG
from pipelines.warehouse.writer import open_warehouse
site = Path(sys.argv[1])
catalog = load_catalog(SHIPPED_CATALOG, site)
if sys.argv[2] == "load":
    open_warehouse(site.parent / "warehouse.duckdb", catalog, "bench", fresh=True).close()
if sys.argv[2] == "again":
    open_warehouse(site.parent / "warehouse.duckdb", catalog, "bench").close()
if sys.argv[2] == "find":
    from pipelines.intake.orgs import OrgIndex
    index, on = OrgIndex(catalog.orgs), date(2022, 6, 30)
    townships = catalog.orgs.under("", "township")[::40]
    for code in townships:
        path = [catalog.orgs.at(above, on) for above in index.path(code, on)]
        if all(path):  # it was there then
            assert index.resolve("".join(org.name for org in path), on=on).code == code
            assert index.child(path[-2].code, path[-1].name, on)
"""


def main() -> None:
    """Prints what loading takes, what a further night takes, and whether the limit holds."""
    print(f"machine   {machine()}")
    print("data      the register of 2021 with the changes of counties and townships to 2023; one run each\n")
    print(f"{'':40}{'wall s':>9}{'cpu s':>9}{'MiB':>9}")
    with tempfile.TemporaryDirectory() as folder:
        site = Path(folder) / "catalog"
        measure([sys.executable, "-m", "pipelines.cli", "register", str(site)])
        whole = _line("reading, checking and loading it", [sys.executable, "-c", LOAD, str(site), "load"])
        _line("a further night: read, checked, there", [sys.executable, "-c", LOAD, str(site), "again"])
        _line("and 1,000 townships found by their path", [sys.executable, "-c", LOAD, str(site), "find"])
        shipped = [sys.executable, "-c", LOAD, str(_empty(Path(folder))), "load"]
        _line("the same without any register", shipped)
    verdict(LIMIT_SECONDS, LIMIT_MIB, whole.wall, whole.mib)


def _line(name: str, command: list[str]) -> Cost:
    cost = measure(command)
    print(f"{name:40}{cost.wall:9.1f}{cost.cpu:9.1f}{cost.mib:9.0f}", flush=True)
    return cost


def _empty(folder: Path) -> Path:
    site = folder / "none" / "catalog"
    site.mkdir(parents=True)
    return site


if __name__ == "__main__":
    main()
