"""What the tests of the warehouse share: the catalog, read once, and a desk that returns are sent to."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.catalog.load import Catalog, load_catalog
from pipelines.settings import Home
from pipelines.sql import materialise, selects
from pipelines.warehouse import journal
from pipelines.warehouse.collect import collect
from pipelines.warehouse.load import Loader
from pipelines.warehouse.writer import open_warehouse
from tests.unit.warehouse import sites


class Desk:
    """A site without its nights: files are sent, taken in and loaded; SQL says what is known then."""

    def __init__(self, home: Home, catalog: Catalog) -> None:
        self.home, self.catalog, self.day = home, catalog, 0

    def send(self, name: str, content: bytes, minute: int = 0) -> Path:
        return sites.put(self.home, name, content, minute)

    def receive(self) -> int:
        """Takes in and loads what was sent; every time is a day later."""
        self.day += 1
        taken = collect(self.home, sites.moment(self.day))
        with self.open() as con:
            Loader(con, self.home, self.catalog).load(journal.read(self.home.journal).entries)
        return taken

    def open(self) -> duckdb.DuckDBPyConnection:
        return open_warehouse(self.home.warehouse, self.catalog, "tests")

    def derive(self) -> None:
        """Makes everything that follows from what was loaded."""
        with self.open() as con:
            con.execute("delete from run.night")
            con.execute("insert into run.night values (?)", [sites.moment(self.day).replace(tzinfo=None)])
            for select in selects().values():
                materialise(con, select)

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        with self.open() as con:
            return con.execute(query).fetchall()

    def states(self) -> list[str]:
        """What became of every file, in the order of the journal."""
        return [row[0] for row in self.rows("select state from intake.receipt order by receipt_number")]

    def refused(self) -> dict[str, bytes]:
        """The files in refused/, by name without the receipt's id."""
        return {path.name.split("-", 1)[1]: path.read_bytes() for path in self.home.refused.iterdir()}


@pytest.fixture(scope="session")
def catalog(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    return load_catalog(*sites.new_site(tmp_path_factory.mktemp("catalog")).catalog_folders)


@pytest.fixture
def desk(tmp_path: Path, catalog: Catalog) -> Desk:
    return Desk(sites.new_site(tmp_path / "site"), catalog)
