"""The generated pages say what SQL, comments and catalog say now; the links of the written ones lead somewhere."""

from __future__ import annotations

import re
import runpy
from pathlib import Path

import pytest


@pytest.fixture(scope="module")
def pages(repo_root: Path) -> dict[Path, str]:
    return runpy.run_path(str(repo_root / "tools" / "make_docs.py"))["pages"]()


def test_every_generated_page_is_fresh(pages: dict[Path, str], repo_root: Path) -> None:
    docs = repo_root / "docs"
    present = {path for folder in ("tables", "indicators") for path in (docs / folder).glob("*.md")}
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
