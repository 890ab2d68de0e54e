"""What these tests share: a small site whose nights went through Dagster."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import dagster as dg
import duckdb
import pytest

from pipelines.cli.night import run_night
from pipelines.cli.words import Lang
from pipelines.settings import CHECKOUT, Home
from tests.unit.warehouse.sites import library_return, new_site, put


@contextmanager
def instance_of(home: Home) -> Iterator[dg.DagsterInstance]:
    with dg.DagsterInstance.from_config(str(home.dagster)) as instance:
        yield instance


@contextmanager
def warehouse(home: Home) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(str(home.warehouse)) as con:
        yield con


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A site after one night: a library's return of 2015, 2016 and May 2016, and a township's report of 2011."""
    home = new_site(tmp_path_factory.mktemp("dagster") / "site")
    shutil.copy(CHECKOUT / "data" / "roster.yaml", home.catalog / "roster.yaml")
    for number, (minutes, period) in enumerate({"20": "2015年", "21": "2016年", "22": "2016年5月"}.items()):
        put(home, f"{period}.csv", library_return(minutes, period=period), number)
    [report] = (CHECKOUT / "data" / "reports").glob("*rouyuan*2011*.xlsx")
    shutil.copy2(report, home.inbox / report.name)
    run_night(home, Lang.en, quiet=True)
    return home


@pytest.fixture
def site(made: Home, tmp_path: Path) -> Home:
    """A copy to be worked on."""
    shutil.copytree(made.path, tmp_path / "site", symlinks=True)
    return Home(tmp_path / "site")
