"""The dashboards as people use them: the real command on the demonstration's data, in a real browser."""

from __future__ import annotations

import io
import re
import shutil
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest

from dashboards.pages import PAGES
from pipelines.cli.correct import correct
from pipelines.cli.night import make_demo
from pipelines.cli.query import run_query
from pipelines.settings import Home
from pipelines.tabular import as_csv
from pipelines.warehouse.release import current
from tests.browser.conftest import Watched
from tests.unit.warehouse.sites import library_return, new_site, plain_night, put
from tools.serving import serving

pytestmark = pytest.mark.browser
OF_PAGE = {  # what is looked at on each page, where its first state says little
    "indicator": {"indicator": "newborn_visit_rate", "org": "x-sample", "period": "M2014"},
    "cells": {"indicator": "newborn_visit_rate", "org": "x-sample-t01-v01", "period": "2014-05"},
    "claims": {"scope": "all"},
}
SERIOUS = ("serious", "critical")


@dataclass(frozen=True)
class Served:
    """A home that `taizhang serve` serves."""

    home: Home
    address: str

    def get(self, path: str) -> bytes:
        with urllib.request.urlopen(self.address + path, timeout=60) as answer:
            return answer.read()


def site_of(folder: Path) -> Home:
    home = Home(folder)
    make_demo(home)
    home.config.write_text(home.config.read_text("utf-8") + "\n[serve]\ncheck_seconds = 0.5\n", "utf-8")
    plain_night(home)
    return home


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    home = site_of(tmp_path_factory.mktemp("dashboards") / "site")
    with serving(home.path) as server:
        yield Served(home, server.address)
    shutil.rmtree(home.path)


class Visit(Watched):
    """A visit of the dashboards."""

    def __init__(self, browser: Any, served: Served, path: str, width: int = 1280, scheme: str = "light") -> None:
        super().__init__(browser, width, scheme)
        self.served = served
        self.page.set_default_timeout(60_000)
        self.page.goto(served.address + path)
        self.settled()

    def settled(self) -> None:
        """Waits until the heading stands and every chart is drawn."""
        self.page.wait_for_selector("#title")
        self.page.wait_for_function(
            "[...document.querySelectorAll('.dash-graph')].every((g) => g.querySelector('.main-svg'))"
            " && !document.querySelector('[data-dash-is-loading=true]')"
        )

    @property
    def title(self) -> str:
        return self.page.locator("#title").inner_text()

    def foreign(self) -> list[str]:
        """What was asked of any other place."""
        return [url for url in self.asked if not url.startswith((self.served.address, "data:", "blob:"))]

    def close(self) -> None:
        self.page.close()


def address(key: str, lang: str) -> str:
    chosen = {**OF_PAGE.get(key, {}), **({"lang": "en"} if lang == "en" else {})}
    return f"/{key}?" + "&".join(f"{name}={value}" for name, value in chosen.items())


def violations(page: Any) -> list[str]:
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page).response["violations"]
    return [f"{one['id']}: {one['nodes'][0]['html'][:200]}" for one in found if one["impact"] in SERIOUS]


@pytest.mark.parametrize("key", [page.key for page in PAGES])
@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_a_page_is_whole_fits_and_can_be_used_by_everybody(
    browser, served: Served, key: str, lang: str, width: int, scheme: str, tmp_path: Path
) -> None:
    visit = Visit(browser, served, address(key, lang), width, scheme)
    [page] = [page for page in PAGES if page.key == key]
    said = visit.page.locator("#top a.current").inner_text()
    assert said == getattr(page.title, lang)
    assert visit.page.evaluate("document.documentElement.lang") == {"zh": "zh-Hans", "en": "en"}[lang]
    assert visit.page.locator("#main .card").count() > 0
    assert visit.page.locator("#main .remedy").count() == 0, visit.page.locator("#main").inner_text()
    assert current(served.home).id in visit.page.locator(".standing").inner_text()
    scroll, inner = visit.widths()
    visit.page.screenshot(path=tmp_path / f"{key}-{lang}-{width}.png", full_page=True)
    assert scroll <= inner + 1
    assert violations(visit.page) == []
    assert visit.said == []
    assert visit.foreign() == []
    visit.close()


