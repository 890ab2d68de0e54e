"""`taizhang export FORM`: every form sent, added up, exported, and sent to a fresh site, where it says the same."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pytest

from pipelines.catalog.load import load_catalog
from pipelines.catalog.periods import Period, parse_code
from pipelines.cli.export_form import Asked, return_of
from pipelines.intake.own_sheets import COVER
from pipelines.intake.template_page import Template
from pipelines.sample.examples import AREA, UNITS, example, periods, places
from pipelines.settings import SHIPPED_CATALOG, Home
from pipelines.warehouse.release import Release
from tests.unit.cli.conftest import Taizhang
from tests.unit.warehouse.sites import plain_night, put

ORGS = ("code", "name", "level", "parent", "aliases")
CATALOG = replace(load_catalog(SHIPPED_CATALOG), orgs=places())
LAID_OUT = [code for code, form in CATALOG.forms.items() if form.orientation != "units_in_columns" and form.columns]
SEPTEMBER = parse_code("2014-09")


def new_home(folder: Path) -> Home:
    home = Home(folder)
    home.create()
    with (home.catalog / "orgs.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(ORGS)
        for org in places().values():
            writer.writerow((org.code, org.name, org.level, org.parent, ";".join(org.aliases)))
    return home


def period_of(code: str) -> Period:
    return (periods(CATALOG.forms[code]) or [SEPTEMBER])[0]


def above(code: str) -> str:
    """The unit that sends a form up: the one above the rows' sender, so that its rows are rolled up."""
    form = CATALOG.forms[code]
    unit = places()[UNITS.get(form.row_level or "", UNITS["county"])]
    if form.orientation != "units_in_rows":
        return unit.code
    return places()[unit.parent].parent or unit.parent


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    """A night in which a unit has sent every form."""
    home = new_home(tmp_path_factory.mktemp("below") / "site")
    for code in LAID_OUT:
        put(home, f"{code}.xlsx", example(code, CATALOG, period_of(code)).content)
    return plain_night(home)


@pytest.fixture(scope="module")
def sent(release: Release) -> dict[str, Template]:
    """Every form as the unit above sends it on."""
    return {
        code: return_of(release, CATALOG, Asked(code, above(code), period_of(code).code))[0] for code in LAID_OUT
    }  # fmt: skip


@pytest.fixture(scope="module")
def received(sent: dict[str, Template], tmp_path_factory: pytest.TempPathFactory) -> Release:
    """The night of a fresh site to which all of them are sent."""
    home = new_home(tmp_path_factory.mktemp("above") / "site")
    for code, made in sent.items():
        put(home, f"{code}.xlsx", made.content)
    return plain_night(home)


def rows(release: Release, query: str, *values: object) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(release.database), read_only=True) as con:
        return con.execute(query, list(values)).fetchall()


@pytest.mark.parametrize("code", LAID_OUT)
def test_what_goes_up_is_received_as_equal_facts(
    code: str, release: Release, sent: dict[str, Template], received: Release
) -> None:
    """A figure of the release, its own one or its roll-up, is what a fresh site knows of the same unit."""
    facts = {
        row[:3]: row[3:] for row in rows(
            received, "select org_code, element_code, breakdown_code, value, state, qualifier from core.fact "
            "where form_code = ? and reported_by = ? and period_code = ?", code, above(code), period_of(code).code,
        )
    }  # fmt: skip
    cells = {(one.org, one.item.element, one.item.breakdown): one.said for one in sent[code].inputs.values()}
    assert facts == cells
    known = dict[tuple[str, ...], set[Any]]()
    for *key, value, reason in rows(
        release, "select org_code, element_code, breakdown_code, value, state_reason from marts.element_value "
        "where period_code = ?", period_of(code).code,
    ):  # fmt: skip
        known.setdefault(tuple(key), set()).add((value, "reported" if value is not None else reason))
    for key, (value, state, _) in facts.items():
        assert (value, state) in known.get(key, {(None, "blank")}), key
    assert sum(value is not None for value, _, _ in facts.values()) >= len(CATALOG.forms[code].items) - 3


def test_nothing_of_it_is_set_aside_and_no_sheet_of_ours_is_a_table(received: Release) -> None:
    assert rows(received, "select * from intake.quarantine") == []
    assert rows(received, "select state, count(*) from intake.submission group by all") == [("accepted", len(LAID_OUT))]
    assert rows(received, "select count(*) from intake.submission where sheet like '_taizhang%'") == [(0,)]


def test_printed_rates_are_those_of_the_counts_beside_them(received: Release) -> None:
    verdicts = dict(rows(received, "select verdict, count(*) from marts.claim_verdict group by all"))
    assert set(verdicts) == {"reproduced"}
    assert verdicts["reproduced"] > 50


# ---- the command


