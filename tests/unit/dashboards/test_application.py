"""The dashboards without a browser: releases, addresses, what a page says when something is wrong."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import plotly
import pytest
from dash import no_update

from dashboards.application import create_app, units_named
from dashboards.drawing import KNOWN, Drawings, drawn_page
from dashboards.pages import PAGES
from dashboards.reader import QUERIES, Key, Reader, Releases, query_text
from dashboards.visit import ORG_KEY
from pipelines.cli.night import make_demo
from pipelines.settings import Home
from pipelines.warehouse.release import current
from tests.unit.dashboards.drawn import text
from tests.unit.warehouse.sites import plain_night

EVIL = "<img src=x onerror=alert(1)>柔远"
MOST_BYTES = 300_000


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    """A release of the shipped reports, in which a unit's name holds HTML."""
    home = Home(tmp_path_factory.mktemp("pages") / "site")
    make_demo(home, county=False)
    register = home.catalog / "orgs.csv"
    with register.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        if row["name"] == "柔远镇":
            row["name"], row["aliases"] = EVIL, "柔远镇"
    with register.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    plain_night(home)
    yield home
    shutil.rmtree(home.path)


@pytest.fixture
def releases(home: Home) -> Releases:
    return Releases(home)


def shown(releases: Releases, path: str, search: str = "", release: str | None = None) -> str:
    """What a state of a page puts on the screen, as the browser gets it."""
    drawn = drawn_page(releases, path, search, release)
    parts = [*drawn.top, *drawn.main, *drawn.foot]
    return json.dumps([part.to_plotly_json() for part in parts], cls=plotly.utils.PlotlyJSONEncoder, ensure_ascii=False)


@pytest.mark.parametrize("page", [page.key for page in PAGES])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_page_is_drawn_from_its_bare_address(releases: Releases, page: str, lang: str) -> None:
    said = shown(releases, f"/{page}", f"?lang={lang}")
    assert current(releases.home).id in said
    assert "remedy" not in said
    assert len(said.encode()) <= MOST_BYTES


@pytest.mark.parametrize("page", [page.key for page in PAGES])
@pytest.mark.parametrize("unit", ["640502000000", "x-japan"])
def test_a_unit_without_a_figure_has_a_page_that_says_so(releases: Releases, page: str, unit: str) -> None:
    drawn = drawn_page(releases, f"/{page}", f"?org={unit}", None)
    assert "不能显示" not in str(drawn.main)


@pytest.mark.parametrize("page", [page.key for page in PAGES])
def test_html_in_the_name_of_a_unit_is_text(releases: Releases, page: str) -> None:
    code = releases.reader().frame("shell/search", text=EVIL)["org_code"][0]
    said = shown(releases, f"/{page}", f"?org={code}")
    assert json.dumps(EVIL, ensure_ascii=False)[1:-1] in said  # as the children of a component, which React escapes
    assert "dangerously" not in said
    for figure in figures(json.loads(said)):
        assert "<img" not in json.dumps(figure)  # Plotly reads HTML: there it is escaped


def figures(node: object) -> Iterator[object]:
    if isinstance(node, dict):
        if "figure" in node:
            yield node["figure"]
        for value in node.values():
            yield from figures(value)
    elif isinstance(node, list):
        for value in node:
            yield from figures(value)


@pytest.mark.parametrize(
    ("path", "search", "told"),
    [
        ("/", "?org=nowhere", "没有代码为“nowhere”的单位"),
        ("/", "?period=2014-99", "没有代码为“2014-99”的时期"),
        ("/none", "", "没有这个页面"),
        ("/", "?release=20200101T000000Z-00000000", "没有编号为"),
        ("/", "?release=../../../etc", "没有编号为"),
    ],
)
def test_what_is_wrong_in_an_address_is_told_with_a_remedy(
    releases: Releases, path: str, search: str, told: str
) -> None:
    said = shown(releases, path, search)
    assert told in said
    assert "remedy" in said
    assert "回到首页" in said


