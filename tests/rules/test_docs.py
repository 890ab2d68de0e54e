"""The generated pages say what SQL, comments and catalog say now; the links of the written ones lead somewhere."""

from __future__ import annotations

import re
import runpy
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(scope="module")
def tool(repo_root: Path) -> dict[str, Any]:
    return runpy.run_path(str(repo_root / "tools" / "make_docs.py"))


@pytest.fixture(scope="module")
def pages(tool: dict[str, Any]) -> dict[Path, str]:
    return tool["pages"]()


def test_every_generated_page_is_fresh(pages: dict[Path, str], tool: dict[str, Any], repo_root: Path) -> None:
    present = {path for folder in tool["FOLDERS"] for path in (repo_root / "docs" / folder).glob("*.md")}
    stale = [p.name for p, text in pages.items() if not p.exists() or p.read_text(encoding="utf-8") != text]
    stale += [path.name for path in present - pages.keys()]
    assert not stale, f"not fresh, run python tools/make_docs.py: {stale}"


def dead_links(text: str, folder: Path) -> list[str]:
    links = re.findall(r"\]\((?!https?:)([^)#]+)\)", text)
    return [link for link in links if not (folder / link).exists()]


def test_every_link_of_the_documentation_leads_somewhere(repo_root: Path) -> None:
    written = [*repo_root.glob("*.md"), *(repo_root / "docs").rglob("*.md"), *(repo_root / "notebooks").glob("*.md")]
    dead = {path.name: found for path in written if (found := dead_links(path.read_text("utf-8"), path.parent))}
    assert not dead


def test_a_dead_link_is_seen(tmp_path: Path) -> None:
    assert dead_links("[a](nowhere.md) [b](https://example.org/x)", tmp_path) == ["nowhere.md"]
