"""The dashboards on a month of the nation: a real browser, and 50 users on the same two cores.

Limits: headings within 1.5 s and charts within 2.5 s on a cold visit; of an interaction the median within 300 ms and
the 95th percentile within 1 s, with 50 users who think for 5 s, and at most 2 GiB for the server; at most 300 kB for an
interaction. The browser and the users run on the same machine; what the users' program takes of it is told.

`python -m bench dashboards` makes the site (PART of the nation's villages, a month). TAIZHANG_BENCH_HOME=DIR takes a
site that is there already, and only reads it.
"""

from __future__ import annotations

import http.client
import json
import os
import platform
import random
import resource
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from pipelines.settings import Home
from tools.serving import chromium, serving

PART, SEED, MONTH, PORT = 0.1, 2014, date(2026, 10, 1), 8058
USERS, THINK, SECONDS, WARM = 50, 5.0, 60.0, 15.0
HEADINGS, CHARTS, MEDIAN_MS, P95_MS, MIB, BYTES = 1.5, 2.5, 300.0, 1000.0, 2048, 300_000
COLD_RUNS = 3
LEVELS = ("nation", "province", "prefecture", "county", "township", "village")
OUTPUT = "..main.children...top.children...foot.children...head.data...release.data.."


def main() -> None:
    """Cold visits, then the users."""
    with _home() as home:
        states = _states(home)
        print(f"          {platform.machine()}, {os.cpu_count()} cores; {_size(home)}")
        with serving(home.path, PORT) as server:
            _post("/", "")  # the release is open before anything is timed
            for page in ("", "indicator", "unit", "reporting"):
                _cold(states[page][0])
            _users(states, server.process)


@contextmanager
def _home() -> Iterator[Home]:
    kept = os.environ.get("TAIZHANG_BENCH_HOME")
    if kept:
        yield Home(Path(kept))
        return
    from pipelines.cli.nation import Kind, nation_in_site
    from pipelines.cli.night import run_night
    from pipelines.cli.words import Lang
    from pipelines.sample.nation.files import Nation

    with tempfile.TemporaryDirectory() as folder:
        home = Home(Path(folder) / "site")
        home.create()
        nation_in_site(home, Nation(PART, SEED, (MONTH,)), Kind.parquet, lambda _: None)
        run_night(home, Lang.en)
        yield home


def _size(home: Home) -> str:
    from dashboards.reader import Releases

    with Releases(home).reader()._con.cursor() as cursor:
        [(units, figures)] = cursor.execute(
            "select (select count(*) from core.org_unit where org_level = 'village'), "
            "count(*) from store.indicator_value"
        ).fetchall()
    return f"{units:,} villages, {figures:,} rates"


def _states(home: Home) -> dict[str, list[str]]:
    """Addresses of each page, over units of every level and indicators; the highest unit comes first."""
    from dashboards.reader import Releases

    drawn = random.Random(SEED)
    with Releases(home).reader()._con.cursor() as cursor:
        units = {
            level: [code for (code,) in cursor.execute(
                "select org_code from core.org_unit where org_level = ? order by hash(org_code) limit 40", [level]
            ).fetchall()]
            for level in LEVELS
        }  # fmt: skip
        indicators = [code for (code,) in cursor.execute(
            "select distinct indicator_code from marts.indicator_value where is_default_edition and value is not null "
            "and org_code = ? order by 1", [units["province"][0]]
        ).fetchall()]  # fmt: skip
    highest = (units["nation"] or units["province"])[0]
    period = f"period={MONTH:%Y-%m}"
    found: dict[str, list[str]] = {}
    for page in ("", "indicator", "unit", "reporting"):
        addresses = [f"/{page}?org={highest}&{period}" + (f"&indicator={indicators[0]}" if page == "indicator" else "")]
        for _ in range(200):
            level = drawn.choice(LEVELS[1:])
            more = f"&indicator={drawn.choice(indicators)}" if page == "indicator" else ""
            addresses.append(f"/{page}?org={drawn.choice(units[level])}&{period}{more}")
        found[page] = addresses
    return found


