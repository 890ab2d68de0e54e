"""When a file counts as received: in the night that takes it, or when it was last changed, as the site says."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.cli.night import run_night
from pipelines.cli.words import Lang
from pipelines.errors import TaizhangError
from pipelines.settings import Home
from pipelines.warehouse import journal
from tests.unit.warehouse.conftest import Desk
from tests.unit.warehouse.sites import library_return, moment

DAY = 24 * 60
OWED = "library: {form: library_summary, unit: x-japan, periods: ['2023'], due_days: 122}\n"  # 1 May 2024
TIMES = (
    "select receipt.received_at, submission.received_at, fact.known_from from intake.submission as submission "
    "join intake.receipt as receipt using (receipt_id) join store.fact_history as fact using (submission_key)"
)


def says(home: Home, line: str) -> None:
    home.config.write_text(f"{line}\n", encoding="utf-8")


def naive(day: float) -> object:
    return moment(0).replace(tzinfo=None) + (moment(1) - moment(0)) * day


@pytest.mark.parametrize("line", ["", 'receipt_time = "clock"'])
def test_a_file_is_received_in_the_night_that_takes_it(desk: Desk, line: str) -> None:
    says(desk.home, line)
    desk.send("a.csv", library_return(20), -3 * DAY)
    desk.receive()
    assert desk.rows(TIMES) == [(naive(1), naive(1), naive(1))]
    assert "received_at" not in journal.read(desk.home.journal).entries[0].data


def test_a_file_is_received_when_it_was_last_changed_where_the_site_says_so(desk: Desk) -> None:
    says(desk.home, 'receipt_time = "modified"')
    desk.send("a.csv", library_return(20), -3 * DAY)
    desk.receive()
    assert desk.rows(TIMES) == [(naive(-3), naive(-3), naive(1))]


def test_a_change_in_the_future_counts_as_now(desk: Desk) -> None:
    says(desk.home, 'receipt_time = "modified"')
    desk.send("a.csv", library_return(20), 30 * DAY)
    desk.receive()
    assert desk.rows(TIMES) == [(naive(1), naive(1), naive(1))]
    assert desk.rows("select modified_at from intake.receipt") == [(naive(30),)]


def test_the_journal_keeps_the_time_when_the_setting_is_taken_back(desk: Desk) -> None:
    says(desk.home, 'receipt_time = "modified"')
    desk.send("a.csv", library_return(20), -3 * DAY)
    desk.receive()
    says(desk.home, "")
    desk.home.warehouse.unlink()
    desk.send("b.csv", library_return(21), -2 * DAY)
    desk.receive()
    assert desk.rows("select filename, received_at from intake.receipt order by 1") == [
        ("a.csv", naive(-3)),
        ("b.csv", naive(2)),
    ]


@pytest.mark.parametrize(("minute", "state"), [(15 * 60, "on_time"), (16 * 60, "late")])  # midnight in China is 16:00
def test_a_return_is_on_time_by_when_it_was_last_changed(tmp_path: Path, minute: int, state: str, desk: Desk) -> None:
    from pipelines.catalog.load import load_catalog

    says(desk.home, 'receipt_time = "modified"')
    (desk.home.catalog / "roster.yaml").write_text(OWED, encoding="utf-8")
    desk.catalog = load_catalog(*desk.home.catalog_folders)
    desk.send("a.csv", library_return(20, period="2023年"), minute)
    desk.day = 9
    desk.receive()
    desk.derive()
    assert desk.rows("select due_on::varchar, state from marts.reporting_status") == [("2024-05-01", state)]


@pytest.mark.parametrize(("value", "shown"), [('"mtime"', "mtime"), ("true", "True"), ("['clock']", "clock")])
def test_another_word_is_told_before_anything_is_taken(desk: Desk, value: str, shown: str) -> None:
    says(desk.home, f"receipt_time = {value}")
    path = desk.send("a.csv", library_return(20))
    with pytest.raises(TaizhangError) as told:
        desk.receive()
    assert str(desk.home.config) in told.value.text("zh")
    assert shown in told.value.text("zh")
    assert "modified" in told.value.text("en").splitlines()[-1]
    assert path.exists()


def test_the_command_tells_it_too(desk: Desk) -> None:
    says(desk.home, 'receipt_time = "mtime"')
    with pytest.raises(TaizhangError, match="receipt_time"):
        run_night(desk.home, Lang.en, quiet=True)
