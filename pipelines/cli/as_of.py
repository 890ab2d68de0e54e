"""A release of what was known on a day: the journal up to its end, the archive, the catalog of then."""

from __future__ import annotations

import shutil
import tempfile
import time
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from pipelines.cli.words import Lang
from pipelines.errors import TaizhangError
from pipelines.settings import Home, now

CHINA = timezone(timedelta(hours=8))


def run_as_of(home: Home, day: date, lang: Lang, *, quiet: bool = False) -> dict[str, Any]:
    """Publishes a release of its own with what was known at the end of a day; the newest release stays the newest.

    The catalog is that of the last release until then, else today's. Returns the figures of the summary.

    Raises:
        TaizhangError: the day lies ahead, or nothing was received until then.
    """
    from pipelines.cli.night import run_night
    from pipelines.cli.summary import summarise
    from pipelines.warehouse.lock import writer_lock
    from pipelines.warehouse.night import Then
    from pipelines.warehouse.release import read

    started = time.perf_counter()
    home.require()
    clock = datetime(day.year, day.month, day.day, 23, 59, 59, tzinfo=CHINA).astimezone(UTC)
    lines = _lines(home, clock)
    # A leftover of a process that was killed is removed by the next night, as that of a release is.
    with writer_lock(home.path), tempfile.TemporaryDirectory(prefix=".tmp-as-of-", dir=home.releases) as scratch:
        temporary = Home(Path(scratch))
        temporary.create()
        shutil.copyfile(home.config, temporary.config)
        temporary.archive.rmdir()
        temporary.archive.symlink_to(home.archive.resolve())
        temporary.journal.write_bytes(b"".join(lines))
        folders = _catalog_of(home, clock, temporary.path / "used") or home.catalog_folders
        figures = run_night(temporary, lang, quiet=quiet, then=Then(day, clock, folders))
        release_id = figures["release"]["id"]
        target = home.releases / release_id
        if not target.exists():
            (temporary.releases / release_id).rename(target)
    told = summarise(read(home, release_id), 0, [], time.perf_counter() - started)
    return {**told, "stages": figures["stages"], "left_in_inbox": [], "again": None, "as_of": day.isoformat()}


def _lines(home: Home, clock: datetime) -> list[bytes]:
    """The lines of the journal until a time."""
    from pipelines.warehouse import journal

    entries = journal.read(home.journal).entries
    known = [entry for entry in entries if datetime.fromisoformat(entry.at) <= clock]
    day = clock.astimezone(CHINA).date()
    if clock.date() > now().date() or not known:
        first = f"{datetime.fromisoformat(entries[0].at).astimezone(CHINA):%Y-%m-%d}" if entries else "–"
        raise TaizhangError(
            f"{day} 还没有到,或那一天之前什么也没有收到(最早的收件:{first})。",
            f"{day} lies ahead, or nothing was received until then (first receipt: {first}).",
            remedy_zh="换一个从最早收件到今天之间的日期。",
            remedy_en="choose a day from the first receipt until today.",
        )
    return home.journal.read_bytes().splitlines(keepends=True)[: known[-1].seq]


def _catalog_of(home: Home, clock: datetime, target: Path) -> tuple[Path, ...]:
    """The catalog that the last release until a time went by; () where there was none."""
    from pipelines.warehouse.release import read, released
    from pipelines.warehouse.snapshot import restore_catalog

    known = [release for name in released(home) if _created(release := read(home, name)) <= clock]
    if not known:
        return ()
    last = max(known, key=_created)
    return restore_catalog(home.archive, last.manifest["catalog_file"], target)


def _created(release: Any) -> datetime:
    return datetime.fromisoformat(release.manifest["created_at"])
