"""Small sites for tests: returns of a few lines, a site to send them to, and a night without Dagster."""

from __future__ import annotations

import io
import os
import shutil
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import xlsxwriter

from pipelines.catalog.load import Catalog, load_catalog
from pipelines.settings import CHECKOUT, Home
from pipelines.sql import selects
from pipelines.warehouse import night as steps
from pipelines.warehouse.night import Night, open_night
from pipelines.warehouse.release import Release, publish

JAPAN, BOSTON = "日本公共图书馆", "美国波士顿公共图书馆"
HEADER = ["序号", "指标", "计量单位", "数值", "统计期", "率(指标)名称", "上报率", "备注"]
Rows = list[list[object]]
_catalogs: dict[str, Catalog] = {}


def moment(day: int) -> datetime:
    """The clock of the night of a day."""
    return datetime(2024, 5, 1, tzinfo=UTC) + timedelta(days=day)


def library_rows(
    values: dict[str, object], unit: str = JAPAN, period: str = "2016年", title: str = "公共图书馆服务情况表"
) -> Rows:
    """A library's return: one row for each value."""
    head: Rows = [[title], [f"填报单位:{unit}", "", "", f"报告期:{period}"], list(HEADER)]
    return [*head, *([number, name, "", value] for number, (name, value) in enumerate(values.items(), 1))]


def as_csv(rows: Rows) -> bytes:
    return "".join(",".join(map(str, row)) + "\n" for row in rows).encode()


def as_xlsx(**sheets: Rows) -> bytes:
    """A workbook with these sheets; the same rows give the same bytes."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        book.set_properties({"created": datetime(2024, 1, 1)})
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                for column, value in enumerate(row):
                    if value != "":
                        sheet.write(number, column, value)
    return target.getvalue()


def library_return(minutes: object, **head: str) -> bytes:
    """The smallest return: how many minutes a reader walks to the library."""
    return as_csv(library_rows({"步行到馆分钟": minutes}, **head))


def new_site(path: Path) -> Home:
    home = Home(path)
    home.create()
    shutil.copy(CHECKOUT / "data" / "orgs.csv", home.catalog / "orgs.csv")
    return home


def put(home: Home, name: str, content: bytes, minute: int = 0) -> Path:
    """Sends a file, last changed in that minute."""
    path = home.inbox / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    when = moment(0).timestamp() + 60 * minute
    os.utime(path, (when, when))
    return path


def copy_site(home: Home, target: Path) -> Home:
    shutil.copytree(home.path, target, symlinks=True)
    return Home(target)


def compute(night: Night) -> None:
    """All the steps of a night but the last."""
    steps.read_catalog(night)
    steps.receive(night)
    steps.set_clock(night)
    for select in selects().values():
        steps.derive(night, select)


def plain_night(home: Home, day: int = 1, *, full: bool = False) -> Release:
    """A night without Dagster and without Great Expectations."""
    with open_night(home, full=full) as night:
        night.clock = moment(day)
        night.catalog = _same(load_catalog(*home.catalog_folders))
        compute(night)
        return publish(night)


def _same(catalog: Catalog) -> Catalog:
    """The first catalog of this content: the processes that read files are told of a catalog once."""
    return _catalogs.setdefault(catalog.sha256, catalog)


def bytes_kept(home: Home) -> set[bytes]:
    """The content of every file in inbox, taking and archive."""
    return {path.read_bytes() for folder in (home.inbox, home.taking, home.archive) for path in _files(folder)}


def _files(folder: Path) -> Iterable[Path]:
    return (path for path in folder.rglob("*") if path.is_file())
