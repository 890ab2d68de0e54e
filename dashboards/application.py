"""The application: pages on the newest release of a home, read-only; what is chosen stands in the address."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import dash
from dash import Input, Output, State, no_update
from flask import request
from markupsafe import Markup

from dashboards import shell
from dashboards.address import View, parse
from dashboards.downloads import add_downloads
from dashboards.drawing import BY_KEY, KNOWN, Drawings, reader_for
from dashboards.first_sight import first_sight
from dashboards.reader import Releases
from dashboards.static_files import charts_first, compressed
from pipelines.settings import Home

STATIC = Path(__file__).with_name("static")


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
        update_title="",
        serve_locally=True,
    )
    compressed(app.server)
    releases = Releases(home)
    drawings = Drawings(releases)
    app.layout = shell.frame(check_seconds)
    _first(app, drawings)
    _on_address(app, drawings)
    _on_release(app, releases)
    _on_search(app, releases)
    _in_browser(app)
    add_downloads(app.server, releases, BY_KEY, KNOWN)
    with app.server.test_client() as client:  # scripts are registered by the first page: of every process
        client.get("/")
    return app


def _first(app: dash.Dash, drawings: Drawings) -> None:
    """The document that a browser gets first says already what the page says."""
    whole = app.interpolate_index

    def index(**parts: str) -> Any:
        drawn = drawings.drawn(request.path, request.query_string.decode("utf-8", "replace"), None)
        entry = first_sight(drawn.top, drawn.main, drawn.foot) + Markup(parts["app_entry"])
        return whole(**charts_first({**parts, "app_entry": entry}))

    app.interpolate_index = index


def _on_address(app: dash.Dash, drawings: Drawings) -> None:
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
        drawn = drawings.drawn(pathname, search, release)
        head = {"title": drawn.title, "lang": drawn.view.lang, "page": drawn.view.page, "shown": dict(drawn.shown)}
        return drawn.main, drawn.top, drawn.foot, head, no_update if drawn.release == release else drawn.release


def _on_release(app: dash.Dash, releases: Releases) -> None:
    @app.callback(
        Output("offer", "children"),
        Input("clock", "n_intervals"),
        Input("release", "data"),
        State("address", "pathname"),
        State("address", "search"),
        State("offer", "children"),
    )
    def look(
        ticks: int | None, shown: str | None, pathname: str | None, search: str | None, offered: list[Any] | None
    ) -> Any:
        newest = releases.newest()
        try:
            view = parse(pathname, search, KNOWN)
        except KeyError:
            view = None
        if view is None or newest in (None, shown) or not (shown or ticks):  # at its start a page shows none yet
            return [] if offered else no_update
        # A button that is drawn anew at every look may lose the click that it got just then.
        offer = shell.offer(view)
        return no_update if offered and offered[0]["props"]["children"] == offer[0].children else offer

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
        try:
            view = parse(pathname, search, KNOWN)
        except KeyError:  # an address that is no page names no release
            return releases.newest(), no_update
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
    rows = reader_for(releases, View(), release).rows("shell/search", text=typed)
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
