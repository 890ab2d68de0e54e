"""The sample county put where a user wants it: into a folder of its own, or into a site's inbox and catalog."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pipelines.errors import TaizhangError
from pipelines.sample.county import SEED, SampleCounty, draw_county
from pipelines.sample.errors import plant
from pipelines.sample.folder import (
    ROSTER,
    SITE_ROSTER,
    files_of,
    made_by,
    mark_of,
    merged_orgs,
    roster_yaml,
    write_answers,
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
    errors: int
    answers: Path  # manifest.csv and corrections.csv, where there are errors


def county_in_folder(folder: Path, seed: int = SEED, *, errors: bool = True) -> Written:
    """The county in a folder of its own: inbox/<sender>/*.xlsx, a catalog for it alone, manifest and corrections.

    Raises:
        TaizhangError: the folder holds something else.
    """
    command, roster = made_by(seed, errors), folder / "catalog" / ROSTER
    taken = folder.exists() and (not folder.is_dir() or any(folder.iterdir()))
    if taken and _made_by(roster) != command:
        raise TaizhangError(
            f"{folder} 已有别的内容。",
            f"{folder} holds something else.",
            remedy_zh="换一个空文件夹。",
            remedy_en="choose an empty folder.",
        )
    county = draw_county(seed)
    planted = plant(county) if errors else []
    write_catalog(folder / "catalog", county, command)
    count = write_files(folder / "inbox", files_of(county, planted))
    write_answers(folder, county, planted)
    return _written(folder, folder / "inbox", count, county, len(planted), folder)


def county_in_site(home: Home, seed: int = SEED, *, errors: bool = True) -> Written:
    """The county's workbooks in a site's inbox; its organisations and its roster beside what the site's catalog has.

    What was planted and what puts it right go to sample/ in the site, which no night reads.

    Raises:
        TaizhangError: there is no site, its register cannot be read, or it holds another sample county.
        TryAgain: a night of the site has not ended.
    """
    home.require()
    command, roster, register = made_by(seed, errors), home.catalog / SITE_ROSTER, home.catalog / "orgs.csv"
    county = draw_county(seed)
    planted = plant(county) if errors else []
    with writer_lock(home.path):
        before = _made_by(roster)
        if before and before != command:
            raise TaizhangError(
                f"{home.path} 里已有另一个样本县({before})。",
                f"{home.path} holds another sample county ({before}).",
                remedy_zh="用同样的选项再运行,或另建一个站点。",
                remedy_en="run it with the same options, or make another site.",
            )
        write_atomic(register, merged_orgs(_read(register), county.orgs).encode())
        write_atomic(roster, roster_yaml(county, command).encode())
        count = write_files(home.inbox, files_of(county, planted))
        write_answers(home.path / "sample", county, planted)
    return _written(home.path, home.inbox, count, county, len(planted), home.path / "sample")


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


def _written(place: Path, inbox: Path, files: int, county: SampleCounty, errors: int, answers: Path) -> Written:
    villages = sum(org.level == "village" for org in county.orgs)
    return Written(place, inbox, files, len(county.orgs), villages, errors, answers)
