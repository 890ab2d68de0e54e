"""A fraction of the nation put where a user wants it: into a folder of its own, or into a site without units."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path

from pipelines.errors import TaizhangError
from pipelines.sample.nation.files import Drawn, Nation, draw, organisations, roster_yaml, write_parquet, write_planted
from pipelines.settings import SHIPPED_CATALOG, Home
from pipelines.warehouse.files import write_atomic
from pipelines.warehouse.lock import writer_lock

ROSTER, PLANTED = "roster/sample_nation.yaml", "planted.csv"
MADE_BY = re.compile(r"# 全国样本\(合成\).*; made by: (taizhang sample .*)")


class Kind(StrEnum):
    """How the returns are written."""

    parquet = "parquet"
    xlsx = "xlsx"


@dataclass(frozen=True)
class Written:
    """What was written, and where; `rows` of Parquet, 0 for workbooks."""

    place: Path
    inbox: Path
    files: int
    rows: int
    organisations: int
    villages: int
    planted: int


def months_from(first: str, count: int) -> tuple[date, ...]:
    """So many months, each by its first day.

    Raises:
        ValueError: no month.

    >>> months_from("2026-12", 2)
    (datetime.date(2026, 12, 1), datetime.date(2027, 1, 1))
    """
    match = re.fullmatch(r"(\d{4})-(\d{2})", first)
    if not match or count < 1:
        raise ValueError(f"{first!r} is no month, or {count} no number of months")
    start = date(int(match[1]), int(match[2]), 1)
    number = start.year * 12 + start.month - 1
    return tuple(date((number + n) // 12, (number + n) % 12 + 1, 1) for n in range(count))


def nation_in_folder(folder: Path, nation: Nation, kind: Kind, progress: Callable[[str], None]) -> Written:
    """A nation in a folder of its own: inbox/, catalog/ and planted.csv.

    Raises:
        TaizhangError: the folder holds something else, or there would be too many workbooks.
    """
    taken = folder.exists() and (not folder.is_dir() or any(folder.iterdir()))
    if taken and _made_by(folder / "catalog" / ROSTER) != nation.made_by:
        raise TaizhangError(
            f"{folder} 已有别的内容。",
            f"{folder} holds something else.",
            remedy_zh="换一个空文件夹。",
            remedy_en="choose an empty folder.",
        )
    return _write(folder, nation, kind, progress)


def nation_in_site(home: Home, nation: Nation, kind: Kind, progress: Callable[[str], None]) -> Written:
    """A nation's returns in a site's inbox, and its units as the site's own.

    Raises:
        TaizhangError: there is no site, it has units already, or there would be too many workbooks.
        TryAgain: a night of the site has not ended.
    """
    home.require()
    with writer_lock(home.path):
        if (home.catalog / "orgs.csv").exists() and _made_by(home.catalog / ROSTER) != nation.made_by:
            raise TaizhangError(
                f"{home.path} 已有机构名册;全国样本用真实地名配编造的数字,不能与真实单位混在一个站点里。",
                f"{home.path} has organisations; the nation has real names with made-up figures and is not mixed with "
                "others in one site.",
                remedy_zh="另建一个空站点(taizhang init),或用同样的选项再运行。",
                remedy_en="make an empty site (taizhang init), or run it with the same options.",
            )
        return _write(home.path, nation, kind, progress)


def _write(place: Path, nation: Nation, kind: Kind, progress: Callable[[str], None]) -> Written:
    drawn = draw(nation)
    if kind is Kind.xlsx:
        _not_too_many(drawn)
    orgs = organisations(drawn)
    roster = place / "catalog" / ROSTER
    roster.parent.mkdir(parents=True, exist_ok=True)
    write_atomic(place / "catalog" / "orgs.csv", orgs.write_csv().encode())
    write_atomic(roster, roster_yaml(nation).encode())
    inbox = place / "inbox"
    files, rows, planted = (_workbooks if kind is Kind.xlsx else write_parquet)(inbox, drawn, progress)
    write_planted(place / PLANTED, planted)
    return Written(place, inbox, files, rows, orgs.height, drawn.villages.filter("drawn").height, len(planted))


def _not_too_many(drawn: Drawn) -> None:
    from pipelines.sample.nation.workbooks import MOST_WORKBOOKS, returns_owed

    owed = returns_owed(drawn)
    if owed > MOST_WORKBOOKS:
        raise TaizhangError(
            f"这一部分要写 {owed} 个工作簿,最多 {MOST_WORKBOOKS} 个。",
            f"This fraction would be {owed} workbooks; {MOST_WORKBOOKS} is the most.",
            remedy_zh="减小 --nation 或 --months,或改用 --as parquet。",
            remedy_en="take a smaller --nation or fewer --months, or --as parquet.",
        )


def _workbooks(inbox: Path, drawn: Drawn, progress: Callable[[str], None]) -> tuple[int, int, list[list[str]]]:
    from pipelines.catalog.load import load_catalog
    from pipelines.sample.folder import write_files
    from pipelines.sample.nation.files import corrections
    from pipelines.sample.nation.workbooks import workbooks

    progress("xlsx")
    files = write_files(inbox, workbooks(drawn, load_catalog(SHIPPED_CATALOG).forms))
    found = drawn.by_province()
    return files, 0, [row for month, province in found for row in corrections(province, drawn.layout, month)]


def _made_by(roster: Path) -> str:
    """The command that made the nation of a roster; '' where there is none."""
    match = MADE_BY.match(roster.read_text(encoding="utf-8", errors="replace")) if roster.is_file() else None
    return match[1].strip() if match else ""
