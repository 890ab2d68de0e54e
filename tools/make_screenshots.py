"""Makes the pictures of docs/guide/dagster.md: a small site taken through Dagster's own page, click by click.

`python tools/make_screenshots.py` (needs Chromium; a few minutes). The site holds two townships of the synthetic sample
county and is made in a temporary folder; a failure is planted for the pictures that show one. Dagster listens on this
machine only, on a free port, and all its processes are ended before the script is.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from pipelines.sample.county import draw_county
from pipelines.sample.folder import files_of, write_catalog, write_files
from pipelines.settings import CHECKOUT, Home
from tools.serving import chromium, free_port

PICTURES = CHECKOUT / "docs" / "guide" / "dagster"
TOWNSHIPS = ("x-sample-t01", "x-sample-t02")
SIZE = {"width": 1280, "height": 760}
RUNS = "{ runsOrError { ... on Runs { results { runId jobName status } } } }"
ENDED = ("SUCCESS", "FAILURE", "CANCELED")
PATIENCE = 900  # seconds for a night on a slow machine
DAMAGE = "insert into store.fact_history select * from store.fact_history where known_to is null limit 1"


def small_site(folder: Path) -> Home:
    """A site with the returns of two townships of the sample county waiting in its inbox."""
    home = Home(folder)
    home.create(demo=True)
    county = draw_county()
    kept = tuple(org for org in county.orgs if org.level == "county" or org.code.startswith(TOWNSHIPS))
    small = replace(county, orgs=kept, returns=tuple(r for r in county.returns if r.township in TOWNSHIPS))
    write_catalog(home.catalog, small, "tools/make_screenshots.py")
    write_files(home.inbox, files_of(small))
    return home


@contextmanager
def dagster(home: Home) -> Iterator[str]:
    """Dagster's page for a site, on a free port of this machine; every process of it is ended with SIGKILL at last."""
    port = free_port()
    environment = {**os.environ, "TAIZHANG_HOME": str(home.path), "DAGSTER_HOME": str(home.dagster)}
    command = [sys.executable, "-m", "dagster", "dev", "-w", "workspace.yaml", "-h", "127.0.0.1", "-p", str(port)]
    with (home.path / "logs" / "dagster.log").open("wb") as log:
        process = subprocess.Popen(
            command, cwd=CHECKOUT, env=environment, stdout=log, stderr=subprocess.STDOUT, start_new_session=True
        )
    try:
        page = f"http://127.0.0.1:{port}"
        wait_until(lambda: answers(f"{page}/server_info"), 180)
        yield page
    finally:
        for last in (signal.SIGTERM, signal.SIGKILL):
            with suppress(ProcessLookupError):
                os.killpg(process.pid, last)
            with suppress(subprocess.TimeoutExpired):
                process.wait(20)


def answers(address: str) -> bool:
    """Whether a page answers."""
    try:
        with urllib.request.urlopen(address, timeout=5) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def wait_until(done: Any, seconds: float) -> None:
    """Asks every second.

    Raises:
        TimeoutError: it did not come true.
    """
    end = time.monotonic() + seconds
    while not done():
        if time.monotonic() > end:
            raise TimeoutError(f"nothing after {seconds:.0f} s")
        time.sleep(1)


