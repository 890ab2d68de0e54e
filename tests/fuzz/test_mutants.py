"""Thousands of spoilt returns: each is loaded with every cell accounted for, or refused with a reason; none more."""

from __future__ import annotations

import csv
import io
import re
import struct
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.utils import get_column_letter

from pipelines.catalog.load import Catalog, load_catalog
from pipelines.intake import reading
from pipelines.intake.files import kinds
from pipelines.intake.orgs import OrgIndex
from pipelines.intake.reading import Sheet, read_sheets
from pipelines.intake.tables import Refusal, Table
from pipelines.limits import Limits
from pipelines.sample.examples import places
from pipelines.sample.folder import merged_orgs
from pipelines.settings import SHIPPED_CATALOG, Home
from pipelines.warehouse import archive, readers
from pipelines.warehouse.understood import UNFORESEEN, Reader, Said, Sent
from tests.fuzz.mutants import Mutant, bases, mutants
from tests.unit.warehouse.conftest import Desk
from tests.unit.warehouse.sites import library_return

COUNT, SEED = 3000, 20261122
IN_A_NIGHT = 240
LIMITS = Limits(seconds=30, memory_megabytes=1024)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, repo_root: Path) -> Home:
    home = Home(tmp_path_factory.mktemp("fuzz") / "site")
    home.create()
    register = (repo_root / "data" / "orgs.csv").read_text("utf-8-sig")
    (home.catalog / "orgs.csv").write_text(merged_orgs(register, places().values()), encoding="utf-8")
    return home


@pytest.fixture(scope="module")
def reader(home: Home) -> Iterator[Reader]:
    catalog = load_catalog(SHIPPED_CATALOG, home.catalog)
    yield Reader(catalog, OrgIndex(catalog.orgs), LIMITS)
    readers.close()


@pytest.fixture(scope="module")
def files(reader: Reader, repo_root: Path) -> list[Mutant]:
    return list(mutants(bases(reader.catalog, repo_root / "data" / "reports"), COUNT, SEED))


def filled(name: str, content: bytes) -> set[str]:
    """The addresses of a whole file's cells that hold something, by other means than those that read it."""
    if name.endswith("zip"):
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            members = {member: filled(member, packed.read(member)) for member in packed.namelist()}
        return {f"{member}!{cell}" for member, cells in members.items() for cell in cells}
    read = {"xlsx": _of_xlsx, "csv": _of_csv, "ods": _of_ods}.get(name.rpartition(".")[2], _of_xls)
    return {f"{get_column_letter(column)}{row}" for row, column, value in read(content) if _holds(value)}


def _of_xlsx(content: bytes) -> Iterator[tuple[int, int, object]]:
    for sheet in openpyxl.load_workbook(io.BytesIO(content)).worksheets:
        for row in sheet.iter_rows():
            yield from ((cell.row, cell.column, cell.value) for cell in row)


def _of_csv(content: bytes) -> Iterator[tuple[int, int, object]]:
    try:
        text = content.decode()
    except UnicodeDecodeError:
        text = content.decode("gb18030")
    for number, row in enumerate(csv.reader(io.StringIO(text)), 1):
        yield from ((number, column, value) for column, value in enumerate(row, 1))


def _of_ods(content: bytes) -> Iterator[tuple[int, int, object]]:
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        text = packed.read("content.xml").decode()
    for number, row in enumerate(text.split("<table:table-row>")[1:], 1):
        for column, cell in enumerate(row.split("<table:table-cell")[1:], 1):
            printed = re.search("<text:p>(.*?)</text:p>", cell, re.DOTALL)
            yield number, column, printed[1] if printed else "1" if "office:value=" in cell else ""


def _of_xls(content: bytes) -> Iterator[tuple[int, int, object]]:
    """The numbers and labels, record by record."""
    place, ends = 512, 0
    while ends < 2:  # the workbook's own records, then the one sheet's
        kind, size = struct.unpack_from("<HH", content, place)
        if kind in (0x203, 0x204):
            row, column = struct.unpack_from("<HH", content, place + 4)
            text = content[place + 13 : place + 4 + size]
            yield row + 1, column + 1, "1" if kind == 0x203 else text.decode("utf-16-le")
        ends += kind == 0x0A
        place += 4 + size


def _holds(value: object) -> bool:
    return value is not None and str(value).strip() != ""


def faults(mutant: Mutant, said: Said) -> list[str]:
    """What is wrong with how a file was read: unbalanced, a refusal without words, a cell lost or invented."""
    found = []
    for table in said.tables or ():
        if not table.account.balanced:
            found.append(f"not balanced: {table.account}")
        refusal = table.refusal
        if refusal and not all((refusal.reason, refusal.zh, refusal.en, refusal.remedy_zh, refusal.remedy_en)):
            found.append("a refusal without words")
        if refusal and refusal.reason == UNFORESEEN:
            found.append(f"unforeseen: {refusal.en}")
    if not said.tables:
        found.append("neither read nor refused")
    if mutant.whole and any(table.account.read for table in said.tables or ()):
        held, read = filled(mutant.name, mutant.content), sum(table.account.read for table in said.tables or ())
        outside = {cell for table in said.tables or () for cell in _told(table)} - held  # expected, and empty
        if read != len(held) + len(outside):
            found.append(f"{read} cells read, {len(held)} in the file and {len(outside)} expected ones that are empty")
    return found


