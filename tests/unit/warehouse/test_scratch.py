"""A folder that lives as long as its process: what a killed one left goes at the next start, and nothing else."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from pipelines.settings import CHECKOUT
from pipelines.warehouse.scratch import LOCK, Scratch

PREFIX = "taizhang-try-"
WAITS = f"""
from pipelines.warehouse.scratch import Scratch
scratch = Scratch({PREFIX!r})
(scratch.folder / "1.said").write_text("half of")
print(scratch.folder, flush=True)
input()
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where temporary folders are made, here and in other processes."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    return tmp_path


def test_it_goes_with_its_end(folder: Path) -> None:
    scratch = Scratch(PREFIX)
    assert list(folder.iterdir()) == [scratch.folder]
    scratch.close()
    assert list(folder.iterdir()) == []


def test_what_a_killed_process_left_goes_at_the_next_start_and_not_before(folder: Path) -> None:
    words = [sys.executable, "-c", WAITS]
    with subprocess.Popen(words, cwd=CHECKOUT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        left = Path(process.stdout.readline().strip())
        Scratch(PREFIX).close()
        assert (left / "1.said").exists(), "its process lives"
        os.kill(process.pid, signal.SIGKILL)
    assert (left / "1.said").exists(), "a killed process removes nothing"
    Scratch(PREFIX).close()
    assert list(folder.iterdir()) == []


def test_what_is_not_ours_stays(folder: Path) -> None:
    (folder / f"{PREFIX}without-a-lock").mkdir()
    other = folder / "other-name"
    other.mkdir()
    (other / LOCK).touch()
    (folder / f"{PREFIX}link").symlink_to(other)
    before = sorted(folder.rglob("*"))
    Scratch(PREFIX).close()
    assert sorted(folder.rglob("*")) == before


def test_somebody_elses_stays(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / f"{PREFIX}theirs").mkdir()
    (folder / f"{PREFIX}theirs" / LOCK).touch()
    mine = os.getuid()
    monkeypatch.setattr(os, "getuid", lambda: mine + 1)
    Scratch(PREFIX).close()
    assert (folder / f"{PREFIX}theirs").exists()
