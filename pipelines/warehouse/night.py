"""One night of one site: the lock, the warehouse while it is open, and how long each stage took.

The steps are plain functions of a `Night`; Dagster's assets call them in the order of their dependencies,
`taizhang verify` calls the same ones to rebuild a release.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

import duckdb

from pipelines.catalog.load import Catalog, load_catalog
from pipelines.settings import Home, code_sha256, now
from pipelines.sql import Select, materialise
from pipelines.warehouse import journal
from pipelines.warehouse.again import Again, prepare
from pipelines.warehouse.collect import collect, readable
from pipelines.warehouse.inbox import inbox_files
from pipelines.warehouse.journal import Journal
from pipelines.warehouse.load import Loader
from pipelines.warehouse.lock import writer_lock
from pipelines.warehouse.recover import clear, finish_publishing
from pipelines.warehouse.rows import insert
from pipelines.warehouse.writer import open_warehouse, transaction


class Then(NamedTuple):
    """A day gone by: its end (UTC), and the catalog that was used then."""

    day: date
    clock: datetime
    catalog_folders: tuple[Path, ...]


@dataclass
class Night:
    """What the steps of a night share.

    `full`: rebuild everything from archive and journal. `again`: leave the inbox alone and compute periods anew.
    """

    home: Home
    clock: datetime
    full: bool = False
    progress: Callable[[str], None] = lambda _: None
    catalog_folders: tuple[Path, ...] = ()
    again: Again | None = None
    as_of: date | None = None  # what was known at the end of this day, in a release of its own
    done: set[str] = field(default_factory=set)  # what was received and derived: a release needs all of it
    stages: list[tuple[str, float]] = field(default_factory=list)
    collected: int = 0
    left: list[str] = field(default_factory=list)  # returns still in the inbox, as somebody was writing them
    release_id: str = ""
    failed_checks: dict[str, list[str]] = field(default_factory=lambda: {"zh": [], "en": []})  # lines by language

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
def open_night(
    home: Home,
    *,
    full: bool = False,
    again: Again | None = None,
    progress: Callable[[str], None] = lambda _: None,
    then: Then | None = None,
) -> Iterator[Night]:
    """A night of a site, with its writer lock held until the end.

    `then`: of a night that shows what was known on a day gone by.

    Raises:
        TryAgain: another process is writing to the site.
        TaizhangError: there is no site here.
    """
    home.require()
    home.create()
    with writer_lock(home.path):
        clear(home)
        finish_publishing(home)
        night = Night(home, then.clock if then else now(), full, progress, again=again)
        if then:
            night.as_of, night.catalog_folders = then.day, then.catalog_folders
        try:
            yield night
        finally:
            night.close()


def is_file(progress: str) -> bool:
    """Whether a line of progress names a file being read, not a stage.

    >>> is_file("3/27 a.xlsx"), is_file("catalog")
    (True, False)
    """
    return re.match(r"\d+/\d+ ", progress) is not None


def read_catalog(night: Night) -> None:
    """Opens a warehouse that holds this catalog."""
    night.con.execute("select 1")


def receive(night: Night) -> int:
    """Takes the inbox into archive and journal; loads what the warehouse does not hold yet, and returns how many.

    Where periods are computed anew, the inbox is left alone.

    Raises:
        TaizhangError: the journal was cut; nothing is known of the periods to be computed anew, or their files are
            not what was received.
    """
    loader = Loader(night.con, night.home, night.catalog)
    loader.check(night.journal().entries)
    if night.again is None:
        night.collected = collect(night.home, night.clock, loader.expect)
        left = (path.relative_to(night.home.inbox).as_posix() for path in inbox_files(night.home.inbox))
        night.left = [readable(name) for name in left]
    loaded = loader.load(night.journal().entries, night.progress)
    if night.again is not None:
        prepare(night.con, night.home, night.again)
    night.done.add("receive")
    return loaded


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
    rows = materialise(night.con, select)
    night.done.add(select.name)
    return rows


def settle(night: Night) -> None:
    """Forgets what was touched, now that everything derived from it is up to date."""
    with transaction(night.con):
        night.con.execute("delete from run.touched")


def counted(night: Night, tables: Sequence[str]) -> dict[str, int]:
    """The rows of tables."""
    numbers = ", ".join(f"(select count(*) from {table})" for table in tables)
    [row] = night.con.execute(f"select {numbers}").fetchall()
    return dict(zip(tables, row, strict=True))
