"""Workbooks in the layouts of three ministries, rebuilt with made-up figures: read by forms in YAML only."""

from __future__ import annotations

import io
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import xlsxwriter

from pipelines.catalog.load import Catalog, load_catalog
from pipelines.intake.orgs import OrgIndex
from pipelines.intake.tables import Table
from pipelines.intake.understand import understand
from pipelines.settings import SHIPPED_CATALOG

Rows = Sequence[Sequence[object]]
Merged = Sequence[tuple[int, int, int, int]]


@cache
def catalog() -> Catalog:
    return load_catalog(SHIPPED_CATALOG, Path(__file__).parent / "layouts")


def read(sheets: dict[str, tuple[Rows, Merged]], filename: str = "") -> list[Table]:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        for name, (rows, merged) in sheets.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                for column, value in enumerate(row):
                    sheet.write(number, column, value) if value != "" else None
            for top, left, bottom, right in merged:
                sheet.merge_range(top, left, bottom, right, rows[top][left])
    tables = understand(file.getvalue(), catalog(), OrgIndex(catalog().orgs), "", filename)
    assert [table.refusal for table in tables] == [None] * len(tables)
    assert all(table.account.balanced for table in tables)
    return tables


def facts(table: Table) -> dict[str, tuple[str, str, str, object]]:
    return {
        f.cell: (f.org, f.element, f.breakdown, f.state if f.value is None else float(f.value)) for f in table.facts
    }


def rates(table: Table) -> list[tuple[str, str, str, float, int | None, str]]:
    return [(c.org, c.indicator, c.period.code, float(c.value), c.decimals, c.cell) for c in table.claims]


PARTS = ["Total [(A+B) or (C+D)]", "Public [A]", "Private [B]", "Urban [C]", "Rural [D]"]


def test_areas_in_columns_with_breakdowns_beneath() -> None:
    rows: Rows = [
        ["Data Item Wise Report for Andhra"],
        ["Provisional Figures for - 2022-2023 and Month - Apr-2022 To Jun-2022"],
        ["Status As On: 21 Jun 2023,10:56:21"],
        [],
        ["", "", "", "", "Districts"],
        ["", "", "", "", "Andhra", "", "", "", "", "Guntur", "", "", "", "", "Krishna"],
        ["", "", "", "", *PARTS * 3],
        ["M1 [ANC]", "1.1", "Women registered", "TOTAL", 30, 30, 0, 10, 20, 10, 10, 0, 4, 6, 20, 20, 0, 6, 14],
        ["M1 [ANC]", "1.1.1", "Of them early", "TOTAL", 24, 24, 0, 8, 16, 9, 9, 0, 4, 5, 15, 15, 0, "", 11],
        ["M17 [Vaccines]", "17.1", "BCG", "2. Stocks Received", 7, "", "", "", "", 3, "", "", "", "", 4],
        ["M17 [Vaccines]", "17.1", "BCG", "3. Unusable Stock", 1, "", "", "", "", 1, "", "", "", "", 0],
        ["M17 [Vaccines]", "17.2", "OPV", "2. Stocks Received", 5],
    ]
    [table] = read({"Report": (rows, [(4, 0, 6, 3), (4, 4, 4, 18), *((5, c, 5, c + 4) for c in (4, 9, 14))])})
    assert table.period is not None
    assert (table.org, table.period.code) == ("x-andhra", "2022Q2")
    found = facts(table)
    assert len(found) == 4 * 15
    assert found["E8"] == ("x-andhra", "antenatal_registered", "", 30)
    assert found["K9"] == ("x-andhra-guntur", "antenatal_registered_early", "public_facility", 9)
    assert found["R9"] == ("x-andhra-krishna", "antenatal_registered_early", "town_facility", "blank")
    assert found["O11"] == ("x-andhra-krishna", "vaccine_unusable", "", 0)
    assert {f.cell for f in table.facts if f.is_total} == {f"{c}{r}" for c in "EFGHI" for r in (8, 9, 10, 11)}
    assert [(q.cell, q.printed, q.reason) for q in table.quarantine] == [("E12", "5", "unknown_label")]
    assert table.quarantine[0].label.startswith("17.2>2.StocksReceived (17.1>2.StocksReceived")


COVERAGE: Rows = [
    ["ONS Region", "ONS Region", "ONS Upper Tier LA Code", "Upper Tier LA Name", "Data submission caveat",
     "12m Denominator", "12m DTaP/IPV/Hib %", "12m MMR1%"],
    ["", "", "", "Anglia", "", 1000, 92.69286040223662, 91.5],
    ["E12000001", "North East", "E06000001", "Hartpool", "", 234, 95.72649572649573, 95.5],
    ["", "", "E06000047", "Durhill", "*", "*", 98.2, "n/a"],
    ["", "North East Total", "", "", "", 398, 96.2, 96.6],
    ["E12000009", "South West", "E06000027", "Torbridge", "", "***", "[x]", "[z]"],
    [],
    ["", "", "*", "Please see caveats tab"],
]  # fmt: skip
INFORMATION: Rows = [["", "Quarterly vaccination coverage statistics"], ["Anglia - 2019/20, Quarter 4"], ["Sheets", 3]]


