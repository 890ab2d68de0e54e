"""The application: pages on the newest release of a home, read-only; what is chosen stands in the address."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import dash
from dash import Input, Output, State, no_update

from dashboards import shell
from dashboards.address import View, parse
from dashboards.cards import Card, draw
from dashboards.downloads import add_downloads
from dashboards.page import Page
from dashboards.pages import PAGES
from dashboards.reader import Reader, Releases
from dashboards.visit import Visit, visit
from pipelines.errors import TaizhangError
from pipelines.settings import Home

LOG = logging.getLogger("taizhang.serve")
STATIC = Path(__file__).with_name("static")
BY_KEY: dict[str, Page] = {page.key: page for page in PAGES}
KNOWN = {page.key: page.known for page in PAGES}


@dataclass(frozen=True)
class Drawn:
    """All that a state of a page puts on the screen."""

    main: list[Any]
    top: list[Any]
    foot: list[Any]
    title: str
    view: View
    release: str | None
    shown: Mapping[str, str] = field(default_factory=dict)


def create_app(home: Home, check_seconds: float) -> dash.Dash:
    """The dashboards of a home as a Dash application; its WSGI application is `.server`.

    Args:
        home: whose releases are shown.
        check_seconds: how often an open page asks for a newer release.
    """
    app = dash.Dash(
        "taizhang",
        title="台账 taizhang",
        assets_folder=str(STATIC),
        suppress_callback_exceptions=True,
        compress=True,
        update_title="",
        serve_locally=True,
    )
    releases = Releases(home)
    app.layout = shell.frame(check_seconds)
    _on_address(app, releases)
    _on_release(app, releases)
    _on_search(app, releases)
    _in_browser(app)
    add_downloads(app.server, releases, BY_KEY, KNOWN)
    with app.server.test_client() as client:  # scripts are registered by the first page: of every process
        client.get("/")
    return app


def _on_address(app: dash.Dash, releases: Releases) -> None:
    @app.callback(
        Output("main", "children"),
        Output("top", "children"),
        Output("foot", "children"),
        Output("head", "data"),
        Output("release", "data"),
        Input("address", "pathname"),
        Input("address", "search"),
        Input("release", "data"),
    )
    def show(pathname: str | None, search: str | None, release: str | None) -> tuple[Any, ...]:
        drawn = drawn_page(releases, pathname, search, release)
        head = {"title": drawn.title, "lang": drawn.view.lang, "page": drawn.view.page, "shown": dict(drawn.shown)}
        return drawn.main, drawn.top, drawn.foot, head, no_update if drawn.release == release else drawn.release


def drawn_page(releases: Releases, pathname: str | None, search: str | None, release: str | None) -> Drawn:
    """A state of a page.

    Args:
        releases: of the home.
        pathname: of the address.
        search: of the address.
        release: the release that the open page shows; None at its start. One in the address comes first; one that is
            gone gives way to the newest.
    """
    try:
        view = parse(pathname, search, KNOWN)
    except KeyError:
        view = parse("/", search, KNOWN)
        return _trouble(shell.NO_PAGE, View("-", view.values), None, release)
    reader: Reader | None = None
    try:
        reader = _reader(releases, view, release)
        shown = visit(view, reader)
        page = BY_KEY[view.page]
        content = page.content(shown)
        title = shown.say(content.title)
        subject = page.subject(content, shown)
        where = subject.text(shown)
        main = [
            shell.bar(page, shown),
            dash.html.H1([title, dash.html.Small(where)], id="title", tabIndex=-1),
            shell.standing(shown, subject),
            *(draw(part, shown) if isinstance(part, Card) else part for part in content.parts),
        ]
        top, foot = shell.top(PAGES, view, shown), shell.foot(reader, view)
        return Drawn(main, top, foot, f"{title} {where}", view, reader.id, _shown(page, shown))
    except TaizhangError as error:
        return _trouble(error, view, reader, release)
    except Exception:
        LOG.exception("%s%s", pathname, search)
        return _trouble(shell.BROKEN, view, reader, release)


def _shown(page: Page, shown: Visit) -> dict[str, str]:
    """What the boxes of a page show, whether the address says so or not."""
    own = {choice.name: shown.view.get(choice.name) or choice.shown(shown) for choice in page.choices}
    return {"org": shown.org_code, "period": shown.period_code, **own}


def _reader(releases: Releases, view: View, release: str | None) -> Reader:
    if asked := view.get("release"):
        return releases.reader(asked)
    try:
        return releases.reader(release)
    except TaizhangError:
        return releases.reader()


def _trouble(error: TaizhangError, view: View, reader: Reader | None, release: str | None) -> Drawn:
    main = shell.trouble(error, view)
    return Drawn(main, shell.top(PAGES, view, None), shell.foot(reader, view), "taizhang", view, release)


def _on_release(app: dash.Dash, releases: Releases) -> None:
    @app.callback(
        Output("offer", "children"),
        Input("clock", "n_intervals"),
        Input("release", "data"),
        State("address", "pathname"),
        State("address", "search"),
    )
    def look(ticks: int | None, shown: str | None, pathname: str | None, search: str | None) -> Any:
        newest = releases.newest()
        if newest in (None, shown) or not (shown or ticks):  # at its start a page shows none yet
            return []
        try:
            return shell.offer(parse(pathname, search, KNOWN))
        except KeyError:
            return []

    @app.callback(
        Output("release", "data", allow_duplicate=True),
        Output("address", "search", allow_duplicate=True),
        Input("renew", "n_clicks"),
        State("address", "pathname"),
        State("address", "search"),
        prevent_initial_call=True,
    )
    def renew(clicks: int | None, pathname: str | None, search: str | None) -> Any:
        if not clicks:
            return no_update, no_update
        view = parse(pathname, search, KNOWN)
        pinned = view.href(release=None).partition("?")[2] if view.get("release") else None
        return releases.newest(), no_update if pinned is None else f"?{pinned}" if pinned else ""


def _on_search(app: dash.Dash, releases: Releases) -> None:
    @app.callback(
        Output({"type": "field", "name": "org"}, "data"),
        Input({"type": "field", "name": "org"}, "searchValue"),
        State({"type": "field", "name": "org"}, "data"),
        State("release", "data"),
        prevent_initial_call=True,
    )
    def look_up(text: str | None, offered: list[dict[str, str]], release: str | None) -> Any:
        typed = (text or "").strip()
        if not typed or any(typed == row["label"] for row in offered):
            return no_update
        found = units_named(releases, release, typed)
        kept = [row for row in offered if row["value"] not in found]  # what is chosen must stay among them
        return kept + [{"value": code, "label": label} for code, label in found.items()] if found else no_update


def units_named(releases: Releases, release: str | None, typed: str) -> dict[str, str]:
    """Units that a text names, by code, as the box offers them: of the release that an open page shows.

    Where that is gone, of the newest, as the page itself.
    """
    rows = _reader(releases, View(), release).rows("shell/search", text=typed)
    return {row["org_code"]: _offered(row, typed) for row in rows}


def _offered(row: dict[str, Any], typed: str) -> str:
    """A unit as the box offers it; found by another name or its code, it shows that too: the box only keeps what fits.

    >>> _offered({"org_name": "全国", "parent_name": None}, "我国")
    '全国 (我国)'
    """
    label = " · ".join(filter(None, (row["org_name"], row["parent_name"])))
    return label if typed.lower() in label.lower() else f"{label} ({typed})"


def _in_browser(app: dash.Dash) -> None:
    """What needs no server: a choice changes the address, a click on a chart follows its link, the head is kept."""
    app.clientside_callback(
        dash.ClientsideFunction("taizhang", "choose"),
        Output("address", "search"),
        Input({"type": "field", "name": dash.ALL}, "value"),
        State({"type": "field", "name": dash.ALL}, "id"),
        State("address", "search"),
        State("head", "data"),
        prevent_initial_call=True,
    )
    app.clientside_callback(
        dash.ClientsideFunction("taizhang", "follow"),
        Output("address", "href"),
        Input({"type": "chart", "card": dash.ALL}, "clickData"),
        prevent_initial_call=True,
    )
    app.clientside_callback(
        dash.ClientsideFunction("taizhang", "head"),
        Output("said", "data"),
        Input("head", "data"),
        prevent_initial_call=True,
    )