def test_a_failure_of_ours_is_logged_and_told_without_its_traceback(
    releases: Releases, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("secret")

    monkeypatch.setattr("dashboards.drawing.visit", broken)
    said = shown(releases, "/", "?lang=en")
    assert "serve.log" in said
    assert "secret" not in said
    assert "secret" in caplog.text


def test_a_release_that_is_gone_gives_way_to_the_newest(releases: Releases) -> None:
    drawn = drawn_page(releases, "/", "", "20200101T000000Z-00000000")
    assert drawn.release == current(releases.home).id


@pytest.mark.parametrize(
    ("address", "lang", "beside", "standing"),
    [
        ("/unit?org=x-mch-county&period=2014", "zh", "**县 · 2014", "审"),
        ("/claims?org=x-mch-county&period=2014", "zh", "**县", ""),
        ("/claims?org=x-mch-county&period=2014&scope=all", "zh", "本发布的全部单位", ""),
        ("/claims?org=x-mch-county&period=2014&scope=all", "en", "all units of this release", ""),
    ],
)
def test_heading_and_standing_tell_only_what_the_page_is_about(
    releases: Releases, address: str, lang: str, beside: str, standing: str
) -> None:
    path, _, search = address.partition("?")
    drawn = drawn_page(releases, path, f"?{search}&lang={lang}", None)
    [heading] = [part for part in drawn.main if getattr(part, "id", None) == "title"]
    [line] = [part for part in drawn.main if getattr(part, "className", "") == "standing"]
    assert text(heading.children[1]) == beside
    assert drawn.title == f"{heading.children[0]} {beside}"
    marks = [part for part in line.children if getattr(part, "className", "").startswith("mark")]
    assert [standing in text(mark) for mark in marks] == ([True] if standing else [])


@pytest.mark.parametrize(
    ("asked", "name"),
    [
        ("overview/behind.csv?org=x-mch-county&period=2014", "taizhang-overview-behind-x-mch-county-2014.csv"),
        ("claims/claims.csv?org=x-mch-county&period=2014", "taizhang-claims-claims-x-mch-county.csv"),
        ("claims/claims.csv?org=x-mch-county&period=2014&scope=all", "taizhang-claims-claims-all.csv"),
    ],
)
def test_a_file_is_named_after_what_its_page_is_about(home: Home, asked: str, name: str) -> None:
    answer = create_app(home, 60).server.test_client().get(f"/download/{asked}")
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"] == f"attachment; filename*=UTF-8''{name}"


@pytest.mark.parametrize("release", [None, "20200101T000000Z-00000000"])
def test_units_are_looked_up_where_the_release_of_the_page_is_gone(releases: Releases, release: str | None) -> None:
    assert units_named(releases, release, "x-mch-county")["x-mch-county"] == "**县 (x-mch-county)"


def test_a_home_without_a_release_says_what_to_do(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.create()
    said = shown(Releases(home), "/", "?lang=en")
    assert f"taizhang run --home {tmp_path}" in said
    assert Releases(home).newest() is None


def test_the_application_answers_the_first_page_and_its_scripts(home: Home) -> None:
    client = create_app(home, 60).server.test_client()
    page = client.get("/").text
    scripts = [part.split('"')[0] for part in page.split('src="')[1:]]
    assert scripts
    for script in scripts:
        with client.get(script) as answer:
            assert answer.status_code == 200
    assert "https://" not in page
    assert "http://" not in page


def test_a_newer_release_is_offered_once(releases: Releases) -> None:
    app = create_app(releases.home, 60.0)
    asked = (one["callback"] for one in app.callback_map.values() if one["inputs"][0]["id"] == "clock")
    look = next(asked).__wrapped__
    old, newest = "20200101T000000Z-00000000", releases.newest()
    offer = look(1, old, "/", "", [])
    drawn = [part.to_plotly_json() for part in offer]
    assert offer[0].children == "有新的发布。"
    assert look(2, old, "/", "", drawn) is no_update
    assert look(2, old, "/", "?lang=en", drawn)[0].children == "There is a newer release. "
    assert look(3, newest, "/", "", drawn) == []
    assert look(3, newest, "/", "", []) is no_update
    assert look(3, old, "/no-such-page", "", []) is no_update


def test_the_newest_release_is_taken_from_any_address(releases: Releases) -> None:
    app = create_app(releases.home, 60.0)
    asked = (one["callback"] for one in app.callback_map.values() if one["inputs"][0]["id"] == "renew")
    renew = next(asked).__wrapped__
    assert renew(1, "/no-such-page", "")[0] == releases.newest()
    assert renew(1, "/", "?release=20200101T000000Z-00000000&org=x") == (releases.newest(), "?org=x")


# ---- the first sight, and what is kept


def test_the_first_document_says_what_the_page_says(releases: Releases) -> None:
    with create_app(releases.home, 60.0).server.test_client() as client:
        document = client.get("/?org=640502103203&lang=en").text
    drawn = drawn_page(releases, "/", "?org=640502103203&lang=en", None)
    assert drawn.title.split()[0] in document
    first = document.partition('id="react-entry-point"')[0]
    assert "<h1>Overview" in first
    assert "<script>alert" not in first


def test_a_state_is_drawn_once_and_trouble_anew(releases: Releases) -> None:
    drawings = Drawings(releases)
    once = drawings.drawn("/", "?org=640502103203", None)
    assert drawings.drawn("/", "?org=640502103203", None) is once
    assert drawings.drawn("/", "?org=640502103203", once.release) is once
    assert drawings.drawn("/", "?org=640502103203&lang=en", None) is not once
    wrong = drawings.drawn("/", "?org=nobody", None)
    assert drawings.drawn("/", "?org=nobody", None) is not wrong


def test_the_states_drawn_first_are_forgotten_first(releases: Releases, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dashboards.drawing.MOST_KEPT", 2)
    drawings = Drawings(releases)
    first = drawings.drawn("/", "", None)
    for page in ("/unit", "/reporting"):
        drawings.drawn(page, "", None)
    assert drawings.drawn("/", "", None) is not first


# ---- the reader


def test_an_answer_is_asked_for_once(releases: Releases) -> None:
    reader = releases.reader()
    assert reader.frame("shell/start") is reader.frame("shell/start")
    assert reader is releases.reader(reader.id)


def test_the_oldest_answers_are_forgotten_first(releases: Releases, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dashboards.reader.MOST_KEPT", 100_000)
    reader = Reader(releases.reader().release)
    first = reader.frame("shell/search", text="村 0")
    for number in range(1, 40):
        last = reader.frame("shell/search", text=f"村 {number}")
    assert reader.frame("shell/search", text="村 39") is last
    assert reader.frame("shell/search", text="村 0") is not first
    assert reader._kept <= 100_000
    reader.close()


def test_an_auditors_query_says_codes_where_the_page_asks_by_keys(releases: Releases) -> None:
    reader = releases.reader()
    org = Key(7, ORG_KEY, "it's")
    said = reader.sql("shell/periods", org_key=org)
    assert "figure.org_key = (select org_key from core.org_unit where org_code = 'it''s')" in said
    assert reader.frame("shell/periods", org_key=org).equals(reader.frame("shell/periods", org_key=7))


def test_a_parameter_that_is_missing_is_a_mistake(releases: Releases) -> None:
    with pytest.raises(KeyError, match="org"):
        releases.reader().frame("shell/path")


def test_a_release_cannot_be_written_and_reads_no_files(releases: Releases) -> None:
    import duckdb

    reader = releases.reader()
    for statement in ("create table t (n integer)", "select * from read_csv('/etc/passwd')"):
        with pytest.raises(duckdb.Error):
            reader._con.cursor().execute(statement)


@pytest.mark.parametrize("path", sorted(QUERIES.rglob("*.sql")), ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_query_says_what_it_is(path: Path) -> None:
    assert query_text(f"{path.parent.name}/{path.stem}").startswith("-- ")


def test_the_names_in_the_address_of_a_page_are_its_own(releases: Releases) -> None:
    shared = {"org", "period", "indicator", "release", "lang"}
    assert all(not shared & set(names) - {"indicator"} for names in KNOWN.values())
