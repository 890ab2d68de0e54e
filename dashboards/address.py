"""The address of a page is its state: what is chosen stands in it, so that it can be shared, kept and gone back to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import parse_qsl, urlencode

Lang = Literal["zh", "en"]
SHARED = ("org", "period", "indicator", "release", "lang")  # what goes along from page to page
LONGEST = 200


@dataclass(frozen=True)
class View:
    """One state of one page.

    Attributes:
        page: the page's key; '' is the first page.
        values: what is chosen, by name; only names that a page knows, never an empty text.
    """

    page: str = ""
    values: Mapping[str, str] = field(default_factory=dict)

    @property
    def lang(self) -> Lang:
        """The language: Chinese unless English is asked for."""
        return "en" if self.values.get("lang") == "en" else "zh"

    def get(self, name: str) -> str:
        """What is chosen; '' where nothing is."""
        return self.values.get(name, "")

    def href(self, page: str | None = None, **changes: str | None) -> str:
        """The address of another state; another page takes along only what pages share.

        >>> View("unit", {"org": "x", "sort": "value"}).href(org="y")
        '/unit?org=y&sort=value'
        >>> View("unit", {"org": "x", "sort": "value"}).href("indicator", indicator="i")
        '/indicator?indicator=i&org=x'
        """
        target = self.page if page is None else page
        kept = {name: value for name, value in self.values.items() if target == self.page or name in SHARED}
        kept |= {name: value or "" for name, value in changes.items()}
        chosen = sorted((name, value) for name, value in kept.items() if value)
        return f"/{target}" + (f"?{urlencode(chosen)}" if chosen else "")


def parse(pathname: str | None, search: str | None, known: Mapping[str, tuple[str, ...]]) -> View:
    """The state that an address names.

    Args:
        pathname: e.g. '/indicator'.
        search: e.g. '?org=x-sample&period=2014-09'.
        known: the names that each page knows besides the shared ones.

    Raises:
        KeyError: there is no such page.

    >>> parse("/unit/", "?org=x&evil=1&sort=", {"unit": ("sort",)})
    View(page='unit', values={'org': 'x'})
    """
    page = (pathname or "/").strip("/")
    names = {*SHARED, *known[page]}
    given = parse_qsl((search or "").removeprefix("?"), errors="replace")
    texts = {name: _clean(value) for name, value in given if name in names}
    return View(page, {name: value for name, value in sorted(texts.items()) if value})


def _clean(value: str) -> str:
    return "".join(sign for sign in value[:LONGEST] if sign.isprintable()).strip()
