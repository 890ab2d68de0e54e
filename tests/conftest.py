"""What every test shares: the root of the repository, and an honest account of what was not run.

A skipped test is named at the end of the run with its reason. Where CI=true nothing may be
skipped: the session fails.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests import catalogs

catalogs.read_once()

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def repo_root() -> Path:
    """The root of the checkout."""
    return ROOT


@pytest.fixture(scope="session")
def published_warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished warehouse of the shipped reports, made once; copy the file before writing to it."""
    from pipelines.catalog.load import load_catalog
    from pipelines.cli.night import make_demo
    from pipelines.settings import Home, now
    from pipelines.sql import materialise, selects
    from pipelines.warehouse import collect, journal
    from pipelines.warehouse.load import Loader
    from pipelines.warehouse.writer import open_warehouse

    home = Home(tmp_path_factory.mktemp("published"))
    make_demo(home, county=False)
    catalog = load_catalog(*home.catalog_folders)
    clock = now()
    collect.collect(home, clock)
    con = open_warehouse(home.warehouse, catalog, "tests")
    Loader(con, home, catalog).load(journal.read(home.journal).entries)
    con.execute("insert into run.night values (?)", [clock.replace(tzinfo=None)])
    for select in selects().values():
        materialise(con, select)
    con.close()
    return home.warehouse


class NotRun:
    """Collects what was skipped, tells it at the end, and fails the session where CI=true."""

    def __init__(self) -> None:
        self.reasons: dict[str, str] = {}

    def _note(self, report: pytest.TestReport | pytest.CollectReport) -> None:
        if report.skipped and not hasattr(report, "wasxfail"):
            where = report.longrepr
            reason = where[2] if isinstance(where, tuple) else str(where)
            self.reasons[report.nodeid] = reason.removeprefix("Skipped: ")

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self._note(report)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        self._note(report)

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if self.reasons and in_ci() and session.exitstatus in (0, pytest.ExitCode.NO_TESTS_COLLECTED):
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        if not self.reasons:
            return
        terminalreporter.section("not run")
        for name, reason in sorted(self.reasons.items()):
            terminalreporter.line(f"{name}: {reason}")
        if in_ci():
            terminalreporter.line("CI=true: nothing may be left out, so the session fails.", red=True)


def in_ci() -> bool:
    """Whether this is the check that may leave nothing out."""
    return os.environ.get("CI", "").lower() in {"1", "true"}


def pytest_configure(config: pytest.Config) -> None:
    """Takes the account where the reports arrive: in the controller, not in xdist's workers."""
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(NotRun(), "not-run")
