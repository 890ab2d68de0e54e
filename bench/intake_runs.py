"""One way to read a folder of workbooks, in a process of its own: `python -m bench.intake_runs WAY HOME CORES`.

`bare`: python-calamine alone, every cell as a Python value. `people`: openpyxl and pandas, as people write it.
`ours`: a night's intake, from the inbox into facts with the addresses of their cells. Imports, the catalog and an empty
warehouse come before the clock starts, the start of the processes that read after it. What is printed is JSON.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from pipelines.settings import Home

TAKING: list[float] = []  # seconds from the inbox into archive and journal: the disk confirms each file
Timed = tuple[Callable[[], None], Callable[[], int]]  # what is timed; then how many figures came out


def bare(home: Home) -> Timed:
    """The reader library alone."""
    from python_calamine import CalamineWorkbook

    cells = []

    def run() -> None:
        for path in sorted(home.inbox.rglob("*.xlsx")):
            book = CalamineWorkbook.from_path(path)
            rows = [book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names]
            cells.append(sum(len(row) for sheet in rows for row in sheet))

    return run, lambda: sum(cells)


def people(home: Home) -> Timed:
    """A script: each file by pandas and openpyxl, long form, all together into a table."""
    import duckdb
    import pandas as pd  # type: ignore[import-untyped]

    con = duckdb.connect()

    def read(path: Path) -> pd.DataFrame:
        table = pd.read_excel(path, header=2, engine="openpyxl")
        long = table.melt(id_vars=["序号", "村名"], var_name="item", value_name="value")
        long["value"] = pd.to_numeric(long["value"].astype(str).str.replace(",", "").str.normalize("NFKC"), "coerce")
        long["file"] = str(path)
        return long

    def run() -> None:
        facts = pd.concat([read(path) for path in sorted(home.inbox.rglob("*.xlsx"))])
        con.register("facts", facts)
        con.execute("create table fact as select * from facts")

    return run, lambda: int(con.execute("select count(*) from fact").fetchall()[0][0])


def ours(home: Home) -> Timed:
    """A night's intake: inbox, archive, journal, facts."""
    from pipelines.catalog.load import load_catalog
    from pipelines.intake.understand import understand  # noqa: F401 -- its import is not the intake's time
    from pipelines.warehouse import journal
    from pipelines.warehouse.collect import collect
    from pipelines.warehouse.load import Loader
    from pipelines.warehouse.writer import open_warehouse

    catalog = load_catalog(*home.catalog_folders)
    con = open_warehouse(home.warehouse, catalog, "bench")

    def run() -> None:
        started = time.perf_counter()
        loader = Loader(con, home, catalog)
        collect(home, datetime(2026, 11, 22, tzinfo=UTC), loader.expect)
        TAKING.append(time.perf_counter() - started)
        loader.load(journal.read(home.journal).entries)

    return run, lambda: int(con.execute("select count(*) from store.fact_history").fetchall()[0][0])


def main() -> None:
    """Times one way."""
    way, home, cores = sys.argv[1], Home(Path(sys.argv[2])), int(sys.argv[3])
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:cores])
    run, count = {"bare": bare, "people": people, "ours": ours}[way](home)
    started, began = time.perf_counter(), time.process_time()
    run()
    seconds, cpu = time.perf_counter() - started, time.process_time() - began
    figures = count()
    from pipelines.warehouse import readers

    readers.close()
    own, theirs = (resource.getrusage(whose) for whose in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    mib = [usage.ru_maxrss / 1024 for usage in (own, theirs)]
    cpu += theirs.ru_utime + theirs.ru_stime
    print(json.dumps({"seconds": seconds, "cpu": cpu, "taking": sum(TAKING), "figures": figures, "mib": mib}))


if __name__ == "__main__":
    main()
