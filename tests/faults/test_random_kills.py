"""kill -9 at moments drawn over a real night: the last release stays, and the next night gives what was due.

Five moments here; `make soak` draws thirty, each of a site of its own. A failure names the fractions of a night at
which it was struck: `python -m tests.faults.soak --at FRACTION` strikes there again.
"""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.faults.random_kills import Scene, difference, finish, harm, scenes, strike
from tests.unit.warehouse.sites import copy_site

SEED = 20140930
MOMENTS = {"first night": 2, "second night": 3}


@pytest.fixture(scope="module")
def nights(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Scene]:
    return {scene.name: scene for scene in scenes(tmp_path_factory.mktemp("nights"))}


def test_nights_killed_again_and_again_end_as_an_undisturbed_one(nights: dict[str, Scene], tmp_path: Path) -> None:
    """A night is struck, its next one is struck, and so on; the last one is left to end."""
    drawn = random.Random(SEED)
    for name, scene in nights.items():
        home, struck = copy_site(scene.home, tmp_path / name), list[str]()
        for _ in range(MOMENTS[name]):
            fraction = drawn.random()
            killed = strike(home, scene.day, fraction * scene.seconds)
            struck.append(f"{fraction:.3f} of {scene.seconds:.1f} s{'' if killed else ' (had ended)'}")
            assert harm(scene, home) == [], (name, SEED, struck)
        finish(home, scene.day)
        assert difference(scene, home) == [], (name, SEED, struck)
        print(f"{name}, seed {SEED}, killed at {', '.join(struck)}: as if undisturbed")


def test_what_is_wrong_after_a_kill_would_be_told(nights: dict[str, Scene], tmp_path: Path) -> None:
    """The checks of the test above are no checks that cannot fail."""
    scene = nights["second night"]
    home = copy_site(scene.undisturbed, tmp_path / "site")
    assert (harm(scene, home), difference(scene, home)) == ([], [])
    archived = next(path for path in home.archive.iterdir() if path.read_bytes()[:2] == b"PK")
    archived.unlink()
    page = home.releases / scene.published.id / "index.html"
    page.unlink()
    assert harm(scene, home) == ["the release has lost index.html", "1 files are lost"]
    (home.releases / "current").write_text(f"{scene.before}\n")
    line = home.journal.read_bytes().splitlines(keepends=True)[-1]
    home.journal.write_bytes(home.journal.read_bytes().removesuffix(line))
    (home.taking / "00000017").mkdir()
    told = difference(scene, home)
    for what in ("the release", "receipts", "archived", "left while being taken", "table intake.receipt"):
        assert any(one.startswith(f"{what}:") for one in told), what
