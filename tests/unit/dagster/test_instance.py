"""A site's own Dagster instance: its settings, its months, and runs that died."""

from __future__ import annotations

import os
import subprocess
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest
import yaml

from pipelines import instance as instances
from pipelines.build import build_defs
from pipelines.errors import TaizhangError
from pipelines.instance import bring_up_to_date, end_dead_runs
from pipelines.partitions import FIRST, LAST, ONE, add_months, months_of_run
from pipelines.settings import DAGSTER_SETTINGS, Home
from pipelines.warehouse.lock import writer_lock
from tests.unit.warehouse.sites import new_site

ALL = "".join(DAGSTER_SETTINGS.values())


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return new_site(tmp_path / "site")


@pytest.fixture
def instance() -> Iterator[dg.DagsterInstance]:
    with dg.DagsterInstance.ephemeral() as made:
        yield made


def settings(home: Home) -> Path:
    return home.dagster / "dagster.yaml"


# ---- dagster.yaml


def test_a_new_site_lets_runs_wait_for_each_other_and_sends_nothing(home: Home) -> None:
    said = yaml.safe_load(settings(home).read_text(encoding="utf-8"))
    assert said["telemetry"] == said["nux"] == {"enabled": False}
    with dg.DagsterInstance.from_config(str(home.dagster)) as made:
        assert made.get_concurrency_config().run_queue_config.max_concurrent_runs == 1
        assert not made.telemetry_enabled


OLD = "# mine\ntelemetry:\n  enabled: false\nnux:\n  enabled: false"


@pytest.mark.parametrize(
    ("before", "added"),
    [
        (ALL, []),
        (OLD, ["concurrency"]),
        ("", list(DAGSTER_SETTINGS)),
        ("# nothing\n", list(DAGSTER_SETTINGS)),
        (f"{OLD}\nrun_queue:\n  max_concurrent_runs: 3\n", []),
        ("telemetry:\n  enabled: true  # I want it\n", ["nux", "concurrency"]),
    ],
    ids=["new", "an earlier version's", "empty", "a remark", "a queue of their own", "an own choice"],
)
def test_what_a_site_wrote_stays_and_what_it_lacks_is_added(home: Home, before: str, added: list[str]) -> None:
    settings(home).write_text(before, encoding="utf-8")
    bring_up_to_date(home)
    after = settings(home).read_text(encoding="utf-8")
    gap = "\n" if before and not before.endswith("\n") else ""
    assert after == before + (gap if added else "") + "".join(DAGSTER_SETTINGS[name] for name in added)
    bring_up_to_date(home)
    assert settings(home).read_text(encoding="utf-8") == after
    with dg.DagsterInstance.from_config(str(home.dagster)):
        pass


@pytest.mark.parametrize("wrong", ["telemetry: [", "just words", "- a\n- b\n"])
def test_settings_that_are_no_yaml_are_told_with_the_file_and_stay(home: Home, wrong: str) -> None:
    settings(home).write_text(wrong, encoding="utf-8")
    with pytest.raises(TaizhangError) as caught:
        bring_up_to_date(home)
    assert str(settings(home)) in caught.value.zh
    assert str(settings(home)) in caught.value.en
    assert settings(home).read_text(encoding="utf-8") == wrong


def test_make_dagster_begins_with_a_site_that_is_ready_or_says_why_not(
    home: Home, tmp_path: Path, repo_root: Path
) -> None:
    settings(home).unlink()
    command = [sys.executable, "-m", "pipelines.instance"]
    environment = {**os.environ, "PYTHONPATH": str(repo_root)}

    def begin(folder: Path) -> subprocess.CompletedProcess[str]:
        return subprocess.run([*command, str(folder)], capture_output=True, text=True, env=environment, check=False)

    assert begin(home.path).returncode == 0
    assert settings(home).read_text(encoding="utf-8") == ALL
    failed = begin(tmp_path / "none")
    assert failed.returncode == 1
    assert "不是台账站点" in failed.stderr
    assert "is no taizhang site" in failed.stderr
    assert not (tmp_path / "none").exists()


# ---- months


def test_months_are_listed_in_their_order_however_they_came(instance: dg.DagsterInstance) -> None:
    for came in (["2014-02", "2014-01"], ["2015-12"], ["2014-02", "2013-10", "2014-11"], [], ["1870-12"]):
        add_months(instance, came)
    assert list(instance.get_dynamic_partitions("month")) == [
        "1870-12", "2013-10", "2014-01", "2014-02", "2014-11", "2015-12",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("tags", "months"),
    [
        ({}, []),
        ({ONE: "2014-02"}, ["2014-02"]),
        ({FIRST: "2014-02", LAST: "2015-12"}, ["2014-02", "2014-11", "2015-12"]),
        ({FIRST: "2014-11", LAST: "2014-11"}, ["2014-11"]),
    ],
)
def test_a_run_says_by_its_tags_which_months_it_is_for(
    instance: dg.DagsterInstance, tags: dict[str, str], months: list[str]
) -> None:
    add_months(instance, ["2014-01", "2014-02", "2014-11", "2015-12", "2016-01"])
    assert months_of_run(tags, instance) == months


def test_one_period_without_a_month_is_told_in_both_languages(
    home: Home, instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TAIZHANG_HOME", str(home.path))
    quiet = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
    done = (
        build_defs()
        .resolve_job_def("one_period")
        .execute_in_process(instance=instance, run_config=quiet, raise_on_error=False)
    )
    failed = next(event for event in done.all_events if event.is_run_failure or event.is_failure)
    told = str(failed)
    assert "要选月份" in told
    assert "needs a month" in told
    assert not home.warehouse.exists()


# ---- runs that died


def started(instance: dg.DagsterInstance) -> str:
    run = dg.DagsterRun(job_name="nightly", run_id=str(uuid.uuid4()), status=dg.DagsterRunStatus.STARTED)
    instance.add_run(run)
    return run.run_id


def status(instance: dg.DagsterInstance, run_id: str) -> str:
    run = instance.get_run_by_id(run_id)
    assert run is not None
    return run.status.value


def test_a_run_that_has_only_begun_is_left(home: Home, instance: dg.DagsterInstance) -> None:
    run_id = started(instance)
    assert end_dead_runs(instance, home) == []
    assert status(instance, run_id) == "STARTED"


@pytest.fixture
def long_ago(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(instances, "GRACE", -1.0)


@pytest.mark.usefixtures("long_ago")
def test_a_run_that_began_long_ago_is_dead_where_nobody_holds_the_lock(
    home: Home, instance: dg.DagsterInstance
) -> None:
    run_id = started(instance)
    with writer_lock(home.path):
        assert end_dead_runs(instance, home) == []
    assert end_dead_runs(instance, home) == [run_id]
    assert status(instance, run_id) == "FAILURE"
    assert end_dead_runs(instance, home) == []


@pytest.mark.usefixtures("long_ago")
def test_the_night_that_holds_the_lock_ends_the_others_and_not_itself(home: Home, instance: dg.DagsterInstance) -> None:
    dead, own = started(instance), started(instance)
    with writer_lock(home.path):
        assert end_dead_runs(instance, home, own_run=own) == [dead]
    assert (status(instance, dead), status(instance, own)) == ("FAILURE", "STARTED")
