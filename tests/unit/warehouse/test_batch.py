"""Receipts written together give what one after another gives, whatever they restate; a bad one takes none with it."""

from __future__ import annotations

import hashlib
import random
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from pipelines.catalog.load import Catalog
from pipelines.catalog.periods import parse_code
from pipelines.intake.facts import FactCell
from pipelines.intake.tables import ClaimCell, Refusal, Remark, Table
from pipelines.settings import Home
from pipelines.warehouse import archive, journal, load
from pipelines.warehouse.batch import Batch
from pipelines.warehouse.collect import collect
from pipelines.warehouse.journal import Entry
from pipelines.warehouse.load import Loader, Received
from pipelines.warehouse.writer import open_warehouse
from tests.unit.warehouse.conftest import Desk
from tests.unit.warehouse.sites import as_csv, as_xlsx, library_rows, moment, new_site

LOADED = (
    "store.fact_history", "store.claim_history", "intake.remark", "intake.quarantine", "intake.submission",
    "intake.receipt", "intake.file", "core.period",
)  # fmt: skip
FIGURES = ("community_libraries", "regional_libraries", "walking_minutes_to_library")
YEARS = [parse_code(str(year)) for year in range(1980, 2020)]
HELD = {  # that the draws below hold what makes batches differ from single receipts
    "accepted": "intake.submission where state = 'accepted' and revision = 1",
    "a revision": "intake.submission where revision > 1",
    "a duplicate": "intake.submission where state = 'duplicate'",
    "a refusal": "intake.submission where state = 'refused'",
    "two tables": "(select receipt_id from intake.submission group by receipt_id having count(*) > 1)",
    "a figure left out": "intake.remark where rule_code = 'absent_in_revision'",
    "a figure restated the same night": "store.fact_history where known_to = known_from",
    "a printed rate restated": "store.claim_history where known_to is not null",
}


def _table(rng: random.Random, sheet: str) -> Table:
    """A return of a library for a year; some of its figures are of the year before."""
    if rng.random() < 0.1:
        return Table(sheet, refusal=Refusal("unknown_form", "不认识", "unknown", "改", "mend"))
    org, year = rng.choice(("x-japan", "x-boston")), rng.randrange(1, len(YEARS))
    table = Table(sheet, "library_summary", org, org, YEARS[year])
    period, earlier = YEARS[year], YEARS[year - 1]
    for number, element in enumerate(rng.sample(FIGURES, rng.randint(1, 3)), 1):
        own = earlier if rng.random() < 0.2 else period
        value = Decimal(rng.randint(-3, 99))
        table.facts.append(FactCell(org, own, element, "", 1, value, "exact", "reported", f"D{number}", False))
        if value < 0:
            table.remarks.append(Remark("count_negative", org, own, f"D{number}", element, f"{value}", "≥ 0"))
    if rng.random() < 0.3:
        rate = Decimal(rng.randint(1, 99))
        table.claims.append(
            ClaimCell(org, period, "population_share_with_ebook", "", 1, f"{rate}%", rate, "exact", "percent", 0, "G1")
        )
    return table


def _nights(seed: int) -> list[list[Received]]:
    """What came on eight nights, 15 files each; some of them are sent again, at once or later."""
    rng, files, nights = random.Random(seed), list[list[Table]](), list[list[Received]]()
    for night in range(8):
        nights.append([])
        for number in range(night * 15 + 1, night * 15 + 16):
            again = files and rng.random() < 0.15
            tables = rng.choice(files[-3:]) if again else [_table(rng, s) for s in ("一", "二")[: rng.randint(1, 2)]]
            files.append(tables)
            content, at = repr(tables).encode(), moment(night).isoformat()
            said = {"file_id": hashlib.sha256(content).hexdigest(), "filename": "a", "sender": "", "modified_at": at}
            nights[-1].append(Received(Entry(number, "receipt", at, said), len(content), "text/csv", tables))
    return nights


def _load(home: Home, catalog: Catalog, seed: int, most: int) -> dict[str, list[tuple[Any, ...]]]:
    touched: list[tuple[Any, ...]] = []
    with open_warehouse(home.warehouse, catalog, "tests") as con:
        loader = Loader(con, home, catalog)
        for night, receipts in enumerate(_nights(seed)):
            for received in receipts:
                archive.put(home.archive, repr(received.tables).encode())
            for first in range(0, len(receipts), most):
                loader._load_batch(receipts[first : first + most])
            touched += con.execute(f"select distinct {night}, * from run.touched order by all").fetchall()
            con.execute("delete from run.touched")
        for name, of in HELD.items():
            assert con.execute(f"select count(*) from {of}").fetchall() > [(0,)], name
        found = {name: con.execute(f"select * from {name}").fetchall() for name in LOADED}
    return {"run.touched": touched, **{name: sorted(rows, key=repr) for name, rows in found.items()}}


