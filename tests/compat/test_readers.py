"""A release opens with the DuckDB that an auditor has: versions 1.4 and 1.5 read in it what the writer wrote."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from pipelines.cli.night import make_demo
from pipelines.settings import Home
from pipelines.warehouse.release import Release
from tests.unit.warehouse.sites import plain_night
from tools.bootstrap import from_before, on_path, uv_environment

READER = Path(__file__).with_name("reader.py")
OLDER = ("1.4", "1.5")


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    """A release of the shipped reports."""
    home = Home(tmp_path_factory.mktemp("compat") / "site")
    make_demo(home, county=False)
    return plain_night(home)


@pytest.fixture(scope="module")
def uv() -> str:
    found = on_path() or from_before()
    if found is None:
        pytest.skip("no uv here: make demo fetches it")
    return str(found)


@pytest.mark.index
@pytest.mark.parametrize("version", OLDER)
def test_an_older_duckdb_reads_every_table_and_view_as_it_was_written(
    version: str, uv: str, release: Release, repo_root: Path
) -> None:
    with_older = [uv, "run", "--no-project", "--isolated", "--python", sys.executable, "--with", f"duckdb=={version}.*"]
    tried = subprocess.run(
        [*with_older, "python", "-c", "import duckdb"],
        capture_output=True,
        text=True,
        env=uv_environment(),
        check=False,
    )
    if tried.returncode:
        pytest.skip(f"duckdb {version} cannot be had from the package index: {tried.stderr.strip()[-200:]}")
    hashing = repo_root / "pipelines" / "warehouse" / "hashing.py"
    done = subprocess.run(
        [*with_older, "python", str(READER), str(hashing), str(release.database)],
        capture_output=True,
        text=True,
        env=uv_environment(),
        check=False,
    )
    assert done.returncode == 0, done.stderr[-500:]
    read = json.loads(done.stdout)
    assert read["duckdb"].startswith(f"{version}.")
    assert read["tables"] == release.manifest["tables"]
    assert {"store.fact_history", "run.scope", "meta.run"} <= read["rows"].keys() - read["tables"].keys()
