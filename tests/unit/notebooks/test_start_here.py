"""The first notebook runs on a release, and says what to do where there is none."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture
def home(tmp_path: Path, published_warehouse: Path) -> Path:
    folder = tmp_path / "releases" / "20260101T180000Z-abcdef12"
    folder.mkdir(parents=True)
    shutil.copyfile(published_warehouse, folder / "internal.duckdb")
    (tmp_path / "releases" / "current").write_text(f"{folder.name}\n", "utf-8")
    return tmp_path


def run(notebook: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    monkeypatch.setenv("TAIZHANG_HOME", str(home))
    spec = importlib.util.spec_from_file_location("start_here", notebook)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    _, names = module.app.run()
    return dict(names)


@pytest.fixture
def notebook(repo_root: Path) -> Path:
    return repo_root / "notebooks" / "start_here.py"


def test_the_countys_rate_of_2014_is_followed_to_its_cells(
    notebook: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = run(notebook, home, monkeypatch)
    assert (names["rate"]["org_code"], names["rate"]["period_code"]) == ("x-mch-county", "2014")
    assert names["rate"]["indicator_code"] == "maternal_system_management_rate"
    assert [(cell["side"], int(cell["value"])) for cell in names["cells"]] == [
        ("numerator", 7414),
        ("denominator", 9887),
    ]
    assert {cell["filename"] for cell in names["cells"]} == {"mch_county_2014.xlsx"}
    assert {len(cell["sha256"]) for cell in names["cells"]} == {64}
    assert "75%" in {claim["reported_text"] for claim in names["printed"]}


def test_it_runs_as_a_script(notebook: Path, home: Path) -> None:
    said = subprocess.run(
        [sys.executable, str(notebook)],
        env={**os.environ, "TAIZHANG_HOME": str(home), "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        encoding="utf-8",
        check=True,
    ).stdout
    assert "74.99" in said
    assert "mch_county_2014.xlsx › 报表 › " in said


def test_without_a_release_it_says_what_to_do(notebook: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    names = run(notebook, tmp_path, monkeypatch)
    assert "taizhang demo" in names["answer"]
    assert names["cells"] == names["printed"] == []
