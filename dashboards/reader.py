"""Releases for pages: the newest, or one by its id, opened read-only; every query is a file, answers are kept."""

from __future__ import annotations

import re
import threading
import warnings
from collections import OrderedDict
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from pipelines.errors import TaizhangError
from pipelines.settings import Home

if TYPE_CHECKING:
    import duckdb
    import polars as pl

    from pipelines.warehouse.release import Release

QUERIES = Path(__file__).with_name("queries")
MOST_KEPT = 128 << 20  # bytes of answers that a process keeps of a release
COLUMN_BYTES = 1 << 10  # of a column, besides its values
MOST_OPEN = 2  # releases: the newest and the one that open pages still show
PARAMETER = re.compile(r"\$([a-z_]+)")
# As a relation (con.sql) a query would be planned twice, which costs a page more than a copy of its few rows.
warnings.filterwarnings("ignore", message="Arrow output on a DB-API result")


class Key(int):
    """A number by which the store keeps a row; an auditor's query says how it is found.

    >>> Key(7, "select org_key from core.org_unit where org_code = ?", "cn").told
    "(select org_key from core.org_unit where org_code = 'cn')"
    """

    told: str

    def __new__(cls, number: int, query: str, code: str) -> Self:
        """The number that a query of one code (for its '?') gives."""
        made = super().__new__(cls, number)
        made.told = f"({query.replace('?', _literal(code))})"
        return made


@cache
def query_text(name: str) -> str:
    """The SQL of a query, e.g. 'overview/figures'.

    Raises:
        FileNotFoundError: there is none of that name.
    """
    return (QUERIES / f"{name}.sql").read_text("utf-8").strip()


def filled(text: str, values: dict[str, Any]) -> str:
    """A query with its values written into it, to be pasted after `taizhang sql`.

    >>> filled("select 1 where a = $a and b = $b", {"a": "it's", "b": 2})
    "select 1 where a = 'it''s' and b = 2"
    """
    return PARAMETER.sub(lambda found: _literal(values[found[1]]), text)


def _literal(value: Any) -> str:
    if isinstance(value, Key):
        return value.told
    if isinstance(value, bool) or value is None:
        return {True: "true", False: "false", None: "null"}[value]
    if isinstance(value, int | float):
        return str(value)
    return "'" + str(value).replace("'", "''") + "'"


class Reader:
    """One release, read-only. Safe to share between threads: each query has a cursor of its own."""

    def __init__(self, release: Release, home: Home | None = None) -> None:
        import duckdb

        self.release, self.home = release, home
        self._answers: OrderedDict[tuple[Any, ...], pl.DataFrame] = OrderedDict()
        self._kept = 0
        self._guard = threading.Lock()
        self._con: duckdb.DuckDBPyConnection = duckdb.connect(
            str(release.database),
            read_only=True,
            config={"threads": 1, "memory_limit": "600MB", "autoinstall_known_extensions": False},
        )
        for setting in ("enable_progress_bar = false", "enable_external_access = false"):
            self._con.execute(f"set {setting}")

    @property
    def id(self) -> str:
        """The release's id."""
        return self.release.id

    def frame(self, name: str, **values: Any) -> pl.DataFrame:
        """The answer to a query of `dashboards/queries/`.

        Args:
            name: e.g. 'overview/figures'.
            values: its parameters; what it does not ask for is left out.

        Raises:
            KeyError: a parameter that it asks for is missing.
        """
        import polars as pl

        text = query_text(name)
        asked = {parameter: values[parameter] for parameter in sorted(set(PARAMETER.findall(text)))}
        key = (name, *asked.items())
        with self._guard:
            if key in self._answers:
                self._answers.move_to_end(key)
                return self._answers[key]
        with self._con.cursor() as cursor:
            found = pl.DataFrame(cursor.execute(text, asked).to_arrow_table())
        self._keep(key, found)
        return found

    def _keep(self, key: tuple[Any, ...], found: pl.DataFrame) -> None:
        """Keeps an answer, and lets those go that were asked for longest ago: a release never changes."""
        with self._guard:
            if key in self._answers:
                return
            self._answers[key] = found
            self._kept += _bytes(found)
            while self._kept > MOST_KEPT:
                self._kept -= _bytes(self._answers.popitem(last=False)[1])

    def rows(self, name: str, **values: Any) -> list[dict[str, Any]]:
        """The rows of an answer."""
        return self.frame(name, **values).to_dicts()

    def sql(self, name: str, **values: Any) -> str:
        """The query with its values, as an auditor would run it."""
        return filled(query_text(name), values)

    def close(self) -> None:
        """Gives the file back."""
        self._con.close()


def _bytes(frame: pl.DataFrame) -> int:
    return int(frame.estimated_size()) + COLUMN_BYTES * frame.width


class Releases:
    """The releases of a home, each opened once in this process, when it is first asked for."""

    def __init__(self, home: Home) -> None:
        self.home = home
        self._open: OrderedDict[str, Reader] = OrderedDict()
        self._guard = threading.Lock()

    def newest(self) -> str | None:
        """The id of the newest release; None where there is none yet."""
        pointer = self.home.releases / "current"
        try:
            return pointer.read_text("utf-8").strip() or None
        except OSError:
            return None

    def reader(self, release_id: str | None = None) -> Reader:
        """A release by its id, or the newest.

        Raises:
            TaizhangError: there is none (of that id), or it is damaged.
        """
        from pipelines.warehouse.release import current, read

        with self._guard:
            if release_id in self._open:
                self._open.move_to_end(str(release_id))
                return self._open[str(release_id)]
        found = read(self.home, release_id) if release_id else current(self.home)
        if found is None:
            raise nothing_published(self.home)
        with self._guard:
            if found.id not in self._open:
                self._open[found.id] = Reader(found, self.home)
                # A reader that is put aside is closed once nobody holds it: pages may still be at work with it.
                while len(self._open) > MOST_OPEN:
                    self._open.popitem(last=False)
            return self._open[found.id]


def nothing_published(home: Home) -> TaizhangError:
    """What a page says before the first night."""
    return TaizhangError(
        f"{home.path} 还没有发布。",
        f"{home.path} has no release yet.",
        remedy_zh=f"把报表放进 {home.inbox},运行 taizhang run --home {home.path};发布后刷新本页。",
        remedy_en=f"put returns into {home.inbox}, run taizhang run --home {home.path}, then reload this page.",
    )
