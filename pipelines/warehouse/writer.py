"""Opening the warehouse for writing: anew where the catalog or the code has changed, else the file that is there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from pipelines.catalog.load import Catalog
from pipelines.errors import TaizhangError, TryAgain
from pipelines.warehouse.catalog_tables import tables
from pipelines.warehouse.org_tables import write_orgs
from pipelines.warehouse.rows import insert

STORAGE = "v1.4.0"  # readers with DuckDB 1.4 and 1.5 open what we write (decision 22)
SCHEMA = Path(__file__).with_name("schema.sql")


def open_warehouse(path: Path, catalog: Catalog, code_sha256: str, *, fresh: bool = False) -> duckdb.DuckDBPyConnection:
    """The writer's connection to a warehouse that holds this catalog.

    The file is made anew where `fresh`, where there is none, or where it was made with another catalog or other
    code: everything in it follows from archive, journal, catalog and code.
    """
    wanted = {"catalog": catalog.sha256, "code": code_sha256, "duckdb": duckdb.__version__}
    if not fresh and path.exists():
        con = _connect(path)
        if _state(con) == wanted:
            return con
        con.close()
    for old in (path, path.with_name(path.name + ".wal")):
        old.unlink(missing_ok=True)
    con = _connect(path)
    with transaction(con):
        con.execute(SCHEMA.read_text(encoding="utf-8"))
        for name, rows in tables(catalog).items():
            insert(con, name, rows)
        write_orgs(con, catalog.orgs, catalog.changes)
        insert(con, "run.state", list(wanted.items()))
    return con


def _connect(path: Path) -> duckdb.DuckDBPyConnection:
    try:
        con = duckdb.connect(str(path), config={"storage_compatibility_version": STORAGE})
    except duckdb.Error as error:
        raise _unusable(path, error) from error
    con.execute("set memory_limit = '2GB'; set threads = 2; set timezone = 'UTC'")
    con.execute("set enable_progress_bar = false")  # after two seconds it would stand in what the command prints
    con.execute("set autoinstall_known_extensions = false; set autoload_known_extensions = false")
    return con


def _unusable(path: Path, error: duckdb.Error) -> TaizhangError:
    if "lock" in str(error):
        return TryAgain(
            f"另一个程序打开着 {path}:{error}",
            f"Another program has {path} open: {error}",
            remedy_zh="关闭它再运行 taizhang run;查询请打开 releases/ 中的发布,不要打开仓库文件。",
            remedy_en="close it and run again; for queries open a release in releases/, not the warehouse.",
        )
    return TaizhangError(
        f"打不开仓库 {path}:{error}",
        f"The warehouse {path} cannot be opened: {error}",
        remedy_zh="检查磁盘,然后运行 taizhang run --full,由存档和日志重建。",
        remedy_en="check the disk, then taizhang run --full rebuilds it from archive and journal.",
    )


def _state(con: duckdb.DuckDBPyConnection) -> dict[str, str]:
    try:
        return dict(con.execute("select name, value from run.state").fetchall())
    except duckdb.CatalogException:  # killed before the first commit
        return {}


@contextmanager
def transaction(con: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """All of it or nothing."""
    con.execute("begin")
    try:
        yield
    except BaseException:
        con.execute("rollback")
        raise
    con.execute("commit")
