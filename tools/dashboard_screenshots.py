"""Pictures of the dashboards for docs/guide/dashboards.md: the demonstration, served by the real command, in Chromium.

`python tools/dashboard_screenshots.py` (needs Chromium and the Chinese fonts; two minutes). `--home DIR` takes a
demonstration that is there already, and only reads it.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tools.serving import ROOT, chromium, serving

PICTURES = ROOT / "docs" / "guide" / "dashboards"
COUNTY = "org=x-sample&period=M2014"
RATE = "indicator=newborn_visit_rate"
SHOTS = {  # name: (address, width, scheme)
    "overview": (f"/?{COUNTY}", 1280, "light"),
    "overview-en-dark": (f"/?{COUNTY}&lang=en", 1280, "dark"),
    "overview-phone": (f"/?{COUNTY}", 390, "light"),
    "indicator": (f"/indicator?{COUNTY}&{RATE}", 1280, "light"),
    "unit": ("/unit?org=x-sample-t06&period=M2014", 1280, "light"),
    "reporting": (f"/reporting?{COUNTY}", 1280, "light"),
    "claims": ("/claims?scope=all", 1280, "light"),
    "cells": (f"/cells?org=x-sample-t06-v01&period=2014-05&{RATE}", 1280, "light"),
}
TALLEST = 2600


def take(browser: Any, address: str, name: str) -> None:
    """One picture, cut where a page goes on for long."""
    path, width, scheme = SHOTS[name]
    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme, locale="zh-CN")
    page.goto(address + path)
    page.wait_for_selector("#title")
    page.wait_for_function("[...document.querySelectorAll('.dash-graph')].every((g) => g.querySelector('.main-svg'))")
    page.wait_for_timeout(500)  # the last chart's animation frame
    height = min(page.evaluate("document.scrollingElement.scrollHeight"), TALLEST)
    page.set_viewport_size({"width": width, "height": height})
    page.screenshot(path=PICTURES / f"{name}.png")
    page.close()


def main() -> None:
    """All pictures."""
    from playwright.sync_api import sync_playwright

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", type=Path, help="a demonstration that is there already")
    parser.add_argument("names", nargs="*", help=f"of {', '.join(SHOTS)}; all where none is named")
    asked = parser.parse_args()
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        home = asked.home or Path(folder) / "site"
        if asked.home is None:
            subprocess.run([sys.executable, "-m", "pipelines.cli", "demo", "--home", str(home)], cwd=ROOT, check=True)
        with serving(home) as server, sync_playwright() as playwright:
            browser = chromium(playwright)
            for name in asked.names or SHOTS:
                take(browser, server.address, name)


if __name__ == "__main__":
    main()
