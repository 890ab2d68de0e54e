"""A demonstration that is stopped while it is laid out, at whatever step, can be begun again."""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pipelines.cli import county
from pipelines.cli.night import make_demo
from pipelines.settings import Home

STEPS = (
    (Path, "mkdir"), (Path, "write_text"), (Path, "replace"), (Path, "unlink"), (shutil, "rmtree"),
    (shutil, "copyfile"),
)  # fmt: skip


class Stopped(BaseException):
    """As Ctrl-C, or a kill: nothing catches it."""


def _stop_at(number: int, patch: pytest.MonkeyPatch) -> None:
    """Stops at the nth step that changes a disk, before it is done."""
    steps = itertools.count(1)

    def stopping(function: Callable[..., Any]) -> Callable[..., Any]:
        def step(*words: Any, **named: Any) -> Any:
            if next(steps) == number:
                raise Stopped
            return function(*words, **named)

        return step

    for owner, name in STEPS:
        patch.setattr(owner, name, stopping(getattr(owner, name)))


@pytest.fixture
def small_county(monkeypatch: pytest.MonkeyPatch) -> None:
    """The county's first workbooks and errors only (whole, each of some hundred steps writes 672 workbooks anew)."""
    drawn, files_of = county.draw_county(), county.files_of
    planted = county.plant(drawn)[:2]
    monkeypatch.setattr(county, "plant", lambda _: planted)
    monkeypatch.setattr(county, "draw_county", lambda _: drawn)
    monkeypatch.setattr(county, "files_of", lambda *words: itertools.islice(files_of(*words), 3))


@pytest.mark.usefixtures("small_county")
@pytest.mark.parametrize("there_was_one", [False, True])
def test_a_demonstration_stopped_at_any_step_can_be_begun_again(there_was_one: bool, tmp_path: Path) -> None:
    whole = Home(tmp_path / "whole")
    make_demo(whole)
    for number in itertools.count(1):
        home = Home(tmp_path / str(number))
        if there_was_one:
            make_demo(home)
        with pytest.MonkeyPatch.context() as patch:
            _stop_at(number, patch)
            try:
                make_demo(home)
                break  # there are fewer steps
            except Stopped:
                pass
        make_demo(home)
        assert _files(home) == _files(whole), number
        shutil.rmtree(home.path)
    assert number > 20


def _files(home: Home) -> dict[str, bytes]:
    found = (path for path in home.path.rglob("*") if path.is_file() and path.name != ".lock")
    return {path.relative_to(home.path).as_posix(): path.read_bytes() for path in found}


def test_a_folder_of_somebody_else_is_left_alone_all_the_same(tmp_path: Path) -> None:
    from pipelines.errors import TaizhangError

    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(TaizhangError):
        make_demo(Home(tmp_path))
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]
