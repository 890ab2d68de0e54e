"""`taizhang export TABLE`: xlsx with types, CSV that no spreadsheet runs, Parquet; what is not there is told."""

from __future__ import annotations

import csv
import io
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import openpyxl
import pytest

from pipelines.cli import export_table as tables
from pipelines.settings import Home
from pipelines.warehouse.release import current
from tests.unit.cli.conftest import Taizhang
from tests.unit.warehouse.sites import library_return, new_site, plain_night, put


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    made = new_site(tmp_path_factory.mktemp("export") / "site")
    put(made, "=1+1.csv", library_return("约20"))
    plain_night(made)
    return made


@pytest.fixture
def odd(tmp_path: Path) -> Path:
    """A database with a table of everything that is hard to write."""
    path = tmp_path / "kinds.duckdb"
    with duckdb.connect(str(path)) as con:
        con.execute("create schema odd")
        con.execute(
            "create table odd.kinds (text varchar, whole integer, amount decimal(20, 2), share double, yes boolean, "
            "day date, moment timestamp, several integer[])"
        )
        con.execute(
            "insert into odd.kinds values ('a', 1, 1.5, 0.5, true, '2014-09-30', '2014-09-30 01:02:03', [1, 2]), "
            "('=1+1', -2, 12345678901234567.12, 'nan', false, null, null, null)"
        )
        con.execute("comment on column odd.kinds.text is '文字 a text'")
    return path


def test_a_workbook_holds_values_as_what_they_are(odd: Path, tmp_path: Path) -> None:
    path = tmp_path / "odd.xlsx"
    tables.export_table(odd, "odd.kinds", path, None, tables.Lang.en)
    book = openpyxl.load_workbook(path)
    sheet, about = book.worksheets
    assert (sheet.title, sheet.freeze_panes, sheet.auto_filter.ref) == ("kinds", "A2", "A1:H3")
    rows = {row[0].value: row for row in sheet.iter_rows(min_row=2)}
    assert [cell.value for cell in rows["a"][1:5]] == [1, 1.5, 0.5, True]
    assert rows["a"][5].value.date() == date(2014, 9, 30)
    assert rows["a"][6].number_format == "yyyy-mm-dd hh:mm:ss"
    assert rows["a"][7].value == "[1, 2]"
    formula = rows["=1+1"]
    assert (formula[0].data_type, formula[2].value, formula[3].value) == ("s", "12345678901234567.12", "nan")
    assert [cell.value for cell in about[2]] == ["text", "VARCHAR", "文字 a text"]


def test_a_csv_is_safe_and_its_numbers_stay_numbers(taizhang: Taizhang, home: Home, tmp_path: Path) -> None:
    path = tmp_path / "receipts.csv"
    said = taizhang("export", "intake.receipt", "--home", home.path, "-o", path)
    assert (said.code, said.out, said.err) == (0, "", "intake.receipt: 1 row(s).\n")
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    [row] = csv.DictReader(io.StringIO(path.read_text("utf-8-sig")))
    assert row["filename"] == "'=1+1.csv"
    assert row["receipt_number"] == "1"


def test_a_negative_number_is_no_formula(odd: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tables.export_table(odd, "odd.kinds", None, None, tables.Lang.en)
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "text,whole,amount,share,yes,day,moment,several"
    assert "'=1+1,-2,12345678901234567.12,nan,false,,," in lines


def test_parquet_holds_every_row_and_type(taizhang: Taizhang, home: Home, tmp_path: Path) -> None:
    path = tmp_path / "it's a fact.parquet"
    assert taizhang("export", "core.fact", "--home", home.path, "-o", path).code == 0
    release = current(home)
    assert release is not None
    with duckdb.connect(str(release.database), read_only=True) as con:
        wanted = con.execute("select * from core.fact").fetchall()
    found = duckdb.sql("select * from read_parquet($path)", params={"path": str(path)})
    assert found.fetchall() == wanted
    assert wanted[0][found.columns.index("value")] == Decimal(20)
    assert [one.name for one in tmp_path.iterdir()] == [path.name]


def test_more_rows_than_a_worksheet_holds_are_told(odd: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "MOST_ROWS", 1)
    with pytest.raises(tables.TaizhangError, match=r"has 2 rows, more than a worksheet holds[^→]*→ [^\n]*parquet"):
        tables.export_table(odd, "odd.kinds", tmp_path / "odd.xlsx", None, tables.Lang.en)
    assert list(tmp_path.iterdir()) == [odd]


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (("indicator_valeu",), 1, "did you mean marts.indicator_value"),
        (("marts.claim_chek",), 1, "did you mean marts.claim_check"),
        (("妇幼保健月报",), 1, "did you mean mch_village_month"),
        (("data-value",), 1, "did you mean data-values"),
        (("core.fact", "--org", "x-japan"), 1, "core.fact is exported without --org"),
        (("core.fact", "--format", "tidy"), 1, "core.fact is exported without --format tidy"),
        (("core.fact", "-o", "facts.doc"), 1, "not said how to write it: facts.doc"),
        (("core.fact", "--format", "xlsx"), 1, "not said how to write it: -o FILE"),
        (("data-values", "--reviewer", "李某"), 1, "data-values is exported without --reviewer"),
        (("mch_village_month", "--org", "x-japan"), 2, "a form needs --org, --period and -o"),
    ],
)
def test_what_is_not_there_or_not_used_is_told(
    taizhang: Taizhang, home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], code: int,
    told: str,
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    said = taizhang("export", *words, "--home", home.path)
    assert said.code == code
    assert told in said.err
    assert list(tmp_path.iterdir()) == []