def test_the_command_writes_the_sheet_and_its_cover(taizhang: Taizhang, release: Release, tmp_path: Path) -> None:
    home = release.folder.parent.parent
    asked = (
        "export",
        "mch_village_month",
        "--org",
        "东样县(合成)",
        "--period",
        "2014-09",
        "--home",
        home,
        "-o",
        tmp_path,
    )
    said = taizhang(*asked, "--reviewer", "李某", "--date", "2014-10-12")
    path = tmp_path / "妇幼保健工作月报表_东样县(合成)_2014-09.xlsx"
    assert (said.code, said.err) == (0, "")
    assert said.out.startswith(f"{path}: Maternal and child health, month by village, 东样县(合成), 2014-09, 2 row(s)")
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["报表", COVER, "_taizhang"]
    sheet = book["报表"]
    assert (sheet["A1"].value, sheet["A2"].value) == ("东样县(合成)妇幼保健工作月报表", "填报单位:东样县(合成)")
    assert "报告期:2014年9月" in {cell.value for cell in sheet[2]}
    assert sheet["A3"].value == "计量单位:人、人次、例"
    [lowest] = [row[1] for row in book[COVER].iter_rows(values_only=True) if row[0] == "最低覆盖 lowest coverage"]
    assert f"lowest coverage of a total {lowest}." in said.out  # rounded alike, never up to 100 %
    texts = [cell.value for row in sheet.iter_rows(min_col=1, max_col=1) for cell in row if cell.value]
    assert texts[-1].split() == ["单位负责人:", "审核人:李某", "填表人:", "填报日期:2014年10月12日"]
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    again = taizhang(*asked)
    assert (again.code, "is there already; it was left alone" in again.err) == (1, True)


def cover(release: Release, code: str, org: str = "") -> dict[str, list[list[Any]]]:
    """The lists of a cover by their titles, and its facts."""
    made, _ = return_of(release, CATALOG, Asked(code, org or above(code), period_of(code).code))
    sheet = openpyxl.load_workbook(io.BytesIO(made.content))[COVER]
    found, title = dict[str, list[list[Any]]](), "facts"
    for row in sheet.iter_rows(values_only=True):
        values = [value for value in row if value is not None]
        if len(values) == 1 and str(values[0]).endswith(")"):
            title = str(values[0])
        elif values:
            found.setdefault(title, []).append(list(row))
    return found


def test_the_cover_tells_what_the_figures_rest_on(release: Release) -> None:
    told = cover(release, "mch_village_month")
    facts = {row[0]: row[1] for row in told["facts"]}
    assert facts["发布 release"] == release.id
    assert facts["定稿 finality"] == "已审核 approved"  # the foot of the example names who checked it
    assert facts["报告期 period"] == "2014年9月 (2014-09, 2014-09-01 — 2014-09-30)"
    [coverage] = [lines for title, lines in told.items() if title.startswith("各项覆盖")]
    assert len(coverage) == 1 + len(CATALOG.forms["mch_village_month"].items)
    assert {row[3] for row in coverage[1:]} == {"逐级汇总 rolled_up"}
    [lacking] = [lines for title, lines in told.items() if title.startswith("没有数的月份")]
    silent = {f"{AREA}-c1-t2-v{number}" for number in (1, 2, 3)}
    assert {row[0] for row in lacking[1:]} == silent
    assert {row[3] for row in lacking[1:]} == {"2014-09"}


def test_the_cover_names_what_nobody_reports_and_what_a_unit_says_otherwise(release: Release, tmp_path: Path) -> None:
    home = new_home(tmp_path / "site")
    sent = example("mch_village_month", CATALOG, SEPTEMBER)
    book = openpyxl.load_workbook(io.BytesIO(sent.content))
    cells = {(said.org, said.element): cell for cell, said in sent.cells.items()}
    area, villages = sent.area, [f"{sent.area}-v{number}" for number in (1, 2, 3)]
    for village in villages:
        book.worksheets[0][cells[village, "maternal_deaths"]] = None
    book.worksheets[0][cells[area, "maternal_deaths"]] = None
    book.worksheets[0][cells[area, "live_births"]] = 9999
    content = io.BytesIO()
    book.save(content)
    put(home, "a.xlsx", content.getvalue())
    told = cover(plain_night(home), "mch_village_month", area)
    [nobody] = [lines for title, lines in told.items() if title.startswith("无人填报")]
    assert [row[1:3] for row in nobody[1:]] == [["maternal_deaths", "空白 blank"]]
    [own] = [lines for title, lines in told.items() if title.startswith("本级填报与汇总不同")]
    assert [(row[0], row[2], row[4], *row[8:10]) for row in own[1:]] == [
        (area, "live_births", 9999, "不符 different", "本级自己也做了 own_work")
    ]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("mch_village_month", "--org", "x-nobody", "--period", "2014-09"), "is not in the register"),
        (("mch_village_month", "--org", AREA, "--period", "2013-09"), "knows no figure of"),
        (("mch_village_month", "--org", f"{AREA}-c1-t1-v1", "--period", "2014-09"), "has no village below"),
        (("maternal_health_year", "--org", AREA, "--period", "2014"), "not sent for such a period"),
        (("data_values", "--org", AREA, "--period", "2014"), "Forms without a table"),
        (("mch_village_month", "--org", AREA, "--period", "2014-09", "--date", "soon"), "'soon' is no day"),
    ],
)
def test_what_cannot_be_exported_is_told_with_a_remedy(
    taizhang: Taizhang, release: Release, tmp_path: Path, words: tuple[str, ...], told: str
) -> None:
    said = taizhang("export", *words, "--home", release.folder.parent.parent, "-o", tmp_path / "a.xlsx")
    assert said.code == 1
    assert told in said.err
    assert "\n  → " in said.err
    assert list(tmp_path.iterdir()) == []
