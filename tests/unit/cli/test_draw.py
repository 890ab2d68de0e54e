"""`taizhang draw` and the sheet that comes back: the same seed draws the same; what is filled in is read."""

from __future__ import annotations

import io
import json
import math
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pytest

from pipelines.settings import Home
from pipelines.warehouse.draw import sample
from pipelines.warehouse.release import current
from tests.unit.cli.conftest import Taizhang
from tests.unit.warehouse.sites import as_csv, new_site, plain_night, put

FORM, PLACE = "mch_village_month", ("--org", "x-county", "--period", "2024-03")
TOWNS, VILLAGES = 7, 4
VERIFIED = "select {} from marts.verification where scope = '{}' order by org_code, element_code"


def orgs() -> str:
    lines = ["x-county,某县,county,,,,,"]
    for t in range(1, TOWNS + 1):
        lines.append(f"x-t{t},某{t}镇,township,x-county,,,,")
        lines += [f"x-t{t}v{v},{t}镇{v}村,village,x-t{t},,,," for v in range(1, VILLAGES + 1)]
    return "\n".join(lines) + "\n"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    made = new_site(tmp_path_factory.mktemp("draw") / "site")
    with (made.catalog / "orgs.csv").open("a", encoding="utf-8") as file:
        file.write(orgs())
    head = ["org_code", "period_code", "element_code", "value", "form_code", "reported_by"]
    rows: list[list[object]] = [
        [f"x-t{t}v{v}", "2024-03", "live_births", 10 * t + v, FORM, f"x-t{t}"]
        for t in range(1, TOWNS + 1) for v in range(1, VILLAGES + 1)
    ]  # fmt: skip
    put(made, "values.csv", as_csv([head, *rows]))
    plain_night(made)
    return made


def drawn(taizhang: Taizhang, home: Home, *options: object) -> dict[str, Any]:
    said = taizhang("draw", "--form", FORM, *PLACE, "--format", "json", "--home", home.path, *options)
    assert said.code == 0, said.err
    found: dict[str, Any] = json.loads(said.out)
    return found


def test_the_same_seed_draws_the_same_and_another_another(taizhang: Taizhang, home: Home) -> None:
    first, again, other = (drawn(taizhang, home, "--seed", seed) for seed in (7, 7, 8))
    assert first == again
    assert first["units"] != other["units"]
    assert first["draw"] != other["draw"]


def test_two_villages_in_a_fifth_of_the_townships(taizhang: Taizhang, home: Home) -> None:
    found = drawn(taizhang, home, "--seed", 7)
    assert len(found["townships"]) == math.ceil(TOWNS / 5) == 2
    assert len(found["units"]) == 4
    assert {unit.partition("v")[0] for unit in found["units"]} == set(found["townships"])
    everything = drawn(taizhang, home, "--seed", 7, "--townships", 1, "--villages", 99)
    assert len(everything["units"]) == TOWNS * VILLAGES == everything["of_units"]
    assert len(drawn(taizhang, home, "--seed", 7, "--entries", 3)["elements"]) == 3


def test_drawn_units_that_reported_nothing_are_named(taizhang: Taizhang, home: Home) -> None:
    assert drawn(taizhang, home, "--seed", 7)["not_reported"] == []
    later = drawn(taizhang, home, "--seed", 7, "--period", "2024-04")
    assert later["not_reported"] == later["units"]
    said = taizhang("draw", "--form", FORM, *PLACE, "--period", "2024-04", "--seed", 7, "--home", home.path)
    assert "4 of them reported nothing of this form for 2024-04" in said.out


def test_the_algorithm_is_the_one_that_the_guide_tells() -> None:
    from numpy.random import PCG64

    stream = PCG64(7)
    numbers = [int(stream.random_raw()) for _ in range(10)]
    smallest = sorted(range(10), key=lambda place: numbers[place])[:4]
    assert sample([f"u{n}" for n in range(10)], 4, PCG64(7)) == [f"u{n}" for n in sorted(smallest)]


def test_every_entry_is_drawn_equally_often() -> None:
    from numpy.random import PCG64
    from scipy.stats import chisquare

    numbers, entries = PCG64(1), list(range(10))
    counts = [0] * 10
    for _ in range(2000):
        for entry in sample(entries, 3, numbers):
            counts[entry] += 1
    assert chisquare(counts).pvalue > 0.001


