"""A real Chromium, and a watched visit of a page in it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tools.serving import CHROMIUM, chromium


@pytest.fixture(scope="module")
def browser() -> Iterator[object]:
    if CHROMIUM is None:
        pytest.skip("no chromium or google-chrome on this machine")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        found = chromium(playwright)
        yield found
        found.close()


class Watched:
    """A page of a browser, with everything that it asked for or complained of."""

    def __init__(self, browser: Any, width: int = 1280, scheme: str = "light") -> None:
        self.said: list[str] = []
        self.asked: list[str] = []
        self.page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme, locale="zh-CN")
        self.page.on("console", lambda message: self.said.append(message.text))
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.page.on("request", lambda request: self.asked.append(request.url))

    def widths(self) -> tuple[int, int]:
        """How wide the document is, and how wide the window."""
        return tuple(self.page.evaluate("[document.scrollingElement.scrollWidth, innerWidth]"))
