"""The sample county put where a user wants it: into a folder of its own, or into a site's inbox and catalog."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pipelines.errors import TaizhangError
from pipelines.sample.county import SampleCounty, draw_county
from pipelines.sample.folder import (
    ROSTER,
    SITE_ROSTER,
    files_of,
    made_by,
    mark_of,
    merged_orgs,
    roster_yaml,
    write_catalog,
    write_files,
)
from pipelines.settings import Home
from pipelines.warehouse.files import write_atomic
from pipelines.warehouse.lock import writer_lock


@dataclass(frozen=True)
class Written:
    """What was written, and where."""

    place: Path
    inbox: Path
    files: int
    organisations: int
    villages: int


def county_in_folder(folder: Path, seed: int) -> Written:
    """The county in a folder of its own: inbox/<sender>/*.xlsx, and a catalog for it alone.

    Raises:
        TaizhangError: the folder holds something else.
    """
    county, roster = draw_county(seed), folder / "catalog" / ROSTER
    taken = folder.exists() and (not folder.is_dir() or any(folder.iterdir()))
    if taken and _made_by(roster) != made_by(county):
        raise TaizhangError(
            f"{folder} 已有别的内容。",
            f"{folder} holds something else.",
            remedy_zh="换一个空文件夹。",
            remedy_en="choose an empty folder.",
        )
    write_catalog(folder / "catalog", county)
    count = write_files(folder / "inbox", files_of(county))
    return _written(folder, folder / "inbox", count, county)


def county_in_site(home: Home, seed: int) -> Written:
    """The county's workbooks in a site's inbox; its organisations and its roster beside what the site's catalog has.

    Raises:
        TaizhangError: there is no site, its register cannot be read, or it holds another sample county.
        TryAgain: a night of the site has not ended.
    """
    home.require()
    county, roster, register = draw_county(seed), home.catalog / SITE_ROSTER, home.catalog / "orgs.csv"
    with writer_lock(home.path):
        before = _made_by(roster)
        if before and before != made_by(county):
            raise TaizhangError(
                f"{home.path} 里已有另一个样本县({before})。",
                f"{home.path} holds another sample county ({before}).",
                remedy_zh="用同样的选项再运行,或另建一个站点。",
                remedy_en="run it with the same options, or make another site.",
            )
        write_atomic(register, merged_orgs(_read(register), county.orgs).encode())
        write_atomic(roster, roster_yaml(county).encode())
        count = write_files(home.inbox, files_of(county))
    return _written(home.path, home.inbox, count, county)


def _made_by(roster: Path) -> str:
    """The command that made the sample of a roster; '' where there is none."""
    return mark_of(roster.read_text(encoding="utf-8", errors="replace")) if roster.is_file() else ""


def _read(register: Path) -> str:
    """A site's register as it stands, line ends included; '' where there is none."""
    try:
        return register.read_bytes().decode("utf-8") if register.exists() else ""
    except UnicodeDecodeError as error:
        raise TaizhangError(
            f"读不了机构名册 {register}:{error}",
            f"The register {register} cannot be read: {error}",
            remedy_zh="另存为 UTF-8 编码的 CSV 再运行。",
            remedy_en="save it as CSV in UTF-8, then run again.",
        ) from error


def _written(place: Path, inbox: Path, files: int, county: SampleCounty) -> Written:
    villages = sum(org.level == "village" for org in county.orgs)
    return Written(place, inbox, files, len(county.orgs), villages)
