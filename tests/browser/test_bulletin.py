"""The bulletin in a real Chromium, from a file: nothing is asked for, nothing complained of, both languages, A4."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from dashboards.bulletin import render
from pipelines.warehouse.release import DATABASE, Release
from tests.browser.conftest import Watched
from tests.release_tables import RELEASE

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def page_file(published_warehouse: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bulletin of two real units."""
    folder = tmp_path_factory.mktemp("bulletin")
    shutil.copyfile(published_warehouse, folder / DATABASE)  # the other may be open in this process, set otherwise
    target = folder / "bulletin.html"
    target.write_text(render(Release(folder, dict(RELEASE)), ["x-mch-county", "640502103203"]), "utf-8")
    return target


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_it_opens_fits_and_switches_its_language(browser: Any, page_file: Path, width: int, scheme: str) -> None:
    watched = Watched(browser, width, scheme)
    watched.page.goto(page_file.as_uri())
    assert watched.page.locator("h1").inner_text().startswith("台账简报")
    watched.page.click("#language")
    assert watched.page.locator("h1").inner_text().startswith("Taizhang bulletin")
    assert watched.page.title().startswith("Taizhang bulletin")
    assert watched.page.locator(".wide").first.get_attribute("aria-label") == watched.page.locator(
        ".wide"
    ).first.get_attribute("data-label-en")
    scroll, inner = watched.widths()
    assert scroll <= inner
    assert watched.asked == [page_file.as_uri()]
    assert watched.said == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everybody_can_use_it(browser: Any, page_file: Path, scheme: str) -> None:
    from axe_playwright_python.sync_playwright import Axe

    watched = Watched(browser, 1280, scheme)
    watched.page.goto(page_file.as_uri())
    # The page forbids every script but its own, and axe's is put in as one of the page's.
    found = Axe().run(watched.page).response["violations"]
    assert [(one["id"], one["nodes"][0]["html"]) for one in found if one["impact"] in ("serious", "critical")] == []


def test_it_prints_on_a4(browser: Any, page_file: Path, tmp_path: Path) -> None:
    watched = Watched(browser)
    watched.page.goto(page_file.as_uri())
    watched.page.emulate_media(media="print")
    watched.page.set_viewport_size({"width": 703, "height": 1000})  # A4 less its margins, at 96 dots an inch
    scroll, inner = watched.widths()
    assert scroll <= inner
    content = watched.page.pdf(prefer_css_page_size=True)
    assert content.startswith(b"%PDF")
    assert b"594.9" in content or b"595" in content
