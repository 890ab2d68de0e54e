"""Each of the 94 things that the sources ask for has an answer, and what is said to serve it is there."""

from __future__ import annotations

from pathlib import Path

import pytest
import typer.main

from pipelines.catalog.load import Catalog, load_catalog
from pipelines.cli.main import app
from tools.coverage_page import STATES, features

AREAS = {"A": 7, "B": 9, "C": 13, "D": 16, "E": 13, "F": 11, "G": 7, "H": 4, "I": 4, "J": 10}
CODES = [f"{letter}{number}" for letter, count in AREAS.items() for number in range(1, count + 1)]


@pytest.fixture(scope="module")
def catalog(repo_root: Path) -> Catalog:
    return load_catalog(repo_root / "catalog")


def unresolved(names: list[str], catalog: Catalog, root: Path) -> list[str]:
    """The names that nothing is behind."""
    return [name for name in names if not _is_there(name, catalog, root)]


def _is_there(name: str, catalog: Catalog, root: Path) -> bool:
    what, _, rest = name.partition(" ")
    if what == "table":
        return (root / "docs" / "tables" / f"{rest}.md").exists()
    if what == "page":
        return (root / rest).exists()
    if what == "command":
        command = typer.main.get_command(app)
        for word in rest.split():
            command = getattr(command, "commands", {}).get(word)
        return command is not None
    kind, _, code = name.partition("/")
    return code in getattr(catalog, kind, {})


def test_each_of_the_94_features_has_an_answer() -> None:
    assert list(features()) == CODES
    assert len(CODES) == 94


def test_an_answer_says_what_serves_it_or_why_not() -> None:
    for code, found in features().items():
        assert found["zh"], code
        assert found["en"], code
        assert found["state"] in STATES, code
        assert set(found) <= {"zh", "en", "state", "by", "note_zh", "note_en"}, code
        assert ("note_zh" in found) == ("note_en" in found), code
        assert found.get("by") if found["state"] == "served" else found.get("note_zh"), code


def test_what_is_named_is_there(catalog: Catalog, repo_root: Path) -> None:
    names = [name for found in features().values() for name in found.get("by", ())]
    assert unresolved(names, catalog, repo_root) == []


def test_what_is_not_there_is_seen(catalog: Catalog, repo_root: Path) -> None:
    names = ["table marts.nothing", "page docs/nothing.md", "command catalog nothing", "forms/nothing", "nothing/forms"]
    assert unresolved([*names, "table core.fact", "command catalog list"], catalog, repo_root) == names