def runs(page: str) -> list[dict[str, str]]:
    """The runs of the site, newest first."""
    request = urllib.request.Request(
        f"{page}/graphql", json.dumps({"query": RUNS}).encode(), {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=60) as answer:
        found: list[dict[str, str]] = json.load(answer)["data"]["runsOrError"]["results"]
    return found


def wait_for_run(page: str, number: int) -> str:
    """Waits until the site's nth run has ended, and returns its id."""
    wait_until(lambda: len(runs(page)) >= number and runs(page)[0]["status"] in ENDED, PATIENCE)
    print(f"  {runs(page)[0]['jobName']}: {runs(page)[0]['status']}", flush=True)
    return runs(page)[0]["runId"]


class Camera:
    """A browser before Dagster's page."""

    def __init__(self, browser: Any, page: str, folder: Path) -> None:
        self.tab, self.page, self.folder = browser.new_page(viewport=SIZE, locale="zh-CN"), page, folder
        self.tab.set_default_timeout(60_000)

    def go(self, path: str, sign: str) -> None:
        """Opens a page and waits for a text on it, then until it has come to rest."""
        self.tab.goto(f"{self.page}{path}")
        self.tab.get_by_text(sign).first.wait_for()
        self.rest()

    def rest(self, seconds: float = 3) -> None:
        """Waits for pictures and figures to arrive."""
        self.tab.wait_for_timeout(seconds * 1000)

    def click(self, text: str, *, exact: bool = False, last: bool = False) -> None:
        """Clicks on a text."""
        found = self.tab.get_by_text(text, exact=exact)
        (found.last if last else found.first).click()
        self.rest(1.5)

    def shoot(self, name: str) -> None:
        """Takes the picture."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self.tab.screenshot(path=self.folder / f"{name}.png")
        print(f"  {name}.png", flush=True)


def a_night(camera: Camera) -> None:
    """The job, the run, what the assets say, the release."""
    camera.go("/locations/taizhang/jobs/nightly", "Materialize all")
    camera.shoot("job")
    camera.click("Materialize all")
    run = wait_for_run(camera.page, 1)
    camera.go(f"/runs/{run}", "Succeeded")
    camera.rest()
    camera.shoot("run")
    camera.go("/asset-groups", "7_months")
    camera.shoot("graph")
    camera.go("/assets/quality/finding", "Metadata")
    camera.shoot("asset")
    camera.go("/assets/meta/release", "Metadata")
    camera.tab.get_by_text("网页 page").first.scroll_into_view_if_needed()
    camera.rest(1)
    camera.shoot("release")


def a_failure(camera: Camera, home: Home) -> None:
    """A check that fails: the run, and the check with its rows: file, sheet and cell."""
    with duckdb.connect(str(home.warehouse)) as con:
        con.execute(DAMAGE)
    camera.go("/locations/taizhang/jobs/nightly", "Materialize all")
    camera.click("Materialize all")
    run = wait_for_run(camera.page, 2)
    camera.go(f"/runs/{run}", "Failed")
    camera.rest()
    camera.shoot("failed_run")
    camera.go("/assets/core/fact_history?view=checks", "suite")
    camera.tab.get_by_text("不符的行 failing rows").first.scroll_into_view_if_needed()
    camera.rest(1)
    camera.shoot("failed_check")
    with duckdb.connect(str(home.warehouse)) as con:  # as `taizhang run --full` would, which takes longer
        con.execute(
            "delete from store.fact_history where rowid in "
            "(select max(rowid) from store.fact_history where known_to is null group by all having count(*) > 1)"
        )


def months(camera: Camera) -> None:
    """A month computed anew, several months, and what is known of each."""
    camera.go("/locations/taizhang/jobs/one_period", "Materialize all")
    camera.click("Materialize all")
    camera.click("Select a partition")
    for month in ("2014-01", "2014-02", "2014-03"):
        camera.tab.get_by_text(month, exact=True).first.click()
        camera.rest(0.5)
    camera.shoot("months")
    camera.tab.keyboard.press("Escape")
    camera.rest(1)
    camera.tab.get_by_role("button", name="Launch").last.click()
    wait_for_run(camera.page, 3)
    camera.go("/assets/months/fact_history?view=partitions&partition=2014-03", "Latest materialization")
    camera.rest()
    camera.shoot("month")


def switches(camera: Camera) -> None:
    """The schedule and the sensor, switched on."""
    camera.go("/automation", "every_night")
    for number in (1, 2):
        camera.tab.locator("label[class*=Switch]").nth(number - 1).click()
        camera.rest(2)
    camera.shoot("automation")


def main() -> int:
    """Takes all the pictures into docs/guide/dagster/, or into the folder that is named."""
    from playwright.sync_api import sync_playwright

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=PICTURES, help="where the pictures go")
    folder = parser.parse_args().folder
    with tempfile.TemporaryDirectory(prefix="taizhang-pictures-") as scratch:
        home = small_site(Path(scratch) / "taizhang")
        with dagster(home) as page, sync_playwright() as player:
            browser = chromium(player)
            camera = Camera(browser, page, folder)
            a_night(camera)
            a_failure(camera, home)
            months(camera)
            switches(camera)
            browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
