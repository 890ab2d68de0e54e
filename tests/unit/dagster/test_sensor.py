"""The inbox sensor as Dagster runs it: a run for settled files, a reason in both languages otherwise."""

from __future__ import annotations

import os
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import dagster as dg
import pytest

from pipelines import instance as instances
from pipelines import sensors
from pipelines.build import build_defs
from pipelines.errors import TaizhangError
from pipelines.settings import Home
from pipelines.warehouse.lock import writer_lock
from tests.unit.warehouse.sites import library_return, new_site, put

Tick = Callable[..., dg.RunRequest | dg.SkipReason]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    home = new_site(tmp_path / "site")
    monkeypatch.setenv("TAIZHANG_HOME", str(home.path))
    return home


@pytest.fixture
def instance() -> Iterator[dg.DagsterInstance]:
    with dg.DagsterInstance.ephemeral() as made:
        yield made


@pytest.fixture
def tick(home: Home, instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch) -> Tick:
    """One look of the sensor at a second; what it keeps is handed to the next."""
    cursor: list[str | None] = [None]

    def look(second: float) -> dg.RunRequest | dg.SkipReason:
        monkeypatch.setattr(sensors.time, "time", lambda: 1000.0 + second)
        context = dg.build_sensor_context(instance=instance, cursor=cursor[0], definitions=build_defs())
        found = sensors.inbox(context)
        cursor[0] = context.cursor
        assert isinstance(found, dg.RunRequest | dg.SkipReason)
        return found

    return look


def reason(found: dg.RunRequest | dg.SkipReason) -> str:
    assert isinstance(found, dg.SkipReason), found
    assert found.skip_message
    return found.skip_message


def test_sensor_and_schedule_are_off_until_somebody_switches_them_on() -> None:
    defs = build_defs().get_repository_def()
    assert [s.default_status.value for s in defs.sensor_defs] == ["STOPPED"]
    assert [s.default_status.value for s in defs.schedule_defs] == ["STOPPED"]
    assert {s.job_name for s in defs.sensor_defs} | {s.job_name for s in defs.schedule_defs} == {"nightly"}


def test_files_that_settle_ask_for_one_night(home: Home, tick: Tick) -> None:
    assert "没有新的报表" in reason(tick(0))
    put(home, "a.csv", library_return(20))
    put(home, "x/b.csv", library_return(21))
    told = reason(tick(30))
    assert "2 个文件还在变化" in told
    assert "2 file(s) in the inbox still change" in told
    assert "60 s" in told
    found = tick(90)
    assert isinstance(found, dg.RunRequest)
    assert found.run_key
    assert found.run_key.startswith("inbox-")
    assert found.tags["taizhang/files"] == "2"
    told = reason(tick(120))
    assert "仍在收件箱" in told
    assert "still in the inbox" in told


def test_what_is_no_return_and_what_is_open_asks_for_nothing(home: Home, tick: Tick) -> None:
    for name in ("~$a.xlsx", ".a.csv", "a.csv.part", "Thumbs.db"):
        put(home, name, b"x")
    with (home.inbox / "open.csv").open("ab") as file:
        file.write(b"1")
        for second in (0, 61, 122):
            reason(tick(second))
            file.write(b"1")
            file.flush()


def test_the_wait_is_a_setting(home: Home, tick: Tick) -> None:
    home.config.write_text("inbox_settle_seconds = 5\n", encoding="utf-8")
    put(home, "a.csv", library_return(20))
    assert "5 s" in reason(tick(0))
    assert isinstance(tick(5), dg.RunRequest)


@pytest.mark.parametrize("wrong", ['"soon"', "-1", "true"])
def test_a_wait_that_is_no_number_of_seconds_is_told_in_both_languages(home: Home, tick: Tick, wrong: str) -> None:
    home.config.write_text(f"inbox_settle_seconds = {wrong}\n", encoding="utf-8")
    with pytest.raises(TaizhangError) as caught:
        tick(0)
    assert "不是秒数" in str(caught.value)
    assert "no number of seconds" in str(caught.value)


def add_run(instance: dg.DagsterInstance, status: dg.DagsterRunStatus) -> str:
    run = dg.DagsterRun(job_name="nightly", run_id=str(uuid.uuid4()), status=status)
    instance.add_run(run)
    return run.run_id


@pytest.mark.parametrize("status", ["STARTING", "STARTED", "CANCELING"])
def test_while_a_run_is_in_progress_none_is_asked_for(
    home: Home, tick: Tick, instance: dg.DagsterInstance, status: str
) -> None:
    put(home, "a.csv", library_return(20))
    tick(0)
    run_id = add_run(instance, dg.DagsterRunStatus(status))
    told = reason(tick(60))
    assert "有 1 次运行还没有结束" in told
    assert "1 run(s) have not ended yet" in told
    instance.delete_run(run_id)
    assert isinstance(tick(90), dg.RunRequest)


def test_a_run_whose_process_is_gone_is_ended_and_blocks_nothing(
    home: Home, tick: Tick, instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(home, "a.csv", library_return(20))
    tick(0)
    run_id = add_run(instance, dg.DagsterRunStatus.STARTED)
    reason(tick(60))
    monkeypatch.setattr(instances, "GRACE", float("-inf"))
    with writer_lock(home.path):
        reason(tick(90))  # somebody is at work
    assert isinstance(tick(120), dg.RunRequest)
    run = instance.get_run_by_id(run_id)
    assert run is not None
    assert run.status == dg.DagsterRunStatus.FAILURE


def test_no_site_is_told_with_the_next_step(tick: Tick, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(os.environ, "TAIZHANG_HOME", str(tmp_path / "none"))
    with pytest.raises(TaizhangError, match="taizhang init"):
        tick(0)
