"""An auditor's SELECT is answered; anything else is refused, and what never ends is ended."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import resource
import subprocess
import sys
import threading
import time
from decimal import Decimal
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipelines.cli import query
from pipelines.cli.query import Result, render, run_query
from pipelines.errors import TaizhangError, TryAgain


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("release") / "internal.duckdb"
    con = duckdb.connect(str(path))
    con.execute(
        """
        create table village as
        select * from (values
          ('甲村', 30::decimal(18, 2), 2.5::double, date '2014-09-30'),
          ('=HYPERLINK("http://x")', -1.10, null, null)
        ) as v (name, births, rate, as_at)
        """
    )
    con.close()
    return path


def refusal(release: Path, statement: str, seconds: float = 20) -> TaizhangError:
    with pytest.raises(TaizhangError) as caught:
        run_query(release, statement, seconds=seconds)
    assert caught.value.remedy_zh
    assert caught.value.remedy_en
    return caught.value


# ---- reading


def test_a_select_returns_rows_types_and_exact_decimals(release: Path) -> None:
    result = run_query(release, "select name, births, as_at from village order by births desc")
    assert result.types == ("VARCHAR", "DECIMAL(18,2)", "DATE")
    assert result.table.column("births").to_pylist() == [Decimal("30.00"), Decimal("-1.10")]
    assert not result.truncated


@pytest.mark.parametrize(
    "statement",
    [
        "describe village",
        "summarize village",
        "show tables",
        "show all tables",
        "from village",
        "with v as (select * from village) select * from v;",
        "pivot village on name in ('甲村') using sum(births)",
        "select 'a;b' -- one; statement",
    ],
)
def test_every_form_of_reading_is_one_select(release: Path, statement: str) -> None:
    assert run_query(release, statement).table.num_columns > 0


@pytest.mark.parametrize(("rows", "kept", "truncated"), [(4, 4, True), (5, 5, False), (None, 5, False)])
def test_the_caller_is_told_whether_rows_were_left_out(
    release: Path, rows: int | None, kept: int, truncated: bool
) -> None:
    result = run_query(release, "select * from range(5)", max_rows=rows)
    assert (len(result.table), result.truncated) == (kept, truncated)


def test_repeated_column_names_become_unique(release: Path) -> None:
    assert run_query(release, "select 1 as n, 2 as n").table.column_names == ["n", "n_2"]


def test_the_worker_starts_without_dagster_numpy_and_pandas() -> None:
    """The start is what a user waits for: 0.16 s here, 0.3 s with numpy, 1 s with Dagster."""
    command = [sys.executable, "-I", "-X", "importtime", str(query.WORKER), "none.duckdb", "5", ""]
    said = subprocess.run(command, input="", capture_output=True, text=True, check=False).stderr
    loaded = {line.rpartition("|")[2].strip() for line in said.splitlines() if line.startswith("import time")}
    assert {"duckdb", "pyarrow"} <= loaded
    assert not {"dagster", "numpy", "pandas", "pipelines", "polars"} & loaded


# ---- errors that a user can mend


def test_a_wrong_column_is_answered_with_the_candidates(release: Path) -> None:
    error = refusal(release, "select birth from village")
    for text in (error.zh, error.en):
        assert 'Candidate bindings: "births"' in text


def test_an_error_in_the_middle_of_a_result_is_an_error(release: Path) -> None:
    statement = "select case when range < 500000 then 1 else error('bad cell') end from range(600000)"
    assert "bad cell" in refusal(release, statement).en


def test_a_missing_release_says_how_to_make_one(tmp_path: Path) -> None:
    assert "taizhang run" in refusal(tmp_path / "none.duckdb", "select 1").remedy_en


def test_a_file_that_is_no_database_is_not_called_wrong_sql(tmp_path: Path) -> None:
    path = tmp_path / "x.duckdb"
    path.write_text("no database at all, but a text of some length" * 1000)
    assert "cannot be opened" in refusal(path, "select 1").en


def test_a_file_that_is_being_written_may_be_tried_again(tmp_path: Path) -> None:
    path = tmp_path / "warehouse.duckdb"
    writer = duckdb.connect(str(path))
    try:
        with pytest.raises(TryAgain):
            run_query(path, "select 1")
    finally:
        writer.close()


def test_readers_do_not_shut_each_other_out(release: Path) -> None:
    reader = duckdb.connect(str(release), read_only=True)
    try:
        assert len(run_query(release, "from village").table) == 2
    finally:
        reader.close()


# ---- attacks


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        ("", "0 statements"),
        ("select 1; select 2", "2 statements"),
        ("select 1; /* ; */ attach 'x.duckdb'", "2 statements"),
        ("copy village to '/tmp/taizhang_attack.csv'", "COPY"),
        ("explain analyze copy village to '/tmp/taizhang_attack.csv'", "EXPLAIN"),
        ("attach '/tmp/other.duckdb' as other", "ATTACH"),
        ("set memory_limit = '64GB'", "SET"),
        ("reset lock_configuration", "SET"),
        ("install httpfs", "LOAD"),
        ("call enable_logging(storage = 'file')", "CALL"),
        ("insert into village select * from village", "INSERT"),
        ("delete from village", "DELETE"),
        ("drop table village", "DROP"),
        ("create temp table t as select 1", "CREATE"),
        ("prepare p as select 1", "PREPARE"),
        ("begin transaction", "TRANSACTION"),
    ],
)
def test_anything_but_one_select_is_refused(release: Path, statement: str, found: str) -> None:
    error = refusal(release, statement)
    assert "only one SELECT" in error.en
    assert found in error.en
    assert not Path("/tmp/taizhang_attack.csv").exists()


@pytest.mark.parametrize(
    "source",
    [
        "read_csv('/etc/passwd')",
        "read_text('/etc/passwd')",
        "read_blob('/etc/passwd')",
        "'/etc/x.csv'",
        "glob('/etc/*')",
        "sniff_csv('/etc/passwd')",
        "read_json('/etc/passwd')",
        "read_parquet('/etc/x.parquet')",
        "read_csv('https://example.org/x.csv')",
        "query('select * from read_text(''/etc/passwd'')')",
    ],
)
def test_files_and_addresses_cannot_be_read(release: Path, source: str) -> None:
    error = refusal(release, f"select * from {source}")
    assert "root:" not in error.en
    assert "disabled by configuration" in error.en


@pytest.mark.parametrize("name", ["con", "text", "sys", "json", "database"])
def test_variables_of_the_program_cannot_be_read(release: Path, name: str) -> None:
    assert "does not exist" in refusal(release, f"select * from {name}").en


def test_the_system_holds_the_worker_to_its_limits_and_hides_the_environment(
    release: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TAIZHANG_SECRET", "hidden")
    seen: dict[str, str] = {}
    real = query._exchange

    def watched(worker: subprocess.Popen[bytes], *rest: object) -> object:
        threading.Thread(target=look, args=(worker.pid,)).start()
        return real(worker, *rest)  # type: ignore[arg-type]

    def look(pid: int) -> None:
        """Until the limits are set (they are, before the worker reads its query), or the worker is gone."""
        with contextlib.suppress(OSError):
            while str(3 << 30) not in seen.get("limits", ""):
                seen.update({name: Path(f"/proc/{pid}/{name}").read_text() for name in ("limits", "environ")})
                time.sleep(0.02)

    monkeypatch.setattr(query, "_exchange", watched)
    refusal(release, "select count(*) from range(1000000000000)", seconds=1.5)
    limits = {line[:25].strip(): line[25:].split()[:2] for line in seen["limits"].splitlines()}
    assert limits["Max address space"] == [str(3 << 30)] * 2
    assert limits["Max file size"] == ["0"] * 2
    assert limits["Max cpu time"] == ["5"] * 2  # two threads for two seconds, and one to start
    assert "TAIZHANG_SECRET" not in seen["environ"]


@pytest.mark.parametrize(
    "statement",
    [
        "select lpad('x', 2147483647, 'y') from range(10)",  # heeds no interrupt
        "select count(*) from range(1000000000000)",
        "with recursive r as (select 1 as n union all select n + 1 from r) select count(*) from r",
    ],
    ids=["lpad", "range", "recursion"],
)
def test_a_query_that_does_not_end_is_ended(release: Path, statement: str) -> None:
    start = time.monotonic()
    error = refusal(release, statement, seconds=1)
    assert "took more than 1 s" in error.en or "memory" in error.en
    assert time.monotonic() - start < 5


@pytest.mark.parametrize(
    "statement",
    [
        "select list_reduce(range(100000000), lambda x, y: x + y)",
        "select to_json(range(100000000))",
    ],
    ids=["list_reduce", "to_json"],
)
def test_a_query_that_takes_all_memory_is_ended(release: Path, statement: str) -> None:
    """The worker's high-water mark stays under its limit, whatever DuckDB believes to use."""
    error = refusal(release, statement, seconds=2)
    assert "memory" in error.en or "took more than" in error.en
    most = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss  # KiB
    assert most <= 3 << 20


