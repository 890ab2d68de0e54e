"""What a run leaves out is told at its end, and fails where CI=true."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

CASES = """
import pytest

def test_runs():
    pass

@pytest.mark.skip(reason="no chromium")
def test_in_a_browser():
    pass

@pytest.mark.xfail(reason="known", strict=True)
def test_known():
    assert False
"""


def run(folder: Path, repo_root: Path, *, ci: str, words: tuple[str, ...] = ()) -> tuple[int, str]:
    (folder / "conftest.py").write_text((repo_root / "tests" / "conftest.py").read_text("utf-8"))
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *words]
    said = subprocess.run(
        command, cwd=folder, env={**environment, "CI": ci}, capture_output=True, text=True, check=False
    )
    return said.returncode, said.stdout


@pytest.mark.parametrize("words", [(), ("-n", "1")], ids=["alone", "xdist"])
@pytest.mark.parametrize(("ci", "status"), [("", 0), ("true", 1)])
def test_a_skip_is_named_and_fails_only_in_ci(
    tmp_path: Path, repo_root: Path, ci: str, status: int, words: tuple[str, ...]
) -> None:
    (tmp_path / "test_cases.py").write_text(CASES)
    code, text = run(tmp_path, repo_root, ci=ci, words=words)
    assert code == status, text
    assert "not run" in text
    assert "test_cases.py::test_in_a_browser: no chromium" in text
    assert "test_known:" not in text


SKIPS = {
    "a mark": "@pytest.mark.skip(reason='no tool')\ndef test_it():\n    pass\n",
    "the test itself": "def test_it():\n    pytest.skip('no tool')\n",
    "its fixture": "@pytest.fixture\ndef tool():\n    pytest.skip('no tool')\n\ndef test_it(tool):\n    pass\n",
}


@pytest.mark.parametrize("skip", SKIPS.values(), ids=SKIPS)
def test_every_way_to_skip_fails_in_ci(tmp_path: Path, repo_root: Path, skip: str) -> None:
    (tmp_path / "test_cases.py").write_text(f"import pytest\n\n{skip}\ndef test_runs():\n    pass\n")
    code, text = run(tmp_path, repo_root, ci="true")
    assert code == 1, text
    assert "1 passed, 1 skipped" in text
    assert "test_cases.py::test_it: no tool" in text


@pytest.mark.parametrize("words", [(), ("-n", "1")], ids=["alone", "xdist"])
def test_a_module_that_skips_itself_counts(tmp_path: Path, repo_root: Path, words: tuple[str, ...]) -> None:
    (tmp_path / "test_cases.py").write_text("def test_runs():\n    pass\n")
    (tmp_path / "test_gone.py").write_text("import pytest\npytest.importorskip('no_such_module')\n")
    code, text = run(tmp_path, repo_root, ci="true", words=words)
    assert code == 1, text
    assert "test_gone.py: could not import 'no_such_module'" in text


def test_a_run_without_skips_says_nothing(tmp_path: Path, repo_root: Path) -> None:
    (tmp_path / "test_cases.py").write_text("def test_runs():\n    pass\n")
    code, text = run(tmp_path, repo_root, ci="true")
    assert code == 0
    assert "not run" not in text