@pytest.mark.parametrize("seed", [1, 2])
def test_any_number_of_receipts_together_gives_what_one_by_one_gives(
    seed: int, tmp_path: Path, catalog: Catalog
) -> None:
    one_by_one = _load(new_site(tmp_path / "one"), catalog, seed, 1)
    together = _load(new_site(tmp_path / "together"), catalog, seed, 15)
    assert [name for name, rows in one_by_one.items() if together[name] != rows] == []


def test_a_table_beside_another_of_its_own_file_is_no_duplicate_of_it(desk: Desk) -> None:
    """The second table names its unit, the first is its folder's: sent by another unit first, it is there already."""
    unnamed = library_rows({"社区图书馆": 7})
    unnamed[1][0] = ""
    content = as_xlsx(一=unnamed, 二=library_rows({"步行到馆分钟": 20}))
    for minute, folder in enumerate(("x-boston", "x-japan")):
        desk.send(f"{folder}/a.xlsx", content, minute)
    desk.receive()
    assert desk.rows("select reported_by, sheet, state, revision from intake.submission order by submission_key") == [
        ("x-boston", "一", "accepted", 1),
        ("x-japan", "二", "accepted", 1),
        ("x-japan", "一", "accepted", 2),
        ("x-japan", "二", "accepted", 2),  # two tables of one return in one file are one revision of it
    ]
    assert desk.rows("select count(*) from store.fact_history where known_to is null") == [(3,)]


def test_a_return_that_cannot_be_written_is_refused_and_the_others_of_its_batch_load(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    add = Batch.add

    def failing(self: Batch, table: Table, *rest: Any) -> str:
        if any(fact.value == 21 for fact in table.facts):
            raise KeyError("no such unit")
        return add(self, table, *rest)

    monkeypatch.setattr(Batch, "add", failing)
    for minute, minutes in enumerate((20, 21, 22)):
        desk.send(f"{minutes}.csv", as_csv(library_rows({"步行到馆分钟": minutes}, period=f"20{minutes}年")), minute)
    desk.receive()
    assert desk.states() == ["accepted", "refused", "accepted"]
    assert desk.rows("select value::integer from store.fact_history order by 1") == [(20,), (22,)]
    assert "KeyError: 'no such unit'" in desk.refused()["21.csv.txt"].decode()


def test_a_write_that_fails_loads_nothing_of_its_batch(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is the disk's fault refuses no file; the next night loads them all."""

    def full(self: Batch) -> None:
        write(self)
        raise OSError(28, "No space left on device")

    write = Batch.write
    for minutes in (20, 21):
        desk.send(f"{minutes}.csv", as_csv(library_rows({"步行到馆分钟": minutes}, period=f"20{minutes}年")), minutes)
    monkeypatch.setattr(Batch, "write", full)
    with pytest.raises(OSError, match="No space"):
        desk.receive()
    assert desk.states() == []
    assert desk.rows("select * from store.fact_history") == []
    monkeypatch.undo()
    desk.receive()
    assert desk.states() == ["accepted", "accepted"]


@pytest.mark.parametrize(("receipts", "figures", "batches"), [(2, 99, 3), (99, 2, 3), (99, 99, 1), (1, 99, 5)])
def test_a_batch_ends_with_its_receipts_or_its_figures(
    receipts: int, figures: int, batches: int, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(load, "MOST_RECEIPTS", receipts)
    monkeypatch.setattr(load, "MOST_FIGURES", figures)
    for year in range(2011, 2016):
        desk.send(f"{year}.csv", as_csv(library_rows({"步行到馆分钟": 1}, period=f"{year}年")), year - 2010)
    collect(desk.home, moment(1))
    entries = journal.read(desk.home.journal).entries
    with open_warehouse(desk.home.warehouse, desk.catalog, "tests") as con:
        found = list(Loader(con, desk.home, desk.catalog)._batches(entries, lambda _: None))
    assert [received.entry.seq for batch in found for received in batch] == [1, 2, 3, 4, 5]
    assert len(found) == batches
