"""Dagster's own page and daemon on a site: runs wait for each other, months are one run, the inbox starts a night."""

from __future__ import annotations

import json
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from pipelines.settings import Home
from pipelines.warehouse.release import released
from tests.unit.warehouse.sites import library_return, new_site, put
from tools.make_screenshots import dagster

SECONDS = 900.0
PLACE = '{repositoryLocationName: "taizhang", repositoryName: "__repository__"'
RUNS = """{ runsOrError { ... on Runs { results { runId jobName status startTime endTime tags { key value }
    assetSelection { path } } } } }"""
Ask = Callable[[str], dict[str, Any]]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    home = new_site(tmp_path_factory.mktemp("daemon") / "site")
    home.config.write_text("inbox_settle_seconds = 1\n", encoding="utf-8")
    for number, period in enumerate(("2015年", "2016年", "2017年")):
        put(home, f"{period}.csv", library_return(20 + number, period=period), number)
    return home


@pytest.fixture(scope="module")
def ask(home: Home) -> Iterator[Ask]:
    """Asks Dagster's server, which runs as long as these tests."""
    with dagster(home) as page:

        def question(query: str) -> dict[str, Any]:
            body = json.dumps({"query": query}).encode()
            request = urllib.request.Request(f"{page}/graphql", body, {"Content-Type": "application/json"})
            with urllib.request.urlopen(request, timeout=120) as answer:
                told = json.load(answer)
            assert "errors" not in told, told
            return dict(told["data"])

        yield question


def launch(ask: Ask, job: str) -> str:
    told = ask(
        f'mutation {{ launchRun(executionParams: {{selector: {PLACE}, jobName: "{job}"}}, runConfigData: "{{}}"}}) '
        "{ __typename ... on LaunchRunSuccess { run { runId } } ... on PythonError { message } } }"
    )["launchRun"]
    assert told["__typename"] == "LaunchRunSuccess", told
    return str(told["run"]["runId"])


def backfill(ask: Ask, *months: str) -> None:
    told = ask(
        f"mutation {{ launchPartitionBackfill(backfillParams: {{selector: {{repositorySelector: {PLACE}}}, "
        f'partitionSetName: "one_period_partition_set"}}, partitionNames: {json.dumps(months)}}}) '
        "{ __typename ... on PythonError { message } } }"
    )["launchPartitionBackfill"]
    assert told["__typename"] == "LaunchBackfillSuccess", told


def all_runs(ask: Ask) -> list[dict[str, Any]]:
    """The runs, oldest first, with their tags by name."""
    found = ask(RUNS)["runsOrError"]["results"]
    return [{**run, "tags": {tag["key"]: tag["value"] for tag in run["tags"]}} for run in reversed(found)]


def wait(ask: Ask, number: int) -> list[dict[str, Any]]:
    """The runs when there are so many and all have ended."""
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        found = all_runs(ask)
        if len(found) >= number and all(run["endTime"] for run in found):
            return found
        time.sleep(1)
    raise AssertionError(all_runs(ask))


def test_runs_that_are_asked_for_together_wait_for_each_other(ask: Ask, home: Home) -> None:
    first, second = launch(ask, "nightly"), launch(ask, "nightly")
    found = wait(ask, 2)
    assert [(run["runId"], run["status"]) for run in found] == [(first, "SUCCESS"), (second, "SUCCESS")]
    assert found[0]["endTime"] <= found[1]["startTime"]
    assert len(released(home)) == 2


def test_neighbouring_months_are_one_run_and_one_release(ask: Ask, home: Home) -> None:
    before = len(released(home))
    number = len(all_runs(ask))
    backfill(ask, "2015-12", "2016-12")
    run = wait(ask, number + 1)[-1]
    assert (run["jobName"], run["status"]) == ("one_period", "SUCCESS")
    assert run["tags"]["dagster/asset_partition_range_start"] == "2015-12"
    assert run["tags"]["dagster/asset_partition_range_end"] == "2016-12"
    assert len(released(home)) == before + 1


def test_files_in_the_inbox_start_a_night_by_themselves(ask: Ask, home: Home) -> None:
    number = len(all_runs(ask))
    told = ask(f'mutation {{ startSensor(sensorSelector: {PLACE}, sensorName: "inbox"}}) {{ __typename }} }}')
    assert told["startSensor"]["__typename"] == "Sensor"
    path: Path = put(home, "new.csv", library_return(30, period="2018年"), 9)
    run = wait(ask, number + 1)[-1]
    assert (run["jobName"], run["status"]) == ("nightly", "SUCCESS")
    assert run["tags"]["taizhang/files"] == "1"
    assert not path.exists()
