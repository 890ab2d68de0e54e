"""The guide to Dagster names commands, options and pictures that exist."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import sysconfig
from functools import cache
from pathlib import Path

import click
import pytest
from dagster_dg_cli.cli import create_dg_cli

SCRIPTS = Path(sysconfig.get_path("scripts"))
FOLDER = Path(__file__).resolve().parents[2] / "docs" / "guide"
TEXT = (FOLDER / "dagster.md").read_text("utf-8")
MOST_BYTES = 2_000_000


def commands(text: str) -> list[str]:
    """The command lines of fenced blocks and those within a line."""
    blocks = re.findall(r"^```\n(.*?)^```", text, re.M | re.S)
    lines = [line for block in blocks for line in block.splitlines() if line.strip()]
    within = re.findall(r"`((?:make|\.venv/bin/\w+) [^`]+)`", re.sub(r"^```.*?^```", "", text, flags=re.M | re.S))
    return list(dict.fromkeys([*lines, *within]))


@cache
def help_of(program: str, *words: str) -> str:
    environment = {**os.environ, "COLUMNS": "200", "DAGSTER_DISABLE_TELEMETRY": "yes"}
    done = subprocess.run(
        [str(SCRIPTS / program), *words, "--help"], capture_output=True, text=True, env=environment, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout + (" ".join(options_of_dg(*words)) if program == "dg" else "")


def options_of_dg(*words: str) -> list[str]:
    """The options of a command of `dg`, whose own help may leave them out."""
    command: click.Command = create_dg_cli()
    for word in words:
        assert isinstance(command, click.Group)
        found = command.get_command(click.Context(command), word)
        assert found is not None
        command = found
    return [option for parameter in command.params for option in parameter.opts]


def wrong_in(line: str, makefile: str) -> list[str]:
    """What a command line names that does not exist: a target, a subcommand, an option."""
    program, *words = shlex.split(line)
    if program == "export":
        return [word for word in words if word.partition("=")[0] not in ("TAIZHANG_HOME", "DAGSTER_HOME")]
    if program == "make":
        targets = [word for word in words if "=" not in word]
        settings = [word.partition("=")[0] for word in words if "=" in word]
        wrong = [target for target in targets if not re.search(rf"^{target}:.*##", makefile, re.M)]
        return wrong + [name for name in settings if not re.search(rf"^{name} +\?=", makefile, re.M)]
    name = Path(program).name
    subcommands = [word for word in words[: next((n for n, w in enumerate(words) if w.startswith("-")), len(words))]]
    known = help_of(name, *subcommands)
    options = [word for word in words if re.fullmatch(r"--?[a-z][a-z-]*", word)]
    return [option for option in options if not re.search(rf"(?<![\w-]){option}(?![\w-])", known)]


@pytest.mark.parametrize("line", commands(TEXT))
def test_every_command_of_the_guide_exists_with_its_options(line: str, repo_root: Path) -> None:
    assert wrong_in(line, (repo_root / "Makefile").read_text("utf-8")) == []


@pytest.mark.parametrize(
    ("line", "wrong"),
    [
        ("make dagster HOME_DIR=/srv NOTHING=1", ["NOTHING"]),
        ("make castle", ["castle"]),
        (".venv/bin/taizhang run --home site --periods 2014", ["--periods"]),
        (".venv/bin/dg launch --asset key:marts/claim_check", ["--asset"]),
        ("export ELSEWHERE=1", ["ELSEWHERE=1"]),
    ],
)
def test_a_wrong_command_is_seen(line: str, wrong: list[str], repo_root: Path) -> None:
    assert wrong_in(line, (repo_root / "Makefile").read_text("utf-8")) == wrong


def test_the_guide_names_the_commands_that_matter() -> None:
    told = "\n".join(commands(TEXT))
    for needed in ("make dagster", "run --home site --period", "dagster dev -w workspace.yaml", "dg dev", "dg launch"):
        assert needed in told


def test_every_picture_is_there_and_every_one_is_shown() -> None:
    shown = set(re.findall(r"!\[[^\]]+\]\((dagster/[^)]+)\)", TEXT))
    kept = {f"dagster/{path.name}" for path in (FOLDER / "dagster").iterdir()}
    assert len(shown) >= 8
    assert shown == kept


def test_the_pictures_are_pictures_and_small() -> None:
    files = list((FOLDER / "dagster").iterdir())
    assert all(path.read_bytes()[:8] == b"\x89PNG\r\n\x1a\n" for path in files)
    assert 100_000 < sum(path.stat().st_size for path in files) < MOST_BYTES


def test_the_script_makes_these_pictures_and_no_others(repo_root: Path) -> None:
    script = (repo_root / "tools" / "make_screenshots.py").read_text("utf-8")
    made = set(re.findall(r'camera\.shoot\("(\w+)"\)', script))
    assert made == {path.stem for path in (FOLDER / "dagster").iterdir()}


def test_this_interpreter_is_that_of_the_scripts() -> None:
    assert Path(sys.executable).parent == SCRIPTS