def test_out_of_memory_is_said_so(release: Path) -> None:
    error = refusal(release, "select list(range order by hash(range)) from range(400000000)")
    assert "more memory" in error.en


def test_a_worker_that_dies_without_a_word_is_reported(
    release: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    worker = tmp_path / "worker.py"
    monkeypatch.setattr(query, "WORKER", worker)
    worker.write_text("import os\nos.abort()\n")
    assert "more memory" in refusal(release, "select 1").en
    worker.write_text("raise ImportError('no duckdb')\n")
    assert "no duckdb" in refusal(release, "select 1").en


def test_a_result_too_large_for_the_reader_is_ended(release: Path) -> None:
    with pytest.raises(TaizhangError, match="larger than 4 MiB"):
        run_query(release, "select * from range(1000000000000)", max_bytes=4 << 20)


def children() -> set[str]:
    """The processes that this one started and that are still there; other tests may have left theirs."""
    tasks = Path("/proc/self/task").iterdir()
    return {child for task in tasks for child in (task / "children").read_text().split()}


def test_no_worker_is_left_behind(release: Path) -> None:
    before = children()
    refusal(release, "select count(*) from range(1000000000000)", seconds=0.5)
    assert children() <= before


# ---- formats


@pytest.fixture(scope="module")
def result(release: Path) -> Result:
    return run_query(release, "select * from village order by births desc")


def test_the_table_keeps_its_columns_under_chinese_text(result: Result) -> None:
    assert render(result, "table") == (
        "name                    births  rate  as_at\n"
        "----------------------  ------  ----  ----------\n"
        "甲村                     30.00   2.5  2014-09-30\n"
        '=HYPERLINK("http://x")   -1.10  NULL  NULL\n'
    )


def test_counts_are_read_without_idle_zeros_and_files_keep_them(release: Path) -> None:
    result = run_query(release, "select 7414::decimal(28, 4) as n union all select null order by n")
    assert render(result, "table") == "   n\n----\n7414\nNULL\n"
    assert render(result, "csv").startswith("n\r\n7414.0000")


def test_a_terminal_is_not_driven_by_what_a_cell_holds(release: Path) -> None:
    text = render(run_query(release, "select chr(27) || '[2J' || chr(10) as x"), "table")
    assert text == "x\n---------\n\\x1b[2J\\n\n"


def test_csv_comes_back_as_it_went(result: Result) -> None:
    rows = list(csv.DictReader(io.StringIO(str(render(result, "csv")), newline="")))
    assert rows[0] == {"name": "甲村", "births": "30.00", "rate": "2.5", "as_at": "2014-09-30"}
    assert rows[1]["births"] == "-1.10"
    assert rows[1]["rate"] == ""


def test_csv_ends_lines_and_doubles_quotes_as_rfc_4180_says(release: Path) -> None:
    text = render(run_query(release, """select 'a "b", c' as x"""), "csv")
    assert text == 'x\r\n"a ""b"", c"\r\n'


@pytest.mark.parametrize("sign", [*"=+-@＝＋－＠", "\t", "\r"])
def test_a_text_that_begins_a_formula_is_shown_as_text(sign: str) -> None:
    result = Result(pa.table({f"{sign}h": [f"{sign}1+1", "村"]}), ("VARCHAR",), False)
    header, first, second = csv.reader(io.StringIO(str(render(result, "csv")), newline=""))
    assert (header, first, second) == ([f"'{sign}h"], [f"'{sign}1+1"], ["村"])


def test_without_the_apostrophe_a_spreadsheet_would_compute_the_cell(result: Result, tmp_path: Path) -> None:
    """What a spreadsheet does with such a text: openpyxl, like Excel, takes it for a formula."""
    import openpyxl

    sheet = openpyxl.Workbook().active
    unsafe = result.table.column("name").to_pylist()[1]
    safe = list(csv.DictReader(io.StringIO(str(render(result, "csv")), newline="")))[1]["name"]
    sheet.append([unsafe, safe])
    assert [cell.data_type for cell in sheet[1]] == ["f", "s"]


def test_json_keeps_decimals_digit_by_digit(release: Path) -> None:
    text = render(
        run_query(
            release,
            "select 12345678901234567890.12::decimal(38, 2) as d, sum(1) as n, date '2014-09-30' as day, "
            "'nan'::double as nan, [1, 2] as l, {'a': true} as s, null as z, "
            "timestamp '2014-01-01 08:00' as t",
        ),
        "json",
    )
    (row,) = json.loads(text, parse_float=Decimal)
    assert row == {
        "d": Decimal("12345678901234567890.12"),
        "n": 1,
        "day": "2014-09-30",
        "nan": None,
        "l": [1, 2],
        "s": {"a": True},
        "z": None,
        "t": "2014-01-01T08:00:00",
    }


def test_json_of_no_rows_is_an_empty_list(release: Path) -> None:
    empty = run_query(release, "select * from village where false")
    assert json.loads(render(empty, "json")) == []
    assert str(render(empty, "csv")).count("\r\n") == 1
    assert str(render(empty, "table")).count("\n") == 2


def test_parquet_holds_the_same_table(result: Result) -> None:
    data = render(result, "parquet")
    assert isinstance(data, bytes)
    assert pq.read_table(io.BytesIO(data)).to_pylist() == result.table.to_pylist()


@pytest.mark.parametrize("fmt", ["table", "csv", "json", "parquet"])
def test_every_type_of_duckdb_can_be_shown(release: Path, fmt: str) -> None:
    """test_all_types() holds one column of each type, with its extremes and infinite dates."""
    every = run_query(release, "from test_all_types()")
    assert render(every, fmt)
    if fmt == "json":
        assert len(json.loads(render(every, fmt))) == 3


def test_an_unknown_format_names_the_known_ones(result: Result) -> None:
    with pytest.raises(TaizhangError) as caught:
        render(result, "xml")
    assert "parquet" in caught.value.remedy_en
