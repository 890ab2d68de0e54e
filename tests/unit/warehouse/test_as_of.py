"""A release of what was known on a day: old figures, the newest release left alone, and it can be rebuilt."""

from __future__ import annotations

from datetime import timedelta

import duckdb
import pytest

from pipelines.cli.as_of import run_as_of
from pipelines.cli.words import Lang
from pipelines.errors import TaizhangError
from pipelines.warehouse.recover import finish_publishing
from pipelines.warehouse.release import current, read, released
from pipelines.warehouse.verify import verify
from tests.unit.warehouse.conftest import Desk
from tests.unit.warehouse.sites import library_return, moment


def test_what_was_known_on_a_day_is_a_release_of_its_own(desk: Desk) -> None:
    for minutes in (20, 35):
        desk.send("a.csv", library_return(minutes))
        desk.receive()
    desk.send("waits.csv", library_return(50))
    figures = run_as_of(desk.home, moment(1).date(), Lang.zh, quiet=True)
    assert figures["as_of"] == moment(1).date().isoformat()
    release = read(desk.home, figures["release"]["id"])
    with duckdb.connect(str(release.database), read_only=True) as con:
        assert con.execute("select value, revision from core.fact where value is not null").fetchall() == [(20, 1)]
    page = (release.folder / "index.html").read_text("utf-8")
    assert f"按 {figures['as_of']} 当日所知重算" in page  # who opens it sees that it is not the newest
    assert current(desk.home) is None  # it is not the newest one …
    assert finish_publishing(desk.home) == ""  # … and a night does not take it for that
    assert released(desk.home) == [release.id]
    assert verify(desk.home, release).problems == []
    assert (desk.home.inbox / "waits.csv").exists()


@pytest.mark.parametrize("days", [-30, 40_000])
def test_a_day_before_the_first_receipt_or_ahead_is_told(desk: Desk, days: int) -> None:
    desk.send("a.csv", library_return(20))
    desk.receive()
    with pytest.raises(TaizhangError, match="nothing was received until then"):
        run_as_of(desk.home, moment(1).date() + timedelta(days=days), Lang.en, quiet=True)
    assert released(desk.home) == []
