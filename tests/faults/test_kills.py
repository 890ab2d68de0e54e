"""A night that is killed loses nothing: the last release stays, and the next night gives what it would have given."""

from __future__ import annotations

import random
import signal

import duckdb
import pytest

from pipelines.settings import Home
from pipelines.warehouse import release
from pipelines.warehouse.hashing import contents
from pipelines.warehouse.verify import verify
from tests.faults.conftest import DAY, Doomed, Waiting
from tests.faults.doomed import KILLS, REBUILDS
from tests.unit.warehouse.sites import bytes_kept, plain_night

RANDOM_KILLS = 5
# Each finds work that the kills before it have left. "between two files removed from where they were taken" is not
# among them: it needs two files that the journal does not know yet, and a torn line has left one; it strikes by itself.
ONE_AFTER_ANOTHER = (
    "after a file was taken from the inbox",  # two of four
    "between two archived files",  # the two are journalled; of the other two one is archived
    "in the middle of a journal line",  # of their two lines the first is whole
    "after lines of the journal",  # the line of the last one
    "between two load transactions",  # two of four are loaded
    "after the load, before any select",
    "before the checkpoint",
    "before the manifest",
    "before current points to the release",
)


def hold_the_last_release(site: Home, waiting: Waiting) -> None:
    """The release of the night before, or the whole new one, is what a reader gets; no byte is lost."""
    found = release.current(site)
    assert found is not None
    assert found.id == waiting.first
    release.verify_copy(found.database, found.manifest["tables"])
    assert waiting.sent <= bytes_kept(site)


def finish(site: Home, waiting: Waiting) -> None:
    """The next night by the same clock publishes what the undisturbed one does, all tables included."""
    finished = plain_night(site, DAY)
    assert finished.id == waiting.second
    assert finished.manifest["tables"] == waiting.tables
    assert finished.manifest["previous"]["release_id"] == waiting.first
    assert [path.name for path in site.inbox.rglob("*") if path.is_file()] == []
    assert list(site.taking.iterdir()) == []
    assert {path.name for path in site.releases.iterdir()} == {waiting.first, waiting.second, "current"}
    assert len(list(site.refused.iterdir())) == 2


@pytest.mark.parametrize("place", [*KILLS, *REBUILDS])
def test_a_kill_loses_nothing(place: str, site: Home, waiting: Waiting, doomed: Doomed) -> None:
    assert doomed(place, site.path, DAY).returncode == -signal.SIGKILL
    hold_the_last_release(site, waiting)
    finish(site, waiting)


@pytest.fixture(scope="module")
def calls(waiting: Waiting, doomed: Doomed, tmp_path_factory: pytest.TempPathFactory) -> int:
    """How many Python calls a whole night makes."""
    from tests.unit.warehouse.sites import copy_site

    site = copy_site(waiting.home, tmp_path_factory.mktemp("calls") / "site")
    return int(doomed("count", site.path, DAY).stdout)


@pytest.mark.parametrize("seed", range(RANDOM_KILLS))
def test_a_kill_at_any_call_loses_nothing(seed: int, calls: int, site: Home, waiting: Waiting, doomed: Doomed) -> None:
    """The moment is drawn as a number of calls, not as a time: a fault found is found again."""
    number = random.Random(seed).randrange(1, calls * 9 // 10)
    assert doomed(f"call {number}", site.path, DAY).returncode == -signal.SIGKILL, number
    hold_the_last_release(site, waiting)
    finish(site, waiting)


def test_kills_one_after_another_lose_nothing(site: Home, waiting: Waiting, doomed: Doomed) -> None:
    for place in ONE_AFTER_ANOTHER:
        assert doomed(place, site.path, DAY).returncode == -signal.SIGKILL, place
        hold_the_last_release(site, waiting)
    finish(site, waiting)
    last = release.current(site)
    assert last is not None
    assert verify(site, last).problems == []


@pytest.mark.parametrize("place", ["after some selects", "before current points to the release"])
def test_the_real_command_finishes_after_a_kill(place: str, site: Home, waiting: Waiting, doomed: Doomed) -> None:
    home = ("--home", site.path, "--lang", "en")
    assert doomed(place, "taizhang", "run", *home).returncode == -signal.SIGKILL
    hold_the_last_release(site, waiting)
    asked = doomed("limit 1000000", "taizhang", "sql", "select count(*) as n from core.fact", "--format", "csv", *home)
    assert (asked.returncode, asked.stdout.split()) == (0, ["n", "2"])
    done = doomed("limit 1000000", "taizhang", "run", *home)
    assert done.returncode == 0, done.stderr
    assert "4 received: 3 accepted, 1 refused" in done.stdout
    found = release.current(site)
    assert found is not None
    assert (found.id, found.manifest["tables"]) == (waiting.second, waiting.tables)
    with duckdb.connect(str(found.database), read_only=True) as con:
        assert {name: content.sha256 for name, content in contents(con).items()} == {
            name: told["sha256"] for name, told in waiting.tables.items()
        }
