"""Nights of the real command, Dagster and all, that are killed at moments drawn at random, and what must be then.

Two townships of the sample county send the workbooks of a month: eight files. `scenes` measures an undisturbed
night; `strike` kills one; `harm` and `difference` say what is wrong afterwards, in words; nothing is wrong where
they are empty. A kill is SIGKILL to the whole process group, which nothing can catch.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipelines.errors import TaizhangError
from pipelines.sample.county import SampleCounty, draw_county
from pipelines.sample.folder import files_of, write_catalog, write_files
from pipelines.settings import Home
from pipelines.warehouse import journal, release
from tests.unit.warehouse.sites import bytes_kept, copy_site, moment, plain_night

TAIZHANG = Path(sys.executable).with_name("taizhang")
TOWNSHIPS, FORMS = 2, 4


@dataclass(frozen=True)
class Scene:
    """A site before a night, and what an undisturbed night gives in how many seconds."""

    name: str
    home: Home
    day: int
    before: str
    seconds: float
    undisturbed: Home

    @property
    def published(self) -> release.Release:
        """The release of the undisturbed night."""
        found = release.current(self.undisturbed)
        assert found is not None
        return found


def scenes(folder: Path) -> list[Scene]:
    """A first night, where nothing is published yet, and the night of the month after, which is the one measured."""
    county = draw_county()
    first = Home(folder / "first night")
    first.create()
    write_catalog(first.catalog, county, "tests")
    send(first, county, 0)
    after_first = copy_site(first, folder / "after the first")
    before = plain_night(after_first, 1)
    site = copy_site(after_first, folder / "second night")
    send(site, county, 1)
    after_second = copy_site(site, folder / "after the second")
    started = time.perf_counter()
    finish(after_second, 2)
    seconds = time.perf_counter() - started
    return [
        Scene("first night", first, 1, "", seconds, after_first),
        Scene("second night", site, 2, before.id, seconds, after_second),
    ]


def send(home: Home, county: SampleCounty, month: int) -> None:
    """Puts a month's workbooks of the first townships into the inbox."""
    period = county.returns[month * len(county.returns) // 12]
    townships = list(dict.fromkeys(found.township for found in county.returns))[:TOWNSHIPS]
    chosen = [r for r in county.returns if r.township in townships and (r.year, r.month) == (period.year, period.month)]
    assert len(chosen) == TOWNSHIPS * FORMS
    write_files(home.inbox, files_of(SampleCounty(county.seed, county.orgs, tuple(chosen))))


def finish(home: Home, day: int) -> None:
    """A night to its end.

    Raises:
        AssertionError: it fails; with what it said.
    """
    process = _start(home, day)
    _, told = process.communicate()
    assert process.returncode == 0, told.decode()[-3000:]


def strike(home: Home, day: int, seconds: float) -> bool:
    """A night that is killed after so many seconds; False where it had ended by then."""
    process = _start(home, day)
    try:
        _, told = process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        return True
    assert process.returncode == 0, told.decode()[-3000:]
    return False


def _start(home: Home, day: int) -> subprocess.Popen[bytes]:
    scratch = home.path.with_name(f"{home.path.name}-tmp")  # a killed night leaves what is temporary beside its site
    scratch.mkdir(exist_ok=True)
    return subprocess.Popen(
        [TAIZHANG, "run", "--home", home.path, "--lang", "en"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
        env={**os.environ, "TAIZHANG_CLOCK": moment(day).isoformat(), "TMPDIR": str(scratch)},
    )


def harm(scene: Scene, home: Home) -> list[str]:
    """What a kill did to what was published and to what was sent; nothing may be."""
    found = []
    try:
        current = release.current(home)
        named = current.id if current else ""
        if named not in (scene.before, scene.published.id):
            found.append(f"the last release is {named!r}")
        if current:
            release.verify_copy(current.database, current.manifest["tables"])
            for name in current.manifest["files"]:
                if not (current.folder / name).exists():
                    found.append(f"the release has lost {name}")
    except TaizhangError as error:
        found.append(error.text("en"))
    lost = bytes_kept(scene.home) - bytes_kept(home)
    return [*found, *([f"{len(lost)} files are lost"] if lost else [])]


def difference(scene: Scene, home: Home) -> list[str]:
    """What a site that was finished has otherwise than the undisturbed one: releases, tables, receipts, folders."""
    found, wanted = _state(home), _state(scene.undisturbed)
    return [
        f"{name}: {found[name]!r:.300} instead of {wanted[name]!r:.300}"
        for name in wanted
        if found[name] != wanted[name]
    ]


def _state(home: Home) -> dict[str, Any]:
    current = release.current(home)
    assert current is not None
    tables: dict[str, Any] = {f"table {name}": content for name, content in current.manifest["tables"].items()}
    return {
        **tables,
        "the release": current.id,
        "the release before": current.manifest["previous"],
        "releases": sorted(path.name for path in home.releases.iterdir()),
        "receipts": [(entry.seq, entry.data) for entry in journal.read(home.journal).entries],
        "archived": sorted(path.name for path in home.archive.iterdir() if not path.name.startswith(".")),
        "left in the inbox": sorted(path.name for path in home.inbox.rglob("*") if path.is_file()),
        "left while being taken": sorted(path.name for path in home.taking.iterdir()),
    }


def remove(home: Home) -> None:
    """Removes a site, its read-only releases too, and what its nights left beside it."""
    shutil.rmtree(home.path)
    shutil.rmtree(home.path.with_name(f"{home.path.name}-tmp"))