@pytest.mark.parametrize("key", [page.key for page in PAGES])
def test_a_page_can_be_read_before_its_scripts_are_there(browser, served: Served, key: str) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 900})
    plain = context.new_page()
    plain.goto(served.address + address(key, "en"))
    heading, tables = plain.locator("h1").all_text_contents(), plain.locator("table").count()
    assert tables > 0
    assert plain.locator("[id]").evaluate_all("all => all.map((one) => one.id)") == [
        "first", "react-entry-point", "_dash-config", "_dash-renderer",
    ]  # fmt: skip
    assert plain.evaluate("document.scrollingElement.scrollWidth") <= 391
    context.close()
    visit = Visit(browser, served, address(key, "en"), 390)
    assert len(heading) == 1
    assert visit.page.locator("h1").all_text_contents() == heading, "the page itself has taken its place"
    # Those folded away come last.
    visit.page.wait_for_function(f"document.querySelectorAll('table').length === {tables}")
    visit.close()


def test_a_chart_and_a_name_lead_down_and_the_back_button_up(browser, served: Served) -> None:
    visit = Visit(browser, served, "/?org=x-sample&period=M2014")
    visit.page.locator(".card table a", has_text="新生儿访视率").first.evaluate(
        "link => link.closest('details').open = true"
    )
    visit.page.locator(".card table a", has_text="新生儿访视率").first.click()
    visit.page.wait_for_url("**/indicator?*")
    visit.settled()
    assert "indicator=newborn_visit_rate" in visit.page.url
    visit.page.go_back()
    visit.page.wait_for_function("document.querySelector('#title').textContent.startsWith('总览')")
    assert "indicator" not in visit.page.url
    dot = visit.page.locator(".chart .point").first
    dot.scroll_into_view_if_needed()
    dot.click(force=True)  # what takes the click is the chart's own layer above the marks
    visit.page.wait_for_url("**/indicator?*")
    assert visit.said == []
    visit.close()


def test_units_lead_down_by_breadcrumb_and_box_and_each_state_can_be_shared(browser, served: Served) -> None:
    visit = Visit(browser, served, "/?period=2014-05")
    visit.page.get_by_role("textbox", name="单位(可输入名称查找)").click()
    visit.page.get_by_role("option", name="清泉乡(合成)").click()
    visit.page.wait_for_url("**org=x-sample-t06*")
    visit.page.wait_for_function("document.querySelector('#title').textContent.includes('清泉乡')")
    shared = Visit(browser, served, visit.page.url.removeprefix(served.address))
    assert "清泉乡(合成)" in shared.title
    assert "2014-05" in shared.title
    shared.page.locator(".crumbs a", has_text="样本县(合成)").click()
    shared.page.wait_for_function("document.querySelector('#title').textContent.includes('样本县')")
    assert (visit.said, shared.said) == ([], [])
    visit.close()
    shared.close()


def test_a_unit_is_found_by_typing_its_name(browser, served: Served) -> None:
    visit = Visit(browser, served, "/")
    box = visit.page.get_by_role("textbox", name="单位(可输入名称查找)")
    box.click()
    box.fill("柔远镇")
    visit.page.get_by_role("option", name="柔远镇 · 沙坡头区").click()
    visit.page.wait_for_function("document.querySelector('#title').textContent.includes('柔远镇')")
    assert visit.said == []
    visit.close()


def test_a_period_is_chosen_by_keyboard_alone(browser, served: Served) -> None:
    visit = Visit(browser, served, "/?org=x-sample&period=2014-05")
    box = visit.page.get_by_role("textbox", name="时期")
    box.focus()
    visit.page.keyboard.type("2014-06")
    visit.page.keyboard.press("ArrowDown")
    visit.page.keyboard.press("Enter")
    visit.page.wait_for_url("**period=2014-06*")
    visit.page.wait_for_function("document.querySelector('#title').textContent.includes('2014-06')")
    visit.close()


