"""A state of a page, drawn from its address; those drawn last are kept, as a release never changes."""

from __future__ import annotations

import logging
import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from dash import html

from dashboards import shell
from dashboards.address import View, parse
from dashboards.cards import Card, draw
from dashboards.page import Page
from dashboards.pages import PAGES
from dashboards.reader import Reader, Releases
from dashboards.visit import Visit, visit
from pipelines.errors import TaizhangError

LOG = logging.getLogger("taizhang.serve")
BY_KEY: dict[str, Page] = {page.key: page for page in PAGES}
KNOWN = {page.key: page.known for page in PAGES}
MOST_KEPT = 300  # states; each a few thousand objects


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
        reader = reader_for(releases, view, release)
        return _drawn(view, reader)
    except TaizhangError as error:
        return _trouble(error, view, reader, release)
    except Exception:
        LOG.exception("%s%s", pathname, search)
        return _trouble(shell.BROKEN, view, reader, release)


def _drawn(view: View, reader: Reader) -> Drawn:
    shown = visit(view, reader)
    page = BY_KEY[view.page]
    content = page.content(shown)
    title = shown.say(content.title)
    subject = page.subject(content, shown)
    where = subject.text(shown)
    main = [
        shell.bar(page, shown),
        html.H1([title, html.Small(where)], id="title", tabIndex=-1),
        shell.standing(shown, subject),
        *(draw(part, shown) if isinstance(part, Card) else part for part in content.parts),
    ]
    top, foot = shell.top(PAGES, view, shown), shell.foot(reader, view)
    return Drawn(main, top, foot, f"{title} {where}", view, reader.id, _shown(page, shown))


def _shown(page: Page, shown: Visit) -> dict[str, str]:
    """What the boxes of a page show, whether the address says so or not."""
    own = {choice.name: shown.view.get(choice.name) or choice.shown(shown) for choice in page.choices}
    return {"org": shown.org_code, "period": shown.period_code, **own}


def reader_for(releases: Releases, view: View, release: str | None) -> Reader:
    """The release that an address names, else the one that an open page shows, else the newest.

    Raises:
        TaizhangError: there is none of that name, or none at all.
    """
    if asked := view.get("release"):
        return releases.reader(asked)
    try:
        return releases.reader(release)
    except TaizhangError:
        return releases.reader()


def _trouble(error: TaizhangError, view: View, reader: Reader | None, release: str | None) -> Drawn:
    main = shell.trouble(error, view)
    return Drawn(main, shell.top(PAGES, view, None), shell.foot(reader, view), "taizhang", view, release)


class Drawings:
    """The states drawn last: a page is asked for twice where it is opened, as its first sight and as it lives."""

    def __init__(self, releases: Releases) -> None:
        self.releases = releases
        self._kept: OrderedDict[tuple[str | None, ...], Drawn] = OrderedDict()
        self._guard = threading.Lock()

    def drawn(self, pathname: str | None, search: str | None, release: str | None) -> Drawn:
        """A state of a page, see `drawn_page`."""
        key = (pathname, search, release or self.releases.newest())
        with self._guard:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        found = drawn_page(self.releases, pathname, search, release)
        if found.release == key[2]:  # neither trouble nor a release that gave way to another
            with self._guard:
                self._kept[key] = found
                while len(self._kept) > MOST_KEPT:
                    self._kept.popitem(last=False)
        return found
