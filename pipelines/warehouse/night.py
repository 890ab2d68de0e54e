"""One night of one site: the lock, the warehouse while it is open, and how long each stage took.

The steps are plain functions of a `Night`; Dagster's assets call them in the order of their dependencies,
`taizhang verify` calls the same ones to rebuild a release.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from pathlib import Path

import duckdb

from pipelines.catalog.load import Catalog, load_catalog
from pipelines.settings import Home, code_sha256, now
from pipelines.sql import Select, materialise
from pipelines.warehouse import journal
from pipelines.warehouse.collect import collect
from pipelines.warehouse.journal import Journal
from pipelines.warehouse.load import Loader
from pipelines.warehouse.lock import writer_lock
from pipelines.warehouse.recover import clear, finish_publishing
from pipelines.warehouse.writer import insert, open_warehouse, transaction


@dataclass
class Night:
    """What the steps of a night share. `full`: rebuild everything from archive and journal."""

    home: Home
    clock: datetime
    full: bool = False
    progress: Callable[[str], None] = lambda _: None
    catalog_folders: tuple[Path, ...] = ()
    stages: list[tuple[str, float]] = field(default_factory=list)
    collected: int = 0
    release_id: str = ""
    failed_checks: list[str] = field(default_factory=list)

    @cached_property
    def catalog(self) -> Catalog:
        """The catalog that this night goes by."""
        return load_catalog(*(self.catalog_folders or self.home.catalog_folders))

    @cached_property
    def code(self) -> str:
        """The digest of the code that this night runs."""
        return code_sha256()

    @cached_property
    def con(self) -> duckdb.DuckDBPyConnection:
        """The writer's connection, opened at first use."""
        return open_warehouse(self.home.warehouse, self.catalog, self.code, fresh=self.full)

    def close(self) -> None:
        """Closes the writer's connection, if it is open."""
        if "con" in self.__dict__:
            self.con.close()
            del self.__dict__["con"]

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Tells that a stage begins and keeps how long it took."""
        self.progress(name)
        started = time.perf_counter()
        try:
            yield
        finally:
            self.stages.append((name, time.perf_counter() - started))

    def journal(self) -> Journal:
        """The journal as it is now."""
        return journal.read(self.home.journal)


@contextmanager
def open_night(home: Home, *, full: bool = False, progress: Callable[[str], None] = lambda _: None) -> Iterator[Night]:
    """A night of a site, with its writer lock held until the end.

    Raises:
        TryAgain: another process is writing to the site.
        TaizhangError: there is no site here.
    """
    home.require()
    home.create()
    with writer_lock(home.path):
        clear(home)
        finish_publishing(home)
        night = Night(home, now(), full, progress)
        try:
            yield night
        finally:
            night.close()


def read_catalog(night: Night) -> dict[str, int]:
    """Opens a warehouse that holds this catalog; returns the rows of its tables."""
    names = (
        "catalog.element",
        "catalog.indicator",
        "catalog.indicator_edition",
        "catalog.form",
        "core.org_unit",
    )
    return {name: _count(night, name) for name in names}


def receive(night: Night) -> dict[str, int]:
    """Takes the inbox into archive and journal, and loads what the warehouse does not hold yet."""
    loader = Loader(night.con, night.home, night.catalog)
    loader.check(night.journal().entries)
    night.collected = collect(night.home, night.clock)
    loaded = loader.load(night.journal().entries, night.progress)
    names = (
        "intake.receipt",
        "intake.submission",
        "intake.quarantine",
        "store.fact_history",
        "store.claim_history",
    )
    return {"collected": night.collected, "loaded": loaded, **{name: _count(night, name) for name in names}}


def set_clock(night: Night) -> None:
    """Tells the selects what time it is; a correction that ended since the night before makes its figure count anew."""
    clock = night.clock.replace(tzinfo=None)
    with transaction(night.con):
        night.con.execute(
            "insert into run.touched select distinct org_key, period_key from intake.correction, run.night "
            "where valid_until >= cast(run.night.clock + interval 8 hours as date) "
            "and valid_until < cast(? + interval 8 hours as date)",
            [clock],
        )
        night.con.execute("delete from run.night")
        insert(night.con, "run.night", [(clock,)])


def derive(night: Night, select: Select) -> int:
    """Brings one table or view of sql/ up to date."""
    return materialise(night.con, select)


def settle(night: Night) -> None:
    """Forgets what was touched, now that everything derived from it is up to date."""
    with transaction(night.con):
        night.con.execute("delete from run.touched")


def _count(night: Night, table: str) -> int:
    found = night.con.execute(f"select count(*) from {table}").fetchone()
    return int(found[0]) if found else 0