def test_the_first_tab_leads_past_the_menu(browser, served: Served) -> None:
    visit = Visit(browser, served, "/")
    visit.page.keyboard.press("Tab")
    assert visit.page.evaluate("document.activeElement.className") == "skip"
    visit.page.keyboard.press("Enter")
    assert visit.page.evaluate("document.activeElement.id") == "main"
    visit.close()


def test_language_and_colours_switch_and_stay(browser, served: Served) -> None:
    visit = Visit(browser, served, "/?org=x-sample&period=2014-05")
    visit.page.locator("#language").click()
    visit.page.wait_for_function("document.querySelector('#title').textContent.startsWith('Overview')")
    assert "lang=en" in visit.page.url
    visit.page.get_by_role("button", name="Light/dark").click()
    scheme = "document.documentElement.getAttribute('data-mantine-color-scheme')"
    assert visit.page.evaluate(scheme) == "dark"
    visit.page.reload()
    visit.settled()
    assert visit.page.evaluate(scheme) == "dark"
    assert visit.title.startswith("Overview")
    visit.close()


@pytest.fixture
def opened_menu(browser, served: Served) -> Iterator[Visit]:
    visit = Visit(browser, served, "/?org=x-sample&period=2014-05")
    visit.page.locator("#card-domain-mch .tools > summary").click()
    yield visit
    visit.close()


def test_the_rows_are_taken_along_as_they_stand_in_the_release(served: Served, opened_menu: Visit) -> None:
    sql = opened_menu.page.locator("#card-domain-mch .sql code").text_content()
    expected = pl.from_arrow(run_query(current(served.home).database, sql).table)
    assert expected.height > 10
    for kind in ("CSV", "Excel"):
        with opened_menu.page.expect_download() as taken:
            opened_menu.page.locator("#card-domain-mch .menu").get_by_role("link", name=kind, exact=True).click()
        content = Path(taken.value.path()).read_bytes()
        if kind == "CSV":
            found = pl.read_csv(io.BytesIO(content), infer_schema_length=None)
            assert found["indicator_code"].to_list() == expected["indicator_code"].to_list()
            assert found["value"].to_list() == expected["value"].to_list()
        else:
            book = openpyxl.load_workbook(io.BytesIO(content))
            [head, *rows] = book["data"].iter_rows(values_only=True)
            at = head.index("numerator")
            assert [row[at] for row in rows] == [int(value) for value in expected["numerator"]]
            assert any(sql in str(row[1]) for row in book["来历 origin"].iter_rows(values_only=True))


@pytest.mark.parametrize("card", ["domain-public_health", "changes", "gaps", "behind"])
def test_a_card_downloads_what_its_sql_gives(browser, served: Served, card: str) -> None:
    visit = Visit(browser, served, "/?org=x-sample-t02&period=2014-05")
    sql = visit.page.locator(f"#card-{card} .sql code").text_content()
    rows = as_csv(run_query(current(served.home).database, sql).table)
    assert rows.count("\r\n") > 1
    address = visit.page.locator(f"#card-{card} .menu").get_by_role("link", name="CSV", include_hidden=True)
    assert served.get(address.get_attribute("href")).decode("utf-8-sig") == rows
    visit.close()


@pytest.mark.parametrize(("kind", "begins"), [("PNG", b"\x89PNG"), ("SVG", b"<svg")])
def test_a_chart_is_taken_along_as_a_picture(opened_menu: Visit, kind: str, begins: bytes) -> None:
    with opened_menu.page.expect_download() as taken:
        opened_menu.page.locator("#card-domain-mch").get_by_role("button", name=kind).click()
    content = Path(taken.value.path()).read_bytes()
    assert content.startswith(begins)
    assert len(content) > 10_000
    assert opened_menu.said == []