def _told(table: Table) -> Iterator[str]:
    """The addresses of a table's facts, rates and quarantined cells; in an archive with the member's path."""
    member = table.sheet.removesuffix("/表")
    before = f"{member}!" if member.endswith((".csv", ".xlsx")) else ""
    yield from (f"{before}{one.cell}" for cells in (table.facts, table.claims, table.quarantine) for one in cells)


@pytest.mark.slow
def test_each_of_thousands_of_spoilt_files_is_accounted_for_or_refused_with_a_reason(
    files: list[Mutant], reader: Reader, tmp_path: Path
) -> None:
    sent = [Sent(tmp_path, archive.put(tmp_path, file.content), file.name, "") for file in files]
    answers = zip(files, readers.readers_for(reader).read(sent), strict=True)
    outcomes, wrong = Counter[str](), list[str]()
    for file, said in answers:
        wrong += [f"{file.name}: {fault}" for fault in faults(file, said)]
        for table in said.tables or ():
            outcomes[table.refusal.reason if table.refusal else "accepted"] += 1
    assert not wrong, f"{len(wrong)}: {wrong[:20]}"
    assert len(files) >= 2000
    assert {"accepted", "unknown_form", "unknown_period", "unreadable_file"} <= outcomes.keys()
    assert outcomes["accepted"] >= COUNT // 8  # or the mutants are too wild to say anything


@pytest.mark.slow
def test_spoilt_files_neither_end_a_night_nor_take_another_file_with_them(
    files: list[Mutant], reader: Reader, home: Home
) -> None:
    desk = Desk(home, reader.catalog)
    for number, file in enumerate(files[:IN_A_NIGHT]):
        desk.send(file.name, file.content, number)
    years = range(1960, 1960 + IN_A_NIGHT // 12)
    for place, year in enumerate(years):  # good ones between them
        desk.send(f"good-{year}.csv", library_return(year, period=f"{year}年"), 12 * place)
    assert desk.receive() == IN_A_NIGHT + len(years)
    told = desk.rows("select filename, state, reason from intake.receipt")
    assert len(told) == IN_A_NIGHT + len(years)
    assert all(state in ("accepted", "duplicate") or reason for _, state, reason in told)
    assert {name for name, state, _ in told if name.startswith("good") and state != "accepted"} == set()
    loaded = desk.rows("select value from store.fact_history where value between 1960 and 2100 and occurrence = 1")
    assert {float(year) for year in years} <= {float(row[0]) for row in loaded}
    refused = [name for name, state, _ in told if state == "refused"]
    assert {f"{name}.txt" for name in refused} <= desk.refused().keys()


# ---- the check itself: it sees what it must see


def test_the_check_sees_a_reader_that_drops_a_cell(
    files: list[Mutant], reader: Reader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of any format; the good reader gives no fault with the same files."""

    def dropping(content: bytes) -> list[Sheet]:
        sheets = honest(content)
        rows = [list(row) for row in sheets[0].rows]
        row, column = list(sheets[0].filled)[-1]
        rows[row][column] = ""
        return [replace(sheets[0], rows=rows), *sheets[1:]]

    whole = {
        file.name.rpartition(".")[2]: file
        for file in reversed(files)
        if file.whole and len(filled(file.name, file.content)) > 20
    }
    for kind in ("xlsx", "xls", "ods", "csv"):
        file = whole[kind]
        sent = Sent(tmp_path, archive.put(tmp_path, file.content), file.name, "")
        assert faults(file, reader.read(sent)) == []
        honest = reading.READERS[kind]
        monkeypatch.setitem(reading.READERS, kind, dropping)
        assert any("in the file" in fault for fault in faults(file, reader.read(sent)))


def test_the_check_sees_an_account_that_does_not_add_up(files: list[Mutant], reader: Reader, tmp_path: Path) -> None:
    file = next(file for file in files if file.whole)
    said = reader.read(Sent(tmp_path, archive.put(tmp_path, file.content), file.name, ""))
    assert said.tables
    said.tables[0].account.label += 1
    assert any("not balanced" in fault for fault in faults(file, said))


# ---- any bytes at all


HEADS = (b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"<", b"\xff\xfe", b"\xef\xbb\xbf", *kinds.SIGNS)


@settings(max_examples=400, deadline=None, derandomize=True)
@given(head=st.sampled_from(HEADS), rest=st.binary(max_size=2000))
def test_any_bytes_are_cells_or_a_refusal(head: bytes, rest: bytes) -> None:
    try:
        sheets = read_sheets(head + rest)
    except Refusal:
        return
    assert all(sheet.filled or sheet.refusal for sheet in sheets)


def test_the_catalog_of_the_fuzz_knows_the_forms(reader: Reader) -> None:
    assert isinstance(reader.catalog, Catalog)
    assert len(reader.catalog.forms) > 20
