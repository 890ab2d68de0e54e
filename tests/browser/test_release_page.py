"""The page of a release in a real browser: nothing is fetched, charts are drawn, the buttons work, it fits a phone."""

from __future__ import annotations

from pathlib import Path

import pytest

from dashboards.release_page import render
from tests.browser.conftest import Watched
from tests.release_tables import RATE, RELEASE, add_claims, add_rates, add_synthetic, empty_release

pytestmark = pytest.mark.browser
SHOWN = "#claim-table tbody tr:not([hidden])"


@pytest.fixture(scope="module")
def page_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("page")
    database = empty_release(folder / "internal.duckdb")
    target = {"target": 80.0, "target_comparator": ">="}
    add_rates(
        database,
        RATE,
        {**RATE, **target, "org_code": "u2", "org_name": "一个名字特别长特别长的村民委员会"},
    )
    add_claims(database)
    add_synthetic(database)
    path = folder / "index.html"
    path.write_text(render(database, RELEASE), "utf-8")
    return path


class Visit(Watched):
    """A visit of the page of a release."""

    def __init__(self, browser, width: int, address: str, scheme: str) -> None:
        super().__init__(browser, width, scheme)
        self.page.goto(address)
        self.drawn()

    def drawn(self, lang: str = "") -> None:
        self.page.wait_for_selector(f"html[data-drawn{f'={lang}' if lang else ''}]", state="attached")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_it_fetches_nothing_says_no_error_and_fits(
    browser, page_file: Path, tmp_path: Path, width: int, scheme: str
) -> None:
    visit = Visit(browser, width, page_file.as_uri(), scheme)
    visit.page.screenshot(path=tmp_path / f"{width}-{scheme}.png", full_page=True)
    assert [url for url in visit.asked if not url.startswith("file:")] == []
    assert visit.said == []
    assert visit.page.locator(".chart svg.main-svg").count() > 0
    assert visit.page.locator("#rates .chart path.xerror").count() == 2
    assert visit.page.locator("#synthetic .chart path.xerror").count() == 3
    scroll, inner = visit.widths()
    assert scroll <= inner + 1


def test_the_language_switches_without_a_reload_and_stays_in_the_address(browser, page_file: Path) -> None:
    visit = Visit(browser, 1280, page_file.as_uri(), "light")
    visit.drawn("zh")
    assert visit.page.locator("h2#h-rates").inner_text() == "各单位的指标"
    visit.page.get_by_role("button", name="Switch to English").click()
    visit.drawn("en")
    assert visit.page.locator("h2#h-rates").inner_text() == "Rates by unit"
    assert visit.page.evaluate("document.documentElement.lang") == "en"
    assert visit.page.locator("#rates .chart").get_attribute("aria-label").startswith("Postnatal visit rate")
    assert "lang=en" in visit.page.url
    assert len(visit.asked) == 1
    assert Visit(browser, 390, visit.page.url, "light").page.evaluate("document.documentElement.lang") == "en"


def test_the_verdict_filter_and_the_search_leave_what_fits(browser, page_file: Path) -> None:
    page = Visit(browser, 1280, page_file.as_uri() + "?lang=en", "light").page
    assert page.locator(SHOWN).count() == 3
    page.locator("button.filter[data-verdict=truncated]").click()
    assert page.locator(SHOWN).count() == 1
    assert "56.2%" in page.locator(SHOWN).inner_text()
    assert page.locator("#claim-count").inner_text() == "1 of 3 shown"
    page.locator('button.filter[data-verdict=""]').click()
    page.locator("#claim-search").fill("57%")
    assert page.locator(SHOWN).count() == 1
    page.locator("#claim-search").fill("no such thing")
    assert page.locator(SHOWN).count() == 0


def test_a_column_sorts_by_keyboard(browser, page_file: Path) -> None:
    page = Visit(browser, 1280, page_file.as_uri() + "?lang=en", "light").page
    head = page.locator("#claim-table th", has_text="Printed")
    head.get_by_role("button").focus()
    page.keyboard.press("Enter")
    assert head.get_attribute("aria-sort") == "ascending"
    printed = page.locator("#claim-table tbody td.num").all_inner_texts()
    assert printed == ["56.2%", "56.3%", "57%"]


def test_on_a_phone_every_cell_of_a_card_names_its_column(browser, page_file: Path) -> None:
    page = Visit(browser, 390, page_file.as_uri() + "?lang=en", "light").page
    label = "getComputedStyle(document.querySelector('#claim-table tbody td'), '::before').content"
    assert "Period" in page.evaluate(label)
    assert page.locator("#claim-table").get_by_role("row").count() == 4


@pytest.mark.parametrize("width", [390, 1280])
def test_synthetic_data_is_told_before_anything_else_and_leads_to_its_section(
    browser, page_file: Path, width: int
) -> None:
    page = Visit(browser, width, page_file.as_uri() + "?lang=en", "light").page
    notice = page.get_by_role("note")
    assert notice.bounding_box()["y"] < 900 - 200
    assert "样本县(合成)" in notice.inner_text()
    assert "are drawn by chance" in notice.inner_text()
    assert "随机生成" not in notice.inner_text()
    notice.get_by_role("link").click()
    assert page.url.endswith("#synthetic")
    page.locator("#synthetic summary", has_text="Findings in the synthetic data").click()
    assert page.locator("#synthetic td", has_text="A count is negative: -7.").is_visible()
