"""What the tests of faults share: a site with a release and a night's files waiting, and what that night gives."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from pipelines.settings import CHECKOUT, Home
from tests.unit.warehouse.sites import (
    as_csv,
    as_xlsx,
    bytes_kept,
    copy_site,
    library_return,
    library_rows,
    moment,
    new_site,
    plain_night,
    put,
)

Tables = dict[str, dict[str, object]]
Doomed = Callable[..., "subprocess.CompletedProcess[str]"]
DAY = 2


@dataclass(frozen=True)
class Waiting:
    """A site after one night, four files in its inbox, and the undisturbed second night of a copy."""

    home: Home
    first: str
    sent: set[bytes]
    second: str
    tables: Tables


@pytest.fixture(scope="session")
def waiting(tmp_path_factory: pytest.TempPathFactory) -> Waiting:
    folder = tmp_path_factory.mktemp("waiting")
    home = new_site(folder / "site")
    shutil.copy(CHECKOUT / "data" / "roster.yaml", home.catalog / "roster.yaml")
    put(home, "a.csv", as_csv(library_rows({"社区图书馆": 7, "步行到馆分钟": 20})))
    first = plain_night(home, 1)
    put(home, "a.csv", library_return(21), 1)
    put(home, "x-boston/b.xlsx", as_xlsx(年报=library_rows({"步行到馆分钟": "很远"}, period="1870年")), 2)
    put(home, "junk 表.csv", b"nothing", 3)
    put(home, "c.csv", library_return(22), 4)
    undisturbed = plain_night(copy_site(home, folder / "undisturbed"), DAY)
    return Waiting(home, first.id, bytes_kept(home), undisturbed.id, undisturbed.manifest["tables"])


@pytest.fixture
def site(waiting: Waiting, tmp_path: Path) -> Home:
    """A copy to be struck."""
    return copy_site(waiting.home, tmp_path / "site")


@pytest.fixture(scope="session")
def doomed(repo_root: Path, tmp_path_factory: pytest.TempPathFactory) -> Doomed:
    """Runs a night, or the real command, that something happens to; what it leaves behind goes with the tests."""
    left = tmp_path_factory.mktemp("left")

    def run(place: str, *words: object) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "tests.faults.doomed", place, *map(str, words)]
        clock = {"TAIZHANG_CLOCK": moment(DAY).isoformat(), "PYTHONPATH": str(repo_root), "TMPDIR": str(left)}
        return subprocess.run(
            command, capture_output=True, text=True, cwd=repo_root, env={**os.environ, **clock}, check=False
        )

    return run
