"""`dg` and `dagster` find the same definitions from the checkout, and neither sends or keeps anything elsewhere."""

from __future__ import annotations

import json
import os
import subprocess
import sysconfig
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from pipelines.build import build_defs
from pipelines.settings import Home
from tests.unit.warehouse.sites import library_return, new_site, plain_night, put

SCRIPTS = Path(sysconfig.get_path("scripts"))
Run = Callable[..., str]


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return new_site(tmp_path / "site")


@pytest.fixture
def run(home: Home, tmp_path: Path, repo_root: Path) -> Run:
    """A command from the checkout, on a site of its own, by a user whose home is empty."""
    settings = {
        "HOME": str(tmp_path / "user"), "TAIZHANG_HOME": str(home.path), "DAGSTER_HOME": str(home.dagster),
        "COLUMNS": "200",
    }  # fmt: skip
    (tmp_path / "user").mkdir()

    def command(name: str, *words: str) -> str:
        done = subprocess.run(
            [str(SCRIPTS / name), *words], cwd=repo_root, env={**os.environ, **settings}, capture_output=True,
            text=True, timeout=1200, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    return command


def test_dg_checks_and_lists_what_the_checkout_defines(run: Run) -> None:
    assert "All definitions loaded successfully" in run("dg", "check", "defs")
    told = json.loads(run("dg", "list", "defs", "--json"))
    defs = build_defs()
    assert {one["asset_key"] for one in told["assets"]} == {
        key.to_user_string() for key in defs.resolve_asset_graph().get_all_asset_keys()
    }
    assert {one["name"] for one in told["jobs"]} == {"nightly", "one_period"}
    assert [one["name"] for one in told["schedules"]] == ["every_night"]
    assert [one["name"] for one in told["sensors"]] == ["inbox"]
    assert len(told["asset_checks"]) == len(list(defs.asset_checks or []))


def test_dagster_finds_the_jobs_with_the_workspace_and_without(run: Run) -> None:
    for words in (("-w", "workspace.yaml"), ()):
        told = run("dagster", "job", "list", *words)
        assert "Job: nightly" in told
        assert "Job: one_period" in told


def test_nothing_is_sent_and_nothing_is_kept_outside_of_the_site(run: Run, home: Home, tmp_path: Path) -> None:
    run("dg", "list", "defs", "--json")
    run("dagster", "job", "list", "-w", "workspace.yaml")
    assert [path.name for path in (tmp_path / "user").rglob("*") if "telemetry" in path.name.lower()] == []
    assert not (home.dagster / ".telemetry").exists()
    assert not (home.dagster / "logs").exists()


def test_dg_launches_an_asset_on_the_site(run: Run, home: Home) -> None:
    put(home, "2015.csv", library_return(20), 0)
    published = plain_night(home, 1)
    run("dg", "launch", "--assets", 'key:"marts/claim_check"')
    assert [path.name for path in home.releases.iterdir() if path.is_dir()] == [published.id]
    with duckdb.connect(str(home.warehouse), read_only=True) as con:
        [(count,)] = con.execute("select count(*) from marts.claim_check").fetchall()
    assert count == published.manifest["tables"]["marts.claim_check"]["rows"]
