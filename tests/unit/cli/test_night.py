"""The real commands on a real site: what they print for programs, and how they end."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

COMMAND = [sys.executable, "-c", "from pipelines.cli.main import main; main()"]


def taizhang(folder: Path, *words: object) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(folder), "TAIZHANG_LANG": "en"}
    command = [*COMMAND, *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, cwd=folder, env=environment, check=False)


def test_the_demonstration_tells_programs_what_it_did_and_what_it_tells_can_be_found(
    repo_root: Path, tmp_path: Path
) -> None:
    done = taizhang(repo_root, "demo", "--home", tmp_path / "demo", "--format", "json")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    cells = told["cells"]
    assert cells["read"] == sum(cells[name] for name in cells if name != "read")
    files = told["files"]
    assert files["received"] == files["accepted"] + files["refused"] + files["duplicate"] > 20
    assert Path(told["release"]["page"]).is_file()
    strict = taizhang(repo_root, "run", "--home", tmp_path / "demo", "--strict", "--format", "json")
    again = json.loads(strict.stdout)
    assert again["files"]["received"] == 0
    assert again["cells"] == cells
    assert strict.returncode == (3 if again["findings"].get("error") else 0)