def test_authorities_under_regions_and_a_period_on_another_sheet() -> None:
    [table] = read({"Information": (INFORMATION, []), "12m_UTLA": (COVERAGE, [])})
    assert table.period is not None
    assert (table.org, table.period.code) == ("x-anglia", "2020Q1")
    assert facts(table) == {
        "F2": ("x-anglia", "children_12m", "", 1000),
        "F3": ("x-anglia-ne-hart", "children_12m", "", 234),
        "F4": ("x-anglia-ne-dur", "children_12m", "", "suppressed"),
        "F5": ("x-anglia-ne", "children_12m", "", 398),
        "F6": ("x-anglia-sw-tor", "children_12m", "", "not_collected"),
    }
    assert {f.cell for f in table.facts if f.is_total} == {"F2", "F5"}
    assert rates(table)[:2] == [
        ("x-anglia", "dtap_coverage", "2020Q1", 92.69286, None, "G2"),
        ("x-anglia", "mmr_coverage", "2020Q1", 91.5, 1, "H2"),
    ]
    assert len(table.claims) == 7  # no marker became a rate
    assert table.quarantine == []


def test_several_tables_on_a_sheet_with_the_figure_of_the_quarter_before_in_brackets() -> None:
    rows: Rows = [
        ["Table 1. Completed primary immunisations"],
        ["Country ", "No. of LAs†", "DTaP/IPV/Hib3%", "MMR1%"],
        ["United Anglia ", 3, "93.1 (93.2)", "90(100)"],
        ["North East", 2, "96.2 (96.1) ", "94.8  (95.0)"],
        ["Local Teams"],
        ["†  Local Authorities"],
        [],
        ["Table 2. Completed primary immunisations at 24 months"],
        ["Country ", "No. of LAs†", "DTaP/IPV/Hib3%", "MMR1%"],
        ["South West", 1, "90.0 (89.9)", "91.1"],
    ]
    tables = read({"Information": (INFORMATION, []), "Report_tables": (rows, [])})
    assert [table.form for table in tables] == ["coverage_table_1", "coverage_table_2"]
    assert rates(tables[0]) == [
        ("x-anglia", "dtap_coverage", "2020Q1", 93.1, 1, "C3"),
        ("x-anglia", "dtap_coverage", "2019Q4", 93.2, 1, "C3"),
        ("x-anglia", "mmr_coverage", "2020Q1", 90, 0, "D3"),
        ("x-anglia", "mmr_coverage", "2019Q4", 100, 0, "D3"),
        ("x-anglia-ne", "dtap_coverage", "2020Q1", 96.2, 1, "C4"),
        ("x-anglia-ne", "dtap_coverage", "2019Q4", 96.1, 1, "C4"),
        ("x-anglia-ne", "mmr_coverage", "2020Q1", 94.8, 1, "D4"),
        ("x-anglia-ne", "mmr_coverage", "2019Q4", 95.0, 1, "D4"),
    ]
    assert tables[0].account.claim == 4  # a cell with two values counts once
    assert [one[:4] for one in rates(tables[1])][-1] == ("x-anglia-sw", "mmr_coverage", "2020Q1", 91.1)
    assert [table.quarantine for table in tables] == [[], []]


def test_headings_above_the_header_and_dashes_for_nothing_over_nothing() -> None:
    rows: Rows = [
        [],
        ["", "Title:", "Average daily number of available and occupied beds"],
        ["", "Period:", "July to September 2020"],
        ["", "Source:", "A collection"],
        ["", "", "", "", "Available", "", "", "Occupied", "", "", "% Occupied", ""],
        ["", "Year", "Org Code", "Org Name", *("Total ", "Maternity", "") * 3],
        ["", "2020-21", "", "Anglia total", 1662.9673913043478, 180.06521739130434, 0, 1430.119565217391, 113.9, "",
         0.86, 0.632558139534883],
        [],
        ["", "2020-21", "R1H", "BARTON TRUST", 1654.9673913043478, 180.06521739130434, "", 1425.2608695652175,
         113.9, "", 0.8612, 0.63255],
        ["", "2020-21", "RY6", "LEEDON TRUST", 8, 0, "", 4.858695652173913, 0, "", 0.6073, "-"],
    ]  # fmt: skip
    [table] = read({"Trusts": (rows, [(4, 4, 4, 5), (4, 7, 4, 8), (4, 10, 4, 11)])})
    assert table.period is not None
    assert (table.org, table.period.code) == ("x-beds", "2020Q3")
    found = facts(table)
    assert found["E9"] == ("x-beds-r1h", "beds_available", "", 1654.9674)  # the warehouse keeps four places
    assert found["I10"] == ("x-beds-ry6", "beds_occupied_maternity", "", 0)
    assert found["E7"][0] == "x-beds"
    assert len(found) == 12
    assert ("x-beds-ry6", "bed_occupancy", "2020Q3", 60.73, 2, "K10") in rates(table)
    assert len(table.claims) == 5
    assert [(q.cell, q.printed, q.reason) for q in table.quarantine] == [("G7", "0", "unknown_column")]
