"""A night on a fiftieth of the nation: one month of its villages as Parquet, a file a province.

Limit: 120 s and 1.5 GiB for the whole process on 2 cores; a nation's month is a matter of its own.
"""

from __future__ import annotations

from datetime import date

from bench.night import Subject, measure_night
from pipelines.cli.nation import Kind, nation_in_site
from pipelines.sample.nation.files import Nation
from pipelines.settings import Home

PART, SEED, MONTH = 0.02, 2014, date(2026, 10, 1)
LIMIT_SECONDS = 120.0
LIMIT_MIB = 1536


def main() -> None:
    """A night on the fraction."""
    done: list[str] = []

    def prepare(home: Home) -> None:
        home.create()
        written = nation_in_site(home, Nation(PART, SEED, (MONTH,)), Kind.parquet, lambda _: None)
        done.append(f"{written.villages:,} villages, {written.rows:,} rows in {written.files} files")

    measure_night(Subject(f"{PART:g} of the nation, a month", prepare, runs=1, seconds=LIMIT_SECONDS, mib=LIMIT_MIB))
    print(f"          {done[0]}")


if __name__ == "__main__":
    main()
