"""The sample county's twelve months in one night: 14 townships, 139 villages, 672 workbooks.

Limit: 60 s and 1.5 GiB for the whole process on 2 cores. Beside the night stands how long the workbooks take to write.
"""

from __future__ import annotations

import time

from bench.night import Subject, measure_night
from pipelines.cli.county import county_in_site
from pipelines.settings import Home

LIMIT_SECONDS = 60.0
LIMIT_MIB = 1536


def main() -> None:
    """A night on the county's year."""
    written: list[float] = []

    def prepare(home: Home) -> None:
        home.create()
        started = time.perf_counter()
        county_in_site(home)
        written.append(time.perf_counter() - started)

    data = "sample county: 672 workbooks of 12 months, 93,636 cells expected"
    measure_night(Subject(data, prepare, runs=1, seconds=LIMIT_SECONDS, mib=LIMIT_MIB))
    print(f"          writing the workbooks took {written[0]:.1f} s")


if __name__ == "__main__":
    main()
