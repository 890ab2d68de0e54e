"""What a night's summary says of synthetic data, and what a demonstration leads on to."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest

from pipelines.cli.main import app, demo_next
from pipelines.cli.summary import as_text, summarise
from pipelines.cli.words import Lang
from pipelines.sample.county import draw_county
from pipelines.sample.folder import files_of, merged_orgs, write_files
from tests.unit.warehouse.sites import library_return, new_site, plain_night, put


def test_synthetic_files_cells_and_findings_are_told_apart(tmp_path: Path) -> None:
    home, county = new_site(tmp_path / "site"), draw_county()
    put(home, "a.csv", library_return(20))
    figures = summarise(plain_night(home), 1, [], 1.0)
    assert figures["synthetic"] == {"files": 0, "cells": 0, "findings": 0}
    assert "合成" not in as_text(figures, Lang.zh) + as_text(figures, Lang.en)

    register = home.catalog / "orgs.csv"
    register.write_text(merged_orgs(register.read_text(encoding="utf-8"), county.orgs), encoding="utf-8")
    first = next(files_of(county))
    write_files(home.inbox, [first])
    put(home, "b.csv", library_return(21), 1)
    figures = summarise(plain_night(home, 2), 2, [], 1.0)
    assert figures["files"]["received"] == 2
    assert figures["synthetic"]["files"] == 1
    assert 300 < figures["synthetic"]["cells"] < figures["cells"]["read"]
    assert "\n合成    以上有 1 个文件、" in as_text(figures, Lang.zh)
    assert "\nsynthetic 1 of these files, " in as_text(figures, Lang.en)


@pytest.mark.parametrize("lang", list(Lang))
def test_what_a_demonstration_tells_to_type_are_commands(lang: Lang) -> None:
    commands = {command.name or command.callback.__name__ for command in app.registered_commands if command.callback}
    typed = [shlex.split(line) for line in demo_next(Path("/tmp/demo"), lang) if "taizhang " in line]
    assert [words[words.index("taizhang") + 1] for words in typed] == ["serve", "sql", "correct", "run", "verify"]
    assert {words[words.index("taizhang") + 1] for words in typed} <= commands
    assert all(words[words.index("--home") + 1] == "/tmp/demo" for words in typed)
    assert "/tmp/demo/sample/corrections.csv" in typed[2]