def _cold(address: str) -> None:
    """A first visit, by a browser without anything kept.

    Headings and figures come with the document: when it is painted they can be read.
    """
    from playwright.sync_api import sync_playwright

    painted, live, charts = [], [], []
    with sync_playwright() as playwright:
        for _ in range(COLD_RUNS):
            browser = chromium(playwright)
            page = browser.new_page(viewport={"width": 1280, "height": 900}, locale="zh-CN")
            start = time.monotonic()
            document = page.goto(f"http://127.0.0.1:{PORT}{address}", wait_until="commit")
            page.wait_for_selector("#title", timeout=120_000)
            live.append(time.monotonic() - start)
            page.wait_for_function(
                "[...document.querySelectorAll('.dash-graph')].every((g) => g.querySelector('.main-svg'))"
            )
            charts.append(time.monotonic() - start)
            assert document is not None
            assert "<h1>" in document.text().partition('id="react-entry-point"')[0]
            painted.append(page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime") / 1000)
            browser.close()
    name = address.partition("?")[0]
    _say(f"cold {name}: headings, figures", median(painted), HEADINGS, "s")
    _say(f"cold {name}: charts", median(charts), CHARTS, "s")
    print(f"          the page lives after {median(live):.2f} s")


def _say(what: str, figure: float, limit: float, unit: str) -> None:
    kept = "kept" if figure <= limit else "NOT KEPT"
    print(f"{what:<36} {figure:9.2f} {unit:<4} limit {limit:g} {unit} {kept}", flush=True)


@dataclass
class Seen:
    """What the users met."""

    seconds: list[float] = field(default_factory=list)
    anew: list[float] = field(default_factory=list)  # of them those of states that nobody had asked for before
    states: set[str] = field(default_factory=set)
    largest: int = 0
    failed: int = 0


def _users(states: dict[str, list[str]], server: subprocess.Popen[bytes]) -> None:
    seen, guard, end = Seen(), threading.Lock(), time.monotonic() + WARM + SECONDS
    begin = end - SECONDS
    before = resource.getrusage(resource.RUSAGE_SELF)
    threads = [
        threading.Thread(target=_user, args=(number, states, seen, guard, begin, end)) for number in range(USERS)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    after = resource.getrusage(resource.RUSAGE_SELF)
    share = (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) / (WARM + SECONDS)
    ms = [second * 1000 for second in seen.seconds]
    _say(f"{USERS} users, median", median(ms), MEDIAN_MS, "ms")
    _say(f"{USERS} users, 95 %", quantiles(ms, n=20)[-1], P95_MS, "ms")
    _say("largest answer", seen.largest / 1000, BYTES / 1000, "kB")
    _say("server's memory", _memory(server.pid), MIB, "MiB")
    anew = [second * 1000 for second in seen.anew]
    print(f"          {len(ms)} interactions, {seen.failed} failed; the users' program took {share:.2f} of a core")
    print(
        f"          {len(anew)} of states that nobody had asked for before: median {median(anew):.0f} ms, "
        f"95 % {quantiles(anew, n=20)[-1]:.0f} ms"
    )


def _user(
    number: int, states: dict[str, list[str]], seen: Seen, guard: threading.Lock, begin: float, end: float
) -> None:
    """One user: opens pages as she thinks of them."""
    drawn = random.Random(number)
    time.sleep(drawn.uniform(0, THINK))
    while (start := time.monotonic()) < end:
        address = drawn.choice(states[drawn.choice(list(states))])
        pathname, _, search = address.partition("?")
        try:
            size = _post(pathname, f"?{search}")
            failed = 0
        except (OSError, http.client.HTTPException, ValueError):
            size, failed = 0, 1
        with guard:
            if start >= begin:
                seen.seconds.append(time.monotonic() - start)
                seen.anew += [] if address in seen.states else [time.monotonic() - start]
                seen.largest = max(seen.largest, size)
                seen.failed += failed
            seen.states.add(address)
        time.sleep(drawn.uniform(0.5, 1.5) * THINK)


def _post(pathname: str, search: str) -> int:
    """One interaction, as the page asks for it; the bytes of the answer before compression."""
    names = ("main.children", "top.children", "foot.children", "head.data", "release.data")
    asked: dict[str, Any] = {
        "output": OUTPUT,
        "outputs": [dict(zip(("id", "property"), name.split("."), strict=True)) for name in names],
        "inputs": [
            {"id": "address", "property": "pathname", "value": pathname},
            {"id": "address", "property": "search", "value": search},
            {"id": "release", "property": "data", "value": None},
        ],
        "changedPropIds": ["address.pathname"],
    }
    connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=60)
    connection.request(
        "POST", "/_dash-update-component", json.dumps(asked).encode(), {"Content-Type": "application/json"}
    )
    answer = connection.getresponse()
    content = answer.read()
    connection.close()
    if answer.status != 200 or b"remedy" in content:
        raise ValueError(f"{answer.status}: {content[:300]!r}")
    return len(content)


def _memory(pid: int) -> float:
    """MiB of a process and its children (resident, shared pages counted once for each)."""
    children = [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    pages = sum(int(Path(f"/proc/{one}/statm").read_text().split()[1]) for one in (pid, *children))
    return pages * resource.getpagesize() / (1 << 20)


if __name__ == "__main__":
    main()