def sheet_of(taizhang: Taizhang, home: Home, path: Path, *options: object) -> Any:
    drawn(taizhang, home, "--seed", 7, "--by", "x-t1", "-o", path, *options)
    return openpyxl.load_workbook(path)


def fill(book: Any, recounted: dict[str, object], element: str = "live_births") -> bytes:
    """Fills the column 复核数 of an element, by unit; gives the file."""
    sheet = book.active
    for row in sheet.iter_rows(min_row=12):
        if row[4].value == element and row[2].value in recounted:
            row[8].value = recounted[row[2].value]
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def test_a_blind_sheet_holds_no_reported_figure_and_the_other_does(
    taizhang: Taizhang, home: Home, tmp_path: Path
) -> None:
    plain, blind = (sheet_of(taizhang, home, tmp_path / f"{n}.xlsx", *options) for n, options in
                    enumerate([(), ("--blind",)]))  # fmt: skip
    reported = [[row[7].value for row in book.active.iter_rows(min_row=12) if row[4].value == "live_births"]
                for book in (plain, blind)]  # fmt: skip
    assert all(value > 10 for value in reported[0])
    assert reported[1] == [None] * 4


def test_a_filled_sheet_gives_the_verification_factor_and_states_nothing(
    taizhang: Taizhang, home: Home, tmp_path: Path
) -> None:
    path = tmp_path / "复核.xlsx"
    book = sheet_of(taizhang, home, path)
    units = drawn(taizhang, home, "--seed", 7)["units"]
    newest = current(home)
    assert newest is not None
    with duckdb.connect(str(newest.database), read_only=True) as con:
        before = con.execute("from core.fact order by all").fetchall()
        said = dict(con.execute("select org_code, value::integer from core.fact").fetchall())
    content = fill(book, dict(zip(units, [said[units[0]] - 2, said[units[1]], "约3", "/"], strict=True)))
    put(home, "复核.xlsx", content)
    release = plain_night(home, 2)
    with duckdb.connect(str(release.database), read_only=True) as con:
        of = "org_code, reported::integer, recounted::integer, verdict"
        query = VERIFIED.format(of, "unit").replace("order", "and element_code = 'live_births' order")
        found = con.execute(query).fetchall()
        sent = con.execute(
            "select form_code, org_code, reported_by, state, cells_entry, cells_quarantined, cells_read - cells_label "
            "from intake.submission where form_code = 'recount'"
        ).fetchall()
        held = con.execute("select printed, reason from intake.quarantine").fetchall()
        assert found == [
            (units[0], said[units[0]], said[units[0]] - 2, "over_reported" if said[units[0]] < 20 else "agrees"),
            (units[1], said[units[1]], said[units[1]], "agrees"),
            (units[3], said[units[3]], None, "not_answered"),
        ]
        assert con.execute("from core.fact order by all").fetchall() == before
    rows = len(list(book.active.iter_rows(min_row=12)))
    assert sent == [("recount", "x-county", "x-t1", "accepted", rows - 1, 1, rows)]
    assert held == [("约3", "not_a_number")]


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (("--form", "library_summary", *PLACE, "--seed", 1), 1, "nothing to draw from"),
        (("--form", "nothing", *PLACE, "--seed", 1), 1, "There is no form"),
        (("--form", FORM, *PLACE), 2, "--seed"),
        (("--form", FORM, *PLACE, "--seed", 1, "--townships", 1.5), 2, "--townships"),
        (("--form", FORM, *PLACE, "--seed", 1, "--townships", 0), 2, "--townships"),
        (("--form", FORM, *PLACE, "--seed", 1, "-o", "."), 1, "is there already"),
        (("--form", FORM, *PLACE, "--seed", 1, "-o", "draw.csv"), 1, "draw.csv is no name for one"),
        (("--form", FORM, *PLACE, "--seed", 1, "--period", "2024Q1"), 1, "not sent for such a period"),
    ],
)
def test_what_cannot_be_drawn_is_told(
    taizhang: Taizhang, home: Home, words: tuple[object, ...], code: int, told: str
) -> None:
    said = taizhang("draw", *words, "--home", home.path)
    assert said.code == code
    assert told in said.err
