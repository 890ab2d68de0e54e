"""What keeps a night from being published: a failed check, a full disk, another writer. It harms nothing."""

from __future__ import annotations

import json
import re

import pytest

from pipelines.settings import Home
from pipelines.warehouse import release
from pipelines.warehouse.lock import writer_lock
from tests.faults.conftest import DAY, Doomed, Waiting
from tests.faults.test_kills import finish, hold_the_last_release

NOTHING = "limit 1000000"


def newest(site: Home) -> release.Release:
    found = release.current(site)
    assert found is not None
    return found


def test_a_failed_check_blocks_and_the_next_clean_night_publishes(site: Home, waiting: Waiting, doomed: Doomed) -> None:
    blocked = doomed("a second row of one key", "taizhang", "run", "--home", site.path, "--lang", "zh")
    assert blocked.returncode == 1
    assert "错误: 检查没有通过,今晚不发布,上一次发布仍然有效" in blocked.stderr
    assert "marts.reporting_status key_unique:主键(org_code, form_code, period_code)不重复 — 1 行不符" in blocked.stderr
    assert re.search(r"\n      org_code=\S+, form_code=\S+, period_code=1995, times=2\n", blocked.stderr)  # never sent
    assert "is unique" not in blocked.stderr  # one language
    assert "Traceback" not in blocked.stderr
    hold_the_last_release(site, waiting)
    clean = doomed(NOTHING, "taizhang", "run", "--home", site.path, "--format", "json", "--strict")
    assert clean.returncode == 3, clean.stderr  # done, but a file was refused
    told = json.loads(clean.stdout)
    assert told["release"]["id"] == waiting.second == newest(site).id
    assert told["files"] == {"received": 4, "accepted": 3, "refused": 1, "duplicate": 0, "revised": 2}
    assert newest(site).manifest["tables"] == waiting.tables


def test_a_damaged_warehouse_is_blocked_by_its_check_and_rebuilt_with_full(
    site: Home, waiting: Waiting, doomed: Doomed
) -> None:
    blocked = doomed("a second open value", "taizhang", "run", "--home", site.path, "--lang", "en")
    assert blocked.returncode == 1
    assert "error: A blocking check failed; nothing is published tonight and the last release stays" in blocked.stderr
    assert "core.fact_history one_open_row: at most one row of a figure is known now — 1 row(s) fail" in blocked.stderr
    assert "a.csv › D4: org_code=" in blocked.stderr
    assert not re.search(r"[\u4e00-\u9fff]", blocked.stderr)  # one language
    assert "taizhang run --full" in blocked.stderr
    hold_the_last_release(site, waiting)
    rebuilt = doomed(NOTHING, "taizhang", "run", "--full", "--home", site.path, "--lang", "en")
    assert rebuilt.returncode == 0, rebuilt.stderr
    assert newest(site).manifest["tables"] == waiting.tables


@pytest.mark.parametrize(
    ("kilobytes", "lang", "told"), [(100, "en", "make room on the disk"), (3000, "zh", "腾出磁盘空间")]
)
def test_a_full_disk_is_told_and_harms_nothing(
    kilobytes: int, lang: str, told: str, site: Home, waiting: Waiting, doomed: Doomed
) -> None:
    """100 kB do not hold Dagster's own storage, 3,000 kB not the warehouse."""
    failed = doomed(f"limit {kilobytes}", "taizhang", "run", "--home", site.path, "--lang", lang)
    assert failed.returncode == 1
    assert told in failed.stderr.splitlines()[-1]
    hold_the_last_release(site, waiting)
    finish(site, waiting)


def test_of_two_nights_at_once_the_second_is_told_to_wait(site: Home, waiting: Waiting, doomed: Doomed) -> None:
    with writer_lock(site.path):
        for lang, told in (("zh", "错误: 另一个进程"), ("en", "error: Another process")):
            second = doomed(NOTHING, "taizhang", "run", "--home", site.path, "--lang", lang)
            assert second.returncode == 1
            assert told in second.stderr
            assert "Traceback" not in second.stderr
    hold_the_last_release(site, waiting)
    finish(site, waiting)


def test_a_night_that_is_blocked_is_told_of_by_the_next_one(site: Home, doomed: Doomed) -> None:
    """What a killed night took in is news of the night that publishes it."""
    from pipelines.cli.summary import summarise
    from tests.unit.warehouse.sites import plain_night

    doomed("after everything was collected", site.path, DAY)
    figures = summarise(plain_night(site, DAY), 0, [], 1.0)
    assert figures["files"]["received"] == 4
    assert [table["file"] for table in figures["refused"]] == ["junk 表.csv"]
