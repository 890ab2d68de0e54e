"""Night after night equals everything at once: the increments leave the content that a full rebuild gives."""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pytest

from pipelines.settings import Home
from pipelines.sql import selects
from pipelines.warehouse import night as steps
from pipelines.warehouse.hashing import Content, contents
from pipelines.warehouse.night import Night

COLUMNS = ["指标", "单位", "数值", "统计期", "率名", "率"]
FIRST_NIGHT = datetime(2015, 1, 1, 18, tzinfo=UTC)


def returned(unit: str, period: str, *rows: Sequence[Any], title: str = "月报") -> bytes:
    """The bytes of a return; a row is label, unit, value, period, name of a rate, rate."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in ([title], [f"填报单位:{unit}", None, f"报告期:{period}"], COLUMNS, *rows):
        sheet.append(list(row))
    book.properties.created = book.properties.modified = FIRST_NIGHT.replace(tzinfo=None)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def figures(births: Any, managed: Any, women: Any = 10, rate: str | None = None) -> list[Sequence[Any]]:
    return [
        ("活产数", "人", births), ("管理数", "人", managed), ("产妇数", "人", women),
        *([(None, None, None, None, "管理率", rate)] if rate else []),
    ]  # fmt: skip


SURVEY = [("活产数", "人", 11)]
OF_TWO_PERIODS = [("活产数", "人", 10), ("产妇数", "人", 50, "上半年"), ("管理数", "头", 40, "上半年")]
STORIES: dict[str, list[list[bytes]]] = {
    "months of two towns": [
        [returned("甲镇", "2014年9月", *figures(10, 8, 10, "80%")), returned("乙镇", "2014年9月", *figures(9, 10))],
        [returned("甲镇", "2014年10月", *figures(12, 6, 12, "60%"))],
        [returned("甲镇", "2014年", *figures(100, 70, 90, "70%")), returned("丙镇", "2014年9月", *figures(3, 3))],
    ],
    "a month that comes after the one that follows it": [
        [returned("甲镇", "2014年10月", *figures(12, 6))],
        [returned("甲镇", "2014年9月", *figures(10, 8))],
    ],
    "a revision that mends": [
        [returned("甲镇", "2014年9月", *figures(10, 12, 10, "90%"))],
        [returned("甲镇", "2014年9月", *figures(10, 9, 10, "90%"))],
    ],
    "a revision with fewer rows": [
        [returned("甲镇", "2014年9月", *figures(10, 8), ("镇人员数", "人", 3), ("人员数", "人", 2))],
        [returned("甲镇", "2014年9月", *figures(10, 9))],
    ],
    "a file sent twice, and an older one sent again": [
        [returned("甲镇", "2014年9月", *figures(10, 8))],
        [returned("甲镇", "2014年9月", *figures(10, 8)), returned("甲镇", "2014年9月", *figures(10, 7))],
        [returned("甲镇", "2014年9月", *figures(10, 8))],
    ],
    "bad cells that a revision mends": [
        [returned("甲镇", "2014年9月", *figures("十几", 8.5), ("死产数", "人", 1))],
        [returned("甲镇", "2014年9月", *figures(10, 8))],
    ],
    "two sources": [
        [returned("甲镇", "2014年", *figures(10, 8))],
        [returned("甲镇", "2014年", *SURVEY, title="调查表")],
        [returned("甲镇", "2014年", *figures(11, 8))],
    ],
    "refused files": [
        [returned("无名镇", "2014年9月", *figures(10, 8)), b"no return"],
        [returned("甲镇", "2014年9月", *figures(10, 8)), returned("甲镇", "某月", *figures(10, 8))],
    ],
    "a level above": [
        [returned("甲县", "2014年", *figures(100, 80, 90, "80%"))],
        [returned("甲村", "2014年", *figures(1, 1))],
        [returned("省", "2014年", *figures(1000, 900))],
    ],
    "a revision that drops the rows of another period": [
        [returned("甲镇", "2014年9月", *OF_TWO_PERIODS)],
        [returned("甲镇", "2014年9月", *OF_TWO_PERIODS[:1])],
    ],
    "nights without returns": [[], [returned("甲镇", "2014年9月", *figures(10, 8))], [], []],
}


def one_night(home: Home, clock: datetime, catalog: Path, *, full: bool = False) -> None:
    night = Night(home, clock, full=full, catalog_folders=(catalog,))
    night.code = "tests"
    try:
        steps.receive(night)
        steps.set_clock(night)
        for select in selects().values():
            steps.derive(night, select)
        steps.settle(night)
    finally:
        night.close()


def content_of(home: Home) -> dict[str, Content]:
    with duckdb.connect(str(home.warehouse), read_only=True) as con:
        return contents(con)


def put(home: Home, number: int, files: Sequence[bytes]) -> None:
    for order, content in enumerate(files):
        path = home.inbox / f"{number}-{order}.xlsx"
        path.write_bytes(content)
        moment = (FIRST_NIGHT + timedelta(days=number, minutes=order)).timestamp()
        os.utime(path, (moment, moment))


def assert_increments_equal_full(nights: Sequence[Sequence[bytes]], home: Home, catalog: Path) -> None:
    home.create()
    for number, files in enumerate(nights):
        put(home, number, files)
        one_night(home, FIRST_NIGHT + timedelta(days=number), catalog)
    found = content_of(home)
    one_night(home, FIRST_NIGHT + timedelta(days=len(nights) - 1), catalog, full=True)
    whole = content_of(home)
    assert [name for name in whole if found.get(name) != whole[name]] == []
    assert whole["core.fact_history"].rows > 0


@pytest.fixture
def catalog_folder(tmp_path: Path, small_catalog: Callable[[Path], Path]) -> Path:
    return small_catalog(tmp_path / "catalog")


@pytest.mark.parametrize("story", STORIES)
def test_night_after_night_equals_one_full_load(story: str, tmp_path: Path, catalog_folder: Path) -> None:
    assert_increments_equal_full(STORIES[story], Home(tmp_path / "home"), catalog_folder)


def test_a_quarantined_cell_is_found_where_every_figure_has_a_period_of_its_own(
    tmp_path: Path, catalog_folder: Path
) -> None:
    home = Home(tmp_path / "home")
    home.create()
    put(home, 0, [returned("甲镇", "2014年9月", ("活产数", "人", 10, "上半年"), ("产妇数", "人", "十几"))])
    one_night(home, FIRST_NIGHT, catalog_folder)
    with duckdb.connect(str(home.warehouse), read_only=True) as con:
        found = con.sql("select rule_code, period_code, cells from quality.finding").fetchall()
    assert found == [("cell_quarantined", "2014-09", "C5")]


def test_a_night_that_is_repeated_changes_nothing(tmp_path: Path, catalog_folder: Path) -> None:
    home = Home(tmp_path / "home")
    home.create()
    put(home, 0, STORIES["months of two towns"][0])
    one_night(home, FIRST_NIGHT, catalog_folder)
    first = content_of(home)
    one_night(home, FIRST_NIGHT, catalog_folder)
    assert content_of(home) == first