def test_a_table_is_copied_for_a_spreadsheet(browser, served: Served) -> None:
    context = browser.new_context(locale="zh-CN", permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto(served.address + "/?org=x-sample&period=M2014")
    page.locator("#card-behind .tools > summary").click()
    page.locator("#card-behind").get_by_role("button", name="复制表格").click()
    page.get_by_role("button", name="已复制").wait_for()
    lines = page.evaluate("navigator.clipboard.readText()").splitlines()
    assert lines[0].split("\t")[:2] == ["单位", "应报"]
    assert any(re.match(r"大营乡\(合成\)\t48\t", line) for line in lines)
    context.close()


def test_printed_on_a4_the_page_is_tables_without_boxes(browser, served: Served) -> None:
    visit = Visit(browser, served, "/?org=x-sample&period=2014-05")
    visit.page.emulate_media(media="print")
    assert not visit.page.locator("#top").is_visible()
    assert not visit.page.locator(".fields").is_visible()
    assert visit.page.locator("#card-behind table").is_visible()
    assert visit.page.pdf(format="A4").startswith(b"%PDF")
    visit.close()


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("/?org=no-such-unit&lang=en", "no unit with the code 'no-such-unit'"),
        ("/?period=1066-13&lang=en", "no period '1066-13'"),
        ("/nothing?lang=en", "no such page"),
        ("/?release=20200101T000000Z-00000000&lang=en", "no release 20200101T000000Z-00000000"),
        ("/?org=%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E&lang=en", "<img src=x onerror=alert(1)>"),
        ("/?release=..%2F..%2Fetc&lang=en", "no release ../../etc"),
    ],
)
def test_a_wrong_address_is_told_with_the_way_on(browser, served: Served, path: str, told: str) -> None:
    visit = Visit(browser, served, path)
    assert told in visit.page.locator("#main").inner_text()
    assert "Traceback" not in visit.page.content()
    visit.page.get_by_role("link", name="Back to the first page").click()
    visit.page.wait_for_function("document.querySelector('#title').textContent.startsWith('Overview')")
    assert visit.said == []
    visit.close()


@pytest.mark.parametrize(
    "path", ["/download/overview/behind.exe", "/download/nothing/behind.csv", "/download/overview/nothing.csv",
             "/download/overview/behind.csv?org=no-such-unit"],
)  # fmt: skip
def test_a_wrong_download_is_told(served: Served, path: str) -> None:
    with pytest.raises(urllib.error.HTTPError) as refused:
        served.get(path)
    assert refused.value.code == 404
    assert "→" in refused.value.read().decode()


def test_before_the_first_night_the_page_says_what_to_do_and_shows_the_release_once_it_is_there(
    browser, tmp_path: Path
) -> None:
    home = new_site(tmp_path / "site")
    home.config.write_text("[serve]\ncheck_seconds = 0.5\n", "utf-8")
    with serving(home.path) as server:
        visit = Visit(browser, Served(home, server.address), "/?lang=en")
        assert "has no release yet" in visit.page.locator("#main").inner_text()
        assert f"taizhang run --home {home.path}" in visit.page.locator(".remedy").inner_text()
        put(home, "a.csv", library_return(20))
        plain_night(home)
        visit.page.get_by_role("button", name="Show it").click()  # the page has noticed by itself
        visit.page.wait_for_function("document.querySelector('#title').textContent.startsWith('Overview')")
        assert visit.said == []
        visit.close()


def test_a_new_release_is_offered_and_an_open_page_keeps_its_own_until_then(browser, served: Served) -> None:
    before = current(served.home).id
    visit = Visit(browser, served, "/?org=x-sample&period=M2014&lang=en")
    pinned = Visit(browser, served, f"/?org=x-sample&period=M2014&release={before}&lang=en")
    correct(served.home.path / "sample" / "corrections.csv", home=served.home.path)
    after = plain_night(served.home, 2).id
    assert after != before
    visit.page.get_by_text("There is a newer release.").wait_for()
    visit.page.locator("#language").click()
    visit.page.wait_for_function("document.querySelector('#title').textContent.startsWith('总览')")
    assert before in visit.page.locator(".standing").inner_text()
    visit.page.get_by_role("button", name="换到新发布").click()
    visit.page.wait_for_function(f"document.querySelector('.standing').textContent.includes('{after}')")
    visit.page.get_by_text("有新的发布。").wait_for(state="detached")
    pinned.page.reload()
    pinned.settled()
    assert before in pinned.page.locator(".standing").inner_text()
    assert (visit.said, pinned.said) == ([], [])
    visit.close()
    pinned.close()
